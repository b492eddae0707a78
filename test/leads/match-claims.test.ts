import { expect } from 'chai'
import fc from 'fast-check'
import { Types } from 'mongoose'
import { type Lead, NO_WISH, type Wish } from '../../src/leads/lead.ts'
import type { Match } from '../../src/leads/match.ts'
import { bestMatches, combinationsFor, rankUnits } from '../../src/leads/match-read.ts'
import { setClock } from '../../src/lib/clock.ts'
import { addDays, addMonths, dayBefore, today } from '../../src/lib/days.ts'
import { RuleError } from '../../src/lib/rule-error.ts'
import { claimUnit } from '../../src/spaces/claims.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildPark, buildUnit, inDays } from '../setup/factories.ts'
import { buildLead } from '../setup/leads.ts'

const HOUR = 3_600_000
const wish = (more: Partial<Wish> = {}): Wish => ({ ...NO_WISH, ...more })

/** What came of claiming a unit for a period: taken back at once where it worked. */
async function claiming(park: string, unit: Types.ObjectId, from: string, to: string, lead: Types.ObjectId | null): Promise<string> {
  const before = await Unit.findOne({ park, _id: unit }).lean().orFail()
  try {
    await claimUnit(park, unit, { kind: 'works', from, to }, lead && { lead, by: BY })
    await Unit.updateOne({ park, _id: unit }, { claims: before.claims, gaps: before.gaps })
    return 'accepted'
  } catch (error) {
    if (!(error instanceof RuleError)) throw error
    return error.problem.key.replace(/^error\./, '')
  }
}

const hold = (park: string, unit: Types.ObjectId, from: string, to: string, lead: Types.ObjectId, expiresAt: Date) =>
  claimUnit(park, unit, { kind: 'hold', from, to, lead, label: 'Somebody', expiresAt })

describe('matches and claims', function () {
  this.timeout(240_000)
  useDatabase()

  it('a unit said to be free is taken by a claim of the period, and one said to be taken is refused', async () => {
    const park = await buildPark()
    const { lead } = await buildLead(park._id)
    const other = new Types.ObjectId()
    const day = today()
    const kind = fc.constantFrom('works', 'own hold', 'hold', 'lapsed')
    const taken = fc.record({ kind, at: fc.integer({ min: 0, max: 400 }), days: fc.integer({ min: 1, max: 300 }) })
    const units = fc.array(fc.array(taken, { maxLength: 3 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(units, fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 24 }), async (plans, start, months) => {
        await Unit.deleteMany({ park: park._id })
        const expiresAt = new Date(Date.now() + HOUR)
        for (const plan of plans) {
          const unit = await buildUnit({ park: park._id })
          let own = false
          for (const one of plan) {
            const [from, to] = [addDays(day, one.at), addDays(day, one.at + one.days - 1)]
            const mine = one.kind === 'own hold'
            // One hold of its own at a time: a claim replaces one.
            if (mine && own) continue
            const work = async () => {
              if (one.kind === 'works') await claimUnit(park._id, unit._id, { kind: 'works', from, to })
              else await hold(park._id, unit._id, from, to, mine ? lead._id : other, expiresAt)
              own ||= mine
            }
            // Some don't fit beside the others: then they aren't there.
            await work().catch(error => expect(error).to.be.instanceOf(RuleError))
            if (one.kind === 'lapsed')
              await Unit.updateOne(
                { park: park._id, _id: unit._id },
                { $set: { 'claims.$[hold].expiresAt': new Date(Date.now() - HOUR) } },
                { arrayFilters: [{ 'hold.kind': 'hold', 'hold.from': from, 'hold.to': to, 'hold.lead': other }] },
              )
          }
        }
        const from = addDays(day, start)
        const to = dayBefore(addMonths(from, months))
        const ranking = await rankUnits(park, wish({ from, months }), lead._id)
        expect(ranking.matches.length + ranking.rest!.length).to.equal(plans.length)
        for (const { unit, reasons } of [...ranking.matches, ...ranking.rest!]) {
          const { is } = reasons.date
          const got = await claiming(park._id, unit._id, from, to, is === 'own' ? lead._id : null)
          // Its own hold stands in the way of nobody but others.
          expect(got, `${is} ${JSON.stringify(unit.claims)}`).to.equal(is === 'free' || is === 'own' ? 'accepted' : 'unit.taken')
        }
      }),
      { numRuns: 25 },
    )
  })

  it('says the same whether a park is read whole or by its free ranges', async () => {
    const park = await buildPark()
    const { lead } = await buildLead(park._id)
    const other = new Types.ObjectId()
    for (let i = 0; i < 12; i++) {
      const unit = await buildUnit({ park: park._id, code: `${100 + i}`, gross: 6000 + i * 1000, listRate: `${1 + (i % 3)}.50` })
      if (i % 4 === 1) await buildLease({ unit, from: inDays(-30), to: inDays(20 + i * 15) })
      if (i % 4 === 2) await buildLease({ unit, from: inDays(-90), to: inDays(-1) })
      if (i % 4 === 3) await hold(park._id, unit._id, today(), '9999-12-31', i > 5 ? other : lead._id, new Date(Date.now() + HOUR))
    }
    const brief = (matches: Match[]) => matches.map(({ unit, verdict, score, reasons }) => [unit.code, verdict, score, reasons.date.is])
    for (const given of [
      wish(),
      wish({ areaFrom: 8000, areaTo: 12_000, budget: 700_000 }),
      wish({ from: inDays(60), months: 6 }),
      wish({ desks: 4, product: 'office' }),
    ]) {
      const whole = await rankUnits(park, given, lead._id)
      const best = await bestMatches(park, { _id: lead._id, wish: given }, 100)
      expect(brief(best.matches)).to.deep.equal(brief(whole.matches))
      expect([best.fits, best.nearly]).to.deep.equal([whole.fits, whole.matches.length - whole.fits])
    }
    expect((await bestMatches(park, { _id: lead._id, wish: wish() }, 3)).matches).to.have.length(3)
  })

  it('a hold that has run out never matters, with no job having run', async () => {
    const park = await buildPark()
    const { lead } = await buildLead(park._id)
    const unit = await buildUnit({ park: park._id })
    await hold(park._id, unit._id, today(), '9999-12-31', new Types.ObjectId(), new Date(Date.now() + HOUR))
    const now = async () => {
      const { matches, fits } = await bestMatches(park, lead, 1)
      return [fits, matches[0]!.reasons.date.is]
    }
    expect(await now()).to.deep.equal([0, 'held'])
    setClock(new Date(Date.now() + HOUR + 1000))
    expect(await now()).to.deep.equal([1, 'free'])
  })

  it('puts two or three units of a floor together where none has the area alone', async () => {
    const park = (await buildPark())._id
    const lead = { _id: new Types.ObjectId() } as Lead
    for (const [code, gross, floor] of [
      ['101', 6000, '1F'],
      ['102', 7000, '1F'],
      ['105', 6500, '1F'],
      ['201', 9000, '2F'],
      ['301', 4000, '3F'],
      ['302', 4500, '3F'],
      ['303', 4200, '3F'],
    ] as const)
      await buildUnit({ park, code, gross, floor, building: floor })
    const taken = await buildUnit({ park, code: '202', gross: 5000, floor: '2F', building: '2F' })
    await buildLease({ unit: taken, from: today(), to: inDays(100) })
    const place = { _id: park, zone: 'Asia/Shanghai' }
    const together = async (given: Wish) => {
      const { asking } = await rankUnits(place, given, lead._id)
      const found = await combinationsFor(place, given, asking, 3)
      return found.map(one => `${one.units.map(unit => unit.code).join('+')} ${one.area}${one.adjacent ? ' adjacent' : ''}`)
    }
    expect(await together(wish({ areaFrom: 12_000, areaTo: 14_000 }))).to.deep.equal([
      '101+102 13000 adjacent',
      '301+302+303 12700 adjacent',
      '101+105 12500',
    ])
    expect(await together(wish({ areaFrom: 12_000, budget: 1 })), 'far over the budget').to.deep.equal([])
    expect(await together(wish({ areaTo: 14_000 })), 'no least area').to.deep.equal([])
    expect(await together(wish({ areaFrom: 12_000, product: 'lab' }))).to.deep.equal([])
  })
})
