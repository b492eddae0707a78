import { doubleCsrf } from 'csrf-csrf'
import type { Request, RequestHandler, Response } from 'express'
import { config } from '../config.ts'
import { HttpError } from '../lib/rule-error.ts'

/**
 * Two locks on every POST. The browser's own word on where the request comes from (Sec-Fetch-Site, Origin), and a token bound to
 * the session (a signed double-submit cookie, so that no page has to write a session). Multipart forms carry the token as their
 * first field; uploads.ts checks it before it takes a byte of a file.
 */
export interface Csrf {
  token(req: Request, res: Response): string
  check: RequestHandler
  /** For multipart bodies, once the fields before the first file are read. */
  assert(req: Request): void
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

function sameSite(req: Request): boolean {
  const site = req.get('sec-fetch-site')
  if (site) return site === 'same-origin' || site === 'none'
  const origin = req.get('origin')
  if (!origin || origin === 'null') return true
  try {
    return new URL(origin).host === req.get('host')
  } catch {
    return false
  }
}

export class CsrfError extends HttpError {
  constructor() {
    super(403, 'csrf')
    this.name = 'CsrfError'
  }
}

export function csrf(secret: string): Csrf {
  const secure = config.production && !config.embedded
  const cookieName = secure ? '__Host-zhigu.csrf' : 'zhigu.csrf'
  const { generateCsrfToken, validateRequest } = doubleCsrf({
    getSecret: () => secret,
    getSessionIdentifier: req => (req.me ? req.sessionID : 'anonymous'),
    cookieName,
    cookieOptions: { sameSite: 'lax', path: '/', secure, httpOnly: true },
    getCsrfTokenFromRequest: req => (req.body as { _csrf?: string } | undefined)?._csrf ?? req.get('x-csrf-token'),
  })
  const assert = (req: Request): void => {
    if (!sameSite(req) || !validateRequest(req)) throw new CsrfError()
  }
  return {
    token: (req, res) => {
      let set: Parameters<Response['cookie']> | null = null
      const cookie = (...args: Parameters<Response['cookie']>) => {
        set = args
        return res
      }
      const token = generateCsrfToken(req, { cookie } as unknown as Response, { validateOnReuse: false })
      // The cookie that came along goes on: it needn't be sent with every page.
      if (set && token !== req.cookies?.[cookieName]) res.cookie(...(set as Parameters<Response['cookie']>))
      return token
    },
    assert,
    check: (req, _res, next) => {
      if (!SAFE.has(req.method)) {
        if (!sameSite(req)) throw new CsrfError()
        if (!req.is('multipart/form-data')) assert(req)
        // A multipart body is checked where it is read: receive() in uploads.ts. A route that takes none never reads it.
        else req.csrfPending = () => assert(req)
      }
      next()
    },
  }
}

declare global {
  namespace Express {
    interface Request {
      csrfPending?: () => void
    }
  }
}
