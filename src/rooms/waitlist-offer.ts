import type { Types } from 'mongoose'
import { SYSTEM } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { now } from '../lib/clock.ts'
import { addDays, type Day } from '../lib/days.ts'
import { RuleError } from '../lib/rule-error.ts'
import { clockOf, wallAt } from '../lib/wall.ts'
import type { Park } from '../parks/park.ts'
import { askingOf, roomOf } from './book.ts'
import { placeOf } from './holding.ts'
import { type Room, type RoomRule, ruleFor } from './room.ts'
import { type ClaimBody, claimRoom, lyingAt } from './room-day.ts'
import { checkPeople, checkTerms } from './terms.ts'
import { LONGEST, WaitEntry, waitSubject } from './waitlist.ts'
import { tellWaiting } from './waitlist-tell.ts'

/** How long an offer keeps the room, in minutes; less where the start, or the notice its rule asks for, is sooner. */
export const OFFER_MINUTES = 30

/** Until when an offer made now holds. */
function offerEnd(entry: WaitEntry, rule: Pick<RoomRule, 'notice'>): Date {
  const notice = entry.desk ? 0 : rule.notice
  return new Date(Math.min(now().getTime() + OFFER_MINUTES * 60_000, entry.startsAt.getTime() - notice * 60_000))
}

/** Whether the rules of today still let them have it: they may have changed since they joined. */
async function isAllowed(park: Park, room: Room, rule: RoomRule, entry: WaitEntry): Promise<boolean> {
  try {
    checkTerms(room, rule, entry, await askingOf(park, entry, entry.desk))
    checkPeople(room, entry.people)
    return true
  } catch (error) {
    if (error instanceof RuleError) return false
    throw error
  }
}

const bodyOf = (entry: WaitEntry, until: Date): ClaimBody => ({
  ref: entry._id,
  kind: 'offer',
  expiresAt: until,
  title: entry.title,
  // Whose turn it is is nobody else's business.
  private: true,
  who: entry.holder.name,
  tenant: entry.holder.tenant,
  user: entry.contact,
  checkedIn: false,
})

/** Keeps the room for one who waits and tells them; false where it can't be had. */
async function offer(park: Park, entry: WaitEntry): Promise<boolean> {
  const room = await roomOf(park._id, entry.room)
  const rule = ruleFor(room, entry.holder.class)
  if (!rule || !(await isAllowed(park, room, rule, entry))) return false
  const until = offerEnd(entry, rule)
  const place = placeOf(room, entry, rule, park.zone)
  // A request that waits for a decision was there first, too.
  if (until <= now() || (await lyingAt(place, 'claims', 'requests')).length) return false
  const days = place.pieces.map(piece => piece.day)
  await claimRoom(place, bodyOf(entry, until))
  await WaitEntry.updateOne({ park: park._id, _id: entry._id, state: 'waiting' }, { state: 'offered', offer: { until, days } })
  await audit(SYSTEM, 'waitlist.offer', waitSubject(entry), { before: { state: 'waiting' }, after: { state: 'offered' } })
  await tellWaiting(entry, 'offered', { until: clockOf(wallAt(until, park.zone).minute) })
  return true
}

/**
 * Offers what was given back on some days of a root room, in the transaction that gave it back: to those who wait, in the order they
 * joined, each whose time is still ahead and wholly free. An offer takes the room like a booking, so it goes to one party at a
 * time. Answers how many were made.
 */
export async function offerFreed(park: Park, root: Types.ObjectId, days: Day[]): Promise<number> {
  const [first, last] = [days.reduce((a, b) => (a < b ? a : b), days[0] ?? ''), days.reduce((a, b) => (a > b ? a : b), '')]
  if (!first) return 0
  const near = { $gte: addDays(first, -LONGEST), $lte: addDays(last, 1) }
  const waiting = (await WaitEntry.find({ park: park._id, root, state: 'waiting', day: near, startsAt: { $gt: now() } })
    .sort({ at: 1, _id: 1 })
    .lean()) as WaitEntry[]
  let made = 0
  for (const entry of waiting) if (await offer(park, entry)) made += 1
  return made
}
