import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { groupBy } from '../lib/check.ts'
import { now } from '../lib/clock.ts'
import { type Day, today } from '../lib/days.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import type { Bilingual } from '../lib/text.ts'
import { DAY_MINUTES } from '../lib/wall.ts'
import type { Park } from '../parks/park.ts'
import { announce, announceSeries } from './announce.ts'
import { Blackout, blackoutPieces, blackoutSubject, closureBody } from './blackout.ts'
import { type Area, type Obstacles, obstaclesIn } from './blackout-obstacles.ts'
import type { Booking } from './booking.ts'
import { leave } from './cancel.ts'
import { occurrences, type Recurrence, wallText } from './recurrence.ts'
import { checkRecurrence } from './recurrence-form.ts'
import { Room, rootOf } from './room.ts'
import { claimRoom, releaseRoom } from './room-day.ts'
import { lastDayOf, type Slot, startsAt } from './slot.ts'
import { offerFreed } from './waitlist-offer.ts'
import { closeWait } from './waitlist-steps.ts'

/** Closing rooms for a time, and opening them again. One transaction for all dates and rooms: never half of it (CASE 18). */
export interface BlackoutWish {
  rooms: Types.ObjectId[]
  slot: Slot
  rule: Recurrence | null
  reason: Bilingual
}

/** One date may last so long, in days; all dates of all rooms together may be so many. */
export const MAX_DAYS = 366
const MAX_PIECES = 4000

/** The rooms meant: a hall takes its parts along. */
async function roomsOf(park: string, ids: Types.ObjectId[]): Promise<Room[]> {
  const found = (await Room.find({ park, _id: { $in: ids } })
    .sort({ order: 1, code: 1 })
    .lean()) as Room[]
  if (!found.length || found.length !== new Set(ids.map(String)).size) throw new RuleError('choose', {}, { field: 'rooms' })
  return found.filter(room => !found.some(other => room.whole?.equals(other._id)))
}

function datesOf({ slot, rule }: Pick<BlackoutWish, 'slot' | 'rule'>, zone: string): Day[] {
  if (slot.to <= slot.from) throw new RuleError('room.order', {}, { field: 'to' })
  if (slot.to - slot.from > MAX_DAYS * DAY_MINUTES) throw new RuleError('blackout.tooLong', { days: MAX_DAYS }, { field: 'until' })
  const start = wallText({ day: slot.day, minute: slot.from })
  if (rule) checkRecurrence(start, rule)
  const dates = rule ? occurrences(start, rule).map(one => one.day) : [slot.day]
  // This minute may still be meant.
  if (startsAt({ ...slot, day: dates[0]! }, zone).getTime() < now().getTime() - 60_000)
    throw new RuleError('blackout.past', {}, { field: 'from' })
  const length = slot.to - slot.from
  dates.forEach((day, i) => {
    const next = dates[i + 1]
    if (next && (Date.parse(next) - Date.parse(day)) / 60_000 < length) throw new RuleError('blackout.meets', {}, { field: 'repeat' })
  })
  return dates
}

export interface Plan {
  areas: Area[]
  dates: Day[]
  last: Day
}

/** What a wish comes down to: which rooms on which days. Throws a RuleError (422) where it can't be meant. */
export async function planOf(park: Park, wish: BlackoutWish): Promise<Plan> {
  const rooms = await roomsOf(park._id, wish.rooms)
  const dates = datesOf(wish, park.zone)
  const { from, to } = wish.slot
  const pieces = blackoutPieces({ dates, from, to }, park.zone)
  if (pieces.length * rooms.length > MAX_PIECES) throw new RuleError('blackout.tooMany', {}, { field: 'repeat' })
  const last = lastDayOf({ day: dates.at(-1)!, to })
  const gone = rooms.find(room => room.activeTo < last)
  if (gone) throw conflict('blackout.retired', { room: gone.name.zh, day: gone.activeTo }, 'rooms')
  return { areas: rooms.map(room => ({ room, pieces })), dates, last }
}

const isFixed = ({ blackouts, retired, clearing }: Obstacles): boolean => blackouts.length + retired.length + clearing.length > 0

/** One word to each whose bookings had to give way, however many they were. */
async function tellOwners(park: Park, left: { before: Booking; after: Booking }[], reason: string, by: Actor): Promise<void> {
  const owners = groupBy(left, ({ after: { contact, holder } }) => String(contact ?? holder.email ?? `${holder.name} ${holder.phone}`))
  for (const list of owners.values()) {
    const [{ before, after }] = list as [(typeof list)[number]]
    if (list.length === 1) {
      await announce(park, after, 'blocked', by, reason, before)
      continue
    }
    const settled = (booking: Booking) => list.some(one => one.after === booking && one.before.state === 'confirmed')
    const all = list.map(one => one.after)
    await announceSeries(park, `/parks/${park._id}/bookings`, all, 'blocked', by, settled, reason)
  }
}

/** Cancels what is in the way, with everything paid or free given back, and tells each owner once. */
async function displace(park: Park, { bookings, waits }: Obstacles, reason: string, by: Actor): Promise<void> {
  // Who waits for this very time mustn't be offered it on the way.
  for (const entry of waits) await closeWait(entry, reason, by)
  const left: { before: Booking; after: Booking }[] = []
  for (const before of bookings) {
    const state = before.state === 'pending' ? ('rejected' as const) : ('cancelled' as const)
    const action = state === 'rejected' ? 'booking.reject' : 'booking.cancel'
    const leaving = { state, action, happening: 'blocked' as const, reason, byPerson: false, quiet: true }
    left.push({ before, after: await leave(park, before, leaving, by) })
  }
  await tellOwners(park, left, reason, by)
}

/**
 * Closes rooms. `seen` is which bookings the person agreed to cancel, null where none was asked for. Throws blackout.taken (409)
 * where bookings are in the way, blackout.changed (409) where others than those seen are, blackout.blocked (409) where something
 * is that can't give way; then nothing at all has happened.
 */
export async function makeBlackout(park: Park, wish: BlackoutWish, seen: string[] | null, by: Actor): Promise<Blackout> {
  return transact(async () => {
    const { areas, dates, last } = await planOf(park, wish)
    const obstacles = await obstaclesIn(park._id, areas, park.zone)
    const { bookings } = obstacles
    if (isFixed(obstacles)) throw conflict('blackout.blocked')
    if (bookings.length && !seen) throw conflict('blackout.taken', { count: bookings.length })
    if (bookings.some(booking => !seen?.includes(String(booking._id)))) throw conflict('blackout.changed')
    const { slot, rule, reason } = wish
    const _id = new Types.ObjectId()
    const rooms = areas.map(area => area.room._id)
    const person = { id: by.id, name: by.name }
    await displace(park, obstacles, reason.zh, by)
    const [made] = await Blackout.create([
      { _id, park: park._id, rooms, ...slot, rule, dates, last, reason, displaced: bookings.length, by: person },
    ])
    for (const { room, pieces } of areas) await claimRoom({ room, pieces }, closureBody(_id, reason.zh))
    const blackout = made!.toObject() as Blackout
    const names = areas.map(area => area.room.name.zh)
    const after = { rooms: names, day: slot.day, from: slot.from, to: slot.to, dates: dates.length, displaced: bookings.length }
    await audit(by, 'blackout.make', blackoutSubject(blackout), { after })
    return blackout
  })
}

/** Opens the rooms again from now on and offers the time to those who wait; what has passed stays in the days as it was. */
export async function removeBlackout(park: Park, _id: Types.ObjectId, by: Actor): Promise<Blackout> {
  return transact(async () => {
    const blackout = (await Blackout.findOne({ park: park._id, _id }).orFail(notFound).lean()) as Blackout
    const on = today(park.zone)
    if (blackout.state === 'removed') throw conflict('blackout.removed')
    if (blackout.last < on) throw conflict('blackout.over')
    const removed = { by: { id: by.id, name: by.name }, at: now(), on }
    await Blackout.updateOne({ park: park._id, _id, state: 'active' }, { state: 'removed', removed })
    const days = [...new Set(blackoutPieces(blackout, park.zone).map(piece => piece.day))].filter(day => day >= on)
    await releaseRoom(park._id, _id, days)
    await audit(by, 'blackout.remove', blackoutSubject(blackout), { before: { state: 'active' }, after: { state: 'removed' } })
    const rooms = (await Room.find({ park: park._id, _id: { $in: blackout.rooms } }, { whole: 1 }).lean()) as Room[]
    for (const root of new Map(rooms.map(room => [String(rootOf(room)), rootOf(room)])).values()) await offerFreed(park, root, days)
    return { ...blackout, state: 'removed', removed }
  })
}
