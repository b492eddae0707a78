import { Types } from 'mongoose'
import { DAY_MINUTES } from '../lib/wall.ts'
import type { Booking } from '../rooms/booking.ts'
import type { Slot } from '../rooms/slot.ts'
import type { Session } from './event.ts'

/** From when to when a session takes a room: in the room's own steps, and with the time for setting up somebody gave it before. */
export function slotFor(
  session: Pick<Session, 'day' | 'from' | 'to'>,
  step: number,
  had?: { session: Pick<Session, 'day' | 'from' | 'to'>; booking: Pick<Booking, 'day' | 'from' | 'to'> },
): Slot {
  // What comes of rounding to the old step isn't meant.
  const meant = (minutes: number) => (had?.booking.day === had?.session.day ? Math.max(0, Math.floor(minutes / step) * step) : 0)
  const lead = had ? meant(had.session.from - had.booking.from) : 0
  const tail = had ? meant(had.booking.to - had.session.to) : 0
  return {
    day: session.day,
    from: Math.max(0, Math.floor((session.from - lead) / step) * step),
    to: Math.min(DAY_MINUTES, Math.ceil((session.to + tail) / step) * step),
  }
}

/** Somebody who acts, where they are a user: jobs and tests aren't. */
export const asId = (id: string): Types.ObjectId | null => (/^[0-9a-f]{24}$/.test(id) ? new Types.ObjectId(id) : null)
