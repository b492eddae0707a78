import { Types } from 'mongoose'
import { Lead } from '../leads/lead.ts'
import type { Day } from '../lib/days.ts'
import { scopedUnion } from '../lib/park-scope.ts'
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

type Filter = Record<string, unknown> & { park: string }
type Part = DeskLead & { part: 'due' | 'newest' } & { count: number; name: string }
type Counted = { part: 'overdue' | 'all' | 'pool'; count: number }

/** One command: short looks, each into an index of its own. */
export async function deskLeads(park: string, who: string, today: Day): Promise<DeskLeads> {
  const mine = { park, owner: new Types.ObjectId(who), state: 'open' }
  const part = (name: string) => ({ $addFields: { part: name } })
  const shown = (name: string, filter: Filter, sort: Record<string, 1 | -1>, limit: number) => ({
    filter,
    stages: [{ $sort: sort }, { $limit: limit }, { $project: FIELDS }, part(name)],
  })
  const counted = (name: string, filter: Filter) => ({
    filter,
    stages: [{ $limit: COUNT_LIMIT }, { $count: 'count' }, part(name)],
  })
  const due = { ...mine, 'next.on': { $lte: today } }
  const rows = await scopedUnion<Part | Counted>(Lead, [
    shown('due', due, { 'next.on': 1, _id: 1 }, SHOWN),
    counted('overdue', { ...mine, 'next.on': { $lt: today } }),
    counted('all', due),
    counted('pool', { park, state: 'open', owner: null, 'pool.at': { $type: 'date' } }),
    shown('newest', { park, state: { $ne: 'merged' } }, { at: -1, _id: -1 }, NEWEST),
  ])
  const of = (name: Part['part']) => rows.filter((row): row is Part => row.part === name)
  const count = (name: Counted['part']) => rows.find(row => row.part === name)?.count ?? 0
  return { due: of('due'), dueCount: count('all'), overdue: count('overdue'), pool: count('pool'), newest: of('newest') }
}
