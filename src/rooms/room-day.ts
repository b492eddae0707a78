import { model, Schema, type Types } from 'mongoose'
import { again, transact } from '../db/transact.ts'
import { groupBy } from '../lib/check.ts'
import { now } from '../lib/clock.ts'
import type { Day } from '../lib/days.ts'
import { type ParkOwned, parkOwned, scopedUpdate } from '../lib/park-scope.ts'
import { conflict, type RuleError } from '../lib/rule-error.ts'
import { clockOf } from '../lib/wall.ts'
import { type Room, rootOf } from './room.ts'
import type { Piece } from './slot.ts'

/**
 * The rule that makes bookings: *a room is never taken twice; nor a whole and its part* (DESIGN §3). One document per root room
 * and civil day holds that day's claims, so that check and claim are one write, and a park's day is one indexed read. Everything
 * that takes a room comes through claimRoom().
 */
export interface RoomClaim {
  /** The booking, blackout or waitlist entry it belongs to; its pieces on other days carry the same. */
  ref: Types.ObjectId
  kind: 'booking' | 'blackout' | 'offer'
  room: Types.ObjectId
  from: number
  to: number
  start: number
  end: number
  /** An offer counts for nothing from this instant on, with no job having run. */
  expiresAt: Date | null
  title: string
  private: boolean
  /** Whose it is, as others see it: a company's or a party's name. */
  who: string
  tenant: Types.ObjectId | null
  user: Types.ObjectId | null
  checkedIn: boolean
}

export interface RoomDay extends ParkOwned {
  _id: Types.ObjectId
  room: Types.ObjectId
  day: Day
  claims: RoomClaim[]
  /** Bookings that wait for approval: they take nothing, and may overlap. */
  requests: RoomClaim[]
}

const id = { type: Schema.Types.ObjectId, default: null }
const claim = new Schema<RoomClaim>(
  {
    ref: { type: Schema.Types.ObjectId, required: true },
    kind: { type: String, enum: ['booking', 'blackout', 'offer'], required: true },
    room: { type: Schema.Types.ObjectId, required: true },
    from: { type: Number, required: true },
    to: { type: Number, required: true },
    start: { type: Number, required: true },
    end: { type: Number, required: true },
    expiresAt: { type: Date, default: null },
    title: { type: String, default: '' },
    private: { type: Boolean, default: false },
    who: { type: String, default: '' },
    tenant: id,
    user: id,
    checkedIn: { type: Boolean, default: false },
  },
  { _id: false },
)

const schema = parkOwned<RoomDay>(
  {
    room: { type: Schema.Types.ObjectId, required: true },
    day: { type: String, required: true },
    claims: { type: [claim], default: [] },
    requests: { type: [claim], default: [] },
  },
  { versionKey: false, timestamps: false },
)
schema.index({ park: 1, day: 1, room: 1 }, { unique: true })
schema.index({ park: 1, 'claims.ref': 1 })
schema.index({ park: 1, 'requests.ref': 1 })

export const RoomDay = model('RoomDay', schema, 'roomdays')

/** Where a claim lies: a room, and the pieces of its time by day. */
export interface Place {
  room: Pick<Room, '_id' | 'whole' | 'name'> & { park: string }
  pieces: Piece[]
}

export type ClaimBody = Omit<RoomClaim, 'from' | 'to' | 'start' | 'end' | 'room'>

/** A part minds its whole, the whole minds everything in its day. */
const reach = (room: Place['room']) => (room.whole ? { room: { $in: [room._id, room.whole] } } : {})
const live = () => ({ $or: [{ expiresAt: null }, { expiresAt: { $gt: now() } }] })
const busyIn = (room: Place['room'], { from, to }: Piece) => ({ from: { $lt: to }, to: { $gt: from }, ...reach(room), ...live() })

/** Whether a claim takes a room: its own, its whole's, and for a whole those of its parts. */
export const concerns = (room: Pick<Room, '_id' | 'whole'>, claim: Pick<RoomClaim, 'room'>): boolean =>
  !room.whole || claim.room.equals(room._id) || claim.room.equals(room.whole)

/** The claims that stand in a piece's way, by the same rule as the write. */
export function inTheWay(claims: RoomClaim[], room: Pick<Room, '_id' | 'whole'>, piece: Pick<Piece, 'from' | 'to'>): RoomClaim[] {
  const at = now()
  return claims.filter(one => one.from < piece.to && one.to > piece.from && (!one.expiresAt || one.expiresAt > at) && concerns(room, one))
}

/** What the clocks show of a claim, with its buffers; without them where the clocks changed, as minutes that passed are no time of day. */
function shown({ from, to, start, end }: Pick<RoomClaim, 'from' | 'to' | 'start' | 'end'>): { from: string; to: string } {
  const wall = start === end || (from <= start && to >= end)
  return { from: clockOf(wall ? from : start), to: clockOf(wall ? to : end) }
}

/** Says when it is taken, never by whom: the other booking may be private. */
export function takenBy(room: Pick<Room, 'name'>, day: Day, other: Pick<RoomClaim, 'kind' | 'from' | 'to' | 'start' | 'end'>): RuleError {
  return conflict(other.kind === 'blackout' ? 'room.blocked' : 'room.taken', { room: room.name.zh, day, ...shown(other) }, 'from')
}

function refusal(room: Place['room'], piece: Piece, claims: RoomClaim[]): RuleError {
  const other = inTheWay(claims, room, piece)[0]
  return other ? takenBy(room, piece.day, other) : conflict('room.busy', { room: room.name.zh, day: piece.day }, 'from')
}

/** The claims or requests that lie where a place is, by the same rule as the write that takes it. */
export async function lyingAt({ room, pieces }: Place, ...lists: ('claims' | 'requests')[]): Promise<RoomClaim[]> {
  const found: RoomClaim[] = []
  for (const piece of pieces) {
    const day = await RoomDay.findOne({ park: room.park, day: piece.day, room: rootOf(room) }).lean()
    for (const list of lists) found.push(...inTheWay(day?.[list] ?? [], room, piece))
  }
  return found
}

/** Writes a claim, or a request, where no claim stands in its way. */
async function take(place: Place, piece: Piece, body: ClaimBody, list: 'claims' | 'requests' = 'claims'): Promise<void> {
  const { room } = place
  const key = { park: room.park, day: piece.day, room: rootOf(room) }
  const { day: _, ...times } = piece
  const claim = { ...body, ...times, room: room._id }
  const free = { claims: { $not: { $elemMatch: busyIn(room, piece) } } }
  if (await scopedUpdate(RoomDay, { ...key, ...free }, { $push: { [list]: claim } })) return
  const day = await RoomDay.findOne(key).lean()
  if (day) throw refusal(room, piece, day.claims)
  try {
    await RoomDay.create([{ ...key, claims: [], requests: [], [list]: [claim] }])
  } catch (error) {
    // Somebody opened the day between the look and the write.
    throw again(error)
  }
}

/** More days than a booking has. */
const MANY = 4

/** The same for the days of a blackout: read at once, those of equal times written by one command, those nobody has opened made by one. */
async function takeMany({ room, pieces }: Place, body: ClaimBody): Promise<void> {
  const key = { park: room.park, room: rootOf(room) }
  const found = await RoomDay.find({ ...key, day: { $in: pieces.map(piece => piece.day) } }).lean()
  const known = new Map(found.map(day => [day.day, day.claims as RoomClaim[]]))
  const busy = pieces.find(piece => inTheWay(known.get(piece.day) ?? [], room, piece).length)
  if (busy) throw refusal(room, busy, known.get(busy.day)!)
  const claimOf = ({ day: _, ...times }: Piece): RoomClaim => ({ ...body, ...times, room: room._id })
  const alike = groupBy(
    pieces.filter(piece => known.has(piece.day)),
    ({ day: _, ...times }) => Object.values(times).join(),
  )
  for (const list of alike.values()) {
    const piece = list[0]!
    const free = { ...key, day: { $in: list.map(one => one.day) }, claims: { $not: { $elemMatch: busyIn(room, piece) } } }
    const { matchedCount } = await RoomDay.updateMany(free, { $push: { claims: claimOf(piece) } })
    if (matchedCount !== list.length) throw refusal(room, piece, [])
  }
  const fresh = groupBy(
    pieces.filter(piece => !known.has(piece.day)),
    piece => piece.day,
  )
  if (!fresh.size) return
  try {
    await RoomDay.insertMany([...fresh].map(([day, list]) => ({ ...key, day, claims: list.map(claimOf), requests: [] })))
  } catch (error) {
    throw again(error)
  }
}

/**
 * Takes a room for a slot: one guarded write a day, in date order, in the caller's transaction or its own. Throws room.taken or
 * room.blocked (409) naming the time that stands in the way.
 */
export async function claimRoom(place: Place, body: ClaimBody): Promise<void> {
  await transact(async () => {
    if (place.pieces.length > MANY) return takeMany(place, body)
    for (const piece of place.pieces) await take(place, piece, body)
  })
}

/**
 * Writes a request beside the claims, in the caller's transaction or its own: it takes nothing, and may overlap other requests. What
 * is taken or closed is refused as for a claim.
 */
export async function requestRoom(place: Place, body: ClaimBody): Promise<void> {
  await transact(async () => {
    for (const piece of place.pieces) await take(place, piece, body, 'requests')
  })
}

/** Gives back what a booking, blackout or offer holds, from some days or all; its request too. */
export async function releaseRoom(park: string, ref: Types.ObjectId, days: Day[]): Promise<void> {
  await RoomDay.updateMany({ park, day: { $in: days } }, { $pull: { claims: { ref }, requests: { ref } } })
}

/** Rewrites what a claim says of itself (title, name, check-in), without touching when it is. */
export async function markRoom(
  park: string,
  ref: Types.ObjectId,
  days: Day[],
  change: Partial<Pick<RoomClaim, 'title' | 'private' | 'who' | 'checkedIn'>>,
): Promise<void> {
  for (const list of ['claims', 'requests'] as const) {
    const set = Object.fromEntries(Object.entries(change).map(([field, value]) => [`${list}.$[one].${field}`, value]))
    await RoomDay.updateMany({ park, day: { $in: days }, [`${list}.ref`]: ref }, { $set: set }, { arrayFilters: [{ 'one.ref': ref }] })
  }
}
