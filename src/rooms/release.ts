import type { Types } from 'mongoose'
import { SYSTEM } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { groupBy } from '../lib/check.ts'
import { now } from '../lib/clock.ts'
import { dayBefore, today } from '../lib/days.ts'
import { Park } from '../parks/park.ts'
import { announce } from './announce.ts'
import { roomOf, subjectOf } from './book.ts'
import { Booking } from './booking.ts'
import { loadBooking, minuteNow } from './change.ts'
import { bodyOf, heldDays, letGo, placeOf } from './holding.ts'
import { claimRoom } from './room-day.ts'
import { offerFreed } from './waitlist-offer.ts'

/**
 * Giving back rooms whose people didn't come: so many minutes after the start, or after a booking made
 * later than that, as the rule frozen in the booking says. Who comes to an event checks in there, not at the room.
 */
const isDue = ({ state, event, checkedIn, terms, startsAt, endsAt, createdAt }: Booking, at: Date): boolean =>
  state === 'confirmed' &&
  !event &&
  !checkedIn &&
  terms.release !== null &&
  Math.max(startsAt.getTime(), createdAt.getTime()) + terms.release * 60_000 <= at.getTime() &&
  endsAt > at

/**
 * Releases one booking: the room's time from this minute on is free again, what passed stays its own; nothing is refunded; its
 * contact is told. False where somebody checked in, cancelled or released it meanwhile.
 */
export async function releaseBooking(park: Park, _id: Types.ObjectId): Promise<boolean> {
  return transact(async () => {
    const booking = await loadBooking(park._id, _id)
    if (!isDue(booking, now())) return false
    const change = { state: 'released' as const, version: booking.version + 1, sequence: booking.sequence + 1 }
    // Whatever happens to it at the same moment writes the same document, and one of the two begins again.
    const { matchedCount } = await Booking.updateOne({ park: park._id, _id, state: 'confirmed', checkedIn: null }, change)
    if (!matchedCount) return false
    const days = heldDays(booking, park.zone)
    const room = await roomOf(park._id, booking.room)
    await letGo(booking, park.zone)
    const passed = { day: booking.day, from: booking.from, to: Math.min(booking.to, minuteNow(booking, park.zone)) }
    const fresh: Booking = { ...booking, ...change }
    if (passed.to > passed.from)
      await claimRoom(placeOf(room, passed, { before: booking.terms.before, after: 0 }, park.zone), bodyOf(fresh))
    await audit(SYSTEM, 'booking.release', subjectOf(fresh), { before: { state: 'confirmed' }, after: { state: 'released' } })
    await announce(park, fresh, 'released', SYSTEM)
    await offerFreed(park, booking.root, days)
    return true
  })
}

/** Every minute: today's bookings whose time to check in has passed; one that began before midnight and still runs is today's too. */
export async function releaseNoShows(): Promise<number> {
  const at = now()
  const parks = (await Park.find().lean()) as unknown as Park[]
  let released = 0
  for (const [zone, list] of groupBy(parks, park => park.zone)) {
    const on = today(zone)
    const due = await Booking.find(
      {
        park: { $in: list.map(park => park._id) },
        state: 'confirmed',
        day: { $in: [dayBefore(on), on] },
        checkedIn: null,
        event: null,
        'terms.release': { $ne: null },
        startsAt: { $lte: at },
        endsAt: { $gt: at },
      },
      { park: 1 },
    ).lean()
    for (const one of due) if (await releaseBooking(list.find(park => park._id === one.park)!, one._id)) released += 1
  }
  return released
}
