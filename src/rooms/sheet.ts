import type { Request, Response } from 'express'
import { z } from 'zod'
import { User } from '../accounts/user.ts'
import { now } from '../lib/clock.ts'
import { addDays, type Day, isDay, today } from '../lib/days.ts'
import { maskPhone } from '../lib/mask.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { clockOf, DAY_MINUTES, instantAt } from '../lib/wall.ts'
import { readQuery } from '../web/forms.ts'
import { routes } from '../web/router.ts'
import { Booking } from './booking.ts'
import { Room } from './room.ts'
import { type RoomClaim, RoomDay } from './room-day.ts'

/** The sheet of a day, for the desk to print: room by room, who comes when, with how many, and what has to be put up. */
const DAYS_BEFORE = 2

type Shown = Pick<Room, '_id' | 'name' | 'code' | 'place' | 'equipment' | 'capacity'>

/** The bookings that touch a day: those of the days before may reach into it. */
async function bookingsOn(req: Request, on: Day): Promise<Booking[]> {
  const { _id: park, zone } = req.park
  const filter = { park, day: { $gte: addDays(on, -DAYS_BEFORE), $lte: on }, state: { $in: ['confirmed', 'pending'] } }
  const found = await scopedFind<Booking>(Booking, filter, { sort: { day: 1, from: 1, _id: 1 } })
  const begin = instantAt(on, 0, zone)
  return found.filter(({ endsAt }) => endsAt > begin)
}

/** The closings of a day, by room. */
async function closingsOn(park: string, on: Day): Promise<RoomClaim[]> {
  const days = await scopedFind<Pick<RoomDay, 'claims'>>(RoomDay, { park, day: on }, { projection: { claims: 1 } })
  return days.flatMap(({ claims }) => claims.filter(({ kind, start, end }) => kind === 'blackout' && end > start))
}

async function contactsOf(bookings: Booking[]): Promise<Map<string, string>> {
  const ids = bookings.flatMap(({ contact }) => contact ?? [])
  const users = ids.length ? await User.find({ _id: { $in: ids } }, { name: 1 }).lean() : []
  return new Map(users.map(({ _id, name }) => [String(_id), name]))
}

interface Row {
  from: number
  time: string
  closing: string | null
  booking: Booking | null
  contact: string
  phone: string
}

function rowOf(req: Request, booking: Booking, on: Day, contacts: Map<string, string>): Row {
  const { day, from, to, holder, contact } = booking
  const late = to - DAY_MINUTES
  const begin = day < on ? req.t('door.sheet.fromBefore', { at: clockOf(from) }) : clockOf(from)
  const end = day === on && late > 0 ? req.t('door.sheet.toAfter', { at: clockOf(late) }) : clockOf(to)
  const name = contact ? (contacts.get(String(contact)) ?? '') : ''
  return {
    from: day < on ? 0 : from,
    time: `${begin}–${end}`,
    closing: null,
    booking,
    contact: name === holder.name ? '' : name,
    phone: holder.phone ? maskPhone(holder.phone) : '',
  }
}

const closingRow = ({ start, end, title }: RoomClaim): Row => ({
  from: start,
  time: `${clockOf(start)}–${clockOf(end)}`,
  closing: title,
  booking: null,
  contact: '',
  phone: '',
})

const query = z.object({ on: z.string().refine(isDay).optional() })

async function sheet(req: Request, res: Response): Promise<void> {
  const park = req.park._id
  const on = readQuery(req, query).on ?? today(req.park.zone)
  const fields = { name: 1, code: 1, place: 1, equipment: 1, capacity: 1 }
  const [rooms, bookings, closings] = await Promise.all([
    scopedFind<Shown>(Room, { park }, { projection: fields, sort: { order: 1, code: 1 } }),
    bookingsOn(req, on),
    closingsOn(park, on),
  ])
  const contacts = await contactsOf(bookings)
  const sections = rooms.map(room => {
    const booked = bookings.filter(booking => booking.room.equals(room._id)).map(booking => rowOf(req, booking, on, contacts))
    const closed = closings.filter(claim => claim.room.equals(room._id)).map(closingRow)
    return { room, rows: [...booked, ...closed].sort((a, b) => a.from - b.from) }
  })
  res.page('rooms/day-sheet', {
    on,
    previous: addDays(on, -1),
    following: addDays(on, 1),
    count: bookings.length,
    sections: sections.filter(({ rows }) => rows.length),
    printed: req.fmt.moment(now(), req.park.zone),
  })
}

export const sheetRoutes = routes(({ get }) => {
  get('/day-sheet', 'booking.desk', sheet)
})
