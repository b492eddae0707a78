import { addDays, type Day, DEFAULT_ZONE, dayAfter, daysIn, weekday } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import type { Bilingual } from '../lib/text.ts'
import { baseOf, keepsChineseHolidays } from './calendar-base.ts'
import { CalendarDay } from './calendar-day.ts'
import type { Park } from './park.ts'

/** What kind of day a civil day is: by the park's own calendar, then the published arrangement, then the weekday. */
export const DAY_KINDS = ['workday', 'weekend', 'holiday'] as const
export type DayKind = (typeof DAY_KINDS)[number]

export interface DayInfo {
  kind: DayKind
  /** Of a holiday, or of the one a working day makes up for. */
  name: Bilingual | null
  /** The park says so itself. */
  own: boolean
}

/** A park's own days. */
export type OwnDays = ReadonlyMap<Day, Pick<CalendarDay, 'kind' | 'name'>>
export const NO_DAYS: OwnDays = new Map()

export function dayInfo(day: Day, own: OwnDays = NO_DAYS, zone = DEFAULT_ZONE): DayInfo {
  const set = own.get(day)
  if (set) return { kind: set.kind, name: set.name, own: true }
  const base = keepsChineseHolidays(zone) ? baseOf(day) : null
  if (base) return { kind: base.kind, name: base.name, own: false }
  return { kind: weekday(day) > 5 ? 'weekend' : 'workday', name: null, own: false }
}

export const dayKind = (day: Day, own: OwnDays = NO_DAYS, zone = DEFAULT_ZONE): DayKind => dayInfo(day, own, zone).kind

/** The days a park has set itself, in one indexed read; inside a transaction it is part of it. */
export async function ownDays(park: string, from: Day, to: Day): Promise<Map<Day, CalendarDay>> {
  const filter = { park, day: { $gte: from, $lte: to } }
  const rows = await scopedFind<CalendarDay>(CalendarDay, filter, { sort: { day: 1 } })
  return new Map(rows.map(row => [row.day, row]))
}

/** The kind of every day of a range, both ends inclusive. */
export async function kindsOf(park: Pick<Park, '_id' | 'zone'>, from: Day, to: Day): Promise<Map<Day, DayInfo>> {
  const own = await ownDays(park._id, from, to)
  const days = Array.from({ length: Math.max(0, daysIn(from, to)) }, (_, i) => addDays(from, i))
  return new Map(days.map(day => [day, dayInfo(day, own, park.zone)]))
}

/** The kind of a day of a range that was read; a day outside of it counts as a working day. */
export const kindIn =
  (kinds: ReadonlyMap<Day, Pick<DayInfo, 'kind'>>) =>
  (day: Day): DayKind =>
    kinds.get(day)?.kind ?? 'workday'

/**
 * The `count`-th working day after `from`, which itself doesn't count: when something is due. The due date of what takes no working
 * day is `from`, whatever day it is.
 */
export function addWorkdays(from: Day, count: number, own: OwnDays = NO_DAYS, zone = DEFAULT_ZONE): Day {
  let day = from
  for (let left = count; left > 0; ) {
    day = dayAfter(day)
    if (dayKind(day, own, zone) === 'workday') left -= 1
  }
  return day
}
