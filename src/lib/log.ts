import { pino } from 'pino'
import { config } from '../config.ts'

/**
 * Structured logs. No personal data: requests are logged by route pattern, never by address (a search or a reset token may
 * stand in it), and people by id. The redaction is a second line, not the first.
 */
export const log = pino({
  level: config.LOG_LEVEL,
  base: undefined,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: { paths: ['password', '*.password', 'phone', '*.phone', 'email', '*.email', 'idNumber', '*.idNumber'], remove: true },
})
