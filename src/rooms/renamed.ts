import type { Types } from 'mongoose'
import { again } from '../db/transact.ts'
import { onRenamed } from '../tenants/hooks.ts'
import { Allowance } from './allowance.ts'
import { Booking } from './booking.ts'
import { RoomDay } from './room-day.ts'
import { BookingSeries } from './series.ts'
import { WaitEntry } from './waitlist.ts'

/** What bookings and the days of rooms know of a tenant, when it is renamed or turns out to be another one. */
async function rewrite(park: string, tenant: Types.ObjectId, set: { tenant?: Types.ObjectId; who?: string }): Promise<void> {
  const booking = { ...(set.tenant && { 'holder.tenant': set.tenant }), ...(set.who && { 'holder.name': set.who }) }
  await Booking.updateMany({ park, 'holder.tenant': tenant }, { $set: booking })
  await WaitEntry.updateMany({ park, 'holder.tenant': tenant }, { $set: booking })
  await BookingSeries.updateMany({ park, 'holder.tenant': tenant }, { $set: booking })
  for (const list of ['claims', 'requests'] as const) {
    const fields = Object.fromEntries(Object.entries(set).map(([field, value]) => [`${list}.$[one].${field}`, value]))
    await RoomDay.updateMany({ park, [`${list}.tenant`]: tenant }, { $set: fields }, { arrayFilters: [{ 'one.tenant': tenant }] })
  }
}

onRenamed(({ park, _id, name }) => rewrite(park, _id, { who: name }))

/**
 * Bookings and free hours of a tenant that was merged into another, in the merge's transaction. What both used of a month adds up;
 * where that is more than either was granted, the rest is noted as `excess`: nobody did anything wrong, and nothing is left.
 */
export async function mergeBookings(park: string, gone: Types.ObjectId, kept: { _id: Types.ObjectId; name: string }): Promise<void> {
  await rewrite(park, gone, { tenant: kept._id, who: kept.name })
  const [from, to] = [`tenant:${gone}`, `tenant:${kept._id}`]
  for (const { month, granted, used } of await Allowance.find({ park, holder: from }).lean()) {
    const own = await Allowance.findOne({ park, holder: to, month }).lean()
    const sum = used + (own?.used ?? 0)
    const most = Math.max(granted, own?.granted ?? 0)
    const set = { used: sum, granted: most, excess: Math.max(0, sum - most) }
    try {
      await Allowance.updateOne({ park, holder: to, month }, { $set: set }, { upsert: true })
    } catch (error) {
      throw again(error)
    }
  }
  await Allowance.deleteMany({ park, holder: from })
}
