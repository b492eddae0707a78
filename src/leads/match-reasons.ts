import type { Types } from 'mongoose'
import { addMonths, type Day, dayAfter, dayBefore, daysBetween, daysIn, earlier, FOREVER, later, overlaps } from '../lib/days.ts'
import type { Fen } from '../lib/money.ts'
import { heldOverBy, isHoldFor, isLive } from '../spaces/state.ts'
import type { Claim, Unit } from '../spaces/unit.ts'
import type { Wish } from './lead.ts'
import { monthlyListRent } from './list-rent.ts'

/** How a unit answers each thing a lead asks for: pure functions of the unit, the wish and a day. */
export type MatchUnit = Pick<
  Unit,
  '_id' | 'building' | 'floor' | 'code' | 'product' | 'gross' | 'chargeable' | 'desks' | 'listRate' | 'activeFrom' | 'activeTo' | 'claims'
>
export interface Period {
  from: Day
  to: Day
}
/** `open`: nothing was asked. A `near` is what is missing of a near miss; one `bad` and it is none. */
export type Level = 'good' | 'near' | 'bad' | 'open'

export interface SizeReason {
  level: Level
  is: 'open' | 'in' | 'small' | 'large' | 'unknown'
  /** What is compared: gross area as on plan and lists, or desks of a workstation unit where the lead counts in desks. */
  of: 'area' | 'desks'
  /** How much it is off the nearer end of what is wanted: 0.1 is 10 %. */
  by: number
}
export interface BudgetReason {
  level: Level
  is: 'open' | 'within' | 'over' | 'unknown'
  monthly: Fen | null
  by: number
}
export interface ProductReason {
  level: Level
  is: 'open' | 'same' | 'other'
}
export interface DateReason {
  level: Level
  /** from, until and part: free for a stretch of the period only; held: but for holds of others it is free. */
  is: 'free' | 'own' | 'from' | 'until' | 'part' | 'held' | 'taken' | 'holding' | 'inactive'
  /** The free stretch of the period; null where there is none. */
  free: Period | null
  /** What stands in the way, or the lead's own hold. */
  claim: Claim | null
  /** The tenant who should have left by now, where the period begins later: only claims count then, but somebody has to see to it. */
  over: Claim | null
}

/** How far off is still near, for area and budget. */
export const NEAR_PERCENT = 20
/** Days a near miss may come free too late, and the least share of the period it must be free for. */
export const NEAR_DAYS = 92
const NEAR_SHARE = 0.5
/** The length of lease that is looked for where the lead hasn't said. */
export const USUAL_MONTHS = 12

/** What the lead wants, from `day` on: a date that has passed is today, a length not said is a year. */
export function wishedPeriod({ from, months }: Pick<Wish, 'from' | 'months'>, day: Day): Period {
  const start = later(from ?? day, day)
  return { from: start, to: dayBefore(addMonths(start, months ?? USUAL_MONTHS)) }
}

/** What is wanted of a size, both ends of it, and where a near miss ends. Desks come in small numbers: a fifth more is fine. */
export interface Range {
  from: number | null
  to: number | null
}
export const areaRange = ({ areaFrom, areaTo }: Pick<Wish, 'areaFrom' | 'areaTo'>): Range => ({ from: areaFrom, to: areaTo })
export const deskRange = ({ desks }: Pick<Wish, 'desks'>): Range => ({ from: desks, to: desks && Math.ceil(desks * 1.2) })
export const leastNear = (from: number): number => (from * (100 - NEAR_PERCENT)) / 100
export const mostNear = (to: number): number => (to * (100 + NEAR_PERCENT)) / 100

export function sizeReason(unit: Pick<MatchUnit, 'product' | 'gross' | 'desks'>, wish: Wish): SizeReason {
  const inDesks = wish.desks !== null && unit.product === 'workstation'
  const { from, to } = inDesks ? deskRange(wish) : areaRange(wish)
  const of = inDesks ? 'desks' : 'area'
  const value = inDesks ? unit.desks : unit.gross
  if (from === null && to === null) return { level: 'open', is: 'open', of, by: 0 }
  if (value === null) return { level: 'near', is: 'unknown', of, by: 0 }
  if (from !== null && value < from) return { level: value >= leastNear(from) ? 'near' : 'bad', is: 'small', of, by: (from - value) / from }
  if (to !== null && value > to) return { level: value <= mostNear(to) ? 'near' : 'bad', is: 'large', of, by: to ? (value - to) / to : 1 }
  return { level: 'good', is: 'in', of, by: 0 }
}

/** The list rent of a month against the budget, which is no more than said. */
export function budgetReason(monthly: Fen | null, budget: Fen | null): BudgetReason {
  if (budget === null) return { level: 'open', is: 'open', monthly, by: 0 }
  if (monthly === null) return { level: 'near', is: 'unknown', monthly, by: 0 }
  if (monthly <= budget) return { level: 'good', is: 'within', monthly, by: 0 }
  return { level: monthly <= mostNear(budget) ? 'near' : 'bad', is: 'over', monthly, by: budget ? (monthly - budget) / budget : 1 }
}
export const rentReason = (unit: MatchUnit, wish: Wish): BudgetReason => budgetReason(monthlyListRent(unit), wish.budget)

/** Another product is a near miss: a small company that asked for an office may be better off in a serviced one. */
export function productReason({ product }: Pick<MatchUnit, 'product'>, wish: Wish): ProductReason {
  if (wish.product === null) return { level: 'open', is: 'open' }
  return product === wish.product ? { level: 'good', is: 'same' } : { level: 'near', is: 'other' }
}

export interface Asking {
  period: Period
  /** Today in the park's zone. */
  today: Day
  /** For holds, which run out at an instant. */
  now: Date
  lead: Types.ObjectId | null
}

/** The longest stretch of a period that none of the claims (by first day) takes; the earlier of two. */
function longestFree(period: Period, claims: Claim[]): Period | null {
  let best: Period | null = null
  let from = period.from
  const offer = (to: Day) => {
    if (from <= to && (!best || daysIn(from, to) > daysIn(best.from, best.to))) best = { from, to }
  }
  for (const claim of claims) {
    if (claim.from > from) offer(dayBefore(claim.from))
    if (claim.to >= from) from = claim.to === FOREVER ? FOREVER : dayAfter(claim.to)
  }
  offer(period.to)
  return best
}

const isNear = (free: Period, period: Period): boolean =>
  daysBetween(period.from, free.from) <= NEAR_DAYS && daysIn(free.from, free.to) >= daysIn(period.from, period.to) * NEAR_SHARE

/**
 * Whether the lead can have the unit when it wants. Says free exactly where claimUnit() would take the period, the lead's own hold
 * left out; up to today a unit held over isn't offered to anybody (DESIGN §3) although it could be claimed.
 */
export function dateReason(unit: Pick<MatchUnit, 'claims' | 'activeFrom' | 'activeTo'>, asking: Asking): DateReason {
  const { period, today, now, lead } = asking
  const there = { from: later(period.from, unit.activeFrom), to: earlier(period.to, unit.activeTo) }
  const isWhole = there.from === period.from && there.to === period.to
  // Most units on a list are free, with no claim in the period at all.
  if (!unit.claims.length && isWhole) return { level: 'good', is: 'free', free: period, claim: null, over: null }
  const heldOver = heldOverBy(unit, { on: today, today })
  if (heldOver && period.from <= today) return { level: 'bad', is: 'holding', free: null, claim: heldOver, over: heldOver }
  const live = unit.claims.filter(claim => !claim.of && isLive(claim, now) && overlaps(claim, period))
  const own = live.find(claim => isHoldFor(claim, lead))
  const busy = live.filter(claim => !isHoldFor(claim, lead)).sort((a, b) => (a.from < b.from ? -1 : 1))
  if (!busy.length && isWhole) return { level: 'good', is: own ? 'own' : 'free', free: period, claim: own ?? null, over: heldOver }
  if (isWhole && busy.every(claim => claim.kind === 'hold'))
    return { level: 'near', is: 'held', free: null, claim: busy[0]!, over: heldOver }
  const free = there.from <= there.to ? longestFree(there, busy) : null
  if (!free) return { level: 'bad', is: busy.length ? 'taken' : 'inactive', free, claim: busy[0] ?? null, over: heldOver }
  const [late, short] = [free.from > period.from, free.to < period.to]
  const before = busy.filter(claim => claim.to < free.from).at(-1)
  const after = busy.find(claim => claim.from > free.to)
  const level = isNear(free, period) ? 'near' : 'bad'
  return { level, is: late && short ? 'part' : late ? 'from' : 'until', free, claim: (late ? before : after) ?? null, over: heldOver }
}
