import { randomBytes } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import helmet from 'helmet'
import { config } from '../config.ts'

/** Stands for a request's nonce in headers that are put together once. */
const MARK = 'NONCE'

/** What helmet sets for a request with this nonce. Nothing but the nonce differs from one to the next, so it is asked once. */
function headersOf(handler: RequestHandler): [name: string, parts: string[]][] {
  const headers: [string, string[]][] = []
  const res = { setHeader: (name: string, value: string) => headers.push([name, value.split(MARK)]), removeHeader: () => {} }
  handler({ nonce: MARK } as Request, res as unknown as Response, () => {})
  return headers
}

/** Headers of every page. No 'unsafe-inline' anywhere: styles and scripts are files. */
export function security(): RequestHandler {
  const secure = config.production && !config.embedded
  const nonce = (req: unknown) => `'nonce-${(req as Request).nonce}'`
  const headers = headersOf(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          'default-src': ["'none'"],
          'script-src': ["'self'", nonce],
          'style-src': ["'self'", nonce],
          'img-src': ["'self'", 'data:', 'blob:'],
          'font-src': ["'self'"],
          'connect-src': ["'self'"],
          'form-action': ["'self'"],
          'manifest-src': ["'self'"],
          'base-uri': ["'none'"],
          'frame-ancestors': ["'none'"],
          ...(secure ? { 'upgrade-insecure-requests': [] } : {}),
        },
      },
      strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: true } : false,
      crossOriginEmbedderPolicy: false,
      referrerPolicy: { policy: 'same-origin' },
      xFrameOptions: { action: 'deny' },
    }) as RequestHandler,
  )
  return (req, res, next) => {
    req.nonce = randomBytes(12).toString('base64url')
    for (const [name, parts] of headers) res.setHeader(name, parts.length > 1 ? parts.join(req.nonce) : parts[0]!)
    next()
  }
}
