import type { Day } from '../lib/days.ts'
import type { Fen } from '../lib/money.ts'
import { type Month, monthOf, monthsFrom } from '../lib/months.ts'
import { scopedFind, scopedStream } from '../lib/park-scope.ts'
import type { Bilingual } from '../lib/text.ts'
import type { ServiceKind } from '../services/content.ts'
import { Service } from '../services/service.ts'
import { Application, type State } from './application.ts'
import { daysLate } from './list.ts'
import { isEnded, isOpen } from './progress.ts'

/**
 * What applications came to: by month, by service, by step. What is handed in counts on its day, what ends on its own, a company on the day
 * it was founded, the value given on the day the fee was charged with its reduction. Times are working days, those waited for the
 * applicant left out; medians are exact.
 */
export interface Sums {
  handedIn: number
  done: number
  refused: number
  withdrawn: number
  founded: number
  /** Of those, founded free of charge though others pay. */
  free: number
  /** Fen not asked for. */
  value: Fen
  stars: number
  rated: number
}

/** Working days something took: exact, over all of them. */
export interface Times {
  count: number
  median: number | null
  p90: number | null
}

export interface MonthRow extends Sums {
  month: Month
}

export interface ServiceRow extends Sums {
  code: string
  name: Bilingual
  open: number
  late: number
  times: Times
}

export interface StepRow {
  code: string
  service: Bilingual
  key: string
  name: Bilingual
  /** Now at this step, and of these late. */
  open: number
  waiting: number
  late: number
  times: Times
  /** Took longer than it may. */
  over: number
}

interface Told {
  code: string
  kind: ServiceKind
  state: State
  fee: Fen
  fullFee: Fen
  dueOn: Day | null
  submittedOn: Day
  endedOn: Day | null
  foundedOn: Day | null
  chargedOn: Day | null
  rating: { stars: number } | null
  legs: { key: string; used: number | null; days: number; on: Day | null }[]
}

const FIELDS = {
  ...{ _id: 0, code: 1, kind: 1, state: 1, fee: 1, fullFee: 1, dueOn: 1, submittedOn: 1, endedOn: 1, foundedOn: 1, chargedOn: 1 },
  ...{ 'rating.stars': 1, 'legs.key': 1, 'legs.used': 1, 'legs.days': 1, 'legs.on': 1 },
}
const MOST = 500_000

const NOTHING: Sums = { handedIn: 0, done: 0, refused: 0, withdrawn: 0, founded: 0, free: 0, value: 0, stars: 0, rated: 0 }

/** The nearest-rank percentile: the smallest value that at least that share doesn't exceed. Null of nothing. */
export function percentile(sorted: number[], share: number): number | null {
  return sorted.length ? sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]! : null
}

export function timesOf(values: number[]): Times {
  const sorted = [...values].sort((a, b) => a - b)
  return { count: sorted.length, median: percentile(sorted, 0.5), p90: percentile(sorted, 0.9) }
}

interface Period {
  from: Day
  to: Day
}

/** What of an application counts in a period, each with the day it counts on. */
export function eventsOf(told: Told, { from, to }: Period): [day: Day, what: Partial<Sums>][] {
  const { submittedOn, endedOn, foundedOn, chargedOn, state, rating, fee, fullFee } = told
  const ended = isEnded(told) ? { [state]: 1 } : {}
  const stars = rating && state === 'done' ? { stars: rating.stars, rated: 1 } : {}
  const all: [Day | null, Partial<Sums>][] = [
    [submittedOn, { handedIn: 1 }],
    [endedOn, { ...ended, ...stars }],
    [foundedOn, { founded: 1, free: fee === 0 && fullFee > 0 ? 1 : 0 }],
    [chargedOn, { value: fullFee - fee }],
  ]
  return all.filter((one): one is [Day, Partial<Sums>] => one[0] !== null && one[0] >= from && one[0] <= to)
}

const add = (sums: Sums, more: Partial<Sums>): void => {
  for (const [name, value] of Object.entries(more)) sums[name as keyof Sums] += value
}

interface StepSum {
  open: number
  waiting: number
  late: number
  used: number[]
  over: number
}

class Tally {
  readonly months = new Map<Month, MonthRow>()
  readonly total: Sums = { ...NOTHING }
  readonly services = new Map<string, { sums: Sums; open: number; late: number; used: number[] }>()
  readonly steps = new Map<string, StepSum>()
  readonly used: number[] = []
  readonly #period: Period
  readonly #today: Day

  constructor(period: Period, today: Day) {
    this.#period = period
    this.#today = today
    for (const month of monthsFrom(monthOf(period.from), monthOf(period.to))) this.months.set(month, { month, ...NOTHING })
  }

  #service(code: string) {
    const known = this.services.get(code)
    if (known) return known
    const fresh = { sums: { ...NOTHING }, open: 0, late: 0, used: [] }
    this.services.set(code, fresh)
    return fresh
  }

  #step(code: string, key: string): StepSum {
    const id = `${code} ${key}`
    const known = this.steps.get(id)
    if (known) return known
    const fresh = { open: 0, waiting: 0, late: 0, used: [], over: 0 }
    this.steps.set(id, fresh)
    return fresh
  }

  #inside(day: Day | null): boolean {
    return day !== null && day >= this.#period.from && day <= this.#period.to
  }

  add(told: Told): void {
    const service = this.#service(told.code)
    for (const [day, what] of eventsOf(told, this.#period)) {
      add(this.months.get(monthOf(day))!, what)
      add(service.sums, what)
      add(this.total, what)
    }
    for (const { key, used, days, on } of told.legs) {
      if (used === null || !this.#inside(on)) continue
      const step = this.#step(told.code, key)
      step.used.push(used)
      if (used > days) step.over += 1
    }
    if (told.state === 'done' && this.#inside(told.endedOn)) {
      const whole = told.legs.reduce((sum, leg) => sum + (leg.used ?? 0), 0)
      service.used.push(whole)
      this.used.push(whole)
    }
    if (isOpen(told)) this.#open(told, service)
  }

  #open({ code, state, dueOn, legs }: Told, service: { open: number; late: number }): void {
    const step = this.#step(code, legs.at(-1)!.key)
    const late = daysLate({ state, dueOn }, this.#today) > 0
    service.open += 1
    step.open += 1
    if (state === 'asked') step.waiting += 1
    if (!late) return
    service.late += 1
    step.late += 1
  }
}

export interface Report {
  months: MonthRow[]
  services: ServiceRow[]
  steps: StepRow[]
  total: Sums & { open: number; late: number; times: Times }
}

type Named = Pick<Service, 'code' | 'order'> & { content: { name: Bilingual; steps: { key: string; name: Bilingual }[] } }

/** The report on a period, of one service where `code` says which. What is open is as of today. */
export async function applicationReport(park: string, period: Period, today: Day, code: string | null): Promise<Report> {
  const ongoing = { submittedOn: { $lte: period.to }, $or: [{ endedOn: null }, { endedOn: { $gte: period.from } }] }
  const filter = { park, ...ongoing, ...(code ? { code } : {}) }
  const tally = new Tally(period, today)
  for await (const told of scopedStream<Told>(Application, filter, { projection: FIELDS, limit: MOST })) tally.add(told)
  const projection = { code: 1, order: 1, 'content.name': 1, 'content.steps.key': 1, 'content.steps.name': 1 }
  const named = await scopedFind<Named>(Service, { park }, { projection, sort: { order: 1, _id: 1 } })
  const services = named.flatMap(({ code: own, content }): ServiceRow[] => {
    const found = tally.services.get(own)
    return found ? [{ code: own, name: content.name, ...found.sums, open: found.open, late: found.late, times: timesOf(found.used) }] : []
  })
  const open = services.reduce((sum, row) => sum + row.open, 0)
  const late = services.reduce((sum, row) => sum + row.late, 0)
  const total = { ...tally.total, open, late, times: timesOf(tally.used) }
  return { months: [...tally.months.values()], services, steps: stepRows(named, tally), total }
}

/** In the order of the catalogue and its steps; a step that is in it no more stands at the end of its service, by its key. */
function stepRows(named: Named[], tally: Tally): StepRow[] {
  return named.flatMap(({ code, content }) => {
    const known = content.steps.map(step => step.key)
    const keys = [...tally.steps.keys()].flatMap(id => (id.startsWith(`${code} `) ? [id.slice(code.length + 1)] : []))
    const place = (key: string) => (known.includes(key) ? known.indexOf(key) : known.length)
    return keys
      .sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
      .map(key => {
        const { used, ...sums } = tally.steps.get(`${code} ${key}`)!
        const name = content.steps.find(step => step.key === key)?.name ?? { zh: key }
        return { code, service: content.name, key, name, ...sums, times: timesOf(used) }
      })
  })
}
