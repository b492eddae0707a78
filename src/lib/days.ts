import { now } from './clock.ts'

/**
 * Civil dates are strings `YYYY-MM-DD`: they have no zone and no hour, they compare as text, and the summer time China had
 * from 1986 to 1991 can't move them. Both ends of a range are inclusive.
 */
export type Day = string

/** The end of what has no end. */
export const FOREVER: Day = '9999-12-31'

const DAY_MS = 86_400_000
const SHAPE = /^\d{4}-\d{2}-\d{2}$/

const toSerial = (day: Day): number => Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10))) / DAY_MS

const fromSerial = (serial: number): Day => new Date(serial * DAY_MS).toISOString().slice(0, 10)

export function isDay(value: unknown): value is Day {
  return typeof value === 'string' && SHAPE.test(value) && value >= '1900-01-01' && fromSerial(toSerial(value)) === value
}

export function addDays(day: Day, count: number): Day {
  return day === FOREVER ? FOREVER : fromSerial(toSerial(day) + count)
}

export const dayBefore = (day: Day): Day => addDays(day, -1)
export const dayAfter = (day: Day): Day => addDays(day, 1)

/** Whole days from `from` to `to`; 0 for the same day. */
export const daysBetween = (from: Day, to: Day): number => toSerial(to) - toSerial(from)

/** Days in a range with both ends. */
export const daysIn = (from: Day, to: Day): number => daysBetween(from, to) + 1

/**
 * `count` months after `day`, clamped to the month's length. Always count from the start of a series, never from the previous
 * result: Jan 31 + 1 + 1 would drift to the 28th.
 */
export function addMonths(day: Day, count: number): Day {
  const index = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + count
  const year = Math.floor(index / 12)
  const month = index - year * 12
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const date = Math.min(Number(day.slice(8, 10)), last)
  return `${String(year).padStart(4, '0')}-${String(month + 1).padStart(2, '0')}-${String(date).padStart(2, '0')}`
}

/** How long a range is: whole months where it is made of them, and days. */
export function lengthOf(from: Day, to: Day): { months: number | null; days: number } {
  const days = daysIn(from, to)
  const months = Math.round(days / 30.4)
  return { months: months > 0 && dayBefore(addMonths(from, months)) === to ? months : null, days }
}

export const monthStart = (day: Day): Day => `${day.slice(0, 8)}01`
export const monthEnd = (day: Day): Day => dayBefore(addMonths(monthStart(day), 1))
export const daysOfMonth = (day: Day): number => Number(monthEnd(day).slice(8))
export const yearOf = (day: Day): number => Number(day.slice(0, 4))

/** 1 = Monday … 7 = Sunday. */
export const weekday = (day: Day): number => ((toSerial(day) + 3) % 7) + 1

export const earlier = (a: Day, b: Day): Day => (a < b ? a : b)
export const later = (a: Day, b: Day): Day => (a > b ? a : b)
export const overlaps = (a: { from: Day; to: Day }, b: { from: Day; to: Day }): boolean => a.from <= b.to && b.from <= a.to

const formats = new Map<string, Intl.DateTimeFormat>()
/** The answer of the second that was asked last: a page asks for today half a dozen times. */
const latest = new Map<string, { second: number; day: Day }>()

/** The civil date at an instant in a time zone. */
export function dayAt(instant: Date, zone: string): Day {
  const second = Math.floor(instant.getTime() / 1000)
  const known = latest.get(zone)
  if (known?.second === second) return known.day
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
    formats.set(zone, format)
  }
  const day = format.format(instant)
  latest.set(zone, { second, day })
  return day
}

/** The instant at which a civil day begins in a time zone. */
export function startOfDay(day: Day, zone: string): Date {
  const guess = new Date(`${day}T00:00:00Z`)
  const parts = { hourCycle: 'h23', hour: '2-digit', minute: '2-digit' } as const
  // What the clocks there show at the guess tells how far off it is: behind UTC it is still the day before.
  const [hour = 0, minute = 0] = guess
    .toLocaleTimeString('en-GB', { ...parts, timeZone: zone })
    .split(':')
    .map(Number)
  const ahead = dayAt(guess, zone) < day ? hour * 60 + minute - 1440 : hour * 60 + minute
  return new Date(guess.getTime() - ahead * 60_000)
}

export const DEFAULT_ZONE = 'Asia/Shanghai'
export const today = (zone: string = DEFAULT_ZONE): Day => dayAt(now(), zone)
