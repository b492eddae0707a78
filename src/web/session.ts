import MongoStore from 'connect-mongo'
import type { RequestHandler } from 'express'
import session from 'express-session'
import mongoose from 'mongoose'
import passport from 'passport'
import type { Identity } from '../accounts/identity.ts'
import { SESSIONS } from '../accounts/sessions.ts'
import { config } from '../config.ts'

export const SESSION_COOKIE = 'zhigu.sid'
export const SESSION_DAYS = 14

/**
 * A session is written once, at sign-in, and afterwards only by accounts/sessions.ts: nothing on a request may change it, or a
 * request in flight could write a revoked role back. Flash messages, language and the like have cookies or the account.
 */
export function sessions(secret: string): RequestHandler[] {
  passport.serializeUser((user, done) => done(null, user))
  passport.deserializeUser((user: Identity, done) => done(null, user))
  const store = MongoStore.create({
    client: mongoose.connection.getClient() as never,
    dbName: mongoose.connection.name,
    collectionName: SESSIONS,
    stringify: false,
    // Writing the expiry on every request would cost a third of the throughput.
    touchAfter: 3600,
    ttl: SESSION_DAYS * 86_400,
    autoRemove: 'disabled',
  })
  return [
    session({
      name: SESSION_COOKIE,
      secret,
      store,
      resave: false,
      saveUninitialized: false,
      rolling: false,
      cookie: {
        httpOnly: true,
        sameSite: 'lax',
        secure: config.production && !config.embedded ? true : 'auto',
        maxAge: SESSION_DAYS * 86_400_000,
      },
    }),
    passport.session(),
    (req, _res, next) => {
      req.me = (req.user as Identity | undefined) ?? null
      next()
    },
  ]
}
