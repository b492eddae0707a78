import type { Request } from 'express'
import { reachOf } from '../accounts/identity.ts'
import { today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { Room } from './room.ts'
import { photosOf } from './room-photos.ts'
import { classesSeen } from './room-viewer.ts'
import { priceText, ROOM_ICONS, ruleTable } from './room-words.ts'

type Kin = Pick<Room, '_id' | 'name' | 'capacity' | 'activeTo'>
const KIN = { name: 1, capacity: 1, activeTo: 1 }

/** The hall a room is a part of, and the parts it has. */
async function kinOf(room: Room): Promise<{ whole: Kin | null; parts: Kin[] }> {
  const { park, _id, whole } = room
  if (whole) {
    const [hall] = await scopedFind<Kin>(Room, { park, _id: whole }, { projection: KIN })
    return { whole: hall ?? null, parts: [] }
  }
  return { whole: null, parts: await scopedFind<Kin>(Room, { park, whole: _id }, { projection: KIN, sort: { order: 1, code: 1 } }) }
}

/** What views/rooms/_facts.ejs draws of a room, for the person who asks. */
export async function roomPage(req: Request, room: Room) {
  const [photos, kin, seen] = await Promise.all([photosOf(room.park, room._id), kinOf(room), classesSeen(req)])
  const on = today(req.park.zone)
  const table = ruleTable(req, room, seen)
  const staff = seen.length > 2
  return {
    room,
    photos,
    ...kin,
    table,
    staff,
    symbol: ROOM_ICONS[room.kind],
    retired: room.activeTo < on,
    /** Somebody of a class with a rule, or staff, who book for others too. */
    mayBook: Boolean(reachOf(req.me, 'booking.make', req.park)) && room.activeTo >= on && table.classes.length > 0,
    extras: room.extras.map(extra => ({ ...extra, price: extra.fen ? req.fmt.money(extra.fen) : priceText(req, 0) })),
  }
}
