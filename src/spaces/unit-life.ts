import { addDays, addMonths, type Day, dayAfter, dayBefore, daysBetween, daysIn, earlier, FOREVER, later } from '../lib/days.ts'
import { claimOn, type State, unitState, type When } from './state.ts'
import type { Claim, Unit } from './unit.ts'

/**
 * The life of a unit as stretches of one state, from its first day to its last: the same function that colours the plan, asked on
 * each day on which the answer may change. Pure.
 */
export interface Stretch {
  from: Day
  to: Day
  state: State
  claim: Claim | null
}

type Lived = Pick<Unit, 'activeFrom' | 'activeTo' | 'claims'>

/** Days on which a state may begin: around each claim, at its handover, and tomorrow, from which only claims count. */
function turnsOf(unit: Lived, { today }: Pick<When, 'today'>): Day[] {
  const days = new Set<Day>([unit.activeFrom, dayAfter(today)])
  for (const { from, to, vacatedOn } of unit.claims) {
    days.add(from)
    if (to !== FOREVER) days.add(dayAfter(to))
    if (vacatedOn) days.add(vacatedOn)
  }
  return [...days].filter(day => day >= unit.activeFrom && day <= unit.activeTo).sort()
}

export function lifeOf(unit: Lived, when: Pick<When, 'today' | 'now'>): Stretch[] {
  const life: Stretch[] = []
  const turns = turnsOf(unit, when)
  for (const [i, from] of turns.entries()) {
    // A let unit expires only towards a day; the stretch as a whole is let.
    const is = unitState(unit, { ...when, on: from, expiringDays: -1 })!
    const to = turns[i + 1] ? dayBefore(turns[i + 1]!) : unit.activeTo
    const last = life.at(-1)
    if (last && last.state === is.state && String(last.claim?._id) === String(is.claim?._id)) last.to = to
    else life.push({ from, to, state: is.state, claim: is.claim })
  }
  return life
}

/** Who comes after the day asked for: the next claim, on whatever it is. */
export const nextClaim = (unit: Lived, { on, now }: Pick<When, 'on' | 'now'>): Claim | null =>
  unit.claims
    .filter(claim => !claim.of && claim.from > on && (claim.expiresAt === null || claim.expiresAt > now))
    .sort((a, b) => (a.from < b.from ? -1 : 1))[0] ?? null

/** The first day from `from` on that nothing takes; null when there is none. */
export function firstFree(unit: Lived, from: Day, now: Date): Day | null {
  for (let day = later(from, unit.activeFrom); day <= unit.activeTo; ) {
    const claim = claimOn(unit, day, now)
    if (!claim) return day
    if (claim.to === FOREVER) return null
    day = dayAfter(claim.to)
  }
  return null
}

export const WIDTH = 1000
/** Months of the picture before the first and after the last turn. */
const BEFORE = 12
const AFTER = 6
const MOST_YEARS = 14

export interface Bar extends Stretch {
  x: number
  width: number
  /** It goes on beyond the picture. */
  before: boolean
  after: boolean
}

export interface Picture {
  from: Day
  to: Day
  bars: Bar[]
  years: { x: number; year: string }[]
  x(day: Day): number
}

/** The stretches as bars on a line of WIDTH: all that happens and some months around it; the last years where it is too much. */
export function pictureOf(unit: Lived, life: Stretch[], today: Day): Picture {
  const starts = life.slice(1).map(one => one.from)
  const first = earlier(starts[0] ?? today, today)
  const end = later(later(starts.at(-1) ?? today, today), unit.activeFrom)
  const lastEnd = life.at(-1)!.to
  const to = earlier(addMonths(lastEnd === FOREVER ? end : lastEnd, AFTER), unit.activeTo)
  const wanted = later(addMonths(earlier(first, to), -BEFORE), addMonths(to, -12 * MOST_YEARS))
  // A unit whose first day is yet to come begins with it.
  const from = earlier(later(wanted, unit.activeFrom), addDays(to, -1))
  const days = daysIn(from, to)
  const round = (value: number) => Math.round(value * 10) / 10
  const x = (day: Day) => round((daysBetween(from, day) / days) * WIDTH)
  const bars = life
    .filter(one => one.to >= from && one.from <= to)
    .map(one => {
      const [start, stop] = [later(one.from, from), earlier(one.to, to)]
      const left = x(start)
      const right = stop === to ? WIDTH : x(dayAfter(stop))
      return { ...one, x: left, width: round(right - left), before: one.from < from, after: one.to > to }
    })
  const years: Picture['years'] = []
  for (let year = Number(from.slice(0, 4)) + 1; year <= Number(to.slice(0, 4)); year++)
    years.push({ x: x(`${year}-01-01`), year: String(year) })
  return { from, to, bars, years, x }
}
