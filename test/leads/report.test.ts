import { expect } from 'chai'
import fc from 'fast-check'
import { timesOf } from '../../src/applications/report.ts'
import { ageingOf, BUCKETS } from '../../src/leads/ageing.ts'
import { courseOf, lengthAt, trailIn } from '../../src/leads/course.ts'
import { funnelOf } from '../../src/leads/funnel.ts'
import { LOST_REASONS, stageTimes } from '../../src/leads/lead.ts'
import { lostReport } from '../../src/leads/lost-report.ts'
import { DIMENSIONS, type Narrow } from '../../src/leads/report-filter.ts'
import { allStages, MOVED, USUAL } from '../../src/leads/setup.ts'
import { Lengths } from '../../src/leads/times.ts'
import { now, setClock } from '../../src/lib/clock.ts'
import { addDays, dayAt } from '../../src/lib/days.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark } from '../setup/factories.ts'
import { DAYS, EVENTS, ended, FIRST, type Made, made, OWNERS, stageOf, stateOf, writeLeads } from './report-scene.ts'

/** The reports against sums made the slow way. */
const ZONE = 'Asia/Shanghai'
const PERIOD = { from: FIRST, to: addDays(FIRST, DAYS - 1) }
const ALL: Narrow = { source: null, owner: null, event: null, industry: null, origin: null }
const CODES = allStages(USUAL).map(stage => stage.code)
const DAY = 86_400_000
const within = (at: Date): boolean => dayAt(at, ZONE) >= PERIOD.from && dayAt(at, ZONE) <= PERIOD.to

const narrow: fc.Arbitrary<Narrow> = fc.record({
  source: fc.constantFrom(null, 'inquiry' as const),
  owner: fc.constantFrom(null, null, OWNERS[0]!),
  event: fc.constantFrom(null, null, EVENTS[0]!),
  industry: fc.constantFrom(null, 'software' as const),
  origin: fc.constantFrom(null, 'Wucheng'),
})

const fits = (one: Made, asked: Narrow): boolean =>
  DIMENSIONS.every(by => asked[by] === null || String(asked[by]) === (one[by] === null ? null : String(one[by])))

/** Whole time in each stage that is over, in tenths of a day; a stage it is in now isn't over. */
function staysOf({ path }: Made): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { stage, ms } of stageTimes({ path }, path.at(-1)!.at)) sums.set(stage, (sums.get(stage) ?? 0) + ms)
  for (const gone of ['lost', 'merged', path.at(-1)!.stage]) sums.delete(gone)
  return new Map([...sums].map(([stage, ms]) => [stage, Math.round(ms / (DAY / 10))]))
}

function countsOf(list: Made[]) {
  const count = (is: (one: Made) => boolean) => list.filter(is).length
  return {
    came: list.length,
    open: count(one => stateOf(one) === 'open'),
    pool: count(one => stateOf(one) === 'open' && !one.owner),
    converted: count(one => stateOf(one) === 'converted'),
    moved: count(one => ended(one) === MOVED),
    lost: count(one => stateOf(one) === 'lost'),
  }
}

const reachedBy = ({ path }: Made): number => Math.max(0, ...path.map(({ stage }) => CODES.indexOf(stage)))

describe('the reports on leads', () => {
  useDatabase()
  let park: { _id: string; zone: string }

  before(async () => {
    park = await buildPark()
  })
  afterEach(() => setClock(null))

  it('counts lengths as a sorted list would', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(60), fc.nat(40_000)), { maxLength: 60 }), list => {
        const lengths = new Lengths()
        for (const one of list) lengths.add(one)
        const { count, median, p90 } = timesOf(list)
        const days = (units: number | null) => (units === null ? null : units / 10)
        expect(lengths.times()).to.deep.equal({ count, median: days(median), p90: days(p90) })
      }),
    )
  })

  it('keeps of a path where it led and how long it took, lost time left out', () => {
    fc.assert(
      fc.property(made, one => {
        const { trail, stays, lostAt } = courseOf(one.path)
        const told = trailIn(trail)
        const real = one.path.map(({ stage }) => stage).filter(stage => stage !== 'lost' && stage !== 'merged')
        expect(told).to.deep.equal({ seen: [...new Set(real)], stage: stageOf(one), state: stateOf(one) })
        expect(lostAt).to.deep.equal(stateOf(one) === 'lost' ? one.path.at(-1)!.at : null)
        const expected = staysOf(one)
        expect(stays).to.have.length(told.seen.length * 3)
        for (const [i, code] of told.seen.entries()) expect(lengthAt(stays, i), code).to.equal(expected.get(code) ?? -1)
        // With the time lost and the time it has been where it is, they are its age.
        const last = one.path.at(-1)!
        const at = new Date(last.at.getTime() + 5 * DAY)
        const age = at.getTime() - one.path[0]!.at.getTime()
        const times = stageTimes(one, at)
        expect(times.reduce((sum, { ms }) => sum + ms, 0)).to.equal(age)
        const isEnd = (stage: string) => stage === 'lost' || stage === 'merged' || stage === last.stage
        const rest = times.filter(({ stage }) => isEnd(stage)).reduce((sum, { ms }) => sum + ms, 0)
        const kept = [...expected.values()].reduce((sum, units) => sum + units * (DAY / 10), 0)
        expect(Math.abs(kept + rest - age)).to.be.at.most((expected.size * DAY) / 20)
      }),
      { numRuns: 300 },
    )
  })

  it('counts a funnel as one would by hand, whatever it is narrowed to and divided by', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(made, { maxLength: 60 }), narrow, fc.constantFrom(...DIMENSIONS), async (list, asked, by) => {
        await writeLeads(park._id, list)
        const mine = list.filter(one => ended(one) !== 'merged' && within(one.path[0]!.at) && fits(one, asked))
        const { total, stages, rows, former } = await funnelOf(park, PERIOD, asked, by, USUAL)
        expect(total).to.deep.equal(countsOf(mine))
        for (const [i, row] of stages.entries()) {
          const code = CODES[i]!
          expect(row.stage.code).to.equal(code)
          const reached = mine.filter(one => reachedBy(one) >= i).length
          expect(row.reached, code).to.equal(reached)
          expect(row.ofAll, code).to.equal(mine.length ? reached / mine.length : null)
          expect(row.here, code).to.equal(mine.filter(one => stageOf(one) === code && stateOf(one) !== 'lost').length)
          expect(row.lost, code).to.equal(mine.filter(one => stageOf(one) === code && stateOf(one) === 'lost').length)
          expect(row.times, code).to.deep.equal(daysOf(mine.flatMap(one => staysOf(one).get(code) ?? [])))
        }
        expect(former).to.equal(mine.filter(one => !CODES.includes(stageOf(one))).length)
        const values = new Set(mine.map(one => (one[by] === null ? null : String(one[by]))))
        expect(rows.map(row => row.value)).to.have.members([...values])
        for (const { value, ...counts } of rows)
          expect(counts).to.deep.equal(countsOf(mine.filter(one => (one[by] === null ? null : String(one[by])) === value)))
      }),
      { numRuns: 60 },
    )
  })

  it('counts what was lost, why and where, month by month', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(made, { maxLength: 60 }), narrow, async (list, asked) => {
        await writeLeads(park._id, list)
        const mine = list.filter(one => stateOf(one) === 'lost' && within(one.path.at(-1)!.at) && fits(one, asked))
        const report = await lostReport(park, PERIOD, asked, USUAL)
        expect(report.total).to.equal(mine.length)
        for (const { reason, total, byStage } of report.reasons) {
          const own = mine.filter(one => one.reason === reason)
          expect(total, reason).to.equal(own.length)
          const places = [...USUAL.stages.map(stage => own.filter(one => stageOf(one) === stage.code).length)]
          const known = places.reduce((sum, n) => sum + n, 0)
          expect(byStage).to.deep.equal([...places, own.length - known])
        }
        for (const { month, total, byReason } of report.months) {
          const own = mine.filter(one => dayAt(one.path.at(-1)!.at, ZONE).startsWith(month))
          expect(total, month).to.equal(own.length)
          expect(byReason).to.deep.equal(LOST_REASONS.map(reason => own.filter(one => one.reason === reason).length))
        }
      }),
      { numRuns: 40 },
    )
  })

  it('tells how long open leads have waited', async () => {
    setClock(new Date('2027-12-01T04:00:00Z'))
    await fc.assert(
      fc.asyncProperty(fc.array(made, { maxLength: 40 }), fc.constantFrom('2026-05-31', '2026-06-02'), async (list, today) => {
        await writeLeads(park._id, list)
        const mine = list.filter(one => stateOf(one) === 'open')
        const { total, stages, owners, idleFrom } = await ageingOf(park._id, today, ALL, USUAL)
        const age = (one: Made) => Math.floor((now().getTime() - one.path.at(-1)!.at.getTime()) / DAY)
        const sums = (own: Made[]) => ({
          open: own.length,
          buckets: [...BUCKETS, Number.POSITIVE_INFINITY].map(
            (to, i, all) => own.filter(one => age(one) <= to && (i === 0 || age(one) > all[i - 1]!)).length,
          ),
          overdue: own.filter(one => one.owner && today > '2026-06-01').length,
          idle: own.filter(one => one.owner && age(one) >= idleFrom).length,
          pool: own.filter(one => !one.owner).length,
          oldest: own.length ? Math.max(...own.map(age)) : null,
        })
        expect(total).to.deep.equal(sums(mine))
        for (const { stage, ...counts } of stages)
          expect(counts).to.deep.equal(sums(mine.filter(one => (stage ? stageOf(one) === stage.code : !CODES.includes(stageOf(one))))))
        for (const { owner, ...counts } of owners)
          expect(counts).to.deep.equal(sums(mine.filter(one => (one.owner && String(one.owner)) === owner)))
      }),
      { numRuns: 40 },
    )
  })
})

const daysOf = (units: number[]) => {
  const { count, median, p90 } = timesOf(units)
  return { count, median: median === null ? null : median / 10, p90: p90 === null ? null : p90 / 10 }
}
