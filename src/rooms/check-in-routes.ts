import type { Request, Response } from 'express'
import { now } from '../lib/clock.ts'
import { dayBefore } from '../lib/days.ts'
import { scopedFind, scopedOne } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { clockOf, wallAt } from '../lib/wall.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { formState } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { Booking, bookingPath } from './booking.ts'
import { spanText } from './booking-words.ts'
import { CHECK_IN_MINUTES, checkIn, mayCheckIn, opensAt } from './check-in.ts'
import { type Room, roomPath, rootOf } from './room.ts'
import { inTheWay, type RoomClaim, RoomDay } from './room-day.ts'
import { findRoom } from './room-viewer.ts'
import { ownFilter, viewerOf } from './viewer.ts'

/** What the code at a room's door leads to: the person's own booking here to check in, else whether the room is free. */
/** The person's running or next booking of this room today, of its hall, or of a part where it is a hall. */
async function ownHere(req: Request, room: Room): Promise<Booking | null> {
  const { day } = wallAt(now(), req.park.zone)
  const own = ownFilter(req.park._id, { ...viewerOf(req), desk: false })
  const here = room.whole ? { room: { $in: [room._id, room.whole] } } : { root: room._id }
  const [next] = await scopedFind<Booking>(
    Booking,
    { ...own, ...here, state: 'confirmed', day: { $gte: dayBefore(day), $lte: day }, endsAt: { $gt: now() } },
    { sort: { startsAt: 1 }, limit: 1 },
  )
  return next ?? null
}

/** Busy until, or free until: minutes of today's clocks; whole days are as good as no end. */
async function stateNow(req: Request, room: Room): Promise<{ busy: boolean; until: number | null }> {
  const { day, minute } = wallAt(now(), req.park.zone)
  const row = await scopedOne<RoomDay>(RoomDay, { park: req.park._id, day, room: rootOf(room) }, { projection: { claims: 1 } })
  const claims = inTheWay((row?.claims ?? []) as RoomClaim[], room, { from: 0, to: 2000 }).sort((a, b) => a.start - b.start)
  let until = minute
  for (const claim of claims) if (claim.start <= until && claim.end > until) until = claim.end
  if (until > minute) return { busy: true, until }
  const next = claims.find(claim => claim.start > minute)
  return { busy: false, until: next ? next.start : null }
}

async function here(req: Request, res: Response): Promise<void> {
  const room = await findRoom(req)
  const booking = await ownHere(req, room)
  const { day, minute } = wallAt(now(), req.park.zone)
  const { busy, until } = await stateNow(req, room)
  const retired = room.activeTo < day
  res.page('rooms/here', {
    room,
    booking: booking && {
      path: bookingPath(booking),
      id: String(booking._id),
      title: booking.title,
      when: spanText(req, booking),
      checkedIn: Boolean(booking.checkedIn),
      open: mayCheckIn(booking),
      opens: clockOf(wallAt(opensAt(booking), req.park.zone).minute),
    },
    busy: busy || retired,
    retired,
    until: until === null ? null : clockOf(until),
    /** From the half hour that runs, to be had at once. */
    start: `on=${day}&from=${clockOf(minute - (minute % 30))}`,
    form: formState(req),
    minutes: CHECK_IN_MINUTES,
  })
}

async function arrive(req: Request, res: Response): Promise<void> {
  const room = await findRoom(req)
  const booking = await ownHere(req, room)
  if (!booking) throw notFound()
  await commit(req, res, async () => {
    await checkIn(req.park, booking._id, actor(req))
    flash(res, 'checkIn.done')
    return `${roomPath(room)}/here`
  })
}

export const checkInRoutes = routes(({ get, post }) => {
  get('/:room/here', 'room.read', here)
  post('/:room/here', 'room.read', arrive, { again: here })
})
