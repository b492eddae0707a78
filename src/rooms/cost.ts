import { RuleError } from '../lib/rule-error.ts'
import type { Booking, Cost, OrderedExtra, Terms } from './booking.ts'
import type { Room } from './room.ts'

/** What a booking costs. Money in integer fen, time in minutes; each part is rounded once, half up. */
const rounded = (fen: number, minutes: number): number => Math.floor((2 * fen * minutes + 60) / 120)

export interface Order {
  code: string
  count: number
}

/** The extras ordered, at the room's prices of today. Throws room.noExtra for one the room doesn't have. */
export function extrasOf(room: Pick<Room, 'extras'>, orders: Order[], minutes: number): OrderedExtra[] {
  return orders
    .filter(order => order.count > 0)
    .map(({ code, count }) => {
      const extra = room.extras.find(one => one.code === code)
      if (!extra) throw new RuleError('room.noExtra', {}, { field: 'extras' })
      return { code, name: extra.name, count, per: extra.per, unit: extra.fen, fen: extraFen(extra.per, extra.fen, count, minutes) }
    })
}

const extraFen = (per: OrderedExtra['per'], unit: number, count: number, minutes: number): number =>
  per === 'hour' ? rounded(unit * count, minutes) : unit * count

/** What was ordered, when the booking takes another time or room: at its old prices in the same room, at the other's there. */
export function extrasAfter(booking: Pick<Booking, 'room' | 'extras'>, room: Room, minutes: number): OrderedExtra[] {
  if (!room._id.equals(booking.room)) return extrasOf(room, booking.extras, minutes)
  return booking.extras.map(one => ({ ...one, fen: extraFen(one.per, one.unit, one.count, minutes) }))
}

/** Minutes that the free hours pay for, of all months. */
export const minutesIn = (free: Cost['free']): number => free.reduce((sum, one) => sum + one.minutes, 0)

export function costOf(terms: Pick<Terms, 'price'>, minutes: number, free: Cost['free'], extras: OrderedExtra[]): Cost {
  const room = rounded(terms.price, Math.max(0, minutes - minutesIn(free)))
  const ordered = extras.reduce((sum, one) => sum + one.fen, 0)
  return { minutes, free, room, extras: ordered, total: room + ordered }
}

/** The fee for cancelling `minutesLeft` before the start, and the free minutes that stay used: the share the rule frozen in says. */
export function cancellationOf(terms: Pick<Terms, 'cancelBefore' | 'cancelPercent'>, cost: Cost, minutesLeft: number) {
  const percent = minutesLeft < terms.cancelBefore ? terms.cancelPercent : 0
  return {
    fee: Math.floor((2 * cost.total * percent + 100) / 200),
    kept: cost.free.map(one => ({ ...one, minutes: Math.round((one.minutes * percent) / 100) })).filter(one => one.minutes > 0),
  }
}
