import mongoose from 'mongoose'
import { RateLimiterMemory, RateLimiterMongo, RateLimiterRes } from 'rate-limiter-flexible'
import { RuleError } from '../lib/rule-error.ts'

/**
 * A door page is open to whoever stands there. Wrong codes and quick bookings are counted for each room, over all processes;
 * readings for each address in this process, far above what a house full of tablets asks.
 */
const MINUTES = 15
const POINTS = { code: 10, quick: 6 } as const
export type DoorCount = keyof typeof POINTS

const limiters = new Map<DoorCount, RateLimiterMongo>()
function limiter(kind: DoorCount): RateLimiterMongo {
  let found = limiters.get(kind)
  if (!found) {
    found = new RateLimiterMongo({
      storeClient: mongoose.connection,
      tableName: 'ratelimits',
      keyPrefix: `door-${kind}`,
      points: POINTS[kind],
      duration: MINUTES * 60,
      disableIndexesCreation: true,
    })
    limiters.set(kind, found)
  }
  return found
}

const readings = new RateLimiterMemory({ points: 600, duration: 60 })

const tooMany = (ms: number): RuleError =>
  new RuleError('signIn.throttled', { minutes: Math.max(1, Math.ceil(ms / 60_000)) }, { status: 429 })

/** Throws signIn.throttled (429) when a room's door has been tried too often. Call before the code is looked at. */
export async function refuseTried(kind: DoorCount, room: string): Promise<void> {
  const state = await limiter(kind).get(room)
  if (state && state.consumedPoints >= POINTS[kind]) throw tooMany(state.msBeforeNext)
}

async function consume(count: Promise<RateLimiterRes>): Promise<void> {
  try {
    await count
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error
    throw tooMany(error.msBeforeNext)
  }
}

export const countTry = (kind: DoorCount, room: string): Promise<void> => consume(limiter(kind).consume(room))
export const countReading = (address: string): Promise<void> => consume(readings.consume(address))
