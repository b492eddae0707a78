import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { currentSession, transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { scopedInsert, scopedOne } from '../lib/park-scope.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import { kindIn, kindsOf } from '../parks/calendar.ts'
import type { Park } from '../parks/park.ts'
import { tieTenant } from '../tenants/records.ts'
import { leftIn, offerFree, takeFree } from './allowance.ts'
import { announce } from './announce.ts'
import { Booking, type BookingEvent, type Cost, newCode } from './booking.ts'
import { costOf, extrasOf, type Order } from './cost.ts'
import { hold, placed } from './holding.ts'
import { Room, type RoomRule } from './room.ts'
import { payablesOf, settle } from './settle.ts'
import { lastDayOf, lengthOf, type Slot } from './slot.ts'
import { type Asking, checkPeople, checkTerms, freeze, ruleOf, usesFree } from './terms.ts'
import type { Holder, Told } from './wish.ts'

/** Booking a room: the one way in for form, desk, series, waitlist and, later, the API. */
export interface Wish extends Told {
  room: Types.ObjectId
  slot: Slot
  extras: Order[]
}

export interface How {
  /** Taken by the desk: notice doesn't count. */
  desk: boolean
  series?: { _id: Types.ObjectId; occurrence: string } | null
  /** The meeting of an event it is made for. */
  event?: BookingEvent | null
  /** A series is told of once, not for each of its dates. */
  quiet?: boolean
  /** What was read already: a rule that changes meanwhile changes nothing of a booking that is being made. */
  ground?: Ground
}

export interface Ground {
  room: Room
  asking: Asking
}

export async function roomOf(park: string, _id: Types.ObjectId): Promise<Room> {
  const room = await scopedOne<Room>(Room, { park, _id })
  if (!room) throw notFound()
  return room
}

/** The kinds of the days a slot touches, by the park's calendar. */
export async function askingOf(park: Park, slot: Slot, desk: boolean): Promise<Asking> {
  const kinds = await kindsOf(park, slot.day, lastDayOf(slot))
  return { zone: park.zone, kindOf: kindIn(kinds), desk }
}

export interface Quote {
  rule: RoomRule
  cost: Cost
  /** Free minutes the holder has in the first month, before this booking. */
  left: number | null
}

/** What it would cost, by the same functions: shown before confirming. Throws what bookRoom() would, except that it is taken. */
export async function quoteFor(park: Park, wish: Pick<Wish, 'room' | 'slot' | 'holder' | 'people' | 'extras'>, how: How): Promise<Quote> {
  const { slot, holder } = wish
  const room = await roomOf(park._id, wish.room)
  const rule = ruleOf(room, holder.class)
  checkTerms(room, rule, slot, await askingOf(park, slot, how.desk))
  checkPeople(room, wish.people)
  const counts = usesFree(rule)
  const free = counts ? await offerFree(park, holder, slot) : []
  const left = counts ? await leftIn(park, holder, slot.day.slice(0, 7)) : null
  const minutes = lengthOf(slot, park.zone)
  return { rule, cost: costOf(rule, minutes, free, extrasOf(room, wish.extras, minutes)), left }
}

/** A merge or a new name of the tenant at the same moment collides here. */
export async function heldHolder(park: string, holder: Holder): Promise<Holder> {
  if (!holder.tenant) return holder
  const tenant = await tieTenant(park, holder.tenant)
  if (!tenant) throw new RuleError('tenant.gone', {}, { field: 'tenant' })
  return { ...holder, name: tenant.name }
}

/** The room and the calendar, read side by side before a transaction begins: in it, one read would wait for the other. */
export async function groundOf(park: Park, { room, slot }: Pick<Wish, 'room' | 'slot'>, desk: boolean): Promise<Ground> {
  if (currentSession()) return { room: await roomOf(park._id, room), asking: await askingOf(park, slot, desk) }
  const [found, asking] = await Promise.all([roomOf(park._id, room), askingOf(park, slot, desk)])
  return { room: found, asking }
}

/**
 * Books a room, or asks for it where the rule wants approval. One transaction: the claim on the room's days, the free hours, the
 * booking, its charge, the trail and the mails. Throws room.taken / room.blocked (409) or what the rule says (422).
 */
export async function bookRoom(park: Park, wish: Wish, by: Actor, how: How): Promise<Booking> {
  const { slot } = wish
  return transact(async () => {
    const { room, asking } = how.ground ?? (await groundOf(park, wish, how.desk))
    const rule = ruleOf(room, wish.holder.class)
    checkTerms(room, rule, slot, asking)
    checkPeople(room, wish.people)
    const holder = await heldHolder(park._id, wish.holder)
    const terms = freeze(room, rule)
    const minutes = lengthOf(slot, park.zone)
    const at = now()
    const draft = {
      _id: new Types.ObjectId(),
      park: park._id,
      code: newCode(),
      ...placed(room, slot, park.zone),
      holder,
      contact: wish.contact,
      title: wish.title,
      private: wish.private,
      people: wish.people,
      note: wish.note,
      attendees: wish.attendees,
      state: rule.approval ? ('pending' as const) : ('confirmed' as const),
      terms,
      checkedIn: null,
      series: how.series?._id ?? null,
      occurrence: how.series?.occurrence ?? null,
      event: how.event ?? null,
      endedAt: null,
      decided: null,
      cancelled: null,
      apart: false,
      paid: null,
      sequence: 0,
      by: { id: by.id, name: by.name },
      version: 0,
      createdAt: at,
      updatedAt: at,
    }
    await hold(room, slot, draft, park.zone)
    const free = usesFree(terms) ? await takeFree(park, holder, slot) : []
    const extras = extrasOf(room, wish.extras, minutes)
    const booking: Booking = { ...draft, extras, cost: costOf(terms, minutes, free, extras) }
    await scopedInsert<Booking>(Booking, [booking])
    if (payablesOf(booking).length) await settle(booking, by)
    await audit(by, 'booking.make', subjectOf(booking), { after: summaryOf(booking) })
    if (!how.quiet) await announce(park, booking, booking.state === 'pending' ? 'requested' : 'booked', by)
    return booking
  })
}

export const subjectOf = (booking: Pick<Booking, 'park' | '_id' | 'code'>) => ({
  park: booking.park,
  kind: 'booking',
  ref: booking._id,
  label: booking.code,
})

/** What the trail keeps of a booking. The title of a private one stays out of it: the trail is read by more people. */
export const summaryOf = (booking: Booking) => ({
  room: booking.roomName.zh,
  day: booking.day,
  from: booking.from,
  to: booking.to,
  state: booking.state,
  fen: booking.cost.total,
  ...(booking.private ? {} : { subject: booking.title }),
})
