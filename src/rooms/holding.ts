import type { Booking } from './booking.ts'
import { type Room, rootOf } from './room.ts'
import { type ClaimBody, claimRoom, type Place, releaseRoom, requestRoom } from './room-day.ts'
import { endsAt, piecesOf, type Slot, startsAt } from './slot.ts'

/** Where and when a booking is, as it is stored: wall time for people, instants for the clock. */
export const placed = (room: Room, { day, from, to }: Slot, zone: string) => ({
  room: room._id,
  root: rootOf(room),
  roomName: room.name,
  day,
  from,
  to,
  startsAt: startsAt({ day, from, to }, zone),
  endsAt: endsAt({ day, from, to }, zone),
})

/** How a booking lies in the days of its room. */
export const placeOf = (room: Place['room'], slot: Slot, { before, after }: { before: number; after: number }, zone: string): Place => ({
  room,
  pieces: piecesOf(slot, before, after, zone),
})

type Held = Pick<Booking, '_id' | 'title' | 'private' | 'holder' | 'contact' | 'checkedIn' | 'state'>

export const bodyOf = (booking: Held): ClaimBody => ({
  ref: booking._id,
  kind: 'booking',
  expiresAt: null,
  title: booking.title,
  private: booking.private,
  who: booking.holder.name,
  tenant: booking.holder.tenant,
  user: booking.contact,
  checkedIn: Boolean(booking.checkedIn),
})

/** Takes the room for a confirmed booking, or writes its request beside. */
export async function hold(room: Room, slot: Slot, booking: Held & Pick<Booking, 'terms'>, zone: string): Promise<void> {
  const place = placeOf(room, slot, booking.terms, zone)
  if (booking.state === 'pending') await requestRoom(place, bodyOf(booking))
  else await claimRoom(place, bodyOf(booking))
}

export const heldDays = (booking: Pick<Booking, 'day' | 'from' | 'to' | 'terms'>, zone: string): string[] =>
  piecesOf(booking, booking.terms.before, booking.terms.after, zone).map(piece => piece.day)

/** Gives a booking's time back. */
export const letGo = (booking: Booking, zone: string): Promise<void> => releaseRoom(booking.park, booking._id, heldDays(booking, zone))
