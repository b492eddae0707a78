import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { wallAt } from '../lib/wall.ts'
import type { Park } from '../parks/park.ts'
import { returnFree, takeFree } from './allowance.ts'
import { announce } from './announce.ts'
import { askingOf, roomOf, subjectOf, summaryOf } from './book.ts'
import { Booking } from './booking.ts'
import { costOf } from './cost.ts'
import { heldDays, hold, letGo } from './holding.ts'
import { type Room, rootOf } from './room.ts'
import { settle } from './settle.ts'
import { endsAt, lengthOf, type Slot, startsAt } from './slot.ts'
import { checkHours, checkLength, checkTerms, freeze, ruleOf } from './terms.ts'
import { offerFreed } from './waitlist-offer.ts'

/** Changing when and where a booking is: one transaction that lets go, takes anew, and settles what it costs. */
export async function loadBooking(park: string, _id: Types.ObjectId): Promise<Booking> {
  return (await Booking.findOne({ park, _id }).orFail(notFound).lean()) as Booking
}

export const isRunning = (booking: Booking): boolean => booking.state === 'confirmed' && booking.startsAt <= now() && booking.endsAt > now()

export const isAhead = (booking: Booking): boolean =>
  (booking.state === 'confirmed' || booking.state === 'pending') && booking.startsAt > now()

/** Throws error.stale (409) where somebody changed it since the page was opened; null: whatever it is now. */
function checkVersion(booking: Booking, version: number | null): void {
  if (version !== null && version !== booking.version) throw conflict('stale')
}

interface Fresh {
  room: Room
  slot: Slot
  terms: Booking['terms']
  apart?: boolean
}

/** Takes the new time in the place of the old one, free hours and price included. */
async function replace(park: Park, booking: Booking, { room, slot, terms, apart }: Fresh, by: Actor, action: string): Promise<Booking> {
  await letGo(booking, park.zone)
  await hold(room, slot, { ...booking, terms }, park.zone)
  await returnFree(park._id, booking.holder, booking.cost.free)
  const free = terms.freeHours && terms.price > 0 ? await takeFree(park, booking.holder, slot) : []
  const minutes = lengthOf(slot, park.zone)
  const change = {
    room: room._id,
    root: rootOf(room),
    roomName: room.name,
    ...slot,
    startsAt: startsAt(slot, park.zone),
    endsAt: endsAt(slot, park.zone),
    terms,
    cost: costOf(terms, minutes, free, booking.extras),
    apart: apart ?? booking.apart,
    sequence: booking.sequence + 1,
    version: booking.version + 1,
  }
  await Booking.updateOne({ park: park._id, _id: booking._id }, change)
  const fresh: Booking = { ...booking, ...change }
  await settle(fresh, by)
  await audit(by, action, subjectOf(fresh), { before: summaryOf(booking), after: summaryOf(fresh) })
  await offerFreed(park, booking.root, heldDays(booking, park.zone))
  return fresh
}

export interface Move {
  room: Types.ObjectId | null
  slot: Slot
  version: number | null
  desk: boolean
  quiet?: boolean
}

/**
 * Moves or resizes a booking that hasn't begun. The new time is judged by today's rule; in the same room the price and the terms
 * of cancelling stay as they were agreed. Throws booking.over where it has begun or ended, else what bookRoom() throws.
 */
export async function moveBooking(park: Park, _id: Types.ObjectId, move: Move, by: Actor): Promise<Booking> {
  return transact(async () => {
    const booking = await loadBooking(park._id, _id)
    checkVersion(booking, move.version)
    if (!isAhead(booking)) throw conflict('booking.over', { code: booking.code })
    const room = await roomOf(park._id, move.room ?? booking.room)
    const rule = ruleOf(room, booking.holder.class)
    checkTerms(room, rule, move.slot, await askingOf(park, move.slot, move.desk))
    if (booking.people !== null && booking.people > room.capacity)
      throw new RuleError('room.tooMany', { capacity: room.capacity }, { field: 'room' })
    const stays = room._id.equals(booking.room)
    const terms = stays ? booking.terms : freeze(room, rule)
    const fresh = await replace(park, booking, { room, slot: move.slot, terms, apart: booking.series !== null }, by, 'booking.move')
    if (!move.quiet) await announce(fresh, 'moved', by, null, booking, park)
    return fresh
  })
}

const upTo = (minute: number, step: number): number => Math.ceil(minute / step) * step

/** Minutes of the clocks since the booking's midnight, now. */
export function minuteNow(booking: Booking, zone: string): number {
  const wall = wallAt(now(), zone)
  const midnights = Math.round((Date.parse(`${wall.day}T00:00Z`) - Date.parse(`${booking.day}T00:00Z`)) / 86_400_000)
  return midnights * 1440 + wall.minute
}

/** Ends a running booking now: the rest of its time is free again; what was agreed is still paid. */
export async function endEarly(park: Park, _id: Types.ObjectId, by: Actor): Promise<Booking> {
  return transact(async () => {
    const booking = await loadBooking(park._id, _id)
    if (!isRunning(booking)) throw conflict('booking.notRunning', { code: booking.code })
    const to = Math.min(booking.to, Math.max(booking.from + 1, upTo(minuteNow(booking, park.zone), 5)))
    const slot = { day: booking.day, from: booking.from, to }
    const room = await roomOf(park._id, booking.room)
    await letGo(booking, park.zone)
    await hold(room, slot, booking, park.zone)
    const change = { to, endsAt: endsAt(slot, park.zone), endedAt: now(), version: booking.version + 1, sequence: booking.sequence + 1 }
    await Booking.updateOne({ park: park._id, _id }, change)
    const fresh = { ...booking, ...change }
    await audit(by, 'booking.end', subjectOf(fresh), { before: { to: booking.to }, after: { to } })
    await offerFreed(park, booking.root, heldDays(booking, park.zone))
    return fresh
  })
}

/** Lengthens a running booking at its own price, as far as the room is free and open. */
export async function extendBooking(park: Park, _id: Types.ObjectId, to: number, by: Actor): Promise<Booking> {
  return transact(async () => {
    const booking = await loadBooking(park._id, _id)
    if (!isRunning(booking)) throw conflict('booking.notRunning', { code: booking.code })
    if (to <= booking.to) throw new RuleError('room.order', {}, { field: 'to' })
    const slot = { day: booking.day, from: booking.from, to }
    const room = await roomOf(park._id, booking.room)
    const rule = ruleOf(room, booking.holder.class)
    checkLength(slot, { ...rule, step: booking.terms.step, max: Math.max(booking.terms.max, rule.max) }, park.zone)
    const { kindOf } = await askingOf(park, slot, true)
    checkHours(slot, rule, kindOf)
    return replace(park, booking, { room, slot, terms: booking.terms }, by, 'booking.extend')
  })
}
