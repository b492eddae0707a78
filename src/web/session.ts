import MongoStore from 'connect-mongo'
import type { Application, CookieOptions, Request, RequestHandler, Response } from 'express'
import session from 'express-session'
import mongoose from 'mongoose'
import passport from 'passport'
import type { Identity } from '../accounts/identity.ts'
import { SESSIONS } from '../accounts/sessions.ts'
import { config } from '../config.ts'
import { now } from '../lib/clock.ts'
import { log } from '../lib/log.ts'

export const SESSION_COOKIE = 'zhigu.sid'
export const SESSION_DAYS = 14
const DAY = 86_400_000
const WRITERS = 'session writers'

/**
 * A session is written at sign-in, and afterwards only by accounts/sessions.ts: nothing on a request may change it, or a request in
 * flight could write a revoked role back. So requests only read it from the store, and express-session, which would compare and
 * hash it twice on each of them, is called by enterSession() where somebody signs in or out. Flash messages, language and the
 * like have cookies or the account.
 */
export function sessions(app: Application, secret: string): RequestHandler {
  passport.serializeUser((user, done) => done(null, user))
  passport.deserializeUser((user: Identity, done) => done(null, user))
  const store = MongoStore.create({
    client: mongoose.connection.getClient() as never,
    dbName: mongoose.connection.name,
    collectionName: SESSIONS,
    stringify: false,
    touchAfter: DAY / 1000,
    ttl: (SESSION_DAYS * DAY) / 1000,
    autoRemove: 'disabled',
  })
  const cookie = { httpOnly: true, sameSite: 'lax', maxAge: SESSION_DAYS * DAY } as const
  const secure = config.production && !config.embedded
  app.set(WRITERS, [
    session({
      name: SESSION_COOKIE,
      secret,
      store,
      resave: false,
      saveUninitialized: false,
      rolling: false,
      cookie: { ...cookie, secure: secure ? true : 'auto' },
    }),
    passport.session(),
  ])
  return (req, res, next) => {
    const sid: unknown = req.signedCookies?.[SESSION_COOKIE]
    req.me = null
    if (typeof sid !== 'string') return next()
    store.get(sid, (error: unknown, found) => {
      if (error) return next(error)
      const kept = found as Kept | null
      req.me = kept?.passport?.user ?? null
      req.sessionID = sid
      if (kept?.lastModified && now().getTime() - kept.lastModified.getTime() > DAY)
        renew(store, sid, kept.lastModified, res, { ...cookie, secure: secure || req.secure })
      next()
    })
  }
}

/** A session as the store keeps it. */
interface Kept {
  passport?: { user?: Identity }
  lastModified?: Date
}

/** Whoever comes back stays signed in: once a day both ends of the session move, and nothing else of it. */
function renew(store: MongoStore, sid: string, lastModified: Date, res: Response, cookie: CookieOptions): void {
  res.cookie(SESSION_COOKIE, sid, { ...cookie, signed: true })
  const kept = { cookie: { expires: new Date(now().getTime() + SESSION_DAYS * DAY) }, lastModified }
  // One that was ended meanwhile can't be renewed, and needn't be.
  store.touch(sid, kept as never, (error: unknown) => error && log.debug({ err: error }, 'a session was not renewed'))
}

/** Gives a request `req.session` and passport's `req.logIn`, for what signs in or out. */
export async function enterSession(req: Request, res: Response): Promise<void> {
  for (const handler of req.app.get(WRITERS) as RequestHandler[])
    await new Promise<void>((resolve, reject) => handler(req, res, (error?: unknown) => (error ? reject(error) : resolve())))
}
