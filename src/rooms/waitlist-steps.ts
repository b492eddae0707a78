import type { Types } from 'mongoose'
import { type Actor, SYSTEM } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { askingOf, bookRoom, heldHolder, roomOf, type Wish } from './book.ts'
import type { Booking } from './booking.ts'
import { placed, placeOf } from './holding.ts'
import { lyingAt, releaseRoom } from './room-day.ts'
import { startsAt } from './slot.ts'
import { checkPeople, checkTerms, ruleOf } from './terms.ts'
import { isOpen, WaitEntry, type WaitState, waitStatus, waitSubject } from './waitlist.ts'
import { offerFreed } from './waitlist-offer.ts'
import { tellWaiting } from './waitlist-tell.ts'

/** Joining the waitlist, and what its people answer to an offer. */
const MAX_OPEN = 10

/** Nobody waits twice for the same, nor for everything. */
async function checkOthers(park: string, { room, slot, holder, contact }: Wish, desk: boolean): Promise<void> {
  const own = holder.tenant ? { 'holder.tenant': holder.tenant } : contact ? { contact } : { 'holder.name': holder.name }
  const open = (await WaitEntry.find({
    park,
    ...own,
    state: { $in: ['waiting', 'offered'] },
    startsAt: { $gt: now() },
  }).lean()) as WaitEntry[]
  const left = open.filter(isOpen)
  if (left.some(one => one.room.equals(room) && one.day === slot.day && one.from === slot.from && one.to === slot.to))
    throw conflict('waitlist.already')
  if (!desk && left.length >= MAX_OPEN) throw new RuleError('waitlist.tooMany', { max: MAX_OPEN })
}

/**
 * Joins the waitlist for a time that is taken. Throws what the rule says to the time (422), waitlist.free where it can be booked
 * at once, room.blocked where the park closes the room then, waitlist.already (409).
 */
export async function joinWaitlist(park: Park, wish: Wish, by: Actor, { desk }: { desk: boolean }): Promise<WaitEntry> {
  const { slot } = wish
  return transact(async () => {
    const room = await roomOf(park._id, wish.room)
    const rule = ruleOf(room, wish.holder.class)
    checkTerms(room, rule, slot, await askingOf(park, slot, desk))
    if (startsAt(slot, park.zone) <= now()) throw new RuleError('room.past', {}, { field: 'from' })
    checkPeople(room, wish.people)
    const holder = await heldHolder(park._id, wish.holder)
    const taken = await lyingAt(placeOf(room, slot, rule, park.zone), 'claims')
    if (!taken.length) throw conflict('waitlist.free', {}, 'from')
    if (taken.some(claim => claim.kind === 'blackout')) throw conflict('waitlist.blocked', {}, 'from')
    await checkOthers(park._id, wish, desk)
    const { slot: _, room: __, ...rest } = wish
    const [made] = await WaitEntry.create([
      {
        ...rest,
        ...placed(room, slot, park.zone),
        park: park._id,
        holder,
        desk,
        state: 'waiting',
        at: now(),
        by: { id: by.id, name: by.name },
      },
    ])
    const entry = made!.toObject() as WaitEntry
    const after = { room: room.name.zh, day: slot.day, from: slot.from, to: slot.to }
    await audit(by, 'waitlist.join', waitSubject(entry), { after })
    return entry
  })
}

export async function loadWait(park: string, _id: Types.ObjectId): Promise<WaitEntry> {
  return (await WaitEntry.findOne({ park, _id }).orFail(notFound).lean()) as WaitEntry
}

/** Ends an entry, guarded by the state it was found in, and gives back what its offer keeps. */
async function end(entry: WaitEntry, state: WaitState, action: string, by: Actor, note: string | null = null): Promise<void> {
  await WaitEntry.updateOne({ park: entry.park, _id: entry._id, state: entry.state }, { state })
  if (entry.offer) await releaseRoom(entry.park, entry._id, entry.offer.days)
  await audit(by, action, waitSubject(entry), { before: { state: entry.state }, after: { state }, note })
}

/**
 * Takes the offer: the room kept for it becomes the booking, in one transaction and by bookRoom's rules. Throws waitlist.answered
 * where it was taken or declined before, waitlist.lapsed where its time ran out (409).
 */
export async function acceptOffer(park: Park, _id: Types.ObjectId, by: Actor, { desk }: { desk: boolean }): Promise<Booking> {
  return transact(async () => {
    const entry = await loadWait(park._id, _id)
    if (waitStatus(entry) === 'lapsed') throw conflict('waitlist.lapsed')
    if (entry.state !== 'offered') throw conflict('waitlist.answered')
    await end(entry, 'taken', 'waitlist.accept', by)
    const { room, day, from, to, holder, contact, title, private: closed, people, note, attendees, extras } = entry
    const wish = { room, slot: { day, from, to }, holder, contact, title, private: closed, people, note, attendees, extras }
    const booking = await bookRoom(park, wish, by, { desk: desk || entry.desk })
    await WaitEntry.updateOne({ park: park._id, _id }, { booking: booking._id })
    return booking
  })
}

/** Leaves the waitlist, or declines the offer: then the next one has it. Throws waitlist.answered (409) where it is over. */
export async function leaveWaitlist(park: Park, _id: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const entry = await loadWait(park._id, _id)
    if (entry.state !== 'waiting' && entry.state !== 'offered') throw conflict('waitlist.answered')
    await end(entry, 'withdrawn', entry.offer ? 'waitlist.refuse' : 'waitlist.withdraw', by)
    if (entry.offer) await offerFreed(park, entry.root, entry.offer.days)
  })
}

/** The park closes the room at that time, for a reason or (null) for good: nobody can have it. In the caller's transaction. */
export async function closeWait(entry: WaitEntry, reason: string | null, by: Actor): Promise<void> {
  await end(entry, 'closed', 'waitlist.close', by, reason)
  await tellWaiting(entry, reason ? 'closed' : 'retired', { reason: reason ?? '' })
}

/** What the clock has decided: an offer that ran out goes to the next, and who waited for a time that has begun waits no more. */
export async function lapse(park: Park, _id: Types.ObjectId): Promise<boolean> {
  return transact(async () => {
    const entry = await loadWait(park._id, _id)
    if (isOpen(entry) || !['waiting', 'offered'].includes(entry.state)) return false
    await end(entry, 'lapsed', 'waitlist.lapse', SYSTEM)
    if (!entry.offer) return true
    await tellWaiting(entry, 'lapsed')
    await offerFreed(park, entry.root, entry.offer.days)
    return true
  })
}
