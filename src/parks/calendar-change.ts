import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { again, transact } from '../db/transact.ts'
import { addDays, type Day, daysIn } from '../lib/days.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import type { Bilingual } from '../lib/text.ts'
import { CalendarDay, type OwnKind } from './calendar-day.ts'

/** Setting days of a park's own calendar. A range is set, changed and removed as one entry; a day is in one entry at most. */
export const MAX_DAYS = 100
/** Days a calendar is kept for. */
export const FIRST_DAY: Day = '2004-01-01'
export const LAST_DAY: Day = '2100-12-31'

export interface EntryInput {
  from: Day
  to: Day
  kind: OwnKind
  name: Bilingual
}

export interface Entry extends EntryInput {
  _id: Types.ObjectId
  version: number
}

const subject = (park: string, { from, name }: EntryInput) => ({ park, kind: 'calendar', ref: park, label: `${from} ${name.zh}` })
const recorded = ({ from, to, kind, name }: EntryInput) => ({ from, to, kind, name: { zh: name.zh, en: name.en ?? null } })

function checkRange({ from, to }: EntryInput): void {
  const range = { from: FIRST_DAY, to: LAST_DAY }
  if (from < FIRST_DAY || from > LAST_DAY) throw new RuleError('period.outside', range, { field: 'from' })
  if (to < from) throw new RuleError('period.order', {}, { field: 'to' })
  if (to > LAST_DAY) throw new RuleError('period.outside', range, { field: 'to' })
  if (daysIn(from, to) > MAX_DAYS) throw new RuleError('calendar.tooLong', { max: MAX_DAYS }, { field: 'to' })
}

/** The days that were set together as one range; null where there are none. */
export function entryOf(days: readonly CalendarDay[]): Entry | null {
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return null
  return { _id: first.entry, from: first.day, to: last.day, kind: first.kind, name: first.name, version: first.version }
}

/** An entry by its id; a 404 where the park has none. */
export async function loadEntry(park: string, entry: Types.ObjectId): Promise<Entry> {
  const found = entryOf((await CalendarDay.find({ park, entry }).sort({ day: 1 }).lean()) as CalendarDay[])
  if (!found) throw notFound()
  return found
}

async function writeDays(park: string, entry: Types.ObjectId, version: number, { from, to, kind, name }: EntryInput): Promise<void> {
  const taken = await CalendarDay.findOne({ park, day: { $gte: from, $lte: to } })
    .sort({ day: 1 })
    .lean()
  if (taken) throw conflict('calendar.taken', { day: taken.day, name: taken.name.zh }, 'from')
  const days = Array.from({ length: daysIn(from, to) }, (_, i) => addDays(from, i))
  // One index entry a day: of two who set the same day at once, the second runs again and meets the first.
  await CalendarDay.insertMany(days.map(day => ({ park, day, kind, name, entry, version }))).catch(error => {
    throw again(error)
  })
}

/** Sets days as holidays or working days. Throws calendar.taken (409), period.order, period.outside, calendar.tooLong. */
export async function addEntry(park: string, input: EntryInput, by: Actor): Promise<Types.ObjectId> {
  checkRange(input)
  const entry = new Types.ObjectId()
  await transact(async () => {
    await writeDays(park, entry, 0, input)
    await audit(by, 'calendar.add', subject(park, input), { after: recorded(input) })
  })
  return entry
}

async function current(park: string, entry: Types.ObjectId, version: number): Promise<Entry> {
  const before = await loadEntry(park, entry)
  if (before.version !== version) throw conflict('stale')
  return before
}

/** Changes an entry from the version its form showed; days it no longer has go back to what they were. Throws stale, else as addEntry. */
export async function changeEntry(park: string, entry: Types.ObjectId, version: number, input: EntryInput, by: Actor): Promise<void> {
  checkRange(input)
  await transact(async () => {
    const before = await current(park, entry, version)
    await CalendarDay.deleteMany({ park, entry })
    await writeDays(park, entry, version + 1, input)
    await audit(by, 'calendar.change', subject(park, input), { before: recorded(before), after: recorded(input) })
  })
}

/** Removes an entry from the version its form showed. Throws stale. */
export async function removeEntry(park: string, entry: Types.ObjectId, version: number, by: Actor): Promise<void> {
  await transact(async () => {
    const before = await current(park, entry, version)
    await CalendarDay.deleteMany({ park, entry })
    const gone = { from: null, to: null, kind: null, name: null }
    await audit(by, 'calendar.remove', subject(park, before), { before: recorded(before), after: gone })
  })
}
