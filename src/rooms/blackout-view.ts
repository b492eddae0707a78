import type { Request } from 'express'
import { blackoutPath } from './blackout.ts'
import { spanText } from './blackout-list.ts'
import type { Obstacles } from './blackout-obstacles.ts'
import { bookingPath } from './booking.ts'
import { statusOf, TONES, whenText } from './booking-words.ts'

/** What is in the way, as the form lists it: with what each booking would get back. */
export function obstaclesView(req: Request, { bookings, blackouts, retired, clearing, waits }: Obstacles) {
  const fen = bookings.reduce((sum, booking) => sum + (booking.state === 'confirmed' ? booking.cost.total : 0), 0)
  return {
    bookings: bookings.map(booking => {
      const status = statusOf(booking)
      return {
        path: bookingPath(booking),
        code: booking.code,
        when: whenText(req, booking),
        room: booking.roomName,
        who: booking.holder.name,
        title: booking.title,
        status: req.t(`booking.status.${status}`),
        tone: TONES[status],
        refund: booking.state === 'confirmed' && booking.cost.total ? req.fmt.money(booking.cost.total) : null,
      }
    }),
    blackouts: blackouts.map(one => ({ path: blackoutPath(one), reason: one.reason, when: spanText(req, one) })),
    retired: retired.map(room => ({ name: room.name, day: room.activeTo })),
    clearing: clearing.map(({ room, day, to }) => ({ name: room.name, day, to })),
    waits: waits.length,
    refund: fen ? req.fmt.money(fen) : null,
    /** Everything here can give way. */
    yields: blackouts.length + retired.length + clearing.length === 0,
    seen: bookings.map(booking => String(booking._id)).join(' '),
  }
}
