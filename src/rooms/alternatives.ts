import { addDays, type Day } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { RuleError } from '../lib/rule-error.ts'
import { DAY_MINUTES } from '../lib/wall.ts'
import { type DayKind, kindIn, kindsOf } from '../parks/calendar.ts'
import type { Park } from '../parks/park.ts'
import { Room, type RoomRule, rootOf, ruleFor, type UserClass } from './room.ts'
import { inTheWay, type RoomClaim, RoomDay } from './room-day.ts'
import { lastDayOf, piecesOf, type Slot } from './slot.ts'
import { checkPeople, checkTerms } from './terms.ts'

/** What could be had instead: the same room at another time, another room at the same time. Says only what is free, never who has what isn't. */
type Claim = Pick<RoomClaim, 'ref' | 'room' | 'from' | 'to' | 'start' | 'end' | 'expiresAt' | 'kind'>

/** What is known of the days around a slot, in three reads; everything else here is pure. */
export interface Around {
  zone: string
  rooms: Room[]
  /** The claims of a root room on a day. */
  claimsOn(root: Room['_id'], day: Day): RoomClaim[]
  kindOf(day: Day): DayKind
}

export interface Asked {
  slot: Slot
  class: UserClass
  people: number | null
  desk: boolean
  /** The booking that is to be moved: it doesn't stand in its own way. */
  own?: Room['_id'] | null
}

const FIELDS = Object.fromEntries(['ref', 'room', 'from', 'to', 'start', 'end', 'expiresAt', 'kind'].map(name => [`claims.${name}`, 1]))

/** What was read, as it is asked; `claims` by root room and day (dayKey). */
export const aroundOf = (zone: string, rooms: Room[], claims: Map<string, RoomClaim[]>, kinds: Parameters<typeof kindIn>[0]): Around => ({
  zone,
  rooms,
  claimsOn: (root, day) => claims.get(dayKey(root, day)) ?? [],
  kindOf: kindIn(kinds),
})

export const dayKey = (root: Room['_id'], day: Day): string => `${root} ${day}`

/** Rooms still in use and the claims of the days around a slot: a buffer may reach into the day before or after. */
export async function around(park: Pick<Park, '_id' | 'zone'>, slot: Slot): Promise<Around> {
  const [first, last] = [addDays(slot.day, -1), addDays(lastDayOf(slot), 1)]
  const filter = { park: park._id, day: { $gte: first, $lte: last } }
  const [rooms, days, kinds] = await Promise.all([
    scopedFind<Room>(Room, { park: park._id, activeTo: { $gte: slot.day } }, { sort: { order: 1, code: 1 } }),
    scopedFind<Pick<RoomDay, 'day' | 'room'> & { claims: Claim[] }>(RoomDay, filter, { projection: { day: 1, room: 1, ...FIELDS } }),
    kindsOf(park, first, last),
  ])
  return aroundOf(park.zone, rooms, new Map(days.map(one => [dayKey(one.room, one.day), one.claims as RoomClaim[]])), kinds)
}

/** What stands in the way of a slot, by the same rule as the write that takes it; `own` is what it would replace. */
export function busyFor({ zone, claimsOn }: Around, room: Room, rule: RoomRule, slot: Slot, own?: Room['_id'] | null): RoomClaim[] {
  const pieces = piecesOf(slot, rule.before, rule.after, zone)
  const found = pieces.flatMap(piece => inTheWay(claimsOn(rootOf(room), piece.day), room, piece))
  return own ? found.filter(one => !own.equals(one.ref)) : found
}

/** Whether a class could book a room for a slot right now: its rule, the room's size, and nothing in the way. */
export function isFree(state: Around, room: Room, asked: Asked): boolean {
  const rule = ruleFor(room, asked.class)
  if (!rule) return false
  try {
    checkPeople(room, asked.people)
    checkTerms(room, rule, asked.slot, { zone: state.zone, kindOf: state.kindOf, desk: asked.desk })
  } catch (error) {
    if (error instanceof RuleError) return false
    throw error
  }
  return busyFor(state, room, rule, asked.slot, asked.own).length === 0
}

/** The rooms that are free for a slot, in the park's order. */
export const freeRooms = (state: Around, asked: Asked): Room[] => state.rooms.filter(room => isFree(state, room, asked))

const TIMES = 4
const ROOMS = 5

/** Times near the wanted one at which the room is free: as long as wanted, on the same day, the nearest first. */
export function nearTimes(state: Around, room: Room, asked: Asked, limit = TIMES): Slot[] {
  const rule = ruleFor(room, asked.class)
  if (!rule) return []
  const { day, to } = asked.slot
  const length = to - asked.slot.from
  const from = asked.slot.from - (asked.slot.from % rule.step)
  const found: Slot[] = []
  for (let shift = rule.step; shift < DAY_MINUTES && found.length < limit; shift += rule.step) {
    for (const start of [from - shift, from + shift]) {
      const slot = { day, from: start, to: start + length }
      if (start < 0 || start >= DAY_MINUTES || found.length >= limit) continue
      if (isFree(state, room, { ...asked, slot })) found.push(slot)
    }
  }
  return found.sort((a, b) => a.from - b.from)
}

/** Rooms like the wanted one come first: of its kind, then by how little room they have to spare. */
const like = (wanted: Room | null, people: number) => (a: Room, b: Room) =>
  Number(b.kind === wanted?.kind) - Number(a.kind === wanted?.kind) || Math.abs(a.capacity - people) - Math.abs(b.capacity - people)

export interface Alternatives {
  times: Slot[]
  rooms: Room[]
}

/** What to offer where a wish can't be had. Pure: over the claims and rooms that were read. */
export function alternatives(state: Around, asked: Asked, room: Room | null): Alternatives {
  const people = asked.people ?? room?.capacity ?? 0
  const others = freeRooms(state, asked).filter(one => !room?._id.equals(one._id))
  return { times: room ? nearTimes(state, room, asked) : [], rooms: others.sort(like(room, people)).slice(0, ROOMS) }
}
