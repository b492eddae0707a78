import type { Actor, Identity, Reach } from '../accounts/identity.ts'
import type { Problem } from '../lib/rule-error.ts'
import type { Format } from '../locales/format.ts'
import type { Lang, Translate } from '../locales/index.ts'

/** What the middleware leaves on a request for handlers and views. */
declare global {
  namespace Express {
    interface Request {
      id: string
      me: Identity | null
      lang: Lang
      t: Translate
      fmt: Format
      nonce: string
      /** The matched route's pattern: what logs name instead of the address. */
      pattern?: string
      /** What the route's permission reaches in this park. */
      reach?: Reach
      /** A form that was refused: what was typed, and why. */
      failed?: { values: Record<string, unknown>; problems: Problem[]; stale: boolean }
    }
    interface Response {
      /** Renders a view inside the layout; an htmx request gets the same view without it. */
      page(view: string, locals?: Record<string, unknown>): void
    }
    interface User extends Identity {}
  }
}

export const actor = (req: Pick<Express.Request, 'me'> & { ip?: string; id: unknown }): Actor => ({
  id: req.me?.id ?? 'anonymous',
  name: req.me?.name ?? '',
  ip: req.ip,
  request: String(req.id),
  ...(req.me ? { mail: { email: req.me.email, lang: req.me.lang } } : {}),
})
