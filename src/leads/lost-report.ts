import { earlier, later } from '../lib/days.ts'
import { firstDay, lastDay, type Month, monthOf, monthsFrom } from '../lib/months.ts'
import { scopedUnion } from '../lib/park-scope.ts'
import { Lead, LOST_INDEX, LOST_REASONS, type LostReason } from './lead.ts'
import { conditionsOf, instantsOf, type Narrow, type Period } from './report-filter.ts'
import { allStages, type SetupFacts, type Stage } from './setup.ts'

/** Why leads were lost in a period: by reason, by the stage they were lost in, and month by month. A lead taken up again is lost no more. */
export interface ReasonRow {
  reason: LostReason
  total: number
  /** In the order of the stages; the last one: stages the park has no more. */
  byStage: number[]
}

export interface LostMonth {
  month: Month
  total: number
  /** In the order of the reasons. */
  byReason: number[]
}

export interface LostReport {
  total: number
  stages: Stage[]
  former: boolean
  reasons: ReasonRow[]
  months: LostMonth[]
}

interface Group {
  _id: { reason: LostReason; stage: string }
  count: number
  month: Month
}

/** Month by month in one read: to have the database name the month of each lead in a zone takes more than twice as long. */
function lostIn(park: { _id: string; zone: string }, period: Period, narrow: Narrow, months: Month[]): Promise<Group[]> {
  const group = { $group: { _id: { reason: '$lost.reason', stage: '$stage' }, count: { $sum: 1 } } }
  const looks = months.map(month => {
    const { from, until } = instantsOf({ from: later(period.from, firstDay(month)), to: earlier(period.to, lastDay(month)) }, park.zone)
    const filter = { park: park._id, state: 'lost', 'course.lostAt': { $gte: from, $lt: until }, ...conditionsOf(narrow) }
    return { filter, stages: [group, { $set: { month } }] }
  })
  return scopedUnion<Group>(Lead, looks, { hint: LOST_INDEX })
}

const sum = (numbers: number[]): number => numbers.reduce((all, n) => all + n, 0)

export async function lostReport(
  park: { _id: string; zone: string },
  period: Period,
  narrow: Narrow,
  setup: SetupFacts,
): Promise<LostReport> {
  const asked = monthsFrom(monthOf(period.from), monthOf(period.to))
  const groups = await lostIn(park, period, narrow, asked)
  // What is signed isn't lost: its lease is ended first, and it goes back to a stage of the park.
  const stages = allStages(setup).slice(0, setup.stages.length)
  const places = new Map(stages.map(({ code }, i) => [code, i]))
  const rows = new Map(LOST_REASONS.map(reason => [reason, Array.from({ length: stages.length + 1 }, () => 0)]))
  const months = new Map(asked.map(one => [one, LOST_REASONS.map(() => 0)]))
  for (const { _id, count, month } of groups) {
    rows.get(_id.reason)![places.get(_id.stage) ?? stages.length]! += count
    months.get(month)![LOST_REASONS.indexOf(_id.reason)]! += count
  }
  const reasons = [...rows].map(([reason, byStage]) => ({ reason, total: sum(byStage), byStage })).sort((a, b) => b.total - a.total)
  return {
    total: sum(reasons.map(row => row.total)),
    stages,
    former: reasons.some(row => row.byStage.at(-1)),
    reasons,
    months: [...months].map(([one, byReason]) => ({ month: one, total: sum(byReason), byReason })),
  }
}
