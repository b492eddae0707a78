import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { announce } from './announce.ts'
import { roomOf, subjectOf } from './book.ts'
import { Booking, isSubmitter } from './booking.ts'
import { leave } from './cancel.ts'
import { isAhead, loadBooking } from './change.ts'
import { hold, letGo, placeOf } from './holding.ts'
import { lyingAt } from './room-day.ts'
import { settle } from './settle.ts'

/**
 * Requests for rooms that want approval. Nobody approves what they submitted, unless the park allows it (DESIGN §2), nor what was
 * changed since their page was opened; a version of null: whatever it is now.
 */
function checkDecider(park: Park, booking: Booking, version: number | null, by: Actor): void {
  if (booking.state !== 'pending') throw conflict('booking.decided', { code: booking.code })
  if (isSubmitter(booking, by.id) && !park.settings.selfApproval) throw new RuleError('booking.ownApproval')
  if (version !== null && version !== booking.version) throw conflict('stale')
}

/**
 * Approves a request: takes the room now, by the same guarded write as any booking, and tells those whose requests lost by it.
 * Throws room.taken (409) where somebody was first, error.stale (409) where it isn't what was looked at.
 */
export async function approveBooking(park: Park, _id: Types.ObjectId, by: Actor, version: number | null = null): Promise<Booking> {
  return transact(async () => {
    const booking = await loadBooking(park._id, _id)
    checkDecider(park, booking, version, by)
    if (!isAhead(booking)) throw conflict('booking.over', { code: booking.code })
    const room = await roomOf(park._id, booking.room)
    await letGo(booking, park.zone)
    const change = {
      state: 'confirmed' as const,
      decided: { by: { id: by.id, name: by.name }, at: now(), comment: null },
      version: booking.version + 1,
    }
    const fresh: Booking = { ...booking, ...change }
    await hold(room, booking, fresh, park.zone)
    await Booking.updateOne({ park: park._id, _id }, change)
    await settle(fresh, by)
    await audit(by, 'booking.approve', subjectOf(fresh), { before: { state: 'pending' }, after: { state: 'confirmed' } })
    await announce(park, fresh, 'approved', by)
    const losers = await lyingAt(placeOf(room, booking, booking.terms, park.zone), 'requests')
    for (const loser of new Map(losers.map(one => [String(one.ref), one.ref])).values()) {
      const other = await loadBooking(park._id, loser)
      if (other.state === 'pending') await reject(park, other, null, by)
    }
    return fresh
  })
}

/** Ends a request: with a comment declined, without one lost to another or to the clock. In the caller's transaction. */
export const reject = (park: Park, booking: Booking, reason: string | null, by: Actor): Promise<Booking> =>
  leave(
    park,
    booking,
    { state: 'rejected', action: 'booking.reject', happening: reason ? 'rejected' : 'lost', reason, byPerson: false },
    by,
  )

/** Declines a request; the comment goes to who asked. */
export async function rejectBooking(
  park: Park,
  _id: Types.ObjectId,
  comment: string,
  by: Actor,
  version: number | null = null,
): Promise<Booking> {
  return transact(async () => {
    const booking = await loadBooking(park._id, _id)
    checkDecider(park, booking, version, by)
    return reject(park, booking, comment, by)
  })
}
