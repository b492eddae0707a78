import { now } from '../lib/clock.ts'
import { addDays, type Day } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { clockOf, wallAt } from '../lib/wall.ts'
import { kindsOf } from '../parks/calendar.ts'
import type { Park } from '../parks/park.ts'
import { type Around, aroundOf, dayKey } from './alternatives.ts'
import { CHECK_IN_MINUTES } from './check-in.ts'
import { type Stretch, stretchesOf } from './feed-events.ts'
import { type Room, rootOf, type Span, widestHours } from './room.ts'
import { concerns, type RoomClaim, RoomDay } from './room-day.ts'

/** What the page at a room's door knows: the room's claims around now, in one read, and what follows from them. */
export interface Door {
  room: Room
  at: Date
  today: Day
  minute: number
  /** Everything that takes the room from now on, or is running. */
  ahead: Stretch[]
  /** Of today, for the line of the day. */
  day: Stretch[]
  current: Stretch | null
  next: Stretch | null
  state: 'free' | 'soon' | 'busy' | 'closed' | 'off'
  /** When the room is open today, for whomever it is open longest; null: not at all. */
  open: Span | null
  around: Around
}

const minutesTo = (stretch: Stretch, at: Date): number => (stretch.startsAt.getTime() - at.getTime()) / 60_000

type Known = Pick<Door, 'room' | 'at' | 'today' | 'minute' | 'current' | 'next' | 'open'>

function stateOf({ room, at, today, minute, current, next, open }: Known): Door['state'] {
  if (room.activeTo < today || current?.claim.kind === 'blackout') return 'off'
  if (current) return 'busy'
  if (next && next.claim.kind === 'booking' && minutesTo(next, at) <= CHECK_IN_MINUTES) return 'soon'
  return open && minute >= open.from && minute < open.to ? 'free' : 'closed'
}

export async function readDoor(park: Park, room: Room): Promise<Door> {
  const at = now()
  const { day: today, minute } = wallAt(at, park.zone)
  const [first, last] = [addDays(today, -1), addDays(today, 1)]
  const filter = { park: park._id, day: { $gte: first, $lte: last }, room: rootOf(room) }
  const [days, kinds] = await Promise.all([
    scopedFind<Pick<RoomDay, 'day' | 'claims'>>(RoomDay, filter, { projection: { day: 1, claims: 1 } }),
    kindsOf(park, first, last),
  ])
  const live = (claim: RoomClaim) => concerns(room, claim) && (!claim.expiresAt || claim.expiresAt > at)
  const taken = stretchesOf(
    days.map(({ day, claims }) => ({ day, claims: claims.filter(live) })),
    park.zone,
  )
  const ahead = taken.filter(({ endsAt }) => endsAt > at)
  const claims = new Map(days.map(one => [dayKey(rootOf(room), one.day), one.claims]))
  const around = aroundOf(park.zone, [room], claims, kinds)
  const known = {
    room,
    at,
    today,
    minute,
    current: ahead.find(({ startsAt }) => startsAt <= at) ?? null,
    next: ahead.find(({ startsAt }) => startsAt > at && wallAt(startsAt, park.zone).day === today) ?? null,
    open: widestHours(room, around.kindOf(today)),
  }
  const isToday = (stretch: Stretch) =>
    wallAt(stretch.startsAt, park.zone).day <= today && wallAt(new Date(stretch.endsAt.getTime() - 1), park.zone).day >= today
  return {
    ...known,
    state: stateOf(known),
    ahead,
    day: taken.filter(isToday),
    around,
  }
}

/** “10:30”; midnight is the end of the day it closes; on another day with its date. */
export function clockAt(instant: Date, today: Day, zone: string): string {
  const { day, minute } = wallAt(instant, zone)
  if (day === today) return clockOf(minute)
  return day === addDays(today, 1) && minute === 0 ? '24:00' : `${day.slice(5)} ${clockOf(minute)}`
}

/** The minute of today at which something begins or ends, inside of the day. */
export function minuteOf(instant: Date, today: Day, zone: string): number {
  const { day, minute } = wallAt(instant, zone)
  return day < today ? 0 : day > today ? 1440 : minute
}
