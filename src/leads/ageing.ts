import { now } from '../lib/clock.ts'
import type { Day } from '../lib/days.ts'
import { scopedAggregate } from '../lib/park-scope.ts'
import { Lead } from './lead.ts'
import { conditionsOf, type Narrow } from './report-filter.ts'
import type { SetupFacts, Stage } from './setup.ts'

/** How long open leads have been in their stage, and which of them wait: as of now, whenever they came on. */
export const BUCKETS = [7, 14, 30, 60, 90] as const
const DAY_MS = 86_400_000

export interface AgeCounts {
  open: number
  /** In their stage for up to so many days (BUCKETS), the last one: longer. */
  buckets: number[]
  /** Their next step should have been done. */
  overdue: number
  /** Owned, and nothing has happened for `idleFrom` days. */
  idle: number
  pool: number
  /** Days of the one that has been longest in its stage; null of nothing. */
  oldest: number | null
}

export interface AgeStage extends AgeCounts {
  /** Null: stages the park has no more. */
  stage: Stage | null
}

export interface AgeOwner extends AgeCounts {
  owner: string | null
}

export interface Ageing {
  total: AgeCounts
  stages: AgeStage[]
  owners: AgeOwner[]
  idleFrom: number
}

interface Group {
  _id: { stage: string; owner: unknown; bucket: number }
  open: number
  overdue: number
  idle: number
  pool: number
  since: Date
}

/** From when on a lead counts as idle: when its owner is told, or after a month where leads never go back to the pool. */
export const idleFrom = ({ idleDays, warnDays }: Pick<SetupFacts, 'idleDays' | 'warnDays'>): number =>
  idleDays ? Math.max(1, idleDays - warnDays) : 30

const nothing = (): AgeCounts => ({ open: 0, buckets: [...BUCKETS, 0].map(() => 0), overdue: 0, idle: 0, pool: 0, oldest: null })

function add(into: AgeCounts, group: Group, at: Date): void {
  into.open += group.open
  into.buckets[group._id.bucket]! += group.open
  into.overdue += group.overdue
  into.idle += group.idle
  into.pool += group.pool
  into.oldest = Math.max(into.oldest ?? 0, Math.floor((at.getTime() - group.since.getTime()) / DAY_MS))
}

export async function ageingOf(park: string, today: Day, narrow: Narrow, setup: SetupFacts): Promise<Ageing> {
  const at = now()
  const ago = (days: number) => new Date(at.getTime() - days * DAY_MS)
  const from = idleFrom(setup)
  const owned = { $ne: ['$owner', null] }
  const one = (test: unknown) => ({ $sum: { $cond: [test, 1, 0] } })
  // Whole days: eight days and an hour are eight.
  const bucket = { $add: BUCKETS.map(days => ({ $cond: [{ $lte: ['$since', ago(days + 1)] }, 1, 0] })) }
  const groups = await scopedAggregate<Group>(Lead, { park, state: 'open', ...conditionsOf(narrow) }, [
    { $project: { stage: 1, owner: 1, touchedAt: 1, on: '$next.on', since: { $arrayElemAt: ['$path.at', -1] } } },
    {
      $group: {
        _id: { stage: '$stage', owner: '$owner', bucket },
        open: { $sum: 1 },
        overdue: one({ $and: [{ $gt: ['$on', null] }, { $lt: ['$on', today] }] }),
        idle: one({ $and: [owned, { $lte: ['$touchedAt', ago(from)] }] }),
        pool: one({ $eq: ['$owner', null] }),
        since: { $min: '$since' },
      },
    },
  ])
  const total = nothing()
  const stages = setup.stages.map((stage): AgeStage => ({ stage, ...nothing() }))
  const former: AgeStage = { stage: null, ...nothing() }
  const owners = new Map<string | null, AgeOwner>()
  for (const group of groups) {
    const owner = group._id.owner ? String(group._id.owner) : null
    if (!owners.has(owner)) owners.set(owner, { owner, ...nothing() })
    const here = stages.find(row => row.stage!.code === group._id.stage) ?? former
    for (const into of [total, here, owners.get(owner)!]) add(into, group, at)
  }
  const sorted = [...owners.values()].sort((a, b) => b.overdue - a.overdue || b.open - a.open)
  return { total, stages: former.open ? [...stages, former] : stages, owners: sorted, idleFrom: from }
}
