import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { daysBetween } from '../lib/days.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { DAY_MINUTES, wallAt } from '../lib/wall.ts'
import type { Park } from '../parks/park.ts'
import { returnFree, takeFree } from './allowance.ts'
import { announce } from './announce.ts'
import { askingOf, roomOf, subjectOf, summaryOf } from './book.ts'
import { Booking, isSubmitter } from './booking.ts'
import { costOf, extrasAfter } from './cost.ts'
import { heldDays, hold, letGo, placed } from './holding.ts'
import { bookingHappened } from './hooks.ts'
import type { Room, RoomRule } from './room.ts'
import { settle } from './settle.ts'
import { endsAt, lengthOf, type Slot } from './slot.ts'
import { checkHours, checkLength, checkPeople, checkTerms, freeze, ruleOf, usesFree } from './terms.ts'
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
  /** What it is from now on: a move may ask for approval anew. */
  state?: 'pending' | 'confirmed'
  apart?: boolean
}

/** Takes the new time in the place of the old one, free hours and price included. */
async function replace(park: Park, booking: Booking, fresh: Fresh, by: Actor, action: string): Promise<Booking> {
  const { room, slot, terms, apart } = fresh
  const state = fresh.state ?? booking.state
  // Who was there for another time isn't there for this one.
  const checkedIn = slot.day === booking.day && slot.from === booking.from ? booking.checkedIn : null
  await letGo(booking, park.zone)
  await hold(room, slot, { ...booking, state, terms, checkedIn }, park.zone)
  await returnFree(park._id, booking.holder, booking.cost.free)
  const free = usesFree(terms) ? await takeFree(park, booking.holder, slot) : []
  const minutes = lengthOf(slot, park.zone)
  const extras = extrasAfter(booking, room, minutes)
  const change = {
    ...placed(room, slot, park.zone),
    terms,
    state,
    checkedIn,
    ...(state === 'pending' ? { decided: null } : {}),
    extras,
    cost: costOf(terms, minutes, free, extras),
    apart: apart ?? booking.apart,
    sequence: booking.sequence + 1,
    version: booking.version + 1,
  }
  await Booking.updateOne({ park: park._id, _id: booking._id }, change)
  const after: Booking = { ...booking, ...change }
  await settle(after, by)
  await audit(by, action, subjectOf(after), { before: summaryOf(booking), after: summaryOf(after) })
  await bookingHappened(park, { step: 'moved', before: booking, after }, by)
  await offerFreed(park, booking.root, heldDays(booking, park.zone))
  return after
}

export interface Move {
  room: Types.ObjectId | null
  slot: Slot
  version: number | null
  desk: boolean
  quiet?: boolean
}

/**
 * Where the rule wants approval, another time or room is asked for anew; less of the same time isn't. The desk decides by moving, but
 * not on what is its own (DESIGN §2).
 */
export function stateAfter(
  park: Pick<Park, 'settings'>,
  booking: Booking,
  rule: RoomRule,
  { slot, room, desk }: Pick<Move, 'slot' | 'room' | 'desk'>,
  by: Actor,
): 'pending' | 'confirmed' {
  if (!rule.approval) return 'confirmed'
  const same = !room || room.equals(booking.room)
  const within = same && slot.day === booking.day && slot.from >= booking.from && slot.to <= booking.to
  const decides = desk && (!isSubmitter(booking, by.id) || park.settings.selfApproval)
  return booking.state === 'pending' || !(within || decides) ? 'pending' : 'confirmed'
}

/** Past the deadline of cancelling, moving is no way round its fee: not later, not shorter, not elsewhere. */
function checkDeadline(before: Booking, after: Booking, desk: boolean): void {
  const { cancelBefore, cancelPercent } = before.terms
  const late = (before.startsAt.getTime() - now().getTime()) / 60_000 < cancelBefore
  if (desk || !late || !cancelPercent || before.state !== 'confirmed') return
  const escapes = after.startsAt > before.startsAt || after.cost.minutes < before.cost.minutes || after.cost.total < before.cost.total
  if (escapes || !after.room.equals(before.room)) throw new RuleError('booking.moveDeadline', {}, { field: 'from' })
}

/**
 * Moves or resizes a booking that hasn't begun. The new time is judged by today's rule; in the same room the price and the terms
 * of cancelling stay as they were agreed; where it wants approval, it is a request again. Throws booking.moveDeadline for what would
 * escape the fee of cancelling, booking.over where it has begun or ended, else what bookRoom() throws.
 */
export async function moveBooking(park: Park, _id: Types.ObjectId, move: Move, by: Actor): Promise<Booking> {
  return transact(async () => {
    const booking = await loadBooking(park._id, _id)
    checkVersion(booking, move.version)
    if (!isAhead(booking)) throw conflict('booking.over', { code: booking.code })
    const room = await roomOf(park._id, move.room ?? booking.room)
    const rule = ruleOf(room, booking.holder.class)
    checkTerms(room, rule, move.slot, await askingOf(park, move.slot, move.desk))
    checkPeople(room, booking.people, 'room')
    const stays = room._id.equals(booking.room)
    const terms = stays ? booking.terms : freeze(room, rule)
    const state = stateAfter(park, booking, rule, move, by)
    const fresh = await replace(park, booking, { room, slot: move.slot, terms, state, apart: booking.series !== null }, by, 'booking.move')
    checkDeadline(booking, fresh, move.desk)
    const asks = state === 'pending' && booking.state === 'confirmed'
    if (!move.quiet || asks) await announce(park, fresh, asks ? 'requested' : 'moved', by, null, booking)
    return fresh
  })
}

const upTo = (minute: number, step: number): number => Math.ceil(minute / step) * step

/** Minutes of the clocks since the booking's midnight, now. */
export function minuteNow(booking: Booking, zone: string): number {
  const wall = wallAt(now(), zone)
  return daysBetween(booking.day, wall.day) * DAY_MINUTES + wall.minute
}

/** Ends a running booking now: the rest of its time is free again; what was agreed is still paid. */
export async function endEarly(park: Park, _id: Types.ObjectId, by: Actor): Promise<Booking> {
  return transact(async () => {
    const booking = await loadBooking(park._id, _id)
    if (!isRunning(booking)) throw conflict('booking.notRunning', { code: booking.code })
    const wanted = Math.min(booking.to, Math.max(booking.from + 1, upTo(minuteNow(booking, park.zone), 5)))
    // In an hour the clocks show twice, the minute they show may be the earlier one.
    const passed = endsAt({ ...booking, to: wanted }, park.zone).getTime() <= now().getTime() - 60_000
    const to = passed ? booking.to : wanted
    const slot = { day: booking.day, from: booking.from, to }
    const room = await roomOf(park._id, booking.room)
    await letGo(booking, park.zone)
    await hold(room, slot, booking, park.zone)
    const change = { to, endsAt: endsAt(slot, park.zone), endedAt: now(), version: booking.version + 1 }
    await Booking.updateOne({ park: park._id, _id }, change)
    const fresh = { ...booking, ...change }
    await audit(by, 'booking.end', subjectOf(fresh), { before: { to: booking.to }, after: { to } })
    await offerFreed(park, booking.root, heldDays(booking, park.zone))
    return fresh
  })
}

/** Lengthens a running booking at its own price, as far as the room is free and open. One that was ended early is over. */
export async function extendBooking(park: Park, _id: Types.ObjectId, to: number, by: Actor): Promise<Booking> {
  return transact(async () => {
    const booking = await loadBooking(park._id, _id)
    if (!isRunning(booking) || booking.endedAt) throw conflict('booking.notRunning', { code: booking.code })
    if (to <= booking.to) throw new RuleError('room.order', {}, { field: 'to' })
    const slot = { day: booking.day, from: booking.from, to }
    const room = await roomOf(park._id, booking.room)
    const rule = ruleOf(room, booking.holder.class)
    // Where it began was judged before; its new end is judged by today's rule.
    if (to % rule.step) throw new RuleError('room.step', { minutes: rule.step }, { field: 'to' })
    checkLength(slot, { step: 1, min: 1, max: Math.max(booking.terms.max, rule.max) }, park.zone)
    const { kindOf } = await askingOf(park, slot, true)
    checkHours(slot, rule, kindOf)
    const fresh = await replace(park, booking, { room, slot, terms: booking.terms }, by, 'booking.extend')
    await announce(park, fresh, 'moved', by, null, booking)
    return fresh
  })
}
