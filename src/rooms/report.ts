import type { Types } from 'mongoose'
import { addDays, type Day, weekday } from '../lib/days.ts'
import { scopedAggregate, scopedFind } from '../lib/park-scope.ts'
import type { Bilingual } from '../lib/text.ts'
import { DAY_KINDS, type DayKind, kindsOf } from '../parks/calendar.ts'
import type { Park } from '../parks/park.ts'
import { Booking } from './booking.ts'
import { Room, type RoomKind, type UserClass, widestHours } from './room.ts'

/**
 * How rooms were used in a period: by room, hour, class and tenant. A booking counts with the time it had in the end, on the day it
 * begins; a no-show counts as not used. Minutes, and money in fen.
 */
export interface Use {
  bookings: number
  minutes: number
  noShows: number
  cancelled: number
  fen: number
  free: number
}

export interface RoomUse extends Use {
  _id: Types.ObjectId
  code: string
  name: Bilingual
  kind: RoomKind
  whole: Types.ObjectId | null
  open: number
  /** Used minutes as a share of the open ones; a half counts for its hall as a half, a whole hall for each of its parts. */
  share: number | null
}

export interface HolderUse extends Use {
  tenant: Types.ObjectId | null
  name: string
  class: UserClass
}

export interface RoomReport {
  rooms: RoomUse[]
  classes: (Use & { class: UserClass })[]
  holders: HolderUse[]
  /** [weekday 1…7][hour 0…23]: the share of the open time that was used; null where nothing is open. */
  heat: (number | null)[][]
  total: Use & { open: number; share: number | null }
}

export interface Asked {
  from: Day
  to: Day
  room: Types.ObjectId | null
  class: UserClass | null
}

const USED = { $eq: ['$state', 'confirmed'] }
const sumIf = (condition: object, value: unknown) => ({ $sum: { $cond: [condition, value, 0] } })
/** What a booking comes to: its price while it stands, its fee once it is cancelled. */
const FEN = { $cond: [{ $eq: ['$state', 'cancelled'] }, { $ifNull: ['$cancelled.fee', 0] }, '$cost.total'] }
const SUMS = {
  bookings: sumIf({ $ne: ['$state', 'cancelled'] }, 1),
  minutes: sumIf(USED, { $subtract: ['$to', '$from'] }),
  noShows: sumIf({ $eq: ['$state', 'released'] }, 1),
  cancelled: sumIf({ $eq: ['$state', 'cancelled'] }, 1),
  fen: { $sum: FEN },
  free: { $sum: { $sum: '$cost.free.minutes' } },
}

const MAX_HOLDERS = 200

/** Each hour a booking touches, with the minutes of it: hours past midnight belong to the next weekday. */
const HEAT = [
  { $match: { state: 'confirmed' } },
  {
    $project: {
      room: 1,
      from: 1,
      to: 1,
      weekday: { $isoDayOfWeek: { $dateFromString: { dateString: '$day' } } },
      hour: { $range: [{ $floor: { $divide: ['$from', 60] } }, { $ceil: { $divide: ['$to', 60] } }] },
    },
  },
  { $unwind: '$hour' },
  {
    $group: {
      _id: { room: '$room', weekday: '$weekday', hour: '$hour' },
      minutes: {
        $sum: {
          $subtract: [{ $min: ['$to', { $multiply: [{ $add: ['$hour', 1] }, 60] }] }, { $max: ['$from', { $multiply: ['$hour', 60] }] }],
        },
      },
    },
  },
]

interface Found {
  rooms: (Use & { _id: Types.ObjectId })[]
  classes: (Use & { _id: UserClass })[]
  holders: (Use & { _id: { tenant: Types.ObjectId | null; name: string; class: UserClass } })[]
  heat: { _id: { room: Types.ObjectId; weekday: number; hour: number }; minutes: number }[]
}

/** `near`: the rooms whose time counts for the asked one, too; the sums are of the asked one alone. */
async function read(park: string, { from, to, room, class: klass }: Asked, near: Types.ObjectId[]): Promise<Found> {
  const filter = {
    park,
    day: { $gte: from, $lte: to },
    state: { $in: ['confirmed', 'released', 'cancelled'] },
    ...(room ? { room: { $in: near } } : {}),
    ...(klass ? { 'holder.class': klass } : {}),
  }
  const only = room ? [{ $match: { room } }] : []
  const holder = { tenant: '$holder.tenant', name: '$holder.name', class: '$holder.class' }
  const [found] = await scopedAggregate<Found>(Booking, filter, [
    {
      $facet: {
        rooms: [{ $group: { _id: '$room', ...SUMS } }],
        classes: [...only, { $group: { _id: '$holder.class', ...SUMS } }],
        holders: [
          ...only,
          { $match: { 'holder.class': { $in: ['tenant', 'student', 'outside'] } } },
          { $group: { _id: holder, ...SUMS } },
          { $sort: { minutes: -1, bookings: -1, '_id.name': 1 } },
          { $limit: MAX_HOLDERS },
        ],
        heat: HEAT,
      },
    },
  ])
  return found!
}

/** Open minutes by weekday and hour. */
type Grid = number[][]
const emptyGrid = (): Grid => Array.from({ length: 8 }, () => Array.from({ length: 24 }, () => 0))

function openGrid(room: Pick<Room, 'rules' | 'activeTo'>, kinds: Map<Day, { kind: DayKind }>): Grid {
  const grid = emptyGrid()
  const spans = new Map(DAY_KINDS.map(kind => [kind, widestHours(room, kind)]))
  for (const [day, { kind }] of kinds) {
    const span = day <= room.activeTo ? spans.get(kind) : null
    if (!span) continue
    const row = grid[weekday(day)]!
    for (let hour = Math.floor(span.from / 60); hour * 60 < span.to; hour++)
      row[hour]! += Math.min(span.to, (hour + 1) * 60) - Math.max(span.from, hour * 60)
  }
  return grid
}

const sumOf = (grid: Grid): number => grid.reduce((sum, row) => sum + row.reduce((a, b) => a + b, 0), 0)
const shareOf = (used: number, open: number): number | null => (open ? used / open : null)
const NOTHING: Use = { bookings: 0, minutes: 0, noShows: 0, cancelled: 0, fen: 0, free: 0 }

function totalOf(uses: Use[]): Use {
  const add = (a: Use, b: Use) => Object.fromEntries(Object.keys(NOTHING).map(key => [key, a[key as keyof Use] + b[key as keyof Use]]))
  return uses.reduce((sum, use) => add(sum, use) as unknown as Use, NOTHING)
}

/**
 * What a minute in one room counts for another: a hall's for each of its parts, a part's for its hall by how many parts are in use.
 * `all`: the rooms in use in the period.
 */
function weightOf(one: Room, room: Room, all: Room[]): number {
  if (one._id.equals(room._id) || room.whole?.equals(one._id)) return 1
  return one.whole?.equals(room._id) ? 1 / Math.max(1, all.filter(other => other.whole?.equals(room._id)).length) : 0
}

export async function roomReport(park: Park, asked: Asked): Promise<RoomReport> {
  const every = await scopedFind<Room>(Room, { park: park._id }, { sort: { order: 1, code: 1 } })
  const all = every.filter(room => room.activeTo >= asked.from)
  const shown = asked.room ? every.filter(room => room._id.equals(asked.room!)) : every
  const near = all.filter(one => shown.some(room => weightOf(one, room, all) > 0)).map(one => one._id)
  const [kinds, found] = await Promise.all([kindsOf(park, asked.from, asked.to), read(park._id, asked, near)])
  const use = new Map(found.rooms.map(one => [String(one._id), one]))
  const grids = new Map(shown.map(room => [String(room._id), openGrid(room, kinds)]))
  const usedOf = (room: Room) => all.reduce((sum, one) => sum + (use.get(String(one._id))?.minutes ?? 0) * weightOf(one, room, all), 0)
  const rooms = shown.map(room => {
    const { _id, code, name, kind, whole } = room
    const open = sumOf(grids.get(String(_id))!)
    const { _id: _, ...sums } = use.get(String(_id)) ?? { _id, ...NOTHING }
    return { _id, code, name, kind, whole, ...sums, open, share: shareOf(usedOf(room), open) }
  })
  // A part of a hall is open when the hall is: only roots count for the whole of the park.
  const roots = asked.room ? shown : shown.filter(room => !room.whole)
  const open = roots.reduce((sum, room) => sum + sumOf(grids.get(String(room._id))!), 0)
  const used = roots.reduce((sum, room) => sum + usedOf(room), 0)
  const own = asked.room ? found.rooms.filter(one => one._id.equals(asked.room!)) : found.rooms
  return {
    rooms,
    classes: found.classes.map(({ _id, ...sums }) => ({ class: _id, ...sums })),
    holders: found.holders.map(({ _id, ...sums }) => ({ ..._id, ...sums })),
    heat: heatOf(found.heat, roots, all, grids),
    total: { ...totalOf(own), open, share: shareOf(used, open) },
  }
}

function heatOf(found: Found['heat'], roots: Room[], all: Room[], grids: Map<string, Grid>): (number | null)[][] {
  const used = emptyGrid()
  const weights = new Map(all.map(one => [String(one._id), roots.reduce((sum, room) => sum + weightOf(one, room, all), 0)]))
  for (const { _id, minutes } of found) {
    const day = ((_id.weekday - 1 + Math.floor(_id.hour / 24)) % 7) + 1
    used[day]![_id.hour % 24]! += minutes * (weights.get(String(_id.room)) ?? 0)
  }
  return used.map((row, day) =>
    row.map((value, hour) =>
      shareOf(
        value,
        roots.reduce((sum, room) => sum + grids.get(String(room._id))![day]![hour]!, 0),
      ),
    ),
  )
}

/** The period a report shows when none is asked: thirty days up to and including today. */
export const usualPeriod = (today: Day): { from: Day; to: Day } => ({ from: addDays(today, -29), to: today })
