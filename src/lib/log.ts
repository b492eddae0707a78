import { pino } from 'pino'
import { config } from '../config.ts'

/**
 * Lines go out together, a quarter of a second late at most: a write for each request took a thirtieth of a page's time. What is
 * waiting goes out when the process ends, also by an error; only kill -9 loses it.
 */
const LATE = 250
const TOGETHER = 4096
const out = pino.destination({ dest: 1, sync: false, minLength: TOGETHER, periodicFlush: LATE })

/**
 * Structured logs. No personal data: requests are logged by route pattern, never by address (a search or a reset token may
 * stand in it), and people by id. The redaction is a second line, not the first.
 */
export const log = pino(
  {
    level: config.LOG_LEVEL,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ['password', '*.password', 'phone', '*.phone', 'email', '*.email', 'idNumber', '*.idNumber'], remove: true },
  },
  out,
)
