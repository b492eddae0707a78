import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { conflict } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { announceEdit } from './announce.ts'
import { roomOf, subjectOf } from './book.ts'
import { Booking } from './booking.ts'
import { loadBooking } from './change.ts'
import { heldDays } from './holding.ts'
import { markRoom } from './room-day.ts'
import { checkPeople } from './terms.ts'
import type { Attendee, Told } from './wish.ts'

/** What a booking says of itself: everything but when, where and what it costs. */
export type Details = Pick<Told, 'title' | 'private' | 'people' | 'note' | 'attendees'>

/** Of a private booking the trail keeps that it was changed, not what it says. */
const traced = ({ title, people, note, attendees, private: closed }: Details, hidden: boolean) => ({
  private: closed,
  people,
  ...(hidden ? {} : { subject: title, note, attendees: attendees.map(({ name }) => name) }),
})

const invited = (attendees: Attendee[]): string => JSON.stringify(attendees.map(({ name, email }) => [name, email]))

/**
 * Changes the title, privacy, number of people, note and attendees of a booking that is still to come or running. Throws
 * error.stale (409) where somebody saved since the page was opened, booking.over where there is nothing left to change. `quiet`: a
 * series is told of once, not for each of its dates.
 */
export async function editDetails(
  park: Park,
  _id: Types.ObjectId,
  version: number,
  details: Details,
  by: Actor,
  quiet = false,
): Promise<Booking> {
  return transact(async () => {
    const booking = await loadBooking(park._id, _id)
    if (version !== booking.version) throw conflict('stale')
    const open = booking.state === 'confirmed' || booking.state === 'pending'
    if (!open || booking.endsAt <= now()) throw conflict('booking.over', { code: booking.code })
    if (details.people !== booking.people) checkPeople(await roomOf(park._id, booking.room), details.people)
    // Attendees' calendars follow the title and who is invited.
    const told = details.title !== booking.title || invited(details.attendees) !== invited(booking.attendees)
    const change = { ...details, version: booking.version + 1, sequence: booking.sequence + (told ? 1 : 0) }
    await Booking.updateOne({ park: park._id, _id }, change)
    await markRoom(park._id, _id, heldDays(booking, park.zone), { title: details.title, private: details.private })
    const hidden = booking.private || details.private
    await audit(by, 'booking.edit', subjectOf(booking), { before: traced(booking, hidden), after: traced(details, hidden) })
    const fresh: Booking = { ...booking, ...change }
    if (told && !quiet) await announceEdit(park, booking, fresh, by)
    return fresh
  })
}
