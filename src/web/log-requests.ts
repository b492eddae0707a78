import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestHandler } from 'express'
import { pino } from 'pino'
import { pinoHttp } from 'pino-http'
import { log } from '../lib/log.ts'

const factsOf = (req: IncomingMessage, res: ServerResponse) => ({
  method: req.method,
  route: (req as { pattern?: string }).pattern ?? 'none',
  status: res.statusCode,
  user: (req as { me?: { id: string } | null }).me?.id,
})

/** One line a request: id, method, route pattern, status, time. Never the address, the query or a header: people stand in them. */
export function logRequests(): RequestHandler {
  return pinoHttp({
    logger: log,
    genReqId: (req, res) => {
      const given = req.headers['x-request-id']
      const id = typeof given === 'string' && /^[\w.-]{8,64}$/.test(given) ? given : randomUUID()
      res.setHeader('x-request-id', id)
      return id
    },
    quietReqLogger: true,
    autoLogging: { ignore: req => /^\/(healthz|readyz|assets\/)/.test(req.url ?? '') },
    // Nothing of a request or an answer is wanted: what would be put together of them is thrown away.
    wrapSerializers: false,
    serializers: {
      req: () => undefined,
      res: () => undefined,
      err: pino.stdSerializers.wrapErrorSerializer(({ type, message, stack }) => ({
        type,
        message: type === 'Error' ? undefined : message,
        stack,
      })),
    },
    customAttributeKeys: { reqId: 'request' },
    // Not customProps: those are made twice for each request, and stand in its line twice.
    customSuccessObject: (req, res, { responseTime }: { responseTime: number }) => ({ ...factsOf(req, res), responseTime }),
    customErrorObject: (req, res, err, { responseTime }: { responseTime: number }) => ({ ...factsOf(req, res), err, responseTime }),
    customLogLevel: (_req, res, error) => (error || res.statusCode >= 500 ? 'error' : 'info'),
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request failed',
  }) as unknown as RequestHandler
}
