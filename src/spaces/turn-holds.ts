import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { now } from '../lib/clock.ts'
import { type Day, dayAfter, dayBefore, earlier, later, overlaps } from '../lib/days.ts'
import { isHoldFor, isLive } from './state.ts'
import { type Claim, HELD, type Held, Unit } from './unit.ts'

/**
 * A lead's hold becomes its lease's claim when that is submitted, and a hold again when it goes back to draft. Both happen in the
 * transaction of the claim, so that the unit is never free in between.
 */
export interface OwnLead {
  lead: Types.ObjectId
  by: Actor
}

/** Modules above write down what became of a hold, in the same transaction. */
type Place = Pick<Unit, 'park' | '_id'>
type Listener = (what: 'used' | 'back', unit: Place, holds: Held[], by: Actor) => Promise<void>
const listeners: Listener[] = []
export const onHoldTurn = (listener: Listener): void => {
  listeners.push(listener)
}

export async function tellTurn(what: 'used' | 'back', unit: Place, holds: Held[], by: Actor): Promise<void> {
  for (const listener of listeners) await listener(what, unit, holds, by)
}

interface Period {
  from: Day
  to: Day
}

const heldOf = (claim: Claim): Held => {
  const { _id, from, to, by } = claim
  return { _id, from, to, by, ...(Object.fromEntries(HELD.map(name => [name, claim[name] ?? null])) as Pick<Held, (typeof HELD)[number]>) }
}

/** The live holds of a lead in a period of a unit: what its lease's claim takes the place of. */
export async function ownHolds(park: string, _id: Types.ObjectId, period: Period, lead: Types.ObjectId): Promise<Held[]> {
  const unit = await Unit.findOne({ park, _id }, { claims: 1 }).lean()
  const own = (unit?.claims ?? []).filter(one => isHoldFor(one, lead) && !one.of && isLive(one as Claim, now()) && overlaps(one, period))
  return own.map(one => heldOf(one as Claim))
}

/**
 * The period of a hold that comes back: the days its lease's claim kept for it, and as many of its other days around them as nobody
 * has taken since.
 */
export function periodBack(hold: Period, claim: Period, others: Period[], unit: Pick<Unit, 'activeFrom' | 'activeTo'>): Period {
  const kept = { from: later(hold.from, claim.from), to: earlier(hold.to, claim.to) }
  const before = others.filter(one => one.to < kept.from).map(one => dayAfter(one.to))
  const after = others.filter(one => one.from > kept.to).map(one => dayBefore(one.from))
  return {
    from: before.reduce(later, later(hold.from, unit.activeFrom)),
    to: after.reduce(earlier, earlier(hold.to, unit.activeTo)),
  }
}

/** Holds that haven't run out come back where claims are given up. `unit` as it was before they were. */
export async function bringBack(unit: Unit, released: (claim: Claim) => boolean, by: Actor): Promise<void> {
  const [gone, rest] = [unit.claims.filter(released), unit.claims.filter(claim => !released(claim))]
  const others = rest.filter(claim => !claim.of && isLive(claim, now()))
  const back = gone.flatMap(claim =>
    (claim.replaced ?? [])
      .filter(hold => hold.expiresAt === null || hold.expiresAt > now())
      .map(hold => ({ ...hold, ...periodBack(hold, claim, others, unit) })),
  )
  if (!back.length) return
  const claims = back.map(hold => ({ ...hold, kind: 'hold' as const }))
  await Unit.updateOne({ park: unit.park, _id: unit._id }, { $push: { claims: { $each: claims } } })
  await tellTurn('back', unit, back, by)
}
