import type { Actor } from '../accounts/identity.ts'
import type { Park } from '../parks/park.ts'
import type { Booking } from './booking.ts'

/**
 * Modules above rooms say here what follows for what a booking was made for, inside the transaction of the booking's step: it left
 * before its time (cancelled, declined, closed), or was moved. What they throw refuses the step.
 */
export type BookingStep = 'left' | 'moved'
export interface Happened {
  step: BookingStep
  before: Booking
  after: Booking
}
type Listener = (park: Park, what: Happened, by: Actor) => Promise<void>
const listeners: Listener[] = []

export const onBookingStep = (listener: Listener): void => {
  listeners.push(listener)
}

/** Only of bookings that were made for something: the many others ask nobody. */
export async function bookingHappened(park: Park, what: Happened, by: Actor): Promise<void> {
  if (what.after.event) for (const listener of listeners) await listener(park, what, by)
}
