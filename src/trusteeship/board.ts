import type { Types } from 'mongoose'
import type { Day } from '../lib/days.ts'
import { addToMonth, type Month, monthOf, monthsFrom } from '../lib/months.ts'
import { scopedFind } from '../lib/park-scope.ts'
import type { Park } from '../parks/park.ts'
import { Agreement, stateOf } from './agreement.ts'
import { type Dues, duesFor, type Late, lateOn } from './due.ts'
import { Round } from './round.ts'
import { calendarOf, rulesOf } from './rules.ts'
import { type LogEntry, nextStep, STEPS, type State, type Step, stateOn } from './state.ts'

/** Who is late at a glance: agreements × months with how far each has come, for any day. Two reads, whatever the number of agreements. */
export const SHOWN_MONTHS = 7
const MOST = 5000

export type BoardAgreement = Pick<
  Agreement,
  '_id' | 'park' | 'number' | 'tenant' | 'tenantName' | 'from' | 'end' | 'staff' | 'staffName' | 'months'
>

export interface Cell {
  month: Month
  /** Null: not of the agreement. */
  state: State | null
  /** What comes next, and when it is due; null when the month is closed. */
  next: { step: Step; due: Day } | null
  late: Late | null
}

export interface BoardRow {
  agreement: BoardAgreement
  cells: Cell[]
  /** Late months from before the first that is shown. */
  older: Cell[]
  /** What has been late for longest; null where nothing is. */
  worst: Late | null
}

export interface Board {
  months: Month[]
  rows: BoardRow[]
  /** Late months, by the step they are late with. */
  late: Record<Step, number>
  total: number
}

type StateOf = (agreement: BoardAgreement, month: Month) => State

export function cellOf(state: State, month: Month, dues: Dues, on: Day): Cell {
  const step = nextStep(state)
  return { month, state, next: step && { step, due: dues[step] }, late: lateOn(state, dues, on) }
}

const NOWHERE = (month: Month): Cell => ({ month, state: null, next: null, late: null })

const sooner = (a: Late | null, b: Late | null): number => {
  if (!a || !b) return Number(!a) - Number(!b)
  return a.due < b.due ? -1 : a.due > b.due ? 1 : 0
}

/** One agreement's line. Pure: what a date decides comes from the date. */
export function rowOf(agreement: BoardAgreement, months: Month[], on: Day, dues: (month: Month) => Dues, state: StateOf): BoardRow {
  const { from, end } = agreement
  const begun = monthOf(on)
  const cell = (month: Month) =>
    month < from || month > end || month > begun ? NOWHERE(month) : cellOf(state(agreement, month), month, dues(month), on)
  const before = addToMonth(months[0]!, -1)
  const older = monthsFrom(from, before < end ? before : end)
    .map(cell)
    .filter(one => one.late)
  const cells = months.map(cell)
  const [worst = null] = [...older, ...cells].map(one => one.late).sort(sooner)
  return { agreement, cells, older, worst }
}

const FIELDS = { park: 1, number: 1, tenant: 1, tenantName: 1, from: 1, end: 1, staff: 1, staffName: 1, months: 1 }

/** States as they were on a past day, from the logs of the months. */
async function statesOn(park: string, on: Day): Promise<StateOf> {
  const filter = { park, month: { $lte: monthOf(on) } }
  const projection = { agreement: 1, month: 1, 'log.to': 1, 'log.on': 1 }
  const rounds = await scopedFind<Pick<Round, 'agreement' | 'month'> & { log: Pick<LogEntry, 'to' | 'on'>[] }>(Round, filter, {
    projection,
  })
  const logs = new Map(rounds.map(round => [`${round.agreement} ${round.month}`, round.log]))
  return ({ _id }, month) => stateOn(logs.get(`${_id} ${month}`) ?? [], on)
}

export interface BoardAsked {
  on: Day
  today: Day
  /** The last month that is shown. */
  last: Month
  mine: Types.ObjectId | null
  /** Part of a company's name. */
  q: string | null
  late: boolean
  step: Step | null
}

export async function boardOf(park: Park, { on, today, last, mine, q, late, step }: BoardAsked): Promise<Board> {
  const first = addToMonth(last, 1 - SHOWN_MONTHS)
  const months = monthsFrom(first, last)
  // One that begins later is shown with today's, so that whoever made it finds it.
  const filter = {
    park: park._id,
    ...(on < today ? { from: { $lte: monthOf(on) } } : {}),
    $or: [{ end: { $gte: first } }, { open: true }],
    ...(mine ? { staff: mine } : {}),
  }
  const [found, rules, state] = await Promise.all([
    scopedFind<BoardAgreement>(Agreement, filter, { projection: FIELDS, sort: { tenantName: 1, _id: 1 }, limit: MOST }),
    rulesOf(park._id),
    on < today ? statesOn(park._id, on) : (stateOf satisfies StateOf),
  ])
  const begin = found.reduce((min, { from }) => (from < min ? from : min), first)
  const dues = duesFor(rules, await calendarOf(park, begin, last > monthOf(on) ? last : monthOf(on)))
  const all = found.map(agreement => rowOf(agreement, months, on, dues, state))
  const counts = Object.fromEntries(STEPS.map(one => [one, 0])) as Record<Step, number>
  const lateCells = ({ older, cells }: BoardRow) => [...older, ...cells].filter(one => one.late)
  for (const row of all) for (const one of lateCells(row)) counts[one.late!.step] += 1
  const wanted = (row: BoardRow) =>
    (!q || `${row.agreement.tenantName} ${row.agreement.number}`.toLowerCase().includes(q.toLowerCase())) &&
    (!late || row.worst !== null) &&
    (!step || lateCells(row).some(one => one.late!.step === step))
  const rows = all.filter(wanted).sort((a, b) => sooner(a.worst, b.worst))
  return { months, rows, late: counts, total: found.length }
}
