import type { Types } from 'mongoose'
import { SYSTEM } from '../accounts/identity.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { Park } from '../parks/park.ts'
import { Booking } from './booking.ts'
import { loadBooking } from './change.ts'
import { reject } from './decide.ts'

/**
 * Closes one request whose time began before anybody decided it: its free minutes go back and its contact is told. False where
 * somebody decided or cancelled it meanwhile.
 */
export async function rejectOverdue(park: Park, _id: Types.ObjectId): Promise<boolean> {
  return transact(async () => {
    const booking = await loadBooking(park._id, _id)
    if (booking.state !== 'pending' || booking.startsAt > now()) return false
    await reject(park, booking, null, SYSTEM)
    return true
  })
}

/** Every minute: requests nobody can confirm any more. */
export async function rejectOverdueRequests(): Promise<number> {
  const parks = new Map(((await Park.find().lean()) as unknown as Park[]).map(park => [park._id, park]))
  const filter = { park: { $in: [...parks.keys()] }, state: 'pending' as const, startsAt: { $lte: now() } }
  let rejected = 0
  for (const { park, _id } of await Booking.find(filter, { park: 1 }).lean()) if (await rejectOverdue(parks.get(park)!, _id)) rejected += 1
  return rejected
}
