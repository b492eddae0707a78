import type { Request, Response } from 'express'
import type { Key } from '../locales/index.ts'

const COOKIE = 'zhigu.flash'

/** A word of success for the next page: a locale key in a short-lived cookie, so that no session is written for it. */
export const flash = (res: Response, key: Key): void => {
  res.cookie(COOKIE, key, { maxAge: 60_000, sameSite: 'lax', httpOnly: true, path: '/' })
}

export function takeFlash(req: Request, res: Response): string | null {
  const key = req.cookies?.[COOKIE]
  if (typeof key !== 'string' || !/^[a-zA-Z.]{3,80}$/.test(key)) return null
  res.clearCookie(COOKIE, { path: '/' })
  return key
}
