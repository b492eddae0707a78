import type { Types } from 'mongoose'
import { type Day, dayBefore, daysBetween, FOREVER } from '../lib/days.ts'
import type { Claim, Unit } from './unit.ts'

/**
 * What a unit is on a day: a pure function of the record, so that every page can answer for any day and no nightly job is needed
 * (DESIGN §3). Up to today a unit whose last lease ended without a handover is holding over; after today only claims count.
 */
export const STATES = ['let', 'expiring', 'vacant', 'held', 'review', 'works', 'holding', 'own'] as const
export type State = (typeof STATES)[number]

export interface When {
  /** The day asked for. */
  on: Day
  /** Today in the park's zone. */
  today: Day
  /** For holds, which run out at an instant. */
  now: Date
  /** A lease ending within so many days of `on` is expiring. */
  expiringDays: number
}

export interface UnitState {
  state: State
  /** The claim behind the state: of the lease held over, where that is the state. */
  claim: Claim | null
  /** A signed lease covers the day: what occupancy counts. A lease may run while the tenant before still holds over. */
  let: boolean
  /** Until when it is so: the last day of the claim, or the day before the next one for a vacant unit. */
  until: Day
}

type Spaces = Pick<Unit, 'activeFrom' | 'activeTo' | 'claims'>

export const isActive = (unit: Pick<Unit, 'activeFrom' | 'activeTo'>, on: Day): boolean => unit.activeFrom <= on && on <= unit.activeTo

/** A hold that has run out counts for nothing, with no job having run. */
export const isLive = (claim: Claim, now: Date): boolean => claim.expiresAt === null || claim.expiresAt > now

/** Kept for this lead: it doesn't stand in its own way. */
export const isHoldFor = (claim: Pick<Claim, 'kind' | 'lead'>, lead: Types.ObjectId | string | null | undefined): boolean =>
  claim.kind === 'hold' && Boolean(lead && claim.lead?.equals(lead))

/** A claim of a signed lease itself, no copy that units made of this one inherit. */
export const isSigned = (claim: Pick<Claim, 'kind' | 'stage' | 'of'>): boolean =>
  claim.kind === 'lease' && claim.stage === 'signed' && !claim.of

/** A signed lease that ended before `on`, with the tenant still in the unit on that day. */
export function isHeldOver(claim: Claim, { on, today }: Pick<When, 'on' | 'today'>): boolean {
  if (claim.kind !== 'lease' || claim.stage !== 'signed' || claim.continued) return false
  return on <= today && claim.to < on && (claim.vacatedOn === null || claim.vacatedOn > on)
}

/** Does the same tenant stay on after this claim? Then it isn't expiring. */
function goesOn(unit: Spaces, claim: Claim): boolean {
  return unit.claims.some(
    other =>
      other.stage === 'signed' && other.from > claim.to && other.tenant?.equals(claim.tenant!) && daysBetween(claim.to, other.from) === 1,
  )
}

function stateOf(unit: Spaces, claim: Claim, when: When): State {
  if (claim.kind === 'hold') return 'held'
  if (claim.kind === 'works') return 'works'
  if (claim.kind === 'own') return 'own'
  if (claim.stage !== 'signed') return 'review'
  return daysBetween(when.on, claim.to) <= when.expiringDays && !goesOn(unit, claim) ? 'expiring' : 'let'
}

export const claimOn = (unit: Spaces, on: Day, now: Date): Claim | null =>
  unit.claims.find(claim => !claim.of && claim.from <= on && on <= claim.to && isLive(claim, now)) ?? null

/** The claim of the tenant who should have left and hasn't: the latest, should there be several. */
export function heldOverBy(unit: Spaces, when: Pick<When, 'on' | 'today'>): Claim | null {
  let over: Claim | null = null
  for (const claim of unit.claims) if (isHeldOver(claim, when) && (!over || claim.to > over.to)) over = claim
  return over
}

/** The state of a unit on a day; null when the unit doesn't exist on it (not yet, or retired). */
export function unitState(unit: Spaces, when: When): UnitState | null {
  if (!isActive(unit, when.on)) return null
  const claim = claimOn(unit, when.on, when.now)
  const signed = claim?.kind === 'lease' && claim.stage === 'signed'
  const over = heldOverBy(unit, when)
  if (over) return { state: 'holding', claim: over, let: signed, until: when.today }
  if (claim) return { state: stateOf(unit, claim, when), claim, let: signed, until: claim.to }
  return { state: 'vacant', claim: null, let: false, until: freeUntil(unit, when) }
}

/** The last day before the next claim, from a day on which the unit is free. */
export function freeUntil(unit: Spaces, { on, now }: Pick<When, 'on' | 'now'>): Day {
  let until = unit.activeTo
  for (const claim of unit.claims) {
    if (claim.from > on && isLive(claim, now) && claim.from <= until) until = dayBefore(claim.from)
  }
  return until
}

/** Own use is not lettable. */
export const isLettable = (state: State): boolean => state !== 'own'
export const hasEnd = (day: Day): boolean => day !== FOREVER
