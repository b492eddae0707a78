import { expect } from 'chai'
import fc from 'fast-check'
import { periodsOf, rentFreeClawback, rentSchedule, sumOf } from '../../src/leases/schedule.ts'
import type { RentTerms } from '../../src/leases/terms.ts'
import { addDays, addMonths, dayAfter, dayBefore, daysIn } from '../../src/lib/days.ts'

const terms = (more: Partial<RentTerms> & { area?: number; rate?: string } = {}): RentTerms => {
  const { area = 12_000, rate = '1.80', ...rest } = more
  const from = rest.from ?? '2026-01-01'
  const to = rest.to ?? '2026-12-31'
  const line = { unit: 'u', code: 'u', area, desks: null, rate, from, to, since: from }
  return { basis: 'sqm-day', anchor: 'start', broken: 'actual', cycle: 1, rentFree: [], escalation: [], lines: [line], ...rest, from, to }
}
const fen = (value: RentTerms) => rentSchedule(value).map(charge => charge.fen)

describe('rent', () => {
  it('charges a whole month the same, whatever its length (CASES 3)', () => {
    expect(fen(terms())).to.deep.equal(Array(12).fill(657_000))
  })

  it('charges a broken month by its convention (CASES 4)', () => {
    const first = (broken: RentTerms['broken']) =>
      rentSchedule(terms({ from: '2026-01-15', to: '2027-01-14', anchor: 'calendar', broken }))[0]
    expect(first('actual')).to.include({ from: '2026-01-15', to: '2026-01-31', fen: 360_290 })
    expect(first('thirty')).to.include({ fen: 372_300 })
    expect(first('dayrate')).to.include({ fen: 367_200 })
  })

  it('counts months from the start, so that the 31st doesn’t drift (CASES 5)', () => {
    const periods = periodsOf({ from: '2026-01-31', to: '2027-01-30', anchor: 'start', cycle: 1 })
    expect(periods.slice(0, 3).map(({ from, to }) => [from, to])).to.deep.equal([
      ['2026-01-31', '2026-02-27'],
      ['2026-02-28', '2026-03-30'],
      ['2026-03-31', '2026-04-29'],
    ])
  })

  it('compounds escalation on the unrounded rate and leaves out rent-free months (CASES 6)', () => {
    const lease = terms({
      area: 10_000,
      rate: '2.00',
      to: '2028-12-31',
      rentFree: [{ from: '2026-01-01', to: '2026-02-28' }],
      escalation: [
        { from: '2027-01-01', percent: '5' },
        { from: '2028-01-01', percent: '5' },
      ],
    })
    const year = (prefix: string) => sumOf(rentSchedule(lease).filter(charge => charge.from.startsWith(prefix)))
    expect([year('2026'), year('2027'), year('2028')]).to.deep.equal([6_083_330, 7_665_000, 8_048_256])
  })

  it('claws back rent-free days to the yuan on leaving early (CASES 7)', () => {
    const lease = terms({ basis: 'month', rate: '30000', rentFree: [{ from: '2026-01-01', to: '2026-01-31' }] })
    expect(rentFreeClawback(lease, '2026-06-30')).to.equal(1_512_300)
    expect(rentFreeClawback(lease, '2026-12-31')).to.equal(0)
  })

  const anyTerms = fc
    .record({
      start: fc.integer({ min: 0, max: 4000 }),
      days: fc.integer({ min: 1, max: 2000 }),
      anchor: fc.constantFrom('start', 'calendar'),
      broken: fc.constantFrom('actual', 'thirty', 'dayrate'),
      cycle: fc.constantFrom(1, 3, 6, 12),
      basis: fc.constantFrom('sqm-day', 'sqm-month', 'month'),
      area: fc.integer({ min: 100, max: 500_000 }),
      rate: fc.integer({ min: 1, max: 99_999 }).map(value => (value / 100).toFixed(2)),
    })
    .map(({ start, days, ...rest }) => {
      const from = addDays('2020-01-01', start)
      return terms({ ...rest, from, to: addDays(from, days - 1) } as never)
    })

  it('covers every day of the term once, in order (property)', () => {
    fc.assert(
      fc.property(anyTerms, lease => {
        const charges = rentSchedule(lease)
        expect(charges[0]!.from).to.equal(lease.from)
        expect(charges.at(-1)!.to).to.equal(lease.to)
        charges.forEach((charge, i) => {
          expect(charge.from <= charge.to, 'a charge has days').to.equal(true)
          if (i) expect(charge.from).to.equal(dayAfter(charges[i - 1]!.to))
        })
      }),
      { numRuns: 400 },
    )
  })

  it('covers every day but the rent-free ones, and no other, with any step (property)', () => {
    const cut = fc.tuple(anyTerms, fc.nat(2000), fc.nat(400), fc.nat(2000))
    fc.assert(
      fc.property(cut, ([lease, at, length, step]) => {
        const term = daysIn(lease.from, lease.to)
        const from = addDays(lease.from, at % term)
        const to = addDays(from, length) < lease.to ? addDays(from, length) : lease.to
        const escalation = [{ from: addDays(lease.from, 1 + (step % term)), percent: '3.5' }].filter(one => one.from <= lease.to)
        const charges = rentSchedule({ ...lease, rentFree: [{ from, to }], escalation })
        const paid = charges.reduce((sum, charge) => sum + daysIn(charge.from, charge.to), 0)
        expect(paid).to.equal(term - daysIn(from, to))
        for (const charge of charges) expect(charge.to < from || charge.from > to).to.equal(true)
        for (const one of escalation) for (const charge of charges) expect(charge.from >= one.from || charge.to < one.from).to.equal(true)
      }),
      { numRuns: 400 },
    )
  })

  it('a lease of whole months pays months × full rent, whatever the cycle (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.constantFrom(1, 3, 6, 12), fc.nat(3000), (months, cycle, start) => {
        const from = addDays('2020-01-01', start)
        const lease = terms({ from, to: dayBefore(addMonths(from, months)), basis: 'month', rate: '1234.56', cycle: cycle as never })
        expect(sumOf(rentSchedule(lease))).to.equal(months * 123_456)
      }),
      { numRuns: 300 },
    )
  })
})
