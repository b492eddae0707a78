import type { Types } from 'mongoose'
import { scopedAggregate } from '../lib/park-scope.ts'
import { Lead } from './lead.ts'
import { ownersOf } from './pool.ts'

/** How many open leads each person has: of the park's staff, and of whoever has left and still owns some. */
export interface Load {
  _id: Types.ObjectId
  name: string
  count: number
  /** Still of the park. */
  here: boolean
}

export async function loadsOf(park: string): Promise<Load[]> {
  const [people, counts] = await Promise.all([
    ownersOf(park),
    scopedAggregate<{ _id: Types.ObjectId; count: number; name: string }>(Lead, { park, state: 'open', owner: { $ne: null } }, [
      { $group: { _id: '$owner', count: { $sum: 1 }, name: { $last: '$ownerName' } } },
    ]),
  ])
  const known = new Map(people.map(({ _id, name }) => [String(_id), { _id, name, count: 0, here: true } as Load]))
  for (const { _id, name, count } of counts) {
    const one = known.get(String(_id))
    if (one) one.count = count
    else known.set(String(_id), { _id, name: name ?? '–', count, here: false })
  }
  return [...known.values()].sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
}
