import type { Actor } from '../accounts/identity.ts'
import { addDays, type Day } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { type Problem, RuleError } from '../lib/rule-error.ts'
import { kindsOf } from '../parks/calendar.ts'
import type { Park } from '../parks/park.ts'
import { leftInMonths, monthsOf } from './allowance.ts'
import { type Around, aroundOf, busyFor, dayKey } from './alternatives.ts'
import type { Booking, Cost, Terms } from './booking.ts'
import { stateAfter } from './change.ts'
import { costOf, extrasAfter, extrasOf, type Order } from './cost.ts'
import { type Room, rootOf } from './room.ts'
import { type RoomClaim, RoomDay, takenBy } from './room-day.ts'
import type { SkipReason } from './series.ts'
import { lastDayOf, lengthOf, piecesOf, type Slot } from './slot.ts'
import { checkPeople, checkTerms, freeze, ruleOf, usesFree } from './terms.ts'
import type { Holder } from './wish.ts'

/**
 * What each date of a series would be, before anything is written: judged in order, by the functions that bookRoom() and
 * moveBooking() judge by, so that free hours and the series' own dates count as they will.
 */
export interface Line {
  /** The rule's day. */
  day: Day
  room: Room
  slot: Slot
  /** `skip`: it is left out or, where it is booked already, left as it is. */
  choice: 'book' | 'skip' | 'change'
  /** What is booked now, where a series is being changed. */
  booking: Booking | null
}

export interface Judged extends Line {
  problem: Problem | null
  /** What a problem comes to; null where there is none. */
  reason: Exclude<SkipReason, 'chosen'> | null
  /** What the day is called, where it is no working day. */
  holiday: { zh: string; en?: string | null } | null
  approval: boolean
  cost: Cost | null
}

export interface Asker {
  /** Who decides by changing it: what is their own goes back to somebody else. */
  by: Actor
  holder: Holder
  people: number | null
  extras: Order[]
  desk: boolean
}

const REASONS: Record<string, Judged['reason']> = {
  'error.room.taken': 'taken',
  'error.room.blocked': 'taken',
  'error.room.closed': 'closed',
  'error.room.outsideHours': 'closed',
  'error.room.horizon': 'later',
}
export const reasonOf = (problem: Problem): Exclude<Judged['reason'], null> => REASONS[problem.key] ?? 'refused'

/** Free minutes that are left, month by month, as dates use them up. */
async function budgetOf(park: Park, holder: Holder, lines: Line[]) {
  const months = [...new Set(lines.flatMap(line => monthsOf(line.slot, park.zone).map(one => one.month)))]
  const left = await leftInMonths(park, holder, months)
  return {
    give(free: Cost['free']): void {
      for (const { month, minutes } of free) left.set(month, (left.get(month) ?? 0) + minutes)
    },
    take(slot: Slot): Cost['free'] {
      return monthsOf(slot, park.zone).flatMap(({ month, minutes }) => {
        const given = Math.min(minutes, left.get(month) ?? 0)
        left.set(month, (left.get(month) ?? 0) - given)
        return given > 0 ? [{ month, minutes: given }] : []
      })
    },
  }
}

/** The days around all lines, without the claims of the bookings that are to be replaced. */
async function stateOf(park: Park, lines: Line[]) {
  const days = [
    ...new Set(lines.flatMap(({ slot }) => [slot.day, addDays(slot.day, -1), lastDayOf(slot), addDays(lastDayOf(slot), 1)])),
  ].sort()
  const roots = [...new Map(lines.map(line => [String(rootOf(line.room)), rootOf(line.room)])).values()]
  const [first, last] = [days[0]!, days.at(-1)!]
  const filter = { park: park._id, day: { $in: days }, room: { $in: roots } }
  const [found, kinds] = await Promise.all([scopedFind<RoomDay>(RoomDay, filter), kindsOf(park, first, last)])
  const own = new Set(lines.flatMap(line => (line.booking ? [String(line.booking._id)] : [])))
  const claims = new Map(found.map(one => [dayKey(one.room, one.day), one.claims.filter(claim => !own.has(String(claim.ref)))]))
  const around = aroundOf(park.zone, [], claims, kinds)
  const add = (room: Pick<Room, '_id' | 'whole'>, slot: Slot, buffers: Pick<Terms, 'before' | 'after'>): void => {
    for (const { day, ...times } of piecesOf(slot, buffers.before, buffers.after, park.zone)) {
      const key = dayKey(rootOf(room), day)
      const claim = { ...times, room: room._id, ref: room._id, kind: 'booking', expiresAt: null } as RoomClaim
      claims.set(key, [...(claims.get(key) ?? []), claim])
    }
  }
  return { around, kinds, add }
}

const placeOf = ({ room, root }: Booking): Pick<Room, '_id' | 'whole'> => ({ _id: room, whole: room.equals(root) ? null : root })

/** Nothing but what it says of itself is new: it keeps its time, its price and the rule it was made by. */
function stays({ booking, room, slot }: Line): boolean {
  if (!booking?.room.equals(room._id)) return false
  return booking.day === slot.day && booking.from === slot.from && booking.to === slot.to
}

function problemOf(around: Around, line: Line, { holder, people, desk }: Asker): Problem | null {
  const { room, slot, booking } = line
  try {
    const rule = stays(line) ? null : ruleOf(room, holder.class)
    if (rule) checkTerms(room, rule, slot, { zone: around.zone, kindOf: around.kindOf, desk })
    checkPeople(room, people)
    if (!rule) return null
    // In the same room the buffers stay as they were agreed.
    const buffers = booking?.room.equals(room._id) ? { ...rule, ...booking.terms } : rule
    const busy = busyFor(around, room, buffers, slot)[0]
    return busy ? takenBy(room, slot.day, busy).problem : null
  } catch (error) {
    if (error instanceof RuleError) return error.problem
    throw error
  }
}

interface Costing {
  budget: Awaited<ReturnType<typeof budgetOf>>
  alone: boolean
}

/** What it would cost: a booking in its own room keeps its price, and what it uses of the free hours comes back first. */
function costFor(park: Park, line: Line, asker: Asker, { budget, alone }: Costing): Pick<Judged, 'cost' | 'approval'> {
  const { room, slot, booking } = line
  if (booking && stays(line)) return { cost: booking.cost, approval: booking.state === 'pending' }
  const rule = ruleOf(room, asker.holder.class)
  const terms = booking?.room.equals(room._id) ? booking.terms : freeze(room, rule)
  const minutes = lengthOf(slot, park.zone)
  const extras = booking ? extrasAfter(booking, room, minutes) : extrasOf(room, asker.extras, minutes)
  if (booking) budget.give(booking.cost.free)
  const free = usesFree(terms) ? budget.take(slot) : []
  if (alone) budget.give(free)
  const move = { room: room._id, slot, desk: asker.desk }
  const approval = booking ? stateAfter(park, booking, rule, move, asker.by) === 'pending' : rule.approval
  return { cost: costOf(terms, minutes, free, extras), approval }
}

/**
 * Judges lines in the order they will be written. A line that is left out costs nothing and takes nothing. `alone`: each as if it
 * were the only one.
 */
export async function judge(park: Park, lines: Line[], asker: Asker, alone = false): Promise<Judged[]> {
  if (!lines.length) return []
  const [budget, { around, kinds, add }] = [await budgetOf(park, asker.holder, lines), await stateOf(park, lines)]
  // What stays as it is stands in the others' way.
  for (const { booking, choice } of lines) if (booking && choice === 'skip') add(placeOf(booking), booking, booking.terms)
  return lines.map(line => {
    const problem = problemOf(around, line, asker)
    const holiday = kinds.get(line.slot.day)?.name ?? null
    const judged: Judged = { ...line, problem, reason: problem && reasonOf(problem), holiday, approval: false, cost: null }
    if (problem || line.choice === 'skip') return judged
    try {
      const cost = costFor(park, line, asker, { budget, alone })
      if (!alone) add(line.room, line.slot, line.booking?.terms ?? ruleOf(line.room, asker.holder.class))
      return { ...judged, ...cost }
    } catch (error) {
      if (error instanceof RuleError) return { ...judged, problem: error.problem, reason: 'refused' }
      throw error
    }
  })
}

/** What all that will be booked costs together. */
export const totalOf = (dates: Judged[]): number => dates.reduce((sum, one) => sum + (one.cost?.total ?? 0), 0)

export const willBook = (one: Judged): boolean => one.choice !== 'skip' && !one.problem

/** Dates that are to be booked and can't be: nothing is written before somebody has decided on each. */
export const unsettled = (dates: Judged[]): Judged[] => dates.filter(one => one.choice !== 'skip' && one.problem)
