import { Types } from 'mongoose'
import { Booking } from '../../src/rooms/booking.ts'
import type { Room } from '../../src/rooms/room.ts'
import { signedInAs } from '../setup/app.ts'
import { buildPark, buildTenant, inDays } from '../setup/factories.ts'
import { buildBooking, buildRoom, holderOf } from '../setup/rooms.ts'

/** A room with a price, the park's manager, and a company's member who books it: for what closes rooms. */
export const day = inDays(7)
const clock = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

export async function scene(rule: object = {}) {
  const park = (await buildPark(undefined, { settings: { freeMinutes: { tenant: 600, student: 0 } } as never }))._id
  const tenant = await buildTenant(park)
  const [manager, member] = [await signedInAs('manager', { park }), await signedInAs('member', { park, tenant: tenant._id })]
  const room = await buildRoom({ park, rule: { price: 10_000, cancelBefore: 100_000, cancelPercent: 50, ...rule } })
  const holder = await holderOf(park, tenant._id)
  const contact = new Types.ObjectId(member.userId)
  const book = async (from: number, more: object = {}) =>
    (await buildBooking({ room, holder, contact, day, from, to: from + 60, ...more })).booking
  return { park, tenant, manager, member, room, holder, contact, book, base: `/parks/${park}/rooms/blackouts` }
}

/** The form of a closure. */
export const form = (rooms: Room[], from: number, to: number, more: Record<string, string> = {}) => ({
  rooms: rooms.map(room => String(room._id)),
  day,
  from: clock(from),
  to: clock(to),
  reasonZh: 'Cleaning',
  ...more,
})

export const stateOf = async (booking: Booking) => (await Booking.findOne({ park: booking.park, _id: booking._id }).lean())!
