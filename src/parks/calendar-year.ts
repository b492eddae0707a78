import { addDays, addMonths, type Day, dayAfter, daysIn, daysOfMonth, weekday } from '../lib/days.ts'
import type { Bilingual } from '../lib/text.ts'
import { dayInfo, ownDays } from './calendar.ts'
import { baseOf, keepsChineseHolidays } from './calendar-base.ts'
import { type Entry, entryOf, MAX_DAYS } from './calendar-change.ts'
import type { CalendarDay, OwnKind } from './calendar-day.ts'
import type { Park } from './park.ts'

/** A park's calendar of a year, as its page shows it. */
export interface Cell {
  day: Day
  date: number
  kind: OwnKind | 'weekend' | null
  name: Bilingual | null
  own: boolean
}

export interface Stretch {
  from: Day
  to: Day
  days: number
  kind: OwnKind
  name: Bilingual
  /** Set by the park, and what the days would be without. */
  entry: Entry | null
  instead: { kind: OwnKind; name: Bilingual } | null
}

function cellOf(day: Day, own: ReadonlyMap<Day, CalendarDay>, zone: string): Cell {
  const info = dayInfo(day, own, zone)
  const kind = info.kind === 'workday' && !info.name ? null : info.kind
  return { day, date: Number(day.slice(8)), kind, name: info.name, own: info.own }
}

/** Weeks of a month from Monday; null where a day isn't of it. */
function weeksOf(first: Day, cell: (day: Day) => Cell): (Cell | null)[][] {
  const before = weekday(first) - 1
  const length = daysOfMonth(first)
  const rows = Math.ceil((before + length) / 7)
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: 7 }, (_, column) => {
      const index = row * 7 + column - before
      return index < 0 || index >= length ? null : cell(addDays(first, index))
    }),
  )
}

/** Days of the published arrangement that count, in unbroken stretches of one name; days a park has set itself aren't among them. */
function published(from: Day, to: Day, own: ReadonlyMap<Day, CalendarDay>): Stretch[] {
  const found: Stretch[] = []
  for (let day = from; day <= to; day = dayAfter(day)) {
    const base = own.has(day) ? null : baseOf(day)
    if (!base) continue
    const last = found.at(-1)
    if (last && dayAfter(last.to) === day && last.kind === base.kind && last.name.zh === base.name.zh) {
      last.to = day
      last.days += 1
    } else found.push({ from: day, to: day, days: 1, ...base, entry: null, instead: null })
  }
  return found
}

function entriesOf(own: ReadonlyMap<Day, CalendarDay>): Entry[] {
  const groups = new Map<string, CalendarDay[]>()
  for (const day of own.values()) groups.set(String(day.entry), [...(groups.get(String(day.entry)) ?? []), day])
  return [...groups.values()].map(days => entryOf(days)!)
}

export interface Year {
  months: { first: Day; weeks: (Cell | null)[][] }[]
  stretches: Stretch[]
}

/** One read: the park's own days around the year, for an entry may reach over its ends. */
export async function yearOfPark(park: Pick<Park, '_id' | 'zone'>, year: number): Promise<Year> {
  const [from, to] = [`${year}-01-01`, `${year}-12-31`]
  const own = await ownDays(park._id, addDays(from, -MAX_DAYS), addDays(to, MAX_DAYS))
  const national = keepsChineseHolidays(park.zone)
  const mine = entriesOf(own)
    .filter(entry => entry.from <= to && entry.to >= from)
    .map((entry): Stretch => {
      const instead = national ? baseOf(entry.from) : null
      return { from: entry.from, to: entry.to, days: daysIn(entry.from, entry.to), kind: entry.kind, name: entry.name, entry, instead }
    })
  const stretches = [...(national ? published(from, to, own) : []), ...mine].sort((a, b) => (a.from < b.from ? -1 : 1))
  const months = Array.from({ length: 12 }, (_, i) => {
    const first = addMonths(from, i)
    return { first, weeks: weeksOf(first, day => cellOf(day, own, park.zone)) }
  })
  return { months, stretches }
}
