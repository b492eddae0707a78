import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { conflict } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { returnFree } from './allowance.ts'
import { announce, type Happening } from './announce.ts'
import { subjectOf } from './book.ts'
import { Booking } from './booking.ts'
import { isAhead, loadBooking } from './change.ts'
import { cancellationOf, minutesIn } from './cost.ts'
import { heldDays, letGo } from './holding.ts'
import { bookingHappened } from './hooks.ts'
import { settle } from './settle.ts'
import { offerFreed } from './waitlist-offer.ts'

interface Leaving {
  state: 'cancelled' | 'rejected'
  action: string
  happening: Happening
  reason: string | null
  /** A fee and kept free minutes only where the person gives it up; never where the park takes it away. */
  byPerson: boolean
  quiet?: boolean
}

const NOTHING: ReturnType<typeof cancellationOf> = { fee: 0, kept: [] }

/** What cancelling now would cost and keep: shown before it is confirmed. A request costs nothing. */
export const cancellationNow = (booking: Booking) =>
  booking.state === 'confirmed'
    ? cancellationOf(booking.terms, booking.cost, (booking.startsAt.getTime() - now().getTime()) / 60_000)
    : NOTHING

/** Ends a booking before it begins: time, free hours and charges go back, less what the frozen rule keeps. In a transaction. */
export async function leave(park: Park, booking: Booking, leaving: Leaving, by: Actor): Promise<Booking> {
  const { fee, kept } = leaving.byPerson ? cancellationNow(booking) : NOTHING
  await letGo(booking, park.zone)
  const back = booking.cost.free.map(one => ({
    month: one.month,
    minutes: one.minutes - (kept.find(other => other.month === one.month)?.minutes ?? 0),
  }))
  await returnFree(park._id, booking.holder, back)
  const done = { by: { id: by.id, name: by.name }, at: now() }
  const change = {
    state: leaving.state,
    cost: { ...booking.cost, free: kept },
    version: booking.version + 1,
    sequence: booking.sequence + 1,
    ...(leaving.state === 'cancelled'
      ? { cancelled: { ...done, reason: leaving.reason, fee } }
      : { decided: { ...done, comment: leaving.reason } }),
  }
  await Booking.updateOne({ park: park._id, _id: booking._id }, change)
  const fresh: Booking = { ...booking, ...change }
  // What costs nothing was never charged.
  if (booking.cost.total) await settle(fresh, by, leaving.reason)
  const after = { state: leaving.state, ...(fee ? { fee } : {}) }
  await audit(by, leaving.action, subjectOf(fresh), { before: { state: booking.state }, after, note: leaving.reason })
  if (!leaving.quiet) await announce(park, fresh, leaving.happening, by, leaving.reason, booking)
  await bookingHappened(park, { step: 'left', before: booking, after: fresh }, by)
  await offerFreed(park, booking.root, heldDays(booking, park.zone))
  return fresh
}

/**
 * Cancels a booking that hasn't begun, with the fee of the rule frozen in it. `shown` is the fee the person was shown, `kept` the free
 * minutes that stay used: a deadline that passed in between is refused (booking.feeChanged, 409) rather than charged unseen.
 */
export async function cancelBooking(
  park: Park,
  _id: Types.ObjectId,
  { reason, shown, kept = null, quiet }: { reason: string | null; shown: number | null; kept?: number | null; quiet?: boolean },
  by: Actor,
): Promise<Booking> {
  return transact(async () => {
    const booking = await loadBooking(park._id, _id)
    if (!isAhead(booking)) throw conflict('booking.over', { code: booking.code })
    const cancellation = cancellationNow(booking)
    const more = (shown !== null && cancellation.fee > shown) || (kept !== null && minutesIn(cancellation.kept) > kept)
    if (more) throw conflict('booking.feeChanged')
    return leave(park, booking, { state: 'cancelled', action: 'booking.cancel', happening: 'cancelled', reason, byPerson: true, quiet }, by)
  })
}
