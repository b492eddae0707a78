import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import type { Day } from '../lib/days.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { announceSeries } from './announce.ts'
import { bookRoom, roomOf, type Wish } from './book.ts'
import { Booking } from './booking.ts'
import { type Recurrence, type Wall, wallText } from './recurrence.ts'
import { BookingSeries, daysOfSeries, ofSeries, type Skipped, seriesPath, seriesSubject, seriesSummary } from './series.ts'
import type { Slot } from './slot.ts'

/** Making a series, and booking dates of it later: all of them in one transaction, or none. */
export interface SeriesWish extends Wish {
  /** `slot` is the first date's. */
  rule: Recurrence
}

/** One of the rule's days, and when and where it will be; `changed`: at another time or in another room than its series. */
export interface Dated {
  day: Day
  room: Types.ObjectId
  slot: Slot
  changed: boolean
}

interface By {
  desk: boolean
  /** The price the person agreed to; null: none was shown. */
  shown: number | null
}

export const wallOf = (day: Day, from: number): Wall => wallText({ day, minute: from })

async function bookDate(park: Park, wish: Wish, series: Types.ObjectId, occurrence: Wall, date: Dated, by: Actor, desk: boolean) {
  const slot = { day: date.slot.day, from: date.slot.from, to: date.slot.to }
  const booking = await bookRoom(park, { ...wish, room: date.room, slot }, by, { desk, series: { _id: series, occurrence }, quiet: true })
  if (!date.changed) return booking
  await Booking.updateOne({ park: park._id, _id: booking._id }, { apart: true })
  return { ...booking, apart: true }
}

/** Nobody pays more than they saw: free hours may have gone to somebody else meanwhile. */
export function checkShown(bookings: Pick<Booking, 'cost'>[], shown: number | null): void {
  const total = bookings.reduce((sum, one) => sum + one.cost.total, 0)
  if (shown !== null && total > shown) throw conflict('series.priceChanged')
}

const told = (bookings: Booking[]) => (bookings.every(one => one.state === 'pending') ? 'requested' : 'booked')

/**
 * Books the chosen dates and keeps those left out. Every day of the rule is in one of the two. Throws series.none where nothing is
 * chosen, else what bookRoom() throws: a room taken meanwhile (409) leaves no trace of the others.
 */
export async function makeSeries(
  park: Park,
  wish: SeriesWish,
  dates: Dated[],
  skipped: Skipped[],
  by: Actor,
  how: By,
): Promise<BookingSeries> {
  if (!dates.length) throw new RuleError('series.none')
  return transact(async () => {
    const room = await roomOf(park._id, wish.room)
    const { rule, slot, room: _room, ...common } = wish
    const [made] = await BookingSeries.create([
      {
        ...common,
        _id: new Types.ObjectId(),
        park: park._id,
        room: room._id,
        roomName: room.name,
        day: slot.day,
        from: slot.from,
        to: slot.to,
        rule,
        skipped,
        by: { id: by.id, name: by.name },
      },
    ])
    const series = made!.toObject() as BookingSeries
    const bookings: Booking[] = []
    for (const date of dates) bookings.push(await bookDate(park, wish, series._id, wallOf(date.day, slot.from), date, by, how.desk))
    checkShown(bookings, how.shown)
    await audit(by, 'series.make', seriesSubject(series), {
      after: { ...seriesSummary(series), dates: bookings.length, skipped: skipped.length },
    })
    await announceSeries(park, seriesPath(series), bookings, told(bookings), by)
    return series
  })
}

export const loadSeries = async (park: string, _id: Types.ObjectId): Promise<BookingSeries> =>
  (await BookingSeries.findOne({ park, _id }).orFail(notFound).lean()) as BookingSeries

/** States in which a booking stands for its date, whatever became of its time. */
const LIVE = ['pending', 'confirmed']

/** Frees a date for another booking: one that was called off leaves the series. */
async function vacate(series: BookingSeries, occurrence: Wall): Promise<void> {
  const found = await Booking.findOne({ ...ofSeries(series), occurrence }).lean()
  if (!found) return
  if (LIVE.includes(found.state)) throw conflict('series.live', { day: occurrence.slice(0, 10) })
  await Booking.updateOne({ park: series.park, _id: found._id }, { series: null, occurrence: null })
}

/**
 * Books dates of a series that were left out or called off, at its own time. Throws series.none without any, 404 for a day that
 * isn't of its rule, series.live (409) for one that is booked, else what bookRoom() throws; all of them or none.
 */
export async function addDates(park: Park, _id: Types.ObjectId, days: Day[], by: Actor, how: By): Promise<Booking[]> {
  if (!days.length) throw new RuleError('series.noneChosen', {}, { field: 'days' })
  return transact(async () => {
    const series = await loadSeries(park._id, _id)
    const known = new Set(daysOfSeries(series))
    const { from, to, room, title, note, people, holder, contact, attendees, extras, private: closed } = series
    const bookings: Booking[] = []
    for (const day of [...new Set(days)].sort()) {
      if (!known.has(day)) throw notFound()
      const occurrence = wallOf(day, from)
      await vacate(series, occurrence)
      const slot = { day, from, to }
      const wish = { room, slot, holder, contact, title, private: closed, people, note, attendees, extras }
      bookings.push(await bookDate(park, wish, _id, occurrence, { day, room, slot, changed: false }, by, how.desk))
    }
    checkShown(bookings, how.shown)
    const gone = bookings.map(one => one.occurrence)
    const change = { $pull: { skipped: { occurrence: { $in: gone } } }, $set: { state: 'active' }, $inc: { version: 1 } }
    await BookingSeries.updateOne({ park: park._id, _id }, change)
    await audit(by, 'series.add', seriesSubject(series), { after: { days: bookings.map(one => one.day) } })
    await announceSeries(park, seriesPath(series), bookings, told(bookings), by)
    return bookings
  })
}
