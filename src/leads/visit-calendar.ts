import type { Types } from 'mongoose'
import { addDays, addMonths, type Day, monthEnd, monthStart, weekday } from '../lib/days.ts'
import { scopedCount, scopedFind, scopedStream } from '../lib/park-scope.ts'
import { COUNT_LIMIT } from '../web/list.ts'
import { Lead } from './lead.ts'
import { Visit, type VisitState } from './visit.ts'

/** The visits of a park as a calendar reads them: by day, week and month, and as a list of what comes. */
export const VIEWS = ['week', 'day', 'month', 'list'] as const
export type View = (typeof VIEWS)[number]

export interface Range {
  from: Day
  to: Day
  previous: Day
  next: Day
}

const mondayOf = (day: Day): Day => addDays(day, 1 - weekday(day))

/** The days a view shows around a day, and the day its neighbours are asked by. A month is shown in whole weeks. */
export function rangeOf(view: View, on: Day): Range {
  if (view === 'month') {
    const [first, last] = [monthStart(on), monthEnd(on)]
    return { from: mondayOf(first), to: addDays(mondayOf(last), 6), previous: addMonths(first, -1), next: addMonths(first, 1) }
  }
  if (view === 'week') return { from: mondayOf(on), to: addDays(mondayOf(on), 6), previous: addDays(on, -7), next: addDays(on, 7) }
  return { from: on, to: on, previous: addDays(on, -1), next: addDays(on, 1) }
}

export const daysOf = ({ from, to }: Pick<Range, 'from' | 'to'>): Day[] => {
  const days: Day[] = []
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day)
  return days
}

export interface Wanted {
  park: string
  from: Day
  to: Day | null
  host: Types.ObjectId | null
  state: VisitState | null
}

export type Shown = Omit<Visit, 'note'> & { leadName: string; leadNumber: string }

const filterOf = ({ park, from, to, host, state }: Wanted) => ({
  ...{ park, day: { $gte: from, ...(to && { $lte: to }) } },
  ...(host && { host }),
  ...(state && { state }),
})
const SORT = { day: 1, from: 1, _id: 1 } as const
const MOST = 1000
const MOST_EXPORTED = 20_000

async function named(park: string, visits: Visit[]): Promise<Shown[]> {
  if (!visits.length) return []
  const ids = [...new Map(visits.map(({ lead }) => [String(lead), lead])).values()]
  const options = { projection: { name: 1, number: 1 } }
  const leads = await scopedFind<Pick<Lead, '_id' | 'name' | 'number'>>(Lead, { park, _id: { $in: ids } }, options)
  const known = new Map(leads.map(lead => [String(lead._id), lead]))
  return visits.map(visit => {
    const lead = known.get(String(visit.lead))
    return { ...visit, leadName: lead?.name ?? '–', leadNumber: lead?.number ?? '' }
  })
}

export async function visitsWithin(wanted: Wanted, { skip = 0, limit = MOST } = {}): Promise<Shown[]> {
  const visits = await scopedFind<Visit>(Visit, filterOf(wanted), { projection: { note: 0 }, sort: SORT, skip, limit })
  return named(wanted.park, visits)
}

export const countWithin = (wanted: Wanted): Promise<number> => scopedCount(Visit, filterOf(wanted), COUNT_LIMIT)

/** The same, some at a time, for an export. */
export async function* visitsForExport(wanted: Wanted): AsyncGenerator<Shown> {
  let some: Visit[] = []
  for await (const visit of scopedStream<Visit>(Visit, filterOf(wanted), { sort: SORT, limit: MOST_EXPORTED })) {
    some.push(visit)
    if (some.length < 200) continue
    yield* await named(wanted.park, some)
    some = []
  }
  yield* await named(wanted.park, some)
}
