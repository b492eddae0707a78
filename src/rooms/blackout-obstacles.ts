import type { Types } from 'mongoose'
import { now } from '../lib/clock.ts'
import { addDays } from '../lib/days.ts'
import { clockOf } from '../lib/wall.ts'
import { Blackout } from './blackout.ts'
import { Booking } from './booking.ts'
import { Room, rootOf } from './room.ts'
import { inTheWay, type RoomClaim, RoomDay } from './room-day.ts'
import type { Piece } from './slot.ts'
import { isOpen, LONGEST, WaitEntry, waitPieces } from './waitlist.ts'

/** What lies where a room is to be closed: found by the same rule as the write that closes it. */
export interface Obstacles {
  /** Bookings to come or running, and requests: they can give way. */
  bookings: Booking[]
  /** Other closures: they can't. */
  blackouts: Blackout[]
  /** Parts or halls out of use for good. */
  retired: Room[]
  /** What is over and still being cleared up, and until when. */
  clearing: { room: Room; day: string; to: string }[]
  /** Who waits for that time, or has been offered it. */
  waits: WaitEntry[]
}

export interface Area {
  room: Room
  pieces: Piece[]
}

interface Found {
  refs: Map<string, RoomClaim>
  places: Map<string, { room: Room; day: string; to: number }>
}

async function claimsIn(park: string, areas: Area[]): Promise<Found> {
  const days = [...new Set(areas.flatMap(area => area.pieces.map(piece => piece.day)))]
  const rows = await RoomDay.find({ park, day: { $in: days }, room: { $in: areas.map(area => rootOf(area.room)) } }).lean()
  const known = new Map(rows.map(row => [`${row.room} ${row.day}`, row]))
  const found: Found = { refs: new Map(), places: new Map() }
  for (const { room, pieces } of areas)
    for (const piece of pieces) {
      const row = known.get(`${rootOf(room)} ${piece.day}`)
      if (!row) continue
      const claims = inTheWay(row.claims, room, piece)
      for (const claim of [...claims, ...inTheWay(row.requests, room, piece)]) found.refs.set(String(claim.ref), claim)
      for (const claim of claims) found.places.set(String(claim.ref), { room, day: piece.day, to: claim.to })
    }
  return found
}

async function waitsIn(park: string, areas: Area[], zone: string, offers: Types.ObjectId[]): Promise<WaitEntry[]> {
  const days = areas.flatMap(area => area.pieces.map(piece => piece.day)).sort()
  if (!days.length) return []
  const open = (await WaitEntry.find({
    park,
    root: { $in: areas.map(area => rootOf(area.room)) },
    state: { $in: ['waiting', 'offered'] },
    day: { $gte: addDays(days[0]!, -LONGEST), $lte: addDays(days.at(-1)!, 1) },
    startsAt: { $gt: now() },
  }).lean()) as WaitEntry[]
  const rooms = await Room.find({ park, _id: { $in: open.map(entry => entry.room) } }).lean()
  const byDay = new Map<string, { room: Room; piece: Piece }[]>()
  for (const { room, pieces } of areas) for (const piece of pieces) byDay.set(piece.day, [...(byDay.get(piece.day) ?? []), { room, piece }])
  const meets = (entry: WaitEntry): boolean => {
    const own = rooms.find(room => room._id.equals(entry.room)) as Room | undefined
    if (!own) return false
    return waitPieces(entry, own, zone).some(({ day, from, to }) => {
      const claim = { room: entry.room, from, to, expiresAt: null } as RoomClaim
      return (byDay.get(day) ?? []).some(({ room, piece }) => rootOf(room).equals(entry.root) && inTheWay([claim], room, piece).length > 0)
    })
  }
  // An offer keeps the time of the rule it was made by.
  return open.filter(entry => isOpen(entry) && (offers.some(id => id.equals(entry._id)) || meets(entry)))
}

const idsOf = (claims: RoomClaim[], kind: RoomClaim['kind']): Types.ObjectId[] =>
  claims.filter(claim => claim.kind === kind).map(claim => claim.ref)

/** Everything that stands where these rooms are to be closed, `own` left aside; in the caller's transaction or outside of one. */
export async function obstaclesIn(park: string, areas: Area[], zone: string, own: Types.ObjectId[] = []): Promise<Obstacles> {
  const { refs, places } = await claimsIn(park, areas)
  const claims = [...refs.values()].filter(claim => !own.some(id => id.equals(claim.ref)))
  const booked = (await Booking.find({ park, _id: { $in: idsOf(claims, 'booking') } })
    .sort({ startsAt: 1, code: 1 })
    .lean()) as Booking[]
  const at = now()
  const gives = (booking: Booking) => booking.endsAt > at && (booking.state === 'confirmed' || booking.state === 'pending')
  const closed = idsOf(claims, 'blackout')
  const clearing = booked
    .filter(booking => !gives(booking))
    .flatMap(booking => places.get(String(booking._id)) ?? [])
    .map(({ room, day, to }) => ({ room, day, to: clockOf(to) }))
  return {
    bookings: booked.filter(gives),
    blackouts: closed.length ? ((await Blackout.find({ park, _id: { $in: closed } }).lean()) as Blackout[]) : [],
    retired: closed.length ? ((await Room.find({ park, _id: { $in: closed } }).lean()) as Room[]) : [],
    clearing,
    waits: await waitsIn(park, areas, zone, idsOf(claims, 'offer')),
  }
}
