import { now } from '../lib/clock.ts'
import type { Day } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { Booking } from '../rooms/booking.ts'

/** What the front desk looks at in the morning: today's bookings, and the requests that somebody must decide. */
export type DeskBooking = Pick<
  Booking,
  | '_id'
  | 'code'
  | 'room'
  | 'roomName'
  | 'day'
  | 'from'
  | 'to'
  | 'startsAt'
  | 'endsAt'
  | 'holder'
  | 'contact'
  | 'title'
  | 'state'
  | 'checkedIn'
  | 'by'
>

const FIELDS = Object.fromEntries(
  ['code', 'room', 'roomName', 'day', 'from', 'to', 'startsAt', 'endsAt', 'holder', 'contact', 'title', 'state', 'checkedIn', 'by'].map(
    name => [name, 1],
  ),
)
const LIMIT = 200

/** Both in one read, by the index of state and day. */
export function deskBookings(park: string, on: Day): Promise<DeskBooking[]> {
  const today = { state: 'confirmed', day: on }
  const asked = { state: 'pending', day: { $gte: on }, startsAt: { $gt: now() } }
  return scopedFind<DeskBooking>(Booking, { park, $or: [today, asked] }, { projection: FIELDS, sort: { day: 1, from: 1 }, limit: LIMIT })
}

export const ofToday = (bookings: DeskBooking[], on: Day): DeskBooking[] =>
  bookings.filter(one => one.state === 'confirmed' && one.day === on)
export const requests = (bookings: DeskBooking[]): DeskBooking[] => bookings.filter(one => one.state === 'pending')
