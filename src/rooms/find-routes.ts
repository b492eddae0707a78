import type { Request, Response } from 'express'
import { z } from 'zod'
import { now } from '../lib/clock.ts'
import { today } from '../lib/days.ts'
import { textIn } from '../lib/text.ts'
import { clockOf, DAY_MINUTES, parseClock, wallAt } from '../lib/wall.ts'
import { f } from '../web/fields.ts'
import { readQuery } from '../web/forms.ts'
import { around, freeRooms, nearTimes } from './alternatives.ts'
import { costOf } from './cost.ts'
import { classOf, dayAsked, freeLeft } from './grid-read.ts'
import { EQUIPMENT, type Room, ruleFor } from './room.ts'
import { priceText } from './room-words.ts'
import { lengthOf, type Slot } from './slot.ts'
import { usesFree } from './terms.ts'
import { viewerOf } from './viewer.ts'

/** Finding a room: by time, people and equipment; with other times where nothing is free. */
export const LENGTHS = [30, 60, 90, 120, 180, 240, 480] as const

const query = z.object({
  on: f.optionalDay(),
  from: z.string().optional(),
  minutes: z.coerce.number().int().min(15).max(DAY_MINUTES).default(60),
  people: z.coerce.number().int().min(1).max(9999).optional(),
  equipment: z.enum(EQUIPMENT).optional(),
})

/** The next half hour, today. */
function soon(zone: string): { day: string; from: number } {
  const wall = wallAt(now(), zone)
  const from = Math.ceil((wall.minute + 1) / 30) * 30
  return from >= DAY_MINUTES - 30 ? { day: wall.day, from: DAY_MINUTES - 30 } : { day: wall.day, from }
}

const addressOf = (root: string, room: Room, slot: Slot, people: number | undefined) =>
  `${root}/bookings/new?room=${room._id}&on=${slot.day}&from=${slot.from}&to=${slot.to}${people ? `&people=${people}` : ''}`

export async function findRoomPage(req: Request, res: Response): Promise<void> {
  const given = readQuery(req, query)
  const first = soon(req.park.zone)
  const on = given.on ? dayAsked(req, given.on) : first.day
  const from = (given.from ? parseClock(given.from) : null) ?? (on === first.day ? first.from : 540)
  const slot: Slot = { day: on, from, to: from + given.minutes }
  const viewer = viewerOf(req)
  const klass = await classOf(req, viewer)
  const asked = { slot, class: klass, people: given.people ?? null, desk: viewer.desk }
  const [state, free] = await Promise.all([around(req.park, slot), freeLeft(req, viewer, klass, slot.day)])
  const fits = (room: Room) => !given.equipment || room.equipment.includes(given.equipment)
  const root = `/parks/${req.park._id}`
  const minutes = lengthOf(slot, req.park.zone)
  const hits = freeRooms(state, asked)
    .filter(fits)
    .map(room => {
      const rule = ruleFor(room, klass)!
      const paid = usesFree(rule) ? Math.min(minutes, free ?? 0) : 0
      const cost = costOf(rule, minutes, paid ? [{ month: '', minutes: paid }] : [], [])
      const link = addressOf(root, room, slot, given.people)
      return {
        room,
        name: textIn(room.name, req.lang),
        fen: cost.total,
        free: paid,
        approval: rule.approval,
        price: priceText(req, rule.price),
        link,
      }
    })
  // The smallest that is big enough first.
  hits.sort((a, b) => a.fen - b.fen || a.room.capacity - b.room.capacity || a.room.order - b.room.order)
  const enough = (room: Room) => fits(room) && ruleFor(room, klass) && room.capacity >= (given.people ?? 0)
  const others = hits.length
    ? []
    : state.rooms
        .filter(enough)
        .map(room => ({
          room,
          name: textIn(room.name, req.lang),
          times: nearTimes(state, room, asked, 3).map(one => ({
            text: `${clockOf(one.from)}–${clockOf(one.to)}`,
            link: addressOf(root, room, one, given.people),
          })),
        }))
        .filter(one => one.times.length)
  res.page('rooms/find', {
    slot,
    clock: clockOf(slot.from),
    until: clockOf(slot.to),
    minutes: given.minutes,
    people: given.people ?? '',
    equipped: given.equipment ?? '',
    equipment: EQUIPMENT,
    lengths: LENGTHS,
    hits,
    others,
    some: state.rooms.length > 0,
    mayBook: viewer.mayBook,
    today: today(req.park.zone),
  })
}
