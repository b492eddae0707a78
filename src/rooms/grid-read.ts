import { createHash } from 'node:crypto'
import type { Request } from 'express'
import { Types } from 'mongoose'
import { now } from '../lib/clock.ts'
import { addDays, type Day, today, weekday } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { textIn } from '../lib/text.ts'
import { DAY_MINUTES, wallAt } from '../lib/wall.ts'
import { type DayKind, kindIn, kindsOf } from '../parks/calendar.ts'
import { leftIn } from './allowance.ts'
import { dayKey } from './alternatives.ts'
import type { LineInput } from './grid.ts'
import { Room, rootOf, ruleFor, type Span, type UserClass } from './room.ts'
import { type RoomClaim, RoomDay } from './room-day.ts'
import { classesSeen } from './room-viewer.ts'
import { type Viewer, viewerOf } from './viewer.ts'

/** What the grids read: the rooms, the days' claims by one indexed read, and the calendar; side by side. */
export type GridRoom = Pick<Room, '_id' | 'code' | 'name' | 'kind' | 'capacity' | 'equipment' | 'whole' | 'activeTo' | 'order' | 'rules'>
type ReadDay = Pick<RoomDay, 'day' | 'room' | 'claims' | 'requests'>

export interface GridData {
  viewer: Viewer
  /** The class whose hours and price the viewer sees: staff book for the park. */
  class: UserClass
  rooms: GridRoom[]
  days: Map<string, ReadDay>
  kinds: Awaited<ReturnType<typeof kindsOf>>
  /** Now, and what the clocks of the park show. */
  at: Date
  wall: { day: Day; minute: number }
}

const ROOM = { code: 1, name: 1, kind: 1, capacity: 1, equipment: 1, whole: 1, activeTo: 1, order: 1 }

/** Only the rules the viewer can be judged by: the others are half of what would be read. */
function rulesFor({ staff, tenants, applicant }: Viewer): object {
  const classes: UserClass[] = staff || (!tenants.length && !applicant) ? ['park'] : ['tenant', 'student']
  return { $filter: { input: '$rules', cond: { $in: ['$$this.class', classes] } } }
}
const DAY = { day: 1, room: 1, claims: 1, requests: 1 } as const

/** The class whose hours and prices somebody sees. */
export async function classOf(req: Request, viewer: Viewer): Promise<UserClass> {
  if (viewer.staff || !viewer.tenants.length) return viewer.applicant && !viewer.staff ? 'student' : 'park'
  return (await classesSeen(req))[0] ?? 'tenant'
}

export async function readGrid(
  req: Request,
  from: Day,
  to: Day,
  projection: Readonly<Record<string, 0 | 1>> = DAY,
  only?: Types.ObjectId,
): Promise<GridData> {
  const park = req.park._id
  const viewer = viewerOf(req)
  const day = from === to ? from : { $gte: from, $lte: to }
  const [klass, rooms, days, kinds] = await Promise.all([
    classOf(req, viewer),
    scopedFind<GridRoom>(
      Room,
      { park, activeTo: { $gte: from } },
      { projection: { ...ROOM, rules: rulesFor(viewer) }, sort: { order: 1, code: 1 } },
    ),
    scopedFind<ReadDay>(RoomDay, { park, day, ...(only ? { room: only } : {}) }, { projection }),
    kindsOf(req.park, from, to),
  ])
  const at = now()
  const byRoom = new Map(days.map(one => [dayKey(one.room, one.day), one]))
  return { viewer, class: klass, rooms: inFamilies(rooms), days: byRoom, kinds, at, wall: wallAt(at, req.park.zone) }
}

/** Parts right behind their hall. */
function inFamilies(rooms: GridRoom[]): GridRoom[] {
  const there = new Set(rooms.map(room => String(room._id)))
  const heads = rooms.filter(room => !room.whole || !there.has(String(room.whole)))
  return heads.flatMap(head => [head, ...rooms.filter(room => room.whole?.equals(head._id))])
}

/** The hours a room opens on a day for a class; where the class may not book, for whoever may: what is taken is shown all the same. */
export function openOf(room: Pick<Room, 'rules'>, klass: UserClass, kind: DayKind): Span | null {
  return ruleFor(room, klass)?.hours[kind] ?? null
}

const NOTHING: RoomClaim[] = []

/** A line's input: one room on one day. */
export function inputOf(req: Request, data: GridData, room: GridRoom, day: Day): LineInput {
  const { at, wall } = data
  const found = data.days.get(dayKey(rootOf(room), day))
  return {
    room,
    day,
    claims: found?.claims ?? NOTHING,
    requests: found?.requests ?? NOTHING,
    open: day > room.activeTo ? null : openOf(room, data.class, kindIn(data.kinds)(day)),
    now: day < wall.day ? DAY_MINUTES : day > wall.day ? 0 : wall.minute,
    nameOf: id => {
      const other = data.rooms.find(one => one._id.equals(id))
      return other ? textIn(other.name, req.lang).text : ''
    },
    at,
  }
}

/** Free minutes the viewer's company (or the founder) has left in a month, for the price shown while dragging; null: none at all. */
export async function freeLeft(req: Request, viewer: Viewer, klass: UserClass, day: Day): Promise<number | null> {
  if (klass !== 'tenant' && klass !== 'student') return null
  const [tenant] = viewer.tenants
  const owner = { class: klass, tenant: tenant ? new Types.ObjectId(tenant) : null, user: new Types.ObjectId(viewer.id) }
  return leftIn(req.park, owner, day.slice(0, 7))
}

/** An offer that ran out looks different although nobody wrote anything. */
const markOf = (one: RoomClaim, root: Types.ObjectId, at: Date): string =>
  `${one.ref.toHexString()}${one.room.equals(root) ? '' : one.room} ${one.from} ${one.to} ${one.start} ${one.end} ${one.title}\n${one.who}\n${Number(one.private) + 2 * Number(one.checkedIn) + 4 * Number(one.expiresAt !== null && one.expiresAt > at)}`

/** Changes whenever anything on these days does: what an open page asks again and again. */
export function stampOf(days: Iterable<ReadDay>): string {
  const at = now()
  const marks = (claims: RoomClaim[], root: Types.ObjectId) => claims.map(one => markOf(one, root, at)).join()
  const lines = [...days].map(({ day, room, claims, requests }) => `${day} ${room}:${marks(claims, room)}/${marks(requests, room)}`)
  return createHash('sha1').update(lines.sort().join('\n')).digest('base64url')
}

/** Of all rooms, or of one hall: what its page shows. */
export async function readStamp(park: string, from: Day, to: Day, root: Types.ObjectId | null): Promise<string> {
  const day = from === to ? from : { $gte: from, $lte: to }
  return stampOf(await scopedFind<ReadDay>(RoomDay, { park, day, ...(root ? { room: root } : {}) }, { projection: DAY }))
}

export const mondayOf = (day: Day): Day => addDays(day, 1 - weekday(day))

/** A day that may be looked at: the asked one, else today; the years at the end of counting have no next week. */
export const dayAsked = (req: Request, on: Day | null): Day => (on && on > '1000' && on < '9000' ? on : today(req.park.zone))
