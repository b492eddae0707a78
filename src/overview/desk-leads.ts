import { Types } from 'mongoose'
import { Lead } from '../leads/lead.ts'
import type { Day } from '../lib/days.ts'
import { scopedAggregate } from '../lib/park-scope.ts'
import { COUNT_LIMIT } from '../web/list.ts'

/** One's own next steps that are due, how many wait in the pool, and who came last: for whoever works on leads. */
export type DeskLead = Pick<Lead, '_id' | 'number' | 'name' | 'next' | 'owner' | 'at'>

export interface DeskLeads {
  /** Overdue first; as many as are shown. */
  due: DeskLead[]
  /** Steps that are due in all, and overdue of them. */
  dueCount: number
  overdue: number
  pool: number
  newest: DeskLead[]
}

const SHOWN = 6
const NEWEST = 4
const FIELDS = { number: 1, name: 1, next: 1, owner: 1, at: 1 }

type Part = DeskLead & { part: 'due' | 'newest' } & { count: number; name: string }
type Counted = { part: 'overdue' | 'all' | 'pool'; count: number }

/** One command: short looks, each into an index of its own. */
export async function deskLeads(park: string, who: string, today: Day): Promise<DeskLeads> {
  const mine = { park, owner: new Types.ObjectId(who), state: 'open' }
  const part = (name: string) => ({ $addFields: { part: name } })
  const counted = (name: string, filter: Record<string, unknown>) => ({
    $unionWith: { coll: Lead.collection.name, pipeline: [{ $match: filter }, { $limit: COUNT_LIMIT }, { $count: 'count' }, part(name)] },
  })
  const newest = {
    $unionWith: {
      coll: Lead.collection.name,
      pipeline: [
        { $match: { park, state: { $ne: 'merged' } } },
        { $sort: { at: -1, _id: -1 } },
        { $limit: NEWEST },
        { $project: FIELDS },
        part('newest'),
      ],
    },
  }
  const rows = await scopedAggregate<Part | Counted>(Lead, { ...mine, 'next.on': { $lte: today } }, [
    { $sort: { 'next.on': 1, _id: 1 } },
    { $limit: SHOWN },
    { $project: FIELDS },
    part('due'),
    counted('overdue', { ...mine, 'next.on': { $lt: today } }),
    counted('all', { ...mine, 'next.on': { $lte: today } }),
    counted('pool', { park, state: 'open', owner: null, 'pool.at': { $type: 'date' } }),
    newest,
  ])
  const of = (name: Part['part']) => rows.filter((row): row is Part => row.part === name)
  const count = (name: Counted['part']) => rows.find(row => row.part === name)?.count ?? 0
  return { due: of('due'), dueCount: count('all'), overdue: count('overdue'), pool: count('pool'), newest: of('newest') }
}
