import { expect } from 'chai'
import fc from 'fast-check'
import { Types } from 'mongoose'
import type { Wish } from '../../src/leads/lead.ts'
import { monthlyListRent, yearlyListRent } from '../../src/leads/list-rent.ts'
import { compareMatches, lackingIn, matchUnit, matchUnits, VERDICTS } from '../../src/leads/match.ts'
import { dateReason, type MatchUnit, wishedPeriod } from '../../src/leads/match-reasons.ts'
import { rentSchedule } from '../../src/leases/schedule.ts'
import { PRODUCTS } from '../../src/spaces/unit.ts'
import { asking, claimWith, GONE, holdWith, NOW, TODAY, unitWith, wish } from '../setup/matches.ts'

const of = (unit: Partial<MatchUnit>, given: Partial<Wish> = {}) => matchUnit(wish(given), asking(wish(given)), unitWith(unit))

describe('a unit matched to a lead', () => {
  it('counts its rent as a lease would: full months by 365 ÷ 12, desks for workstations', () => {
    expect(monthlyListRent(unitWith({ gross: 12_000, chargeable: 12_000, listRate: '1.80' }))).to.equal(657_000)
    expect(yearlyListRent(unitWith({ chargeable: 12_000, listRate: '1.80' }))).to.equal(7_884_000)
    expect(monthlyListRent(unitWith({ product: 'workstation', desks: 4, listRate: '600' }))).to.equal(240_000)
    expect(monthlyListRent(unitWith({ product: 'workstation', desks: null, listRate: '600' }))).to.equal(null)
    expect(monthlyListRent(unitWith({ listRate: null }))).to.equal(null)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999 }), fc.integer({ min: 0, max: 9_999_999 }), (area, rate) => {
        const listRate = (rate / 10_000).toFixed(4)
        const line = { unit: 'u', code: 'u', area, desks: null, rate: listRate, from: '2027-01-01', to: '2027-01-31', since: '2027-01-01' }
        const terms = {
          basis: 'sqm-day',
          anchor: 'start',
          broken: 'actual',
          cycle: 1,
          rentFree: [],
          escalation: [],
          lines: [line],
        } as const
        const [charge] = rentSchedule({ ...terms, rentFree: [], escalation: [], lines: [line], from: '2027-01-01', to: '2027-01-31' })
        expect(monthlyListRent(unitWith({ chargeable: area, listRate }))).to.equal(charge!.fen)
      }),
    )
  })

  it('looks at the wanted days: today for a date that has passed, a year where no length is said', () => {
    expect(wishedPeriod({ from: null, months: null }, TODAY)).to.deep.equal({ from: TODAY, to: '2028-01-14' })
    expect(wishedPeriod({ from: '2026-05-01', months: 6 }, TODAY)).to.deep.equal({ from: TODAY, to: '2027-07-14' })
    expect(wishedPeriod({ from: '2027-03-31', months: 1 }, TODAY)).to.deep.equal({ from: '2027-03-31', to: '2027-04-29' })
  })

  it('says of the area in, near within a fifth, or not', () => {
    const area = (gross: number, given = { areaFrom: 10_000, areaTo: 20_000 }) => {
      const { is, level } = of({ gross }, given).reasons.area
      return `${is} ${level}`
    }
    expect([7999, 8000, 9999, 10_000, 20_000, 20_001, 24_000, 24_001].map(gross => area(gross))).to.deep.equal([
      'small bad',
      'small near',
      'small near',
      'in good',
      'in good',
      'large near',
      'large near',
      'large bad',
    ])
    expect(of({ gross: 9000 }, { areaFrom: 10_000 }).reasons.area.by).to.equal(0.1)
    expect(of({ gross: 90_000 }, { areaFrom: 10_000 }).reasons.area.level, 'no upper end').to.equal('good')
    expect(of({ gross: 1 }, { areaTo: 10_000 }).reasons.area.level, 'no lower end').to.equal('good')
    expect(of({ gross: 1 }).reasons.area.level).to.equal('open')
  })

  it('counts desks of workstations where the lead counts in desks', () => {
    const desks = (count: number | null) =>
      of({ product: 'workstation', desks: count, gross: 1 }, { desks: 10, areaFrom: 10_000 }).reasons.area
    expect([7, 8, 10, 12, 13, 14, 15].map(count => desks(count).level)).to.deep.equal([
      'bad',
      'near',
      'good',
      'good',
      'near',
      'near',
      'bad',
    ])
    expect(desks(null)).to.include({ is: 'unknown', level: 'near', of: 'desks' })
    expect(of({ product: 'office', gross: 1 }, { desks: 10, areaFrom: 10_000 }).reasons.area.of).to.equal('area')
  })

  it('holds the rent of a month against the budget', () => {
    // 100 ㎡ × 2.00 × 365 ÷ 12 = 6,083.33
    const level = (budget: number) => of({}, { budget }).reasons.budget
    expect(level(608_333)).to.include({ level: 'good', is: 'within', monthly: 608_333 })
    expect(level(608_332)).to.include({ level: 'near', is: 'over' })
    expect(level(506_945).level).to.equal('near')
    expect(level(506_944).level, 'a fifth over is 608,332.8').to.equal('bad')
    expect(of({ listRate: null }, { budget: 1 }).reasons.budget).to.include({ level: 'near', is: 'unknown' })
    expect(of({ listRate: null }).verdict, 'nothing asked').to.equal('fits')
  })

  it('says when it is free and what stands in the way', () => {
    const given = wish({ from: '2027-03-01', months: 12 })
    const date = (...claims: MatchUnit['claims']) => dateReason(unitWith({ claims }), asking(given))
    expect(date()).to.include({ is: 'free', level: 'good' })
    expect(date(claimWith({ to: '2027-02-28' })), 'the day before').to.include({ is: 'free' })
    expect(date(claimWith({ from: '2028-03-01', to: '2028-12-31' })), 'the day after').to.include({ is: 'free' })
    const late = date(claimWith({ to: '2027-04-30' }))
    expect(late).to.deep.include({ is: 'from', level: 'near', free: { from: '2027-05-01', to: '2028-02-29' } })
    expect(late.claim).to.include({ tenantName: 'Somebody' })
    expect(date(claimWith({ to: '2027-07-31' })), 'too late').to.include({ is: 'from', level: 'bad' })
    expect(date(claimWith({ from: '2027-11-01' }))).to.deep.include({
      is: 'until',
      level: 'near',
      free: { from: '2027-03-01', to: '2027-10-31' },
    })
    expect(date(claimWith({ from: '2027-05-01' })), 'not half of it').to.include({ is: 'until', level: 'bad' })
    expect(date(claimWith({ to: '2027-04-30' }), claimWith({ from: '2027-12-01', to: '2028-12-31' }))).to.include({
      is: 'part',
      level: 'near',
    })
    expect(date(claimWith({ kind: 'works', to: '9999-12-31' }))).to.include({ is: 'taken', level: 'bad' })
    expect(date(claimWith({ to: '2027-08-31' }), claimWith({ from: '2027-09-01', to: '2029-08-31' })), 'carried on').to.include({
      is: 'taken',
    })
    const unborn = dateReason(unitWith({ activeFrom: '2027-04-01' }), asking(given))
    expect(unborn).to.deep.include({ is: 'from', level: 'near', claim: null })
    expect(dateReason(unitWith({ activeTo: '2026-12-31' }), asking(given))).to.include({ is: 'inactive', level: 'bad' })
  })

  it('lets the lead’s own hold count as free, another’s as a near miss, and one that ran out as nothing', () => {
    const lead = new Types.ObjectId()
    const date = (hold: MatchUnit['claims'][number]) => dateReason(unitWith({ claims: [hold] }), asking(wish(), { lead }))
    const period = { from: TODAY, to: '9999-12-31' }
    expect(date(holdWith({ ...period, lead }))).to.include({ is: 'own', level: 'good' })
    expect(date(holdWith(period))).to.include({ is: 'held', level: 'near' })
    expect(date(holdWith({ ...period, expiresAt: GONE }))).to.include({ is: 'free' })
    expect(date(holdWith({ ...period, expiresAt: NOW })), 'at the very instant').to.include({ is: 'free' })
    expect(date(holdWith({ ...period, lead, expiresAt: GONE })), 'its own that ran out').to.include({ is: 'free', claim: null })
    const twice = [holdWith({ ...period, to: '2026-12-31', lead }), holdWith({ from: '2027-01-01', to: '9999-12-31', lead })]
    expect(dateReason(unitWith({ claims: twice }), asking(wish(), { lead })), 'kept twice').to.include({ is: 'own', level: 'good' })
    const both = unitWith({ claims: [holdWith({ ...period, to: '2027-06-30' }), claimWith({ from: '2027-07-01', to: '2028-06-30' })] })
    expect(dateReason(both, asking(wish()))).to.include({ is: 'taken' })
  })

  it('offers no unit that is held over, and says so of one wanted later', () => {
    const over = claimWith({ to: '2026-12-31' })
    expect(dateReason(unitWith({ claims: [over] }), asking(wish()))).to.include({ is: 'holding', level: 'bad', claim: over })
    const later = dateReason(unitWith({ claims: [over] }), asking(wish({ from: '2027-01-16' })))
    expect(later).to.include({ is: 'free', level: 'good', over })
    for (const done of [{ vacatedOn: '2027-01-02' }, { continued: true }])
      expect(dateReason(unitWith({ claims: [{ ...over, ...done }] }), asking(wish()))).to.include({ is: 'free', over: null })
    const copy = unitWith({ claims: [{ ...over, of: new Types.ObjectId() }] })
    expect(dateReason(copy, asking(wish())), 'a part of what was split').to.include({ is: 'holding' })
  })

  it('ranks fits, then what is nearly one, then the rest; a wish that says nothing is content with all that is free', () => {
    const asked = wish({ areaFrom: 10_000, areaTo: 12_000, product: 'office', budget: 700_000 })
    const units = [
      unitWith({ code: '9', gross: 11_000, product: 'lab' }),
      unitWith({ code: '10', gross: 11_000 }),
      unitWith({ code: '2', gross: 11_000 }),
      unitWith({ code: '1', gross: 50_000 }),
      unitWith({ code: '3', gross: 9000 }),
    ]
    const found = matchUnits(asked, asking(asked), units)
    expect(found.map(({ unit, verdict, score }) => `${unit.code} ${verdict} ${score}`).slice(0, 4)).to.deep.equal([
      '2 fits 100',
      '10 fits 100',
      '3 nearly 91',
      '9 nearly 91',
    ])
    expect(found.at(-1)).to.include({ verdict: 'not' }).and.have.nested.property('unit.code', '1')
    expect(found.filter(one => one.unit.code === '9').map(lackingIn)).to.deep.equal([['product']])
    const nothing = matchUnits(wish(), asking(wish()), [...units, unitWith({ claims: [claimWith()] })])
    expect(nothing.map(one => one.verdict)).to.deep.equal([...units.map(() => 'fits'), 'not'])
    expect(nothing.slice(0, 5).every(one => one.score === 100)).to.equal(true)
  })

  it('has a total order that doesn’t depend on how the units came', () => {
    const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null })
    const anyUnit = fc
      .record({
        code: fc.constantFrom('1', '2', '10', 'A1'),
        building: fc.constantFrom('a', 'b'),
        product: fc.constantFrom(...PRODUCTS),
        gross: fc.integer({ min: 1, max: 30_000 }),
        listRate: maybe(fc.constantFrom('1.5', '2', '3.25')),
        desks: maybe(fc.integer({ min: 1, max: 20 })),
        until: maybe(fc.integer({ min: 10, max: 28 })),
      })
      .map(({ until, ...facts }) => unitWith({ ...facts, claims: until ? [claimWith({ to: `2027-02-${until}` })] : [] }))
    const anyWish = fc
      .record({
        areaFrom: maybe(fc.integer({ min: 1, max: 20_000 })),
        areaTo: maybe(fc.integer({ min: 1, max: 20_000 })),
        budget: maybe(fc.integer({ min: 0, max: 2_000_000 })),
        product: maybe(fc.constantFrom(...PRODUCTS)),
        desks: maybe(fc.integer({ min: 1, max: 20 })),
      })
      .map(wish)
    fc.assert(
      fc.property(anyWish, fc.array(anyUnit, { maxLength: 30 }), fc.nat(), (given, units, turn) => {
        const found = matchUnits(given, asking(given), units)
        const turned = [...units.slice(turn % (units.length || 1)), ...units.slice(0, turn % (units.length || 1))].reverse()
        expect(matchUnits(given, asking(given), turned).map(one => one.unit)).to.deep.equal(found.map(one => one.unit))
        for (const [i, one] of found.entries()) {
          const levels = Object.values(one.reasons).map(reason => reason.level)
          expect(one.verdict).to.equal(levels.includes('bad') ? 'not' : levels.includes('near') ? 'nearly' : 'fits')
          expect(one.score).to.be.within(0, 100)
          const next = found[i + 1]
          if (!next) continue
          expect(compareMatches(one, next)).to.be.below(0)
          expect(VERDICTS.indexOf(one.verdict)).to.be.at.most(VERDICTS.indexOf(next.verdict))
        }
      }),
    )
  })
})
