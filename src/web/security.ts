import { randomBytes } from 'node:crypto'
import type { RequestHandler } from 'express'
import helmet from 'helmet'
import { config } from '../config.ts'

/** Headers of every page. No 'unsafe-inline' anywhere: styles and scripts are files. */
export function security(): RequestHandler[] {
  const secure = config.production && !config.embedded
  return [
    (req, _res, next) => {
      req.nonce = randomBytes(12).toString('base64url')
      next()
    },
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          'default-src': ["'none'"],
          'script-src': ["'self'", req => `'nonce-${(req as unknown as { nonce: string }).nonce}'`],
          'style-src': ["'self'", req => `'nonce-${(req as unknown as { nonce: string }).nonce}'`],
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
    }),
  ]
}
