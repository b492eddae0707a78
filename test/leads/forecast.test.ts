import { expect } from 'chai'
import fc from 'fast-check'
import { Types } from 'mongoose'
import { convertLead } from '../../src/leads/convert.ts'
import { forecastOf, MONTHS, monthsAhead, moveInOf, parkForecast, USUAL_DAYS, type Wanted } from '../../src/leads/forecast.ts'
import { Lead, NO_WISH } from '../../src/leads/lead.ts'
import { LeadSetup, MOVED, SIGNING, setupOf, USUAL } from '../../src/leads/setup.ts'
import { moveStage } from '../../src/leads/steps.ts'
import { approveLease, submitLease } from '../../src/leases/review.ts'
import { signLease } from '../../src/leases/signing.ts'
import { addDays, addMonths, type Day, dayBefore, FOREVER, monthEnd, monthStart, today } from '../../src/lib/days.ts'
import { blockUnit, holdUnit } from '../../src/spaces/blocks.ts'
import { occupancyCurve } from '../../src/spaces/occupancy.ts'
import type { Claim, Unit } from '../../src/spaces/unit.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildPark, buildTenant, buildUnit, NO_HOLD, OTHER, termsFor } from '../setup/factories.ts'
import { buildLead, leadNow } from '../setup/leads.ts'
import { leadDoc } from './report-scene.ts'

/** The forecast against cases worked out by hand. Areas in hundredths of a square metre. */
const NOW: Day = '2026-05-20'

const claim = (kind: Claim['kind'], from: Day, to: Day, more: Partial<Claim> = {}): Claim => ({
  ...{ _id: new Types.ObjectId(), kind, from, to, lease: null, number: null, tenant: null, tenantName: null },
  ...{ stage: kind === 'lease' ? ('signed' as const) : null, vacatedOn: null, continued: false, of: null, movedInOn: null },
  ...{ lead: null, label: null, expiresAt: null, by: null, ...NO_HOLD, ...more },
})
type Space = Pick<Unit, 'activeFrom' | 'activeTo' | 'claims' | 'gross'>
const unit = (gross: number, claims: Claim[] = [], activeFrom: Day = '2020-01-01', activeTo: Day = FOREVER): Space => ({
  ...{ gross, claims, activeFrom, activeTo },
})
const row = (units: Space[], wanted: Wanted[], month: string) => {
  const found = forecastOf(units, wanted, NOW).find(({ day }) => day.startsWith(month))!
  return { let: found.let, lettable: found.lettable, ending: found.ending, weighted: found.weighted }
}

describe('the vacancy forecast', () => {
  it('looks eighteen months ahead: this month by today, the others by their first day', () => {
    const days = monthsAhead(NOW)
    expect(days).to.have.length(MONTHS)
    expect(days.slice(0, 2)).to.deep.equal([NOW, '2026-06-01'])
    expect(days.at(-1)).to.equal('2027-10-01')
    expect(monthsAhead('2026-01-31')[1]).to.equal('2026-02-01')
  })

  it('counts a lease until it ends, and its area in the month in which it does', () => {
    const units = [unit(10_000, [claim('lease', '2026-01-01', '2026-08-15')]), unit(5_000)]
    expect(row(units, [], '2026-08')).to.deep.equal({ let: 10_000, lettable: 15_000, ending: 10_000, weighted: 0 })
    expect(row(units, [], '2026-07')).to.deep.equal({ let: 10_000, lettable: 15_000, ending: 0, weighted: 0 })
    expect(row(units, [], '2026-09')).to.deep.equal({ let: 0, lettable: 15_000, ending: 0, weighted: 0 })
  })

  it('lets nothing end that goes on the next day, by whatever signed lease', () => {
    const next = claim('lease', '2026-08-16', '2027-08-15')
    const ending = (more: Claim[]) => row([unit(10_000, [claim('lease', '2026-01-01', '2026-08-15'), ...more])], [], '2026-08').ending
    expect(ending([next])).to.equal(0)
    expect(ending([{ ...next, stage: 'review' }])).to.equal(10_000)
    expect(ending([{ ...next, from: '2026-08-17' }])).to.equal(10_000)
    // One that ended before today ends no more this month.
    expect(row([unit(10_000, [claim('lease', '2026-01-01', '2026-05-19')])], [], '2026-05').ending).to.equal(0)
    expect(row([unit(10_000, [claim('lease', '2026-01-01', '2026-05-20')])], [], '2026-05').ending).to.equal(10_000)
  })

  it('counts holds, works and unsigned leases for nothing, and leaves own use out of what can be let', () => {
    const over = (kind: Claim['kind'], more: Partial<Claim> = {}) =>
      row([unit(10_000, [claim(kind, '2026-01-01', FOREVER, more)])], [], '2026-09')
    const vacant = { let: 0, lettable: 10_000, ending: 0, weighted: 0 }
    expect(over('hold')).to.deep.equal(vacant)
    expect(over('works')).to.deep.equal(vacant)
    expect(over('lease', { stage: 'review' })).to.deep.equal(vacant)
    expect(over('lease', { stage: 'approved' })).to.deep.equal(vacant)
    expect(over('own')).to.deep.equal({ ...vacant, lettable: 0 })
  })

  it('counts units while they are there', () => {
    const units = [unit(10_000, [], '2026-07-01'), unit(3_000, [claim('lease', '2026-01-01', FOREVER)], '2020-01-01', '2026-06-30')]
    expect(row(units, [], '2026-06')).to.deep.equal({ let: 3_000, lettable: 3_000, ending: 0, weighted: 0 })
    expect(row(units, [], '2026-07')).to.deep.equal({ let: 0, lettable: 10_000, ending: 0, weighted: 0 })
  })

  it('weighs what leads want from the month they come in, while they would stay', () => {
    const wanted: Wanted[] = [
      { area: 20_000, weight: 25, from: '2026-07-20', to: null },
      { area: 10_001, weight: 50, from: '2026-09-01', to: '2026-10-31' },
    ]
    const weighted = (month: string) => row([], wanted, month).weighted
    expect(['2026-06', '2026-07', '2026-09', '2026-10', '2026-11'].map(weighted)).to.deep.equal([0, 5_000, 10_001, 10_001, 5_000])
  })

  it('takes a day that has passed, or none, as the usual time from now', () => {
    expect(moveInOf(NOW, NOW, 40)).to.equal(NOW)
    expect(moveInOf('2026-05-19', NOW, 40)).to.equal('2026-06-29')
    expect(moveInOf(null, NOW, 40)).to.equal('2026-06-29')
  })

  it('agrees with the occupancy of the plan on every first day', () => {
    const kind = fc.constantFrom('lease' as const, 'hold' as const, 'own' as const, 'works' as const)
    const piece = fc.record({ kind, gap: fc.nat(90), length: fc.nat(300), signed: fc.boolean() })
    const space = fc.record({
      gross: fc.integer({ min: 1, max: 50_000 }),
      first: fc.nat(400),
      last: fc.nat(900),
      pieces: fc.array(piece, { maxLength: 5 }),
    })
    fc.assert(
      fc.property(fc.array(space, { maxLength: 8 }), list => {
        const units = list.map(({ gross, first, last, pieces }) => {
          let at = '2025-06-01'
          const claims = pieces.map(({ kind: one, gap, length, signed }) => {
            const from = addDays(at, gap)
            const to = addDays(from, length)
            at = addDays(to, 1)
            return claim(one, from, to, one === 'lease' && !signed ? { stage: 'review' } : {})
          })
          return unit(gross, claims, addDays('2025-06-01', first), addDays('2026-06-01', last))
        })
        const shares = occupancyCurve(units, monthsAhead(NOW))
        for (const [i, month] of forecastOf(units, [], NOW).entries())
          expect(month.lettable ? month.let / month.lettable : null, month.day).to.equal(shares[i])
      }),
      { numRuns: 200 },
    )
  })
})

describe('the vacancy forecast of a park', () => {
  useDatabase()
  const start = () => monthStart(addMonths(today(), 2))
  const forecast = async (park: string) => parkForecast(park, await setupOf(park), today())
  const inMonth = (found: Awaited<ReturnType<typeof forecast>>, day: Day) =>
    found.months.find(month => month.day.slice(0, 7) === day.slice(0, 7))!

  it('reads units, leads and leases: what is signed is let, what is drafted is weighed, a hold is nothing', async () => {
    const park = (await buildPark())._id
    const [first, second, third] = [
      await buildUnit({ park }),
      await buildUnit({ park, gross: 20_000 }),
      await buildUnit({ park, gross: 4_000 }),
    ]
    await buildLease({ unit: first, from: today(), to: dayBefore(addMonths(start(), 1)) })
    await holdUnit(park, third._id, { from: today(), to: FOREVER, label: 'Somebody', expiresAt: new Date(Date.now() + 86_400_000) }, BY)
    await blockUnit(park, (await buildUnit({ park, gross: 1_000 }))._id, { from: today(), to: FOREVER, label: 'Us', kind: 'own' }, BY)
    const wish = { ...NO_WISH, areaFrom: 10_000, areaTo: 20_000, from: addDays(start(), 9), months: 3 }
    const { lead } = await buildLead(park, { wish })
    await buildLead(park)
    const { lead: other } = await buildLead(park, { wish: { ...NO_WISH, areaTo: 8_000 } })
    let found = await forecast(park)
    expect({ ...found, months: [] }).to.deep.equal({ months: [], leads: 3, unsized: 1, drafts: 0, usualDays: USUAL_DAYS, usualFrom: null })
    expect(found.months[0]).to.include({ let: 10_000, lettable: 34_000, weighted: 0 })
    // 5 % of 150 ㎡ for three months and a part, and of 80 ㎡ from the usual time on.
    const late = (day: Day) => (monthEnd(day) >= addDays(today(), USUAL_DAYS) ? 400 : 0)
    for (const [ahead, own] of [
      [0, 750],
      [3, 750],
      [4, 0],
    ] as const) {
      const day = addMonths(start(), ahead)
      expect(inMonth(found, day).weighted, day).to.equal(own + late(day))
    }
    expect(inMonth(found, start())).to.include({ let: 10_000, ending: 10_000 })
    expect(inMonth(found, addMonths(start(), 1))).to.include({ let: 0, ending: 0 })
    await moveStage(park, lead._id, { from: 'new', to: 'intent' }, BY)
    found = await forecast(park)
    expect(inMonth(found, start()).weighted).to.equal(7_500 + late(start()))
    // Converted: the lease says how much, and from when to when.
    const tenant = await buildTenant(park)
    const { tenant: _tenant, ...terms } = termsFor(second, tenant, { from: start(), to: dayBefore(addMonths(start(), 6)) })
    const lease = await convertLead(park, lead._id, { tenant: tenant._id, name: tenant.name, creditCode: null, sameName: false, terms }, BY)
    found = await forecast(park)
    expect(found).to.include({ leads: 2, drafts: 1 })
    expect(inMonth(found, addMonths(start(), 5)).weighted).to.equal(18_000 + late(addMonths(start(), 5)))
    expect(inMonth(found, addMonths(start(), 6)).weighted).to.equal(400)
    await submitLease(park, lease._id, BY)
    await approveLease(park, lease._id, OTHER)
    expect(inMonth(await forecast(park), start()).let).to.equal(10_000)
    await signLease(park, lease._id, { on: today(), scans: [] }, OTHER)
    found = await forecast(park)
    expect((await leadNow(lead)).stage).to.equal(SIGNING)
    expect(found.drafts).to.equal(0)
    expect(inMonth(found, addMonths(start(), 1))).to.include({ let: 20_000, weighted: late(addMonths(start(), 1)) })
    expect((await leadNow(other)).state).to.equal('open')
  })

  it('weighs by the park’s own stages, and takes its own time to move in once five have', async () => {
    const park = (await buildPark())._id
    await buildUnit({ park })
    const stages = [{ code: 'new', name: null, weight: 40 }]
    await LeadSetup.create([{ ...USUAL, park, stages, version: 1 }])
    await buildLead(park, { wish: { ...NO_WISH, areaFrom: 10_000 } })
    const at = new Date(Date.now() - 400 * 86_400_000)
    const moved = (days: number) => {
      const path = [
        { stage: 'new', at },
        { stage: SIGNING, at },
        { stage: MOVED, at: new Date(at.getTime() + days * 86_400_000) },
      ]
      const doc = leadDoc(park, {
        source: 'hotline',
        owner: new Types.ObjectId(),
        industry: null,
        event: null,
        origin: null,
        reason: 'price',
        path,
      })
      return { ...doc, lease: new Types.ObjectId(), tenant: new Types.ObjectId() }
    }
    await Lead.collection.insertMany([200, 250, 260, 300].map(moved) as never)
    expect(await forecast(park)).to.include({ usualDays: USUAL_DAYS, usualFrom: null })
    await Lead.collection.insertMany([900].map(moved) as never)
    const found = await forecast(park)
    expect(found).to.include({ usualDays: 260, usualFrom: 5 })
    const from = addDays(today(), 260)
    expect(inMonth(found, from).weighted).to.equal(4_000)
    expect(inMonth(found, addDays(monthStart(from), -1)).weighted).to.equal(0)
  })
})
