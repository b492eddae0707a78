import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import type { Day } from '../lib/days.ts'
import { conflict, notFound } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { announce, announceSeries } from './announce.ts'
import { Booking } from './booking.ts'
import { cancelBooking } from './cancel.ts'
import { isAhead } from './change.ts'
import { BookingSeries, ofSeries, seriesPath, seriesSubject } from './series.ts'
import type { Scope } from './series-form.ts'
import { loadSeries } from './series-make.ts'

/** Cancelling dates of a series: one, one and all that follow, or all that are still to come. */
export const dayOf = (booking: Pick<Booking, 'occurrence'>): Day => booking.occurrence!.slice(0, 10)

/** The bookings of a series, by its dates; in the caller's transaction or outside of one. */
export const bookingsOf = async (series: Pick<BookingSeries, 'park' | '_id'>): Promise<Booking[]> =>
  (await Booking.find(ofSeries(series)).sort({ occurrence: 1 }).lean()) as Booking[]

export const inScope = (day: Day, scope: Scope, at: Day | null): boolean =>
  scope === 'all' || (at !== null && (scope === 'one' ? day === at : day >= at))

/** What can still be called off: who has been checked in is there. Dates that were moved go along: the meeting is over for good. */
export const cancellable = (bookings: Booking[], scope: Scope, at: Day | null): Booking[] =>
  bookings.filter(one => isAhead(one) && !one.checkedIn && inScope(dayOf(one), scope, at))

export interface Cancelling {
  scope: Scope
  at: Day | null
  reason: string | null
  /** All fees together, as they were shown; null: none were. */
  shown: number | null
}

/**
 * Cancels them in one transaction, each with the fee of the rule frozen in it. Throws series.over (409) where nothing is left,
 * booking.feeChanged (409) where it would cost more than was shown.
 */
export async function cancelSeries(
  park: Park,
  _id: Types.ObjectId,
  { scope, at, reason, shown }: Cancelling,
  by: Actor,
): Promise<Booking[]> {
  if (scope !== 'all' && !at) throw notFound()
  return transact(async () => {
    const series = await loadSeries(park._id, _id)
    const all = await bookingsOf(series)
    const before = cancellable(all, scope, at)
    if (!before.length) throw conflict('series.over')
    const after: Booking[] = []
    for (const one of before) after.push(await cancelBooking(park, one._id, { reason, shown: null, quiet: true }, by))
    if (shown !== null && after.reduce((sum, one) => sum + (one.cancelled?.fee ?? 0), 0) > shown) throw conflict('booking.feeChanged')
    const state = cancellable(all, 'all', null).length === before.length ? 'cancelled' : series.state
    await BookingSeries.updateOne({ park: park._id, _id }, { $set: { state }, $inc: { version: 1 } })
    const days = before.map(dayOf)
    await audit(by, 'series.cancel', seriesSubject(series), { before: { state: series.state }, after: { state, days }, note: reason })
    if (after.length === 1) await announce(park, after[0]!, 'cancelled', by, reason, before[0]!)
    else {
      const settled = new Set(before.filter(one => one.state === 'confirmed').map(one => String(one._id)))
      await announceSeries(park, seriesPath(series), after, 'cancelled', by, one => settled.has(String(one._id)), reason)
    }
    return after
  })
}
