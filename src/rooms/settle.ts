import type { Actor } from '../accounts/identity.ts'
import type { Charge } from '../billing/charge.ts'
import { chargeFor, reverseCharge, standingCharges } from '../billing/charging.ts'
import type { Booking } from './booking.ts'
import { lastDayOf } from './slot.ts'

/** What a booking makes payable right now: its price once it is confirmed, the fee once it is cancelled. */
export function payablesOf(booking: Booking): { item: 'use' | 'cancellation'; fen: number }[] {
  const { state, cost, cancelled } = booking
  if (state === 'confirmed' || state === 'released') return cost.total ? [{ item: 'use', fen: cost.total }] : []
  if (state === 'cancelled' && cancelled?.fee) return [{ item: 'cancellation', fen: cancelled.fee }]
  return []
}

/**
 * Brings the charges of a booking to what is payable, in the caller's transaction: what no longer holds is reversed, what is missing
 * is charged (billing/charging.ts; append-only). Due on the day of use.
 */
export async function settle(booking: Booking, by: Actor, reason: string | null = null): Promise<void> {
  const { park, _id, code, day } = booking
  const source = { kind: 'booking' as const, ref: _id }
  const wanted = payablesOf(booking)
  const standing = await standingCharges(park, source)
  const fits = (charge: Charge) => wanted.some(one => one.item === charge.item && one.fen === charge.fen && charge.from === day)
  for (const charge of standing) if (!fits(charge)) await reverseCharge(park, charge._id, reason ?? code, by)
  for (const { item, fen } of wanted) {
    if (standing.some(charge => fits(charge) && charge.item === item)) continue
    const to = lastDayOf(booking)
    await chargeFor(park, { source, tenant: booking.holder.tenant, kind: 'fee', item, label: code, from: day, to, fen, dueOn: day }, by)
  }
}
