import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { addDays, type Day, dayAfter, dayBefore, daysIn, FOREVER, later, today } from '../lib/days.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { DAY_MINUTES } from '../lib/wall.ts'
import type { Park } from '../parks/park.ts'
import { closureBody } from './blackout.ts'
import { type Obstacles, obstaclesIn } from './blackout-obstacles.ts'
import { roomOf } from './book.ts'
import { MAX_HORIZON, Room, roomSubject, rootOf } from './room.ts'
import { claimRoom, RoomDay, releaseRoom } from './room-day.ts'
import { type Piece, piecesOf } from './slot.ts'
import { offerFreed } from './waitlist-offer.ts'
import { closeWait } from './waitlist-steps.ts'

/**
 * Closing a room for good, and opening it again. The last day is a fact of the room; that nobody books past it in the same moment
 * is guarded like any booking: every day that anybody could book is claimed.
 */
/** Every day from `from` on that a rule could reach. */
function daysFrom(from: Day, park: Park): Piece[] {
  const last = addDays(today(park.zone), MAX_HORIZON + 2)
  return from > last ? [] : piecesOf({ day: from, from: 0, to: daysIn(from, last) * DAY_MINUTES }, 0, 0, park.zone)
}

export const partsOf = async (room: Room): Promise<Room[]> => (await Room.find({ park: room.park, whole: room._id }).lean()) as Room[]

/** What stands in the way of closing a room from a day on: shown before, and checked again when it is done. */
export const inTheWayOf = (park: Park, room: Room, from: Day, parts: Room[]): Promise<Obstacles> =>
  obstaclesIn(
    park._id,
    [{ room, pieces: daysFrom(from, park) }],
    park.zone,
    parts.map(part => part._id),
  )

const claimsFrom = async (room: Room, from: Day): Promise<Day[]> =>
  (await RoomDay.find({ park: room.park, 'claims.ref': room._id, day: { $gte: from } }, { day: 1 }).lean()).map(row => row.day)

/**
 * Closes a room from a day on. Throws retire.taken (409) where bookings, requests or closures lie there, retire.parts (409) where a
 * part of a hall is still in use then, retire.past (422) for a day that has begun. Who waits for such a time is told.
 */
export async function retireRoom(park: Park, _id: Types.ObjectId, from: Day, by: Actor): Promise<void> {
  await transact(async () => {
    const room = await roomOf(park._id, _id)
    const on = today(park.zone)
    if (room.activeTo !== FOREVER) throw conflict('retire.done', { day: room.activeTo })
    if (from <= on) throw new RuleError('retire.past', { day: on }, { field: 'last' })
    if (from > addDays(on, MAX_HORIZON)) throw new RuleError('retire.far', { day: addDays(on, MAX_HORIZON - 1) }, { field: 'last' })
    const parts = await partsOf(room)
    const used = parts.find(part => part.activeTo >= from)
    if (used) throw conflict('retire.parts', { room: used.name.zh }, 'last')
    const { bookings, blackouts, retired, clearing, waits } = await inTheWayOf(park, room, from, parts)
    if (bookings.length + blackouts.length + retired.length + clearing.length)
      throw conflict('retire.taken', { day: dayBefore(from) }, 'last')
    for (const entry of waits) await closeWait(entry, null, by)
    // What its parts hold for themselves is in the whole's from here on.
    for (const part of parts) await releaseRoom(park._id, part._id, await claimsFrom(part, from))
    await claimRoom({ room, pieces: daysFrom(from, park) }, closureBody(room._id, ''))
    const activeTo = dayBefore(from)
    await Room.updateOne({ park: park._id, _id, activeTo: FOREVER }, { $set: { activeTo }, $inc: { version: 1 } })
    await audit(by, 'room.retire', roomSubject(room), { before: { activeTo: FOREVER }, after: { activeTo } })
  })
}

/** Takes a room into use again. Throws retire.open (409) where it is, retire.whole (409) for a part of a hall that is closed itself. */
export async function reopenRoom(park: Park, _id: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const room = await roomOf(park._id, _id)
    if (room.activeTo === FOREVER) throw conflict('retire.open')
    const hall = room.whole && (await roomOf(park._id, room.whole))
    if (hall && hall.activeTo !== FOREVER) throw conflict('retire.whole', { room: hall.name.zh })
    const from = later(dayAfter(room.activeTo), today(park.zone))
    const days = await claimsFrom(room, from)
    await releaseRoom(park._id, _id, days)
    for (const part of await partsOf(room))
      if (part.activeTo !== FOREVER) await claimRoom({ room: part, pieces: daysFrom(from, park) }, closureBody(part._id, ''))
    await Room.updateOne({ park: park._id, _id, activeTo: room.activeTo }, { $set: { activeTo: FOREVER }, $inc: { version: 1 } })
    await audit(by, 'room.reopen', roomSubject(room), { before: { activeTo: room.activeTo }, after: { activeTo: FOREVER } })
    await offerFreed(park, rootOf(room), days)
  })
}
