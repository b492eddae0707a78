import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { addDays, type Day, weekday } from '../lib/days.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import { clockOf, instantAt } from '../lib/wall.ts'
import { type DayKind, kindIn, kindsOf } from '../parks/calendar.ts'
import type { Park } from '../parks/park.ts'
import { mentorSubject, tieMentor } from './mentor.ts'
import { addSlot, findSlot, removeSlot } from './mentor-day.ts'

/** Opening a mentor's slots, one or every week, and taking open ones away. Times in minutes since the park's midnight. */
export const MAX_WEEKS = 26
export const HORIZON_DAYS = 365
const MIN_MINUTES = 15
const MAX_MINUTES = 480

export interface Offer {
  day: Day
  from: number
  to: number
  place: string | null
  link: string | null
  /** How many weeks in a row, this one counted. */
  weeks: number
}

export interface Dates {
  open: Day[]
  /** Days off in the park, left out. */
  skipped: Day[]
}

/**
 * The dates of a weekly repetition, each counted from the first. What is no working day is left out, except that who begins on a
 * weekend means weekends. The first date is their own choice, whatever day it is.
 */
export function datesOf(first: Day, weeks: number, kindOf: (day: Day) => DayKind): Dates {
  const all = Array.from({ length: weeks }, (_, i) => addDays(first, 7 * i))
  const weekends = weekday(first) > 5
  const off = (day: Day): boolean => day !== first && (kindOf(day) === 'holiday' || (kindOf(day) === 'weekend' && !weekends))
  return { open: all.filter(day => !off(day)), skipped: all.filter(off) }
}

function check({ day, from, to, place, link, weeks }: Offer, zone: string): void {
  if (to <= from) throw new RuleError('mentoring.order', {}, { field: 'to' })
  if (to - from < MIN_MINUTES || to - from > MAX_MINUTES)
    throw new RuleError('mentoring.length', { min: MIN_MINUTES, max: MAX_MINUTES / 60 }, { field: 'to' })
  if (!place && !link) throw new RuleError('mentoring.noPlace', {}, { field: 'place' })
  if (instantAt(day, from, zone) <= now()) throw new RuleError('mentoring.past', {}, { field: 'day' })
  const last = addDays(day, 7 * (weeks - 1))
  if (instantAt(last, from, zone).getTime() > now().getTime() + HORIZON_DAYS * 86_400_000)
    throw new RuleError('mentoring.horizon', { days: HORIZON_DAYS }, { field: weeks > 1 ? 'weeks' : 'day' })
}

/**
 * Opens slots, all of them or none: one guarded write a day, in one transaction. Throws mentoring.overlap (409) naming the slot in
 * the way, mentoring.notActive (409), or what is wrong with the times (422).
 */
export async function openSlots(park: Park, mentor: Types.ObjectId, offer: Offer, by: Actor): Promise<Dates> {
  check(offer, park.zone)
  const { day, from, to, place, link, weeks } = offer
  return transact(async () => {
    const last = addDays(day, 7 * (weeks - 1))
    const found = await tieMentor(park._id, mentor, day, last)
    const dates = datesOf(day, weeks, kindIn(await kindsOf(park, day, last)))
    for (const date of dates.open) {
      const [startsAt, endsAt] = [instantAt(date, from, park.zone), instantAt(date, to, park.zone)]
      const slot = { _id: new Types.ObjectId(), from, to, startsAt, endsAt, place, link, session: null }
      await addSlot({ park: park._id, mentor, day: date }, slot)
    }
    const after = { slotDays: dates.open, from, to, place, ...(dates.skipped.length && { skipped: dates.skipped }) }
    await audit(by, 'mentoring.slot.open', mentorSubject(found), { after })
    return dates
  })
}

/** Takes an open slot of a mentor away. Throws mentoring.slotBooked (409) once it is booked; 404 for another mentor's. */
export async function closeSlot(
  park: string,
  mentor: { park: string; _id: Types.ObjectId; name: string },
  slot: Types.ObjectId,
  by: Actor,
): Promise<void> {
  await transact(async () => {
    const found = await findSlot(park, slot)
    if (!found?.mentor.equals(mentor._id)) throw notFound()
    await removeSlot(found, slot)
    const { day, slot: one } = found
    await audit(by, 'mentoring.slot.close', mentorSubject(mentor), { note: `${day} ${clockOf(one.from)}–${clockOf(one.to)}` })
  })
}
