import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { transact } from '../db/transact.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { RuleError } from '../lib/rule-error.ts'
import { DAY_MINUTES } from '../lib/wall.ts'
import type { Park } from '../parks/park.ts'
import { isFree } from './alternatives.ts'
import { bookRoom } from './book.ts'
import { Booking } from './booking.ts'
import { checkIn, opensAt } from './check-in.ts'
import { type Door, minuteOf } from './door-state.ts'
import { type Room, ruleFor } from './room.ts'
import type { Slot } from './slot.ts'
import { parkHolder } from './viewer.ts'

/** What can be done at the door itself: check in by the end of a booking's code, or take a free room for the park's guests. */
const LENGTHS = [30, 60]
/** Less than this to the next booking isn't worth going in. */
const SHORTEST = 10

const upTo = (minute: number, step: number): number => Math.ceil(minute / step) * step
const downTo = (minute: number, step: number): number => Math.floor(minute / step) * step

/** The slots the park itself may take from now on: half an hour, an hour, or up to the next booking. None where it wants approval. */
export function quickSlots(door: Door): Slot[] {
  const { room, minute, today, around, next } = door
  const rule = ruleFor(room, 'park')
  if (!rule || rule.approval || door.state !== 'free') return []
  const from = downTo(minute, rule.step)
  const ends = LENGTHS.map(length => upTo(minute + length, rule.step))
  if (next) ends.push(downTo(minuteOf(next.startsAt, today, around.zone) - rule.after, rule.step))
  const longest = Math.max(...LENGTHS) + rule.step
  return [...new Set(ends)]
    .filter(to => to >= minute + SHORTEST && to <= minute + longest && to <= DAY_MINUTES)
    .sort((a, b) => a - b)
    .map(to => ({ day: today, from, to }))
    .filter(slot => isFree(around, room, { slot, class: 'park', people: null, desk: true }))
}

/** Who acts: nobody is signed in at a door, the trail names the room. */
const doorOf = (room: Room, ip: string | undefined, request: string): Actor => ({ id: 'door', name: room.name.zh, ip, request })
export const actorAt = (room: Room, req: { ip?: string; id: unknown }): Actor => doorOf(room, req.ip, String(req.id))

/** Takes the room from now until `to`, and checks in at once. Throws room.taken (409) where somebody was quicker. */
export async function quickBook(park: Park, door: Door, to: number, title: string, by: Actor): Promise<void> {
  const slot = quickSlots(door).find(one => one.to === to)
  if (!slot) throw new RuleError('room.busy', { room: door.room.name.zh, day: door.today }, { status: 409 })
  await transact(async () => {
    const wish = { room: door.room._id, slot, holder: parkHolder(park), contact: null, title, private: false, people: null, note: null }
    const made = await bookRoom(park, { ...wish, attendees: [], extras: [] }, by, { desk: true })
    await checkIn(park, made._id, by)
  })
}

/** The bookings whose people may stand at the door now. */
export const expected = (door: Door) =>
  door.ahead.filter(({ claim, startsAt }) => claim.kind === 'booking' && opensAt({ startsAt }) <= door.at).map(({ claim }) => claim)

/** Checks in the booking whose code ends so. Says the same whether there is none or another one: the page is open to everybody. */
export async function checkInByCode(park: Park, door: Door, ending: string, by: Actor): Promise<void> {
  const refs: Types.ObjectId[] = expected(door).map(claim => claim.ref)
  const filter = { park: park._id, _id: { $in: refs } }
  const found = await scopedFind<Pick<Booking, '_id' | 'code'>>(Booking, filter, { projection: { code: 1 } })
  const booking = found.find(({ code }) => code.slice(-4) === ending)
  if (!booking) throw new RuleError('door.code', {}, { field: 'code' })
  await checkIn(park, booking._id, by)
}
