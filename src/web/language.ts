import type { RequestHandler } from 'express'
import { formatter } from '../locales/format.ts'
import { isLang, type Lang, translator } from '../locales/index.ts'

export const LANG_COOKIE = 'zhigu.lang'
const YEAR = 365 * 86_400_000

/** The account's language, else the cookie's, else what the browser prefers, else Chinese. */
function pick(account: Lang | undefined, cookie: unknown, header: string | undefined): Lang {
  if (account) return account
  if (isLang(cookie)) return cookie
  for (const part of (header ?? '').split(',')) {
    const tag = part.trim().toLowerCase()
    if (tag.startsWith('zh')) return 'zh-CN'
    if (tag.startsWith('en')) return 'en'
  }
  return 'zh-CN'
}

/** `?lang=en` on any public page switches by link, so that a page without a form needs no token. */
export const language: RequestHandler = (req, res, next) => {
  const asked = req.query['lang']
  if (isLang(asked) && !req.me) res.cookie(LANG_COOKIE, asked, { maxAge: YEAR, sameSite: 'lax', httpOnly: true })
  req.lang = isLang(asked) && !req.me ? asked : pick(req.me?.lang, req.cookies?.[LANG_COOKIE], req.get('accept-language'))
  req.t = translator(req.lang)
  req.fmt = formatter(req.lang)
  next()
}
