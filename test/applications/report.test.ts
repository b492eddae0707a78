import { expect } from 'chai'
import fc from 'fast-check'
import { Types } from 'mongoose'
import { Application } from '../../src/applications/application.ts'
import { applicationReport, percentile, timesOf } from '../../src/applications/report.ts'
import { addDays } from '../../src/lib/days.ts'
import { registrationContent, serviceStep } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark } from '../setup/factories.ts'
import { publishedService } from '../setup/services.ts'

/** The report against sums made the slow way. */
const FROM = '2026-01-01'
const DAYS = 180
const TO = addDays(FROM, DAYS - 1)
const TODAY = '2026-06-15'
const day = fc.integer({ min: -40, max: DAYS + 40 }).map(n => addDays(FROM, n))

interface Leg {
  key: string
  used: number | null
  days: number
  on: string | null
}
interface Made {
  code: 'one' | 'two'
  state: 'running' | 'asked' | 'done' | 'refused' | 'withdrawn'
  submittedOn: string
  endedOn: string | null
  foundedOn: string | null
  chargedOn: string | null
  fee: number
  fullFee: number
  dueOn: string | null
  rating: { stars: number } | null
  legs: Leg[]
}

const leg = fc.record({ key: fc.constantFrom('check', 'licence'), used: fc.nat(12), days: fc.nat(8), on: day })
const made: fc.Arbitrary<Made> = fc
  .record({
    code: fc.constantFrom('one' as const, 'two' as const),
    state: fc.constantFrom('running' as const, 'asked' as const, 'done' as const, 'refused' as const, 'withdrawn' as const),
    submittedOn: day,
    length: fc.nat(90),
    founded: fc.boolean(),
    charged: fc.boolean(),
    free: fc.boolean(),
    due: day,
    stars: fc.option(fc.integer({ min: 1, max: 5 })),
    legs: fc.array(leg, { minLength: 1, maxLength: 4 }),
  })
  .map(({ code, state, submittedOn, length, founded, charged, free, due, stars, legs }) => {
    const open = state === 'running' || state === 'asked'
    const end = addDays(submittedOn, length)
    const inside = legs.map(one => ({ ...one, on: one.on < submittedOn ? submittedOn : one.on > end ? end : one.on }))
    const last: Leg = { key: 'seals', used: null, days: 2, on: null }
    return {
      ...{ code, state, submittedOn, endedOn: open ? null : end, foundedOn: founded ? end : null, chargedOn: charged ? end : null },
      ...{ fee: free ? 0 : 80_000, fullFee: 80_000, dueOn: state === 'running' ? due : null },
      ...{ rating: state === 'done' && stars ? { stars } : null, legs: open ? [...inside, last] : inside },
    }
  })

const within = (on: string | null): boolean => on !== null && on >= FROM && on <= TO

/** Whatever is open after the period's end still counts as open: the report says how things stand today. */
const seen = (one: Made): boolean => one.submittedOn <= TO && (one.endedOn === null || one.endedOn >= FROM)

function slowly(list: Made[]) {
  const count = (is: (one: Made) => boolean) => list.filter(is).length
  const of = (state: Made['state']) => count(one => one.state === state && within(one.endedOn))
  const rated = list.filter(one => one.rating && within(one.endedOn))
  return {
    handedIn: count(one => within(one.submittedOn)),
    done: of('done'),
    refused: of('refused'),
    withdrawn: of('withdrawn'),
    founded: count(one => within(one.foundedOn)),
    free: count(one => within(one.foundedOn) && one.fee === 0),
    value: list.filter(one => within(one.chargedOn)).reduce((sum, one) => sum + one.fullFee - one.fee, 0),
    stars: rated.reduce((sum, one) => sum + one.rating!.stars, 0),
    rated: rated.length,
  }
}

describe('the report on applications', () => {
  useDatabase()
  let park: string

  before(async () => {
    park = (await buildPark())._id
    const steps = [serviceStep('check'), serviceStep('licence'), serviceStep('seals')]
    const content = registrationContent({ steps, fields: [], documents: [] })
    for (const code of ['one', 'two']) await publishedService(park, content, { code })
  })

  it('takes the smallest value that the share doesn’t exceed', () => {
    expect(percentile([], 0.5)).to.equal(null)
    expect(percentile([7], 0.5)).to.equal(7)
    expect(percentile([1, 2], 0.5)).to.equal(1)
    expect(percentile([1, 2, 3], 0.5)).to.equal(2)
    expect(timesOf([10, 1, 3, 2, 4, 5, 6, 7, 8, 9])).to.deep.equal({ count: 10, median: 5, p90: 9 })
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1 }), values => {
        const { median, p90 } = timesOf(values)
        for (const [share, found] of [
          [0.5, median!],
          [0.9, p90!],
        ] as const) {
          expect(values.filter(one => one <= found).length).to.be.at.least(values.length * share)
          expect(values.filter(one => one < found).length).to.be.below(values.length * share)
        }
      }),
    )
  })

  it('sums by month, service and step as one would by hand', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(made, { maxLength: 40 }), async list => {
        await Application.deleteMany({ park })
        const common = { service: new Types.ObjectId(), no: 1, kind: 'other', title: { zh: 'x', en: null }, user: new Types.ObjectId() }
        const docs = list.map((one, i) => ({ ...common, ...one, park, number: `N-${i}`, name: 'x', userName: 'x' }))
        if (docs.length) await Application.collection.insertMany(docs as never)
        const known = list.filter(seen)
        for (const code of [null, 'one'] as const) {
          const mine = code ? known.filter(one => one.code === code) : known
          const { months, services, steps, total } = await applicationReport(park, { from: FROM, to: TO }, TODAY, code)
          const { open, late, times, ...sums } = total
          expect(sums).to.deep.equal(slowly(mine))
          for (const name of Object.keys(sums) as (keyof typeof sums)[]) {
            expect(
              months.reduce((sum, row) => sum + row[name], 0),
              name,
            ).to.equal(sums[name])
            expect(
              services.reduce((sum, row) => sum + row[name], 0),
              name,
            ).to.equal(sums[name])
          }
          const isOpen = (one: Made) => one.state === 'running' || one.state === 'asked'
          expect(open).to.equal(mine.filter(isOpen).length)
          expect(late).to.equal(mine.filter(one => one.state === 'running' && one.dueOn! < TODAY).length)
          const ended = mine.filter(one => one.state === 'done' && within(one.endedOn))
          expect(times).to.deep.equal(timesOf(ended.map(one => one.legs.reduce((sum, part) => sum + (part.used ?? 0), 0))))
          for (const row of steps) {
            const own = mine.filter(one => one.code === row.code)
            const legs = own.flatMap(one => one.legs).filter(part => part.key === row.key && part.used !== null && within(part.on))
            expect(row.times, row.key).to.deep.equal(timesOf(legs.map(part => part.used!)))
            expect(row.over).to.equal(legs.filter(part => part.used! > part.days).length)
            expect(row.open).to.equal(own.filter(one => isOpen(one) && one.legs.at(-1)!.key === row.key).length)
          }
        }
      }),
      { numRuns: 40 },
    )
  })

  it('has each month of the period, and no others', async () => {
    const { months } = await applicationReport(park, { from: '2025-11-15', to: '2026-02-01' }, TODAY, null)
    expect(months.map(row => row.month)).to.deep.equal(['2025-11', '2025-12', '2026-01', '2026-02'])
  })
})
