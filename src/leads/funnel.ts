import { scopedAggregate } from '../lib/park-scope.ts'
import { turns } from '../lib/turns.ts'
import { lengthAt, type Trail, trailIn } from './course.ts'
import { FUNNEL_INDEX, Lead, type LeadState } from './lead.ts'
import { conditionsOf, type Dimension, instantsOf, type Narrow, type Period, placesOf } from './report-filter.ts'
import { allStages, MOVED, type SetupFacts, type Stage } from './setup.ts'
import { Lengths, type Times } from './times.ts'

/**
 * How far the leads have come that came on in a period. A lead has reached a stage when it was in it or in a later one: stages may be
 * skipped. What was merged into another lead counts with that one, on its day. Read from the index alone (FUNNEL_INDEX).
 */
export interface Counts {
  came: number
  open: number
  /** Of the open ones, without an owner. */
  pool: number
  converted: number
  /** Of the converted ones, moved in. */
  moved: number
  lost: number
}

export interface StageRow {
  stage: Stage
  reached: number
  /** Of those that reached the stage before, and of all. */
  ofBefore: number | null
  ofAll: number | null
  /** In it now. */
  here: number
  /** Lost while they were in it. */
  lost: number
  times: Times
}

export interface ValueRow extends Counts {
  value: string | null
}

export interface Funnel {
  total: Counts
  stages: StageRow[]
  /** By the dimension asked for, most first. */
  rows: ValueRow[]
  /** Those that stand in a stage the park has no more. */
  former: number
}

export const rateOf = ({ came }: Pick<Counts, 'came'>, count: number): number | null => (came ? count / came : null)

interface Group {
  _id: { trail: string | null; value: unknown; free: boolean }
  count: number
  stays: string[]
}

const NONE: Counts = { came: 0, open: 0, pool: 0, converted: 0, moved: 0, lost: 0 }
/** Lengths read at a stretch: some milliseconds of the request thread. */
const AT_A_TIME = 20_000
const pause = () => new Promise(resolve => setImmediate(resolve))

function count(into: Counts, state: LeadState, stage: string, free: boolean, n: number): void {
  into.came += n
  if (state === 'open') into.open += n
  if (state === 'open' && free) into.pool += n
  if (state === 'converted') into.converted += n
  if (state === 'converted' && stage === MOVED) into.moved += n
  if (state === 'lost') into.lost += n
}

class Tally {
  readonly total: Counts = { ...NONE }
  readonly rows = new Map<string | null, ValueRow>()
  readonly #stages: { stage: Stage; furthest: number; here: number; lost: number; lengths: Lengths }[]
  readonly #places: Map<string, number>
  former = 0

  constructor(setup: SetupFacts) {
    const stages = allStages(setup)
    this.#places = placesOf(stages)
    this.#stages = stages.map(stage => ({ stage, furthest: 0, here: 0, lost: 0, lengths: new Lengths() }))
  }

  #row(value: string | null): ValueRow {
    const known = this.rows.get(value)
    if (known) return known
    const fresh = { value, ...NONE }
    this.rows.set(value, fresh)
    return fresh
  }

  /** Whatever stages it was in that the park has no more, it came on: that is the first one. */
  #furthest({ seen }: Trail): number {
    return Math.max(0, ...seen.map(code => this.#places.get(code) ?? 0))
  }

  async add({ _id, count: n, stays }: Group): Promise<void> {
    const trail = trailIn(_id.trail ?? '')
    if (trail.state === 'merged') return
    for (const into of [this.total, this.#row(_id.value === null ? null : String(_id.value))])
      count(into, trail.state, trail.stage, _id.free, n)
    this.#stages[this.#furthest(trail)]!.furthest += n
    const stood = this.#stages[this.#places.get(trail.stage) ?? -1]
    if (!stood) this.former += n
    else if (trail.state === 'lost') stood.lost += n
    else stood.here += n
    await this.#lengths(trail, stays)
  }

  async #lengths({ seen }: Trail, stays: string[]): Promise<void> {
    const into = seen.map(code => this.#stages[this.#places.get(code) ?? -1]?.lengths)
    for (let first = 0; first < stays.length; first += AT_A_TIME) {
      const end = Math.min(stays.length, first + AT_A_TIME)
      for (let i = 0; i < into.length; i++) {
        const lengths = into[i]
        if (!lengths) continue
        for (let k = first; k < end; k++) {
          const units = lengthAt(stays[k]!, i)
          if (units >= 0) lengths.add(units)
        }
      }
      if (end < stays.length) await pause()
    }
  }

  stages(): StageRow[] {
    let reached = this.total.came
    let before: number | null = null
    return this.#stages.map(({ stage, furthest, here, lost, lengths }) => {
      const row = {
        ...{ stage, reached, here, lost },
        ofBefore: before ? reached / before : null,
        ofAll: rateOf(this.total, reached),
        times: lengths.times(),
      }
      before = reached
      reached -= furthest
      return row
    })
  }
}

/** A year of a busy park is some ten megabytes of lengths: more than two at a time would be no quicker, and take the memory of all. */
const inTurn = turns(2, 100)

/** Two reads of half the period each, at a time: a database with more than one core answers twice as soon. */
const PARTS = 2

type Asked = [park: { _id: string; zone: string }, period: Period, narrow: Narrow, by: Dimension, setup: SetupFacts]

/** Throws 503 where a hundred others wait for theirs. */
export const funnelOf = (...asked: Asked): Promise<Funnel> => inTurn(() => countFunnel(...asked))

async function countFunnel(...[park, period, narrow, by, setup]: Asked): Promise<Funnel> {
  const { from, until } = instantsOf(period, park.zone)
  const step = (until.getTime() - from.getTime()) / PARTS
  const stages = [
    {
      $group: {
        _id: { trail: '$course.trail', value: `$${by}`, free: { $eq: ['$owner', null] } },
        count: { $sum: 1 },
        stays: { $push: '$course.stays' },
      },
    },
  ]
  const parts = Array.from({ length: PARTS }, (_, i) => {
    const at = { $gte: new Date(from.getTime() + i * step), $lt: new Date(from.getTime() + (i + 1) * step) }
    return scopedAggregate<Group>(Lead, { park: park._id, at, ...conditionsOf(narrow) }, stages, { hint: FUNNEL_INDEX })
  })
  const tally = new Tally(setup)
  for (const groups of await Promise.all(parts)) for (const group of groups) await tally.add(group)
  const rows = [...tally.rows.values()].sort((a, b) => b.came - a.came || String(a.value).localeCompare(String(b.value)))
  return { total: tally.total, stages: tally.stages(), rows, former: tally.former }
}
