import type { Types } from 'mongoose'
import { firstDay, lastDay, type Month } from '../lib/months.ts'
import { scopedAggregate } from '../lib/park-scope.ts'
import { Session } from './session.ts'

/** Hours of mentoring by month, mentor and team: minutes of what was held, and how often somebody didn't come. */
export interface Line {
  month: Month
  mentor: Types.ObjectId
  mentorName: string
  /** The tenant; null for a founder's team. */
  tenant: Types.ObjectId | null
  team: string
  sessions: number
  minutes: number
  missed: number
}

export interface Sum {
  key: string
  name: string
  tenant: Types.ObjectId | null
  sessions: number
  minutes: number
  missed: number
}

const held = { $eq: ['$state', 'held'] }

export async function mentoringHours(park: string, from: Month, to: Month): Promise<Line[]> {
  const filter = { park, state: { $in: ['held', 'missed'] }, day: { $gte: firstDay(from), $lte: lastDay(to) } }
  const _id = {
    month: { $substrBytes: ['$day', 0, 7] },
    mentor: '$mentor',
    mentorName: '$mentorName',
    tenant: '$team.tenant',
    user: '$team.user',
    team: '$team.name',
  }
  const sums = {
    sessions: { $sum: { $cond: [held, 1, 0] } },
    minutes: { $sum: { $cond: [held, { $subtract: ['$to', '$from'] }, 0] } },
    missed: { $sum: { $cond: [held, 0, 1] } },
  }
  const rows = await scopedAggregate<{ _id: Omit<Line, 'sessions' | 'minutes' | 'missed'> } & Line>(Session, filter, [
    { $group: { _id, ...sums } },
    { $sort: { '_id.month': 1, '_id.mentorName': 1, '_id.team': 1 } },
  ])
  return rows.map(({ _id: key, sessions, minutes, missed }) => ({ ...key, sessions, minutes, missed }))
}

/** The same lines added up by what `keyOf` says, most hours first. */
export function sumBy(lines: Line[], keyOf: (line: Line) => Pick<Sum, 'key' | 'name' | 'tenant'>): Sum[] {
  const sums = new Map<string, Sum>()
  for (const line of lines) {
    const head = keyOf(line)
    const sum = sums.get(head.key) ?? { ...head, sessions: 0, minutes: 0, missed: 0 }
    sum.sessions += line.sessions
    sum.minutes += line.minutes
    sum.missed += line.missed
    sums.set(head.key, sum)
  }
  return [...sums.values()].sort((a, b) => b.minutes - a.minutes || (a.name < b.name ? -1 : 1))
}
