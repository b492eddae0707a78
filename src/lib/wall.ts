import { addDays, type Day } from './days.ts'

/**
 * Wall time: what the clocks of a park show. A moment is a civil day and minutes since its midnight (540 is 09:00, 1440 the next
 * midnight). Instants are only made at the edges (notice, feeds, mails), so that hot paths compare whole numbers.
 */
const MINUTE = 60_000
const DAY_MS = 86_400_000
export const DAY_MINUTES = 1440

/** Minutes as hours, to a tenth: what reports say. */
export const inHours = (minutes: number): number => Math.round(minutes / 6) / 10

const formats = new Map<string, Intl.DateTimeFormat>()

/** What the clocks in a zone show at an instant, written as if it were UTC. */
function wallOf(instant: number, zone: string): number {
  let format = formats.get(zone)
  if (!format) {
    const two = '2-digit'
    const parts = { year: 'numeric', month: two, day: two, hour: two, minute: two, second: two } as const
    format = new Intl.DateTimeFormat('en-CA', { ...parts, timeZone: zone, hourCycle: 'h23' })
    formats.set(zone, format)
  }
  const [year, month, day, hour, minute, second] = format.format(instant).match(/\d+/g)!.map(Number)
  return Date.UTC(year!, month! - 1, day, hour, minute, second)
}

const offsetAt = (instant: number, zone: string): number => wallOf(instant, zone) - instant

/** The offset of a zone around a civil day; null on the days around a change of the clocks. Computed once: Intl is slow. */
const steady = new Map<string, number | null>()

function steadyOffset(day: Day, zone: string): number | null {
  const key = `${zone} ${day}`
  const known = steady.get(key)
  if (known !== undefined) return known
  const noon = Date.parse(`${day}T12:00:00Z`)
  const [before, after] = [offsetAt(noon - 2 * DAY_MS, zone), offsetAt(noon + 2 * DAY_MS, zone)]
  const offset = before === after ? before : null
  if (steady.size > 20_000) steady.clear()
  steady.set(key, offset)
  return offset
}

/**
 * The instant a wall time names. An hour the clocks skip counts by the offset before it, an hour they show twice is the first of
 * the two (RFC 5545, 3.3.5).
 */
export function instantAt(day: Day, minute: number, zone: string): Date {
  const civil = addDays(day, Math.floor(minute / DAY_MINUTES))
  const wall = Date.parse(`${day}T00:00:00Z`) + minute * MINUTE
  const offset = steadyOffset(civil, zone)
  if (offset !== null) return new Date(wall - offset)
  const before = offsetAt(wall - DAY_MS, zone)
  const after = offsetAt(wall + DAY_MS, zone)
  for (const candidate of [before, after]) if (offsetAt(wall - candidate, zone) === candidate) return new Date(wall - candidate)
  return new Date(wall - before)
}

/** The wall time at an instant. */
export function wallAt(instant: Date, zone: string): { day: Day; minute: number } {
  const offset = steadyOffset(instant.toISOString().slice(0, 10), zone) ?? offsetAt(instant.getTime(), zone)
  const wall = new Date(instant.getTime() + offset)
  return { day: wall.toISOString().slice(0, 10), minute: wall.getUTCHours() * 60 + wall.getUTCMinutes() }
}

/** Minutes a civil day really lasts: 1380 or 1500 when the clocks change. */
export const minutesOf = (day: Day, zone: string): number => elapsed(day, DAY_MINUTES, zone)

/** Minutes that really pass from a day's midnight to a wall time of it (which may lie in the days after). */
export function elapsed(day: Day, minute: number, zone: string): number {
  return (instantAt(day, minute, zone).getTime() - instantAt(day, 0, zone).getTime()) / MINUTE
}

/** 570 → “09:30”; past midnight it begins again, and 1440 is “24:00”. */
export function clockOf(minute: number): string {
  const inside = minute === DAY_MINUTES ? minute : ((minute % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES
  return `${String(Math.floor(inside / 60)).padStart(2, '0')}:${String(inside % 60).padStart(2, '0')}`
}

/** “9:30” or “09:30” → 570, up to “24:00”; null when it is no time. */
export function parseClock(text: string): number | null {
  const match = /^(\d{1,2})[:：](\d{2})$/.exec(text.trim())
  if (!match) return null
  const minute = Number(match[1]) * 60 + Number(match[2])
  return Number(match[2]) < 60 && minute <= DAY_MINUTES ? minute : null
}
