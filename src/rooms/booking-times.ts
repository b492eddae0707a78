import { now } from '../lib/clock.ts'
import { addDays, type Day, daysBetween } from '../lib/days.ts'
import { RuleError } from '../lib/rule-error.ts'
import { clockOf, DAY_MINUTES, wallAt } from '../lib/wall.ts'
import { DAY_KINDS } from '../parks/calendar.ts'
import type { RoomRule } from './room.ts'
import { MAX_DAYS, type Slot } from './slot.ts'

/** The times a booking form offers, and what the chosen ones mean. Pure. */
export interface Times {
  from: number[]
  to: number[]
  step: number
  /** Bookings may be longer than a day: the form asks for the last day too. */
  long: boolean
}

const range = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.max(0, Math.floor((to - from) / step) + 1) }, (_, i) => from + i * step)

/** Every time that one of the rules allows on one of the kinds of days: what really holds is checked when it is known which day. */
export function timesOf(rules: RoomRule[]): Times {
  const spans = rules.flatMap(rule => DAY_KINDS.flatMap(kind => rule.hours[kind] ?? []))
  const step = Math.min(60, ...rules.map(rule => rule.step))
  const open = Math.min(DAY_MINUTES - step, ...spans.map(span => span.from))
  const close = spans.length ? Math.max(...spans.map(span => span.to)) : DAY_MINUTES
  const nights = open === 0 && close === DAY_MINUTES
  return {
    step,
    from: range(open, close - step, step),
    to: nights ? range(0, close, step) : range(open + step, close, step),
    long: rules.some(rule => rule.max > DAY_MINUTES),
  }
}

/** A time that the list doesn't have (from a link, or an older rule) is still shown as what it is. */
export const withTime = (times: number[], minute: number | null): number[] =>
  minute === null || times.includes(minute) ? times : [...times, minute].sort((a, b) => a - b)

export interface TypedSlot {
  day: Day
  from: number
  to: number
  until: Day | null
}

/** An end that isn't after the start is meant for the next day, unless the last day is named. */
export function slotOf({ day, from, to, until }: TypedSlot): Slot {
  const days = until ? daysBetween(day, until) : 0
  if (days > MAX_DAYS) throw new RuleError('booking.tooLong', { days: MAX_DAYS }, { field: 'until' })
  const end = to + days * DAY_MINUTES
  return { day, from, to: until || end > from ? end : end + DAY_MINUTES }
}

/** A slot as the form shows it. */
export function slotValues({ day, from, to }: Slot): { day: Day; from: string; to: string; until: string } {
  const days = Math.floor((to - 1) / DAY_MINUTES)
  const clock = clockOf(to - days * DAY_MINUTES)
  const wraps = days === 1 && to - DAY_MINUTES <= from
  return { day, from: clockOf(from), to: clock, until: days && !wraps ? addDays(day, days) : '' }
}

export interface Wanted {
  day?: Day
  from?: number
  to?: number
  until?: Day
}

/** What a form begins with: what the address says, else the next hour that can be had by the times on offer. */
export function firstSlot(asked: Wanted, times: Times, rule: Pick<RoomRule, 'min' | 'max'> | null, zone: string): Slot {
  const wall = wallAt(now(), zone)
  const next = Math.ceil(wall.minute / times.step) * times.step
  const [open, last] = [times.from[0] ?? 0, times.from.at(-1) ?? 0]
  const length = Math.min(rule?.max ?? 60, Math.max(rule?.min ?? 60, 60))
  const day = asked.day ?? (next > last ? addDays(wall.day, 1) : wall.day)
  const from = asked.from ?? (day === wall.day && next <= last ? Math.max(open, next) : open)
  if (asked.to === undefined) return { day, from, to: from + length }
  const far = asked.until && daysBetween(day, asked.until) <= MAX_DAYS ? asked.until : null
  return slotOf({ day, from, to: asked.to, until: far })
}
