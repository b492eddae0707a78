import { transact } from '../db/transact.ts'
import { groupBy } from '../lib/check.ts'
import { now } from '../lib/clock.ts'
import { Park } from '../parks/park.ts'
import { WaitEntry } from './waitlist.ts'
import { offerFreed } from './waitlist-offer.ts'
import { lapse } from './waitlist-steps.ts'

const OPEN = ['waiting', 'offered'] as const

/**
 * Every minute: what ran out is written down and goes to the next; and whoever joined in the very moment the time was given back
 * is found. What is free, and for whom, doesn't depend on it: offers that ran out count for nothing.
 */
export async function tendWaitlists(): Promise<string> {
  const at = now()
  const parks = new Map(((await Park.find().lean()) as unknown as Park[]).map(park => [park._id, park]))
  const inside = { park: { $in: [...parks.keys()] } }
  const over = await WaitEntry.find(
    { ...inside, state: { $in: OPEN }, $or: [{ startsAt: { $lte: at } }, { 'offer.until': { $lte: at } }] },
    { park: 1 },
  ).lean()
  let lapsed = 0
  for (const { park, _id } of over) if (await lapse(parks.get(park)!, _id)) lapsed += 1
  let offered = 0
  const waiting = await WaitEntry.find({ ...inside, state: 'waiting', startsAt: { $gt: at } }, { park: 1, root: 1, day: 1 }).lean()
  for (const list of groupBy(waiting, one => `${one.park} ${one.root}`).values()) {
    const { park, root } = list[0]!
    offered += await transact(() =>
      offerFreed(
        parks.get(park)!,
        root,
        list.map(one => one.day),
      ),
    )
  }
  return `${lapsed} lapsed, ${offered} offered`
}
