import type { Request, Response } from 'express'
import { z } from 'zod'
import { addDays, addMonths, type Day, monthEnd, monthStart, today, weekday } from '../lib/days.ts'
import { textIn } from '../lib/text.ts'
import { kindIn } from '../parks/calendar.ts'
import { f } from '../web/fields.ts'
import { readQuery } from '../web/forms.ts'
import { linkWith } from '../web/list.ts'
import { routes } from '../web/router.ts'
import { dayKey } from './alternatives.ts'
import { findRoomPage } from './find-routes.ts'
import { countKinds, frameOf, hoursOf, lineOf } from './grid.ts'
import { dayAsked, freeLeft, type GridData, type GridRoom, inputOf, mondayOf, openOf, readGrid, readStamp, stampOf } from './grid-read.ts'
import { EQUIPMENT, type Equipment, ROOM_KINDS, rootOf, ruleFor } from './room.ts'
import { concerns } from './room-day.ts'
import { durationText } from './room-words.ts'
import { isOwnClaim } from './viewer.ts'

/** The grids: rooms × time for a day, all rooms for a week, a month at a glance. Drawn on the server, with or without JavaScript. */
const SCRIPTS = ['room-cells.js', 'room-keys.js', 'room-live.js', 'room-grid.js']

const query = z.object({
  on: f.optionalDay(),
  kind: z.enum(ROOM_KINDS).optional(),
  people: z.coerce.number().int().min(1).max(9999).optional(),
  equipment: z.enum(EQUIPMENT).optional(),
})
type Asked = z.output<typeof query>

/** Rooms that fit the filters; a hall stays for the sake of its parts. */
function shownRooms({ rooms }: GridData, asked: Asked): GridRoom[] {
  const fits = (room: GridRoom) =>
    (!asked.kind || room.kind === asked.kind) &&
    (!asked.people || room.capacity >= asked.people) &&
    (!asked.equipment || room.equipment.includes(asked.equipment as Equipment))
  return rooms.filter(fits)
}

const filtersOf = (req: Request, asked: Asked) => ({
  asked,
  kinds: ROOM_KINDS,
  equipment: EQUIPMENT,
  filtered: Boolean(asked.kind || asked.people || asked.equipment),
  clear: linkWith(req, { kind: null, people: null, equipment: null }),
})

const stepsOf = (req: Request, on: Day, before: Day, after: Day) => ({
  on,
  today: today(req.park.zone),
  before: linkWith(req, { on: before }),
  after: linkWith(req, { on: after }),
  now: linkWith(req, { on: null }),
})

async function day(req: Request, res: Response): Promise<void> {
  // Its cells lead to “bookings/new”, seen from here: short, as there are hundreds.
  const [path, asking] = req.originalUrl.split(/(?=\?)/)
  if (path!.endsWith('/')) return res.redirect(301, path!.slice(0, -1) + (asking ?? ''))
  const asked = readQuery(req, query)
  const on = dayAsked(req, asked.on)
  const data = await readGrid(req, on, on)
  const shown = shownRooms(data, asked)
  const inputs = shown.map(room => inputOf(req, data, room, on))
  const frame = frameOf(inputs)
  const free = await freeLeft(req, data.viewer, data.class, on)
  const lines = shown.map((room, i) => {
    const rule = ruleFor(room, data.class)
    return {
      room,
      name: textIn(room.name, req.lang),
      price: rule?.price ?? 0,
      freeHours: rule?.freeHours ?? false,
      cells: lineOf(inputs[i]!, frame, data.viewer),
    }
  })
  res.page('rooms/day', {
    ...filtersOf(req, asked),
    ...stepsOf(req, on, addDays(on, -1), addDays(on, 1)),
    lines,
    frame,
    hours: hoursOf(frame),
    counts: countKinds(lines.map(line => line.cells)),
    minute: data.wall.day === on ? data.wall.minute : null,
    holiday: data.kinds.get(on) ?? null,
    mayBook: data.viewer.mayBook,
    desk: data.viewer.desk,
    free,
    freeText: free === null ? null : durationText(req, free),
    stamp: stampOf(data.days.values()),
    some: data.rooms.length > 0,
    scripts: SCRIPTS,
  })
}

/** Says whether anything on the days of an open page changed, without drawing it again. */
async function changes(req: Request, res: Response): Promise<void> {
  const { from, to, room } = readQuery(req, z.object({ from: f.optionalDay(), to: f.optionalDay(), room: f.optionalId() }))
  const first = dayAsked(req, from)
  const last = to && to >= first && to <= addDays(first, 41) ? to : first
  res.set('cache-control', 'no-store').json({ stamp: await readStamp(req.park._id, first, last, room) })
}

async function week(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, query)
  const on = mondayOf(dayAsked(req, asked.on))
  const days = Array.from({ length: 7 }, (_, i) => addDays(on, i))
  const data = await readGrid(req, on, days[6]!)
  const shown = shownRooms(data, asked)
  const inputs = shown.map(room => days.map(one => inputOf(req, data, room, one)))
  const frame = frameOf(inputs.flat())
  const rows = shown.map((room, i) => ({
    room,
    name: textIn(room.name, req.lang),
    days: inputs[i]!.map(input => lineOf(input, frame, data.viewer).filter(cell => cell.kind !== 'free' && cell.kind !== 'past')),
  }))
  res.page('rooms/week', {
    ...filtersOf(req, asked),
    ...stepsOf(req, on, addDays(on, -7), addDays(on, 7)),
    days: days.map(one => ({ day: one, weekday: weekday(one), kind: data.kinds.get(one) ?? null })),
    rows,
    frame,
    mayBook: data.viewer.mayBook,
    stamp: stampOf(data.days.values()),
    some: data.rooms.length > 0,
    scripts: ['room-live.js', 'room-watch.js'],
  })
}

const TIMES = {
  day: 1,
  room: 1,
  'claims.room': 1,
  'claims.start': 1,
  'claims.end': 1,
  'claims.kind': 1,
  'claims.expiresAt': 1,
  'claims.tenant': 1,
  'claims.user': 1,
} as const

/** How full a day is: booked minutes as a share of the open ones; a part of a hall counts for its share of it. */
function fullness(data: GridData, shown: GridRoom[], day: Day): { bookings: number; own: number; share: number | null } {
  const roots = shown.filter(room => !room.whole || !shown.some(other => other._id.equals(room.whole!)))
  const kind = kindIn(data.kinds)(day)
  let [open, used, bookings, own] = [0, 0, 0, 0]
  for (const room of roots) {
    const span = day > room.activeTo ? null : openOf(room, data.class, kind)
    open += span ? span.to - span.from : 0
    const parts = data.rooms.filter(other => other.whole?.equals(room._id)).length || 1
    for (const claim of data.days.get(dayKey(rootOf(room), day))?.claims ?? []) {
      if (claim.kind !== 'booking' || !concerns(room, claim)) continue
      used += (claim.end - claim.start) / (claim.room.equals(room._id) ? 1 : parts)
      bookings += 1
      if (isOwnClaim(data.viewer, claim)) own += 1
    }
  }
  return { bookings, own, share: open ? Math.min(1, used / open) : null }
}

async function month(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, query)
  const on = monthStart(dayAsked(req, asked.on))
  const [first, last] = [mondayOf(on), addDays(mondayOf(monthEnd(on)), 6)]
  const data = await readGrid(req, first, last, TIMES)
  const shown = shownRooms(data, asked)
  const days = []
  for (let one = first; one <= last; one = addDays(one, 1)) {
    const kind = data.kinds.get(one) ?? null
    days.push({ day: one, inside: one.slice(0, 7) === on.slice(0, 7), kind, ...fullness(data, shown, one) })
  }
  res.page('rooms/month', {
    ...filtersOf(req, asked),
    ...stepsOf(req, on, addMonths(on, -1), addMonths(on, 1)),
    days,
    some: data.rooms.length > 0,
  })
}

export const gridRoutes = routes(({ get }) => {
  get('/', 'room.read', day)
  get('/week', 'room.read', week)
  get('/month', 'room.read', month)
  get('/changes', 'room.read', changes)
  get('/find', 'room.read', findRoomPage)
})
