import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import type { Day } from '../lib/days.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { subjectOf } from './book.ts'
import { Booking } from './booking.ts'
import { loadBooking } from './change.ts'
import { payablesOf } from './settle.ts'

/** What is payable for a booking right now, in fen: its price, or the fee for having cancelled it. */
export const dueOf = (booking: Booking): number => payablesOf(booking).reduce((sum, one) => sum + one.fen, 0)

/** What was paid against what is due now: a later move or cancelling may leave something open, or too much paid. */
export function balanceOf(booking: Booking): { due: number; open: number; refund: number } {
  const [due, paid] = [dueOf(booking), booking.paid?.fen ?? 0]
  return { due, open: Math.max(0, due - paid), refund: Math.max(0, paid - due) }
}

/**
 * Notes that a booking was paid: all that is open of it. What is payable is its charge and stays as it is. Throws
 * booking.nothingDue where nothing is charged, booking.paid (409) where somebody noted it before and nothing has been added since.
 */
export async function notePayment(
  park: string,
  _id: Types.ObjectId,
  { on, note }: { on: Day; note: string | null },
  by: Actor,
): Promise<Booking> {
  return transact(async () => {
    const booking = await loadBooking(park, _id)
    const { due, open } = balanceOf(booking)
    if (!due) throw new RuleError('booking.nothingDue', { code: booking.code })
    if (booking.paid && !open) throw conflict('booking.paid', { code: booking.code, on: booking.paid.on })
    const change = { paid: { on, by: by.name, note, fen: due }, version: booking.version + 1 }
    await Booking.updateOne({ park, _id }, change)
    await audit(by, 'booking.pay', subjectOf(booking), { after: { on, fen: open }, note })
    return { ...booking, ...change }
  })
}
