import { addDays, addMonths, type Day, daysOfMonth, monthStart, weekday, yearOf } from '../lib/days.ts'
import { RuleError } from '../lib/rule-error.ts'
import { clockOf, parseClock } from '../lib/wall.ts'

/**
 * When something repeats (RFC 5545, 3.3.10), in wall time: “Mondays at 09:00” stays at 09:00 when the clocks change. Weeks start on
 * Monday. A start that isn't itself one of the dates isn't counted in; months without the day are passed over; exceptions are taken
 * out after counting. Pure.
 */
export const FREQS = ['DAILY', 'WEEKLY', 'MONTHLY'] as const
export type Freq = (typeof FREQS)[number]
/** Monday first, as weekday() counts. */
export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** “2026-12-01T09:00”: a wall time as text; compares as text. */
export type Wall = string

export interface Recurrence {
  freq: Freq
  interval: number
  /** MO … SU; monthly also the second Tuesday (2TU) or the last Friday (-1FR). Without it: as the start. */
  byDay?: readonly string[] | null
  /** Days of the month, -1 the last. Without it: as the start. */
  byMonthDay?: readonly number[] | number | null
  /** The last wall time it may have; with `count` absent. */
  until?: Wall | null
  count?: number | null
}

export interface WallTime {
  day: Day
  minute: number
}

/** No series has more dates: each is a booking, all are made in one transaction. */
export const MAX_OCCURRENCES = 400
/** After that many years everything a calendar does has happened: what hasn't come by then never comes. */
const CYCLE = 400
const LAST_YEAR = 9998

export const wallText = ({ day, minute }: WallTime): Wall => `${day}T${clockOf(minute)}`
export const parseWall = (wall: Wall): WallTime => ({ day: wall.slice(0, 10), minute: parseClock(wall.slice(11))! })

const BY_DAY = /^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$/

/** “-1FR” → the last (-1) of the 5th day of the week; without a number every one of them (0). Null: no such thing. */
export function parseByDay(text: string): { nth: number; weekday: number } | null {
  const match = BY_DAY.exec(text)
  return match && { nth: Number(match[1] ?? 0), weekday: WEEKDAYS.indexOf(match[2] as Weekday) + 1 }
}

export const monthDaysOf = ({ byMonthDay }: Pick<Recurrence, 'byMonthDay'>): readonly number[] =>
  typeof byMonthDay === 'number' ? [byMonthDay] : (byMonthDay ?? [])

const byDaysOf = ({ byDay }: Pick<Recurrence, 'byDay'>) => (byDay ?? []).map(text => parseByDay(text)!)

/** Whether a day is one of the rule's weekdays, or its n-th or n-th but last of the month. */
function isByDay(day: Day, wanted: { nth: number; weekday: number }[]): boolean {
  const date = Number(day.slice(8))
  const own = weekday(day)
  const [fromStart, fromEnd] = [Math.ceil(date / 7), -Math.ceil((daysOfMonth(day) - date + 1) / 7)]
  return wanted.some(one => one.weekday === own && (!one.nth || one.nth === fromStart || one.nth === fromEnd))
}

function isMonthDay(day: Day, wanted: readonly number[]): boolean {
  const date = Number(day.slice(8))
  return wanted.includes(date) || wanted.includes(date - daysOfMonth(day) - 1)
}

const run = (from: Day, length: number): Day[] => Array.from({ length }, (_, i) => addDays(from, i))

/** The first day of the `index`-th period after the start's own: a day, a week from Monday on, or a month. */
function periodAt(start: Day, freq: Freq, index: number): Day {
  if (freq === 'DAILY') return addDays(start, index)
  return freq === 'WEEKLY' ? addDays(start, 1 - weekday(start) + 7 * index) : addMonths(monthStart(start), index)
}

/** Every day of a rule from its start on, in order, as if it never ended. */
function* daysOfRule(start: Day, rule: Recurrence): Generator<Day> {
  const byDay = byDaysOf(rule)
  const monthDays = monthDaysOf(rule)
  const asStart = !byDay.length && !monthDays.length
  const like = {
    DAILY: () => true,
    WEEKLY: (day: Day) => weekday(day) === weekday(start),
    MONTHLY: (day: Day) => day.slice(8) === start.slice(8),
  }[rule.freq]
  const fits = (day: Day) =>
    asStart ? like(day) : (!byDay.length || isByDay(day, byDay)) && (!monthDays.length || isMonthDay(day, monthDays))
  const interval = Math.max(1, rule.interval)
  const end = Math.min(yearOf(start) + CYCLE, LAST_YEAR)
  for (let index = 0; ; index += interval) {
    const from = periodAt(start, rule.freq, index)
    if (yearOf(from) > end) return
    const days = rule.freq === 'DAILY' ? [from] : run(from, rule.freq === 'WEEKLY' ? 7 : daysOfMonth(from))
    for (const day of days) if (day >= start && fits(day)) yield day
  }
}

export interface Bounds {
  /** Wall times that are left out, after counting. */
  except?: readonly Wall[]
  /** More than that many dates (before exceptions) are refused. */
  limit?: number
}

/** The wall times of a series, in order. Throws recurrence.tooMany where there are more than `limit`, as for one that never ends. */
export function occurrences(start: Wall, rule: Recurrence, { except = [], limit = MAX_OCCURRENCES }: Bounds = {}): WallTime[] {
  const { day: first, minute } = parseWall(start)
  const left = new Set(except)
  const found: WallTime[] = []
  let count = 0
  for (const day of daysOfRule(first, rule)) {
    const at = { day, minute }
    const wall = wallText(at)
    if (rule.until && wall > rule.until) break
    if (rule.count && count === rule.count) break
    if (count === limit) throw new RuleError('recurrence.tooMany', { max: limit }, { field: rule.count ? 'count' : 'until' })
    count += 1
    if (!left.has(wall)) found.push(at)
  }
  return found
}
