import { type Check, groupBy, type Report } from '../lib/check.ts'
import { eachRecord, everyPark } from '../parks/each.ts'
import { Booking } from './booking.ts'
import { occurrences, wallText } from './recurrence.ts'
import { Room } from './room.ts'
import { BookingSeries, ofSeries, seriesLabel, startOf } from './series.ts'

/** What must hold of series: every date of the rule is left out or has its booking, and nothing else has one. */
const subjectOf = (series: BookingSeries) => ({ park: series.park, kind: 'series', id: series._id, label: seriesLabel(series) })

async function checkDates(series: BookingSeries, report: Report): Promise<void> {
  const tell = (message: string) => report(message, subjectOf(series))
  const dates = new Set(occurrences(startOf(series), series.rule).map(wallText))
  const bookings = (await Booking.find(ofSeries(series), { occurrence: 1, code: 1 }).lean()) as Booking[]
  const left = series.skipped.map(one => one.occurrence)
  const booked = new Set(bookings.map(one => one.occurrence))
  for (const { code, occurrence } of bookings)
    if (!occurrence || !dates.has(occurrence)) tell(`has booking ${code} for ${occurrence}, which isn’t a date of its rule`)
  for (const [date, list] of groupBy(left, one => one)) {
    if (!dates.has(date)) tell(`leaves out ${date}, which isn’t a date of its rule`)
    if (booked.has(date)) tell(`leaves out ${date} and has a booking for it`)
    if (list.length > 1) tell(`leaves out ${date} more than once`)
  }
  for (const date of dates) if (!booked.has(date) && !left.includes(date)) tell(`neither books nor leaves out ${date}`)
}

async function checkPlace({ park, room, follows, from, to, ...series }: BookingSeries, report: Report): Promise<void> {
  const subject = subjectOf({ park, room, follows, from, to, ...series })
  if (!(await Room.exists({ park, _id: room }))) report(`is of room ${room}, which isn’t there`, subject)
  if (follows && !(await BookingSeries.exists({ park, _id: follows }))) report(`follows series ${follows}, which isn’t there`, subject)
  if (from >= to) report(`runs ${from}…${to}`, subject)
}

/** A booking of a series that isn't there, or without its date. */
async function checkLinks(report: Report): Promise<void> {
  for (const { _id: park } of await everyPark()) {
    const known = new Set((await BookingSeries.distinct('_id', { park })).map(String))
    const bookings = Booking.find({ park, series: { $ne: null } }, { series: 1, code: 1 })
      .lean()
      .cursor()
    for await (const { _id, series, code } of bookings)
      if (!known.has(String(series))) report(`is of series ${series}, which isn’t there`, { park, kind: 'booking', id: _id, label: code })
  }
}

export const seriesChecks: Check[] = [
  {
    name: 'Series book or leave out each date of their rule',
    run: report => eachRecord<BookingSeries>(BookingSeries, series => checkDates(series, report)),
  },
  {
    name: 'Series name a room and a series of their park',
    run: report => eachRecord<BookingSeries>(BookingSeries, series => checkPlace(series, report)),
  },
  { name: 'Bookings of a series name one that is there', run: checkLinks },
]
