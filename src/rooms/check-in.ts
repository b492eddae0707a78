import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { conflict } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { subjectOf } from './book.ts'
import { Booking } from './booking.ts'
import { loadBooking } from './change.ts'
import { heldDays } from './holding.ts'
import { markRoom } from './room-day.ts'
import { clocksOf } from './slot.ts'

/** Minutes before its start from which a booking can be checked in. */
export const CHECK_IN_MINUTES = 15

export const opensAt = (booking: Pick<Booking, 'startsAt'>): Date => new Date(booking.startsAt.getTime() - CHECK_IN_MINUTES * 60_000)

/** Whether it could be checked in right now. */
export const mayCheckIn = (booking: Pick<Booking, 'state' | 'startsAt' | 'endsAt' | 'checkedIn'>, at = now()): boolean =>
  booking.state === 'confirmed' && !booking.checkedIn && opensAt(booking) <= at && booking.endsAt > at

/**
 * Says that its people are there: from a quarter of an hour before the start until the end; once is enough. Throws checkIn.early,
 * checkIn.over or, for what was cancelled or given back, checkIn.gone (409). Writes the booking, as the release of no-shows does:
 * of the two, one wins.
 */
export async function checkIn(park: Park, _id: Types.ObjectId, by: Actor): Promise<Booking> {
  return transact(async () => {
    const booking = await loadBooking(park._id, _id)
    if (booking.state !== 'confirmed') throw conflict('checkIn.gone', { code: booking.code })
    if (booking.checkedIn) return booking
    const at = now()
    if (booking.endsAt <= at) throw conflict('checkIn.over', { code: booking.code })
    if (opensAt(booking) > at) throw conflict('checkIn.early', { day: booking.day, times: clocksOf(booking), minutes: CHECK_IN_MINUTES })
    const checkedIn = { at, by: by.name }
    await Booking.updateOne({ park: park._id, _id, state: 'confirmed' }, { checkedIn })
    await markRoom(park._id, _id, heldDays(booking, park.zone), { checkedIn: true })
    await audit(by, 'booking.checkIn', subjectOf(booking))
    return { ...booking, checkedIn }
  })
}
