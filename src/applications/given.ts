import type { Day } from '../lib/days.ts'
import type { Fen } from '../lib/money.ts'
import { scopedAggregate } from '../lib/park-scope.ts'
import { Application } from './application.ts'

/** What the services of some parks gave in a period: companies founded, those free of charge, fees not asked for. */
export interface Given {
  founded: number
  free: number
  value: Fen
}

type Founded = { _id: string; founded: number; free: number }
type Valued = { _id: string; value: Fen }

/** By park; one without any has no entry. */
export async function givenBy(parks: string[], from: Day, to: Day): Promise<Map<string, Given>> {
  const within = { $gte: from, $lte: to }
  const free = { $cond: [{ $and: [{ $eq: ['$fee', 0] }, { $gt: ['$fullFee', 0] }] }, 1, 0] }
  const value = { $sum: { $subtract: ['$fullFee', '$fee'] } }
  const park = { $in: parks }
  const [founded, valued] = await Promise.all([
    scopedAggregate<Founded>(Application, { park, foundedOn: within }, [
      { $group: { _id: '$park', founded: { $sum: 1 }, free: { $sum: free } } },
    ]),
    scopedAggregate<Valued>(Application, { park, chargedOn: within }, [{ $group: { _id: '$park', value } }]),
  ])
  const all = new Map<string, Given>()
  const of = (slug: string): Given => {
    if (!all.has(slug)) all.set(slug, { founded: 0, free: 0, value: 0 })
    return all.get(slug)!
  }
  for (const { _id, founded: count, free: gratis } of founded) Object.assign(of(_id), { founded: count, free: gratis })
  for (const { _id, value: fen } of valued) of(_id).value = fen
  return all
}
