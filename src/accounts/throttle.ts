import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Request, Response } from 'express'
import mongoose from 'mongoose'
import { RateLimiterMongo, RateLimiterRes } from 'rate-limiter-flexible'
import { config } from '../config.ts'
import { RuleError } from '../lib/rule-error.ts'

/**
 * Sign-in attempts that failed are counted per address, per account from one address, and per account from everywhere. The last
 * count never locks the owner out: a browser that has signed in to the account before carries a signed cookie and is counted
 * apart, so an attacker can fill the common count and the owner doesn't notice.
 */
const MINUTES = 15
const limits = { address: 60, pair: 8, account: 30, known: 15 } as const
type Kind = keyof typeof limits

const limiters = new Map<Kind, RateLimiterMongo>()
function limiter(kind: Kind): RateLimiterMongo {
  let found = limiters.get(kind)
  if (!found) {
    found = new RateLimiterMongo({
      storeClient: mongoose.connection,
      tableName: 'ratelimits',
      keyPrefix: kind,
      points: limits[kind],
      duration: MINUTES * 60,
      disableIndexesCreation: true,
    })
    limiters.set(kind, found)
  }
  return found
}

const KNOWN = 'zhigu.known'
const mark = (email: string, secret: string): string => createHmac('sha256', secret).update(`known:${email}`).digest('base64url')

function isKnown(req: Request, email: string): boolean {
  const given = Buffer.from(String(req.cookies?.[KNOWN] ?? ''))
  const right = Buffer.from(mark(email, req.secret ?? ''))
  return given.length === right.length && timingSafeEqual(given, right)
}

export function rememberDevice(req: Request, res: Response, email: string): void {
  res.cookie(KNOWN, mark(email, req.secret ?? ''), {
    httpOnly: true,
    sameSite: 'lax',
    secure: config.production && !config.embedded,
    maxAge: 365 * 86_400_000,
    path: '/sign-in',
  })
}

function keys(req: Request, email: string): [Kind, string][] {
  const address = req.ip ?? ''
  if (isKnown(req, email)) return [['known', `${email}|${mark(email, req.secret ?? '')}`]]
  return [
    ['address', address],
    ['pair', `${email}|${address}`],
    ['account', email],
  ]
}

/** Throws signIn.throttled (429) when there were too many failures. Call before the password is looked at. */
export async function refuseThrottled(req: Request, email: string): Promise<void> {
  for (const [kind, key] of keys(req, email)) {
    const state = await limiter(kind).get(key)
    if (state && state.consumedPoints >= limits[kind]) {
      throw new RuleError('signIn.throttled', { minutes: Math.max(1, Math.ceil(state.msBeforeNext / 60_000)) }, { status: 429 })
    }
  }
}

export async function countFailure(req: Request, email: string): Promise<void> {
  for (const [kind, key] of keys(req, email)) {
    await limiter(kind)
      .consume(key)
      .catch(error => {
        if (!(error instanceof RateLimiterRes)) throw error
      })
  }
}

export async function forgetFailures(req: Request, email: string): Promise<void> {
  await limiter('pair').delete(`${email}|${req.ip ?? ''}`)
}

/** For forms anybody may post: 60 points per address in a quarter of an hour, of which one post takes `cost`. Throws 429. */
export async function countOpenForm(req: Request, form: string, cost = 6): Promise<void> {
  try {
    await limiter('address').consume(`${form}|${req.ip ?? ''}`, cost)
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error
    throw new RuleError('signIn.throttled', { minutes: Math.max(1, Math.ceil(error.msBeforeNext / 60_000)) }, { status: 429 })
  }
}
