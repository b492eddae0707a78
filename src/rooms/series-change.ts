import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import type { Day } from '../lib/days.ts'
import { conflict, notFound } from '../lib/rule-error.ts'
import { clockOf } from '../lib/wall.ts'
import type { Park } from '../parks/park.ts'
import { announceSeries } from './announce.ts'
import { roomOf } from './book.ts'
import { Booking } from './booking.ts'
import { editDetails } from './booking-details.ts'
import { isAhead, loadBooking, moveBooking } from './change.ts'
import type { Recurrence } from './recurrence.ts'
import { BookingSeries, daysOfSeries, ofSeries, seriesPath, seriesSubject, seriesSummary } from './series.ts'
import { bookingsOf, dayOf, inScope } from './series-cancel.ts'
import type { Scope } from './series-form.ts'
import { checkShown, type Dated, loadSeries, wallOf } from './series-make.ts'
import { startsAt } from './slot.ts'

/**
 * Changing dates of a series: only one, one and all that follow, or all that are to come. What has passed, was moved, cancelled or
 * checked in stays as it was (CASE 16). Where earlier dates stay, the series is split: the old one ends before, a new one follows.
 */
export interface SeriesEdit {
  room: Types.ObjectId
  from: number
  to: number
  title: string
  private: boolean
  people: number | null
}

export interface Change {
  scope: Scope
  at: Day | null
  version: number
  edit: SeriesEdit
  /** Where and when each concerned date will be; a date that isn't named here stays as it is, on its own from then on. */
  dates: Dated[]
  shown: number | null
  desk: boolean
}

/** The dates a change concerns. */
export const concerned = (bookings: Booking[], scope: Scope, at: Day | null): Booking[] =>
  bookings.filter(one => isAhead(one) && !one.checkedIn && (scope === 'one' || !one.apart) && inScope(dayOf(one), scope, at))

const isElsewhere = (series: BookingSeries, { room, from, to }: SeriesEdit): boolean =>
  !room.equals(series.room) || from !== series.from || to !== series.to

/**
 * The day from which a new series follows; null: the whole series is changed where it stands. What has begun is never re-written.
 * Throws series.over (409) where no date of the rule is left.
 */
export function splitDay(
  park: Pick<Park, 'zone'>,
  series: BookingSeries,
  { scope, at, edit }: Pick<Change, 'scope' | 'at' | 'edit'>,
): Day | null {
  const days = daysOfSeries(series)
  const at0 = now()
  const isLeft = (day: Day) => startsAt({ day, from: series.from, to: series.to }, park.zone) > at0
  const next = days.find(day => isLeft(day) && (scope === 'all' || day >= (at ?? '')))
  if (!next) throw conflict('series.over')
  if (scope === 'all' && !isElsewhere(series, edit)) return null
  return next === days[0] ? null : next
}

const untilOf = (day: Day, from: number): Pick<Recurrence, 'until' | 'count'> => ({ until: wallOf(day, from), count: null })

/** What the rule says of the dates from a day on. */
function ruleFrom({ rule }: BookingSeries, days: Day[], from: number): Recurrence {
  return rule.count ? { ...rule, count: days.length, until: null } : { ...rule, ...untilOf(rule.until!.slice(0, 10), from) }
}

/** Ends the old series before a day and makes the one that follows it; what was left out goes along. */
async function split(series: BookingSeries, day: Day, edit: SeriesEdit, by: Actor): Promise<BookingSeries> {
  const { park, _id } = series
  const days = daysOfSeries(series)
  const [before, after] = [days.filter(one => one < day), days.filter(one => one >= day)]
  const late = (occurrence: string) => occurrence.slice(0, 10) >= day
  const rule = { ...series.rule, ...untilOf(before.at(-1)!, series.from) }
  const kept = series.skipped.filter(one => !late(one.occurrence))
  await BookingSeries.updateOne({ park, _id }, { $set: { rule, skipped: kept }, $inc: { version: 1 } })
  const { createdAt: _made, ...common } = series
  const name = (await roomOf(park, edit.room)).name
  const [made] = await BookingSeries.create([
    {
      ...common,
      ...edit,
      _id: new Types.ObjectId(),
      roomName: name,
      day,
      rule: ruleFrom(series, after, edit.from),
      skipped: series.skipped
        .filter(one => late(one.occurrence))
        .map(one => ({ ...one, occurrence: wallOf(one.occurrence.slice(0, 10), edit.from) })),
      follows: _id,
      version: 0,
      by: { id: by.id, name: by.name },
    },
  ])
  const fresh = made!.toObject() as BookingSeries
  const end = { until: before.at(-1)!, count: null }
  await audit(by, 'series.split', seriesSubject(series), {
    before: { until: series.rule.until?.slice(0, 10) ?? null, count: series.rule.count ?? null },
    after: end,
  })
  await audit(by, 'series.follow', seriesSubject(fresh), { before: seriesSummary(series), after: seriesSummary(fresh) })
  return fresh
}

/** Changes the series where it stands. */
async function rewrite(series: BookingSeries, edit: SeriesEdit, by: Actor): Promise<BookingSeries> {
  const { park, _id, rule } = series
  const set = {
    ...edit,
    roomName: (await roomOf(park, edit.room)).name,
    rule: rule.until ? { ...rule, ...untilOf(rule.until.slice(0, 10), edit.from) } : rule,
    skipped: series.skipped.map(one => ({ ...one, occurrence: wallOf(one.occurrence.slice(0, 10), edit.from) })),
  }
  await BookingSeries.updateOne({ park, _id }, { $set: set, $inc: { version: 1 } })
  const fresh: BookingSeries = { ...series, ...set, version: series.version + 1 }
  await audit(by, 'series.edit', seriesSubject(series), { before: seriesSummary(series), after: seriesSummary(fresh) })
  return fresh
}

/** Bookings from a day on name the series their dates are now of, and the time it gives them. */
async function relink(series: BookingSeries, target: BookingSeries, day: Day): Promise<void> {
  const occurrence = { $concat: [{ $substrCP: ['$occurrence', 0, 10] }, `T${clockOf(target.from)}`] }
  const filter = { ...ofSeries(series), occurrence: { $gte: `${day}T` } }
  await Booking.updateMany(filter, [{ $set: { series: target._id, occurrence } }], { updatePipeline: true })
}

/** A detail that was changed for one date alone stays so. */
const detailsOf = (booking: Booking, series: BookingSeries, edit: SeriesEdit, one: boolean) => {
  const { note, attendees } = booking
  return {
    title: one || booking.title === series.title ? edit.title : booking.title,
    private: one || booking.private === series.private ? edit.private : booking.private,
    people: one || booking.people === series.people ? edit.people : booking.people,
    note,
    attendees,
  }
}

type Details = ReturnType<typeof detailsOf>

const differs = (booking: Booking, details: Details): boolean =>
  booking.title !== details.title || booking.private !== details.private || booking.people !== details.people

/** Moves a date and tells it what is new. More people come after the move to a larger room, fewer before the one to a smaller. */
async function apply(park: Park, booking: Booking, date: Dated, details: Details, desk: boolean, by: Actor): Promise<void> {
  const edit = async () => {
    if (!differs(booking, details)) return
    const { version } = await loadBooking(park._id, booking._id)
    await editDetails(park, booking._id, version, details, by, true)
  }
  const { room, slot } = date
  const moves = !room.equals(booking.room) || slot.day !== booking.day || slot.from !== booking.from || slot.to !== booking.to
  const more = (details.people ?? 0) > (booking.people ?? 0)
  if (!more) await edit()
  if (moves)
    await moveBooking(
      park,
      booking._id,
      { room, slot: { day: slot.day, from: slot.from, to: slot.to }, version: null, desk, quiet: true },
      by,
    )
  if (more) await edit()
}

/** Later dates first where times move later, so that no date meets the old time of the next. */
export const inOrder = <T>(dates: T[], series: BookingSeries, { from, to }: SeriesEdit): T[] =>
  from > series.from || (from === series.from && to > series.to) ? [...dates].reverse() : dates

/**
 * Changes the dates concerned in one transaction. Throws error.stale (409) where somebody changed the series meanwhile, series.over
 * (409) where there is nothing left to change, else what moveBooking() throws. Answers the series that the dates are now of.
 */
export async function changeSeries(park: Park, _id: Types.ObjectId, change: Change, by: Actor): Promise<BookingSeries> {
  const { scope, at, edit, dates, desk } = change
  return transact(async () => {
    const series = await loadSeries(park._id, _id)
    if (series.version !== change.version) throw conflict('stale')
    if (scope !== 'all' && !daysOfSeries(series).includes(at ?? '')) throw notFound()
    const all = await bookingsOf(series)
    const list = concerned(all, scope, at)
    if (scope === 'one' && !list.length) throw conflict('series.over')
    const day = scope === 'one' ? null : splitDay(park, series, change)
    const target = scope === 'one' ? series : day ? await split(series, day, edit, by) : await rewrite(series, edit, by)
    if (scope !== 'one') await relink(series, target, day ?? series.day)
    const changed: Types.ObjectId[] = []
    for (const booking of inOrder(list, series, edit)) {
      const date = dates.find(one => one.day === dayOf(booking))
      if (date) {
        await apply(park, booking, date, detailsOf(booking, series, edit, scope === 'one'), desk, by)
        changed.push(booking._id)
      }
      const apart = scope === 'one' || !date || date.changed
      await Booking.updateOne({ park: park._id, _id: booking._id }, { apart })
    }
    const fresh = (await Booking.find({ park: park._id, _id: { $in: changed } }).lean()) as Booking[]
    checkShown(fresh, change.shown)
    // Only what a calendar shows is told of: more people are nobody's news.
    const news = fresh.filter(one => one.sequence !== list.find(old => old._id.equals(one._id))?.sequence)
    await announceSeries(park, seriesPath(target), news, 'moved', by)
    return target
  })
}
