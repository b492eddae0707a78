import type { Request, RequestHandler, Response } from 'express'
import { grantsIn, isAdmin, mayAnywhere, reachOf } from '../accounts/identity.ts'
import { type Action, isTenantRole } from '../accounts/roles.ts'
import { config } from '../config.ts'
import { today } from '../lib/days.ts'
import { type Bilingual, textIn } from '../lib/text.ts'
import { translateAny } from '../locales/index.ts'
import { asset } from './assets.ts'
import type { Csrf } from './csrf.ts'
import { takeFlash } from './flash.ts'
import { isFounder, navigation } from './navigation.ts'
import { renderView } from './views.ts'

const sprite = asset('icons.svg')
const icon = (name: string, more = ''): string => `<svg class="icon ${more}" aria-hidden="true"><use href="${sprite}#${name}"></use></svg>`

/** What every view can use: small helpers, no work. */
function locals(req: Request, res: Response, csrf: Csrf) {
  const park = req.park ?? null
  const can = (action: Action): boolean => (park ? reachOf(req.me, action, park) !== undefined : mayAnywhere(req.me, action))
  const text = (value: Bilingual | null | undefined): string => textIn(value, req.lang).text
  const roles = park && req.me ? grantsIn(req.me, park).map(grant => grant.role) : []
  // A founder of no park yet finds in any of them what is theirs there.
  const anywhere = req.me && !roles.length ? req.me.grants.filter(grant => grant.role === 'applicant').map(grant => grant.role) : []
  let token: string | null = null
  let menu: ReturnType<typeof navigation> | null = null
  return {
    t: req.t,
    any: (key: string, params?: Record<string, unknown>) => translateAny(req.lang, key, params),
    lang: req.lang,
    fmt: req.fmt,
    me: req.me,
    admin: isAdmin(req.me),
    park,
    nav: () => (menu ??= navigation(can, park ? `/parks/${park._id}` : '', roles.length ? roles : anywhere)),
    root: park ? `/parks/${park._id}` : '',
    roles,
    founder: isFounder(roles.length ? roles : anywhere),
    asTenant: roles.length > 0 && roles.every(isTenantRole),
    can,
    text,
    /** The lang attribute of a text that fell back to the other language. */
    langOf: (value: Bilingual | null | undefined): string =>
      textIn(value, req.lang).lang === req.lang ? '' : textIn(value, req.lang).lang,
    today: today(park?.zone),
    path: req.path === '/' ? req.baseUrl || '/' : `${req.baseUrl}${req.path}`,
    url: req.originalUrl,
    asset,
    icon,
    demo: config.demo,
    fragment: req.get('hx-request') === 'true' && !req.get('hx-history-restore-request'),
    nonce: req.nonce,
    csrf: () => (token ??= csrf.token(req, res)),
    flash: takeFlash(req, res),
  }
}

/** Gives every response `res.page(view, locals)`. */
export function pages(csrf: Csrf): RequestHandler {
  return (req, res, next) => {
    res.page = (view, more = {}) => {
      res.vary('HX-Request')
      if (req.me) res.set('cache-control', 'no-store')
      // Not res.send(): what it finds out of every text (its type, a tag, whether it is fresh) is known here.
      const body = Buffer.from(renderView(view, { ...locals(req, res, csrf), ...more }))
      res.setHeader('content-type', 'text/html; charset=utf-8')
      res.setHeader('content-length', body.length)
      res.end(req.method === 'HEAD' ? undefined : body)
    }
    next()
  }
}
