import { expect } from 'chai'
import fc from 'fast-check'
import { addDays, dayBefore } from '../../src/lib/days.ts'
import { RuleError } from '../../src/lib/rule-error.ts'
import { Building, commonOn } from '../../src/spaces/building.ts'
import { claimUnit } from '../../src/spaces/claims.ts'
import { isActive } from '../../src/spaces/state.ts'
import { mergeUnits, type Part, remeasureUnit, splitUnit } from '../../src/spaces/structure.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildUnit, newId } from '../setup/factories.ts'

const keyOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    error => (error instanceof RuleError ? error.problem.key : String(error)),
  )
const part = (code: string, gross: number): Part => ({ code, product: 'office', gross, chargeable: gross })
const areaOn = async (park: string, on: string): Promise<number> =>
  (await Unit.find({ park }).lean()).filter(unit => isActive(unit, on)).reduce((sum, unit) => sum + unit.gross, 0)

describe('splitting, merging and re-measuring units', () => {
  useDatabase()

  it('refuses to split under a lease, and can be dated the day after its end (CASES 2)', async () => {
    const unit = await buildUnit({ gross: 20_000, code: '301' })
    await claimUnit(unit.park, unit._id, {
      kind: 'lease',
      from: '2026-01-01',
      to: '2027-06-30',
      lease: newId(),
      number: 'HT-1',
      stage: 'signed',
    })
    const parts = [part('301A', 12_000), part('301B', 8_000)]
    expect(await keyOf(splitUnit(unit.park, unit._id, '2027-06-30', parts, BY))).to.equal('error.unit.claimedPast')
    const made = await splitUnit(unit.park, unit._id, '2027-07-01', parts, BY)
    expect(made.map(one => one.code)).to.deep.equal(['301A', '301B'])
    expect([await areaOn(unit.park, '2027-06-30'), await areaOn(unit.park, '2027-07-01')]).to.deep.equal([20_000, 20_000])
    const old = await Unit.findOne({ park: unit.park, _id: unit._id }).lean().orFail()
    expect(old.activeTo).to.equal('2027-06-30')
    expect(old.claims[0]!.number).to.equal('HT-1')
  })

  it('refuses parts that lose area, a code in use, and a merge across floors', async () => {
    const park = (await buildPark())._id
    const unit = await buildUnit({ park, gross: 20_000 })
    const other = await buildUnit({ park, gross: 5_000, code: 'TAKEN' })
    expect(await keyOf(splitUnit(park, unit._id, '2027-01-01', [part('A', 12_000), part('B', 7_999)], BY))).to.equal('error.unit.areaLost')
    expect(await keyOf(splitUnit(park, unit._id, '2027-01-01', [part('TAKEN', 12_000), part('B', 8_000)], BY))).to.equal(
      'error.unit.codeTaken',
    )
    const upstairs = await buildUnit({ park, building: 'b', floor: '2F' })
    expect(await keyOf(mergeUnits(park, [other._id, upstairs._id], '2027-01-01', { code: 'M', product: 'office' }, BY))).to.equal(
      'error.unit.sameFloor',
    )
    expect(await areaOn(park, '2027-01-01')).to.equal(20_000 + 5_000 + 10_000)
  })

  it('gives a code to one unit a day, whoever asks at the same time', async () => {
    const park = (await buildPark())._id
    const units: Unit[] = []
    for (let i = 0; i < 4; i++) units.push(await buildUnit({ park, gross: 10_000 }))
    const results = await Promise.all(
      units.map((unit, i) => keyOf(splitUnit(park, unit._id, '2027-01-01', [part('SAME', 5_000), part(`P${i}`, 5_000)], BY))),
    )
    expect(results.filter(result => result === 'ok')).to.have.length(1)
    expect(await Unit.countDocuments({ park, code: 'SAME' })).to.equal(1)
  })

  it('re-measures from a day on; both areas stay readable on their days', async () => {
    const unit = await buildUnit({ gross: 10_000 })
    const made = await remeasureUnit(unit.park, unit._id, '2027-03-01', { gross: 10_250, chargeable: 10_100 }, false, BY)
    expect(made).to.include({ code: unit.code, gross: 10_250, activeFrom: '2027-03-01' })
    expect([await areaOn(unit.park, '2027-02-28'), await areaOn(unit.park, '2027-03-01')]).to.deep.equal([10_000, 10_250])
  })

  it('moves the difference to the floor’s common area when asked, and never below zero', async () => {
    const unit = await buildUnit({ gross: 10_000 })
    const bigger = { gross: 10_250, chargeable: 10_250 }
    expect(await keyOf(remeasureUnit(unit.park, unit._id, '2027-03-01', bigger, true, BY))).to.equal('error.floor.commonNegative')
    const smaller = { gross: 9_700, chargeable: 9_700 }
    await remeasureUnit(unit.park, unit._id, '2027-03-01', smaller, true, BY)
    const { floors } = await Building.findOne({ park: unit.park, code: 'a' }).lean().orFail()
    expect([commonOn(floors[0]!, '2027-02-28'), commonOn(floors[0]!, '2027-03-01')]).to.deep.equal([0, 300])
  })

  it('conserves the area on every date under random splits and merges (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ split: fc.boolean(), at: fc.nat(9), cut: fc.integer({ min: 1, max: 99 }) }), { maxLength: 6 }),
        async steps => {
          const park = (await buildPark())._id
          for (let i = 0; i < 3; i++) await buildUnit({ park, gross: 10_000 + i * 777 })
          const total = await areaOn(park, '2026-01-01')
          let on = '2026-06-01'
          for (const [i, step] of steps.entries()) {
            const active = (await Unit.find({ park }).sort({ code: 1 }).lean()).filter(unit => isActive(unit, on))
            const unit = active[step.at % active.length]!
            const first = Math.floor((unit.gross * step.cut) / 100) || 1
            if (step.split && unit.gross > 1)
              await splitUnit(park, unit._id, on, [part(`S${i}a`, first), part(`S${i}b`, unit.gross - first)], BY)
            else if (active.length > 1) {
              const pair = active.filter(one => one !== unit)[0]!
              await mergeUnits(park, [unit._id, pair._id], on, { code: `M${i}`, product: 'office' }, BY)
            }
            expect(await areaOn(park, dayBefore(on))).to.equal(total)
            expect(await areaOn(park, on)).to.equal(total)
            on = addDays(on, 30)
          }
          for (const unit of await Unit.find({ park }).lean())
            expect(await areaOn(park, unit.activeFrom < '2026-01-01' ? on : unit.activeFrom)).to.equal(total)
        },
      ),
      { numRuns: 12 },
    )
  })
})
