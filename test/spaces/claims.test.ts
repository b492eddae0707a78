import { expect } from 'chai'
import type { Types } from 'mongoose'
import { setClock } from '../../src/lib/clock.ts'
import { overlaps } from '../../src/lib/days.ts'
import { RuleError } from '../../src/lib/rule-error.ts'
import { claimUnit, endClaim, endLease } from '../../src/spaces/claims.ts'
import { gapsOf } from '../../src/spaces/gaps.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildUnit, newId } from '../setup/factories.ts'

const kindOf = (error: unknown): string => (error instanceof RuleError ? error.problem.key : String(error))

/** Runs `work` and answers 'ok' or the key of what was refused. */
const outcome = (work: Promise<unknown>): Promise<string> => work.then(() => 'ok', kindOf)

describe('claims', () => {
  useDatabase()
  const lease = (from: string, to: string) => ({ kind: 'lease' as const, from, to, lease: newId(), number: 'HT', stage: 'review' as const })

  it('takes the day after a claim, but not its last day (CASES 1)', async () => {
    const unit = await buildUnit()
    await claimUnit(unit.park, unit._id, lease('2026-01-01', '2026-06-30'))
    expect(await outcome(claimUnit(unit.park, unit._id, lease('2026-06-30', '2026-12-31')))).to.equal('error.unit.taken')
    expect(await outcome(claimUnit(unit.park, unit._id, lease('2026-07-01', '2026-12-31')))).to.equal('ok')
    expect(await outcome(claimUnit(unit.park, unit._id, lease('2025-01-01', '2025-12-31')))).to.equal('ok')
  })

  it('refuses days on which the unit doesn’t exist, a turned period, and a unit of another park', async () => {
    const unit = await buildUnit({ from: '2026-01-01' })
    expect(await outcome(claimUnit(unit.park, unit._id, lease('2025-12-31', '2026-06-30')))).to.equal('error.unit.inactive')
    expect(await outcome(claimUnit(unit.park, unit._id, lease('2026-07-01', '2026-06-30')))).to.equal('error.period.order')
    const stranger = await buildUnit()
    expect(await outcome(claimUnit(stranger.park, unit._id, lease('2026-07-01', '2026-07-31')))).to.equal('error.unit.gone')
  })

  it('lets a hold that has run out block nobody, with no job having run (CASES 24)', async () => {
    const unit = await buildUnit()
    const expiresAt = new Date(Date.now() + 3_600_000)
    await claimUnit(unit.park, unit._id, { kind: 'hold', from: '2027-01-01', to: '9999-12-31', expiresAt })
    expect(await outcome(claimUnit(unit.park, unit._id, lease('2027-02-01', '2027-12-31')))).to.equal('error.unit.taken')
    setClock(new Date(expiresAt.getTime() + 1000))
    expect(await outcome(claimUnit(unit.park, unit._id, lease('2027-02-01', '2027-12-31')))).to.equal('ok')
  })

  it('turns a hold into its lease’s claim in one step', async () => {
    const unit = await buildUnit()
    const lead = newId()
    await claimUnit(unit.park, unit._id, { kind: 'hold', from: '2027-01-01', to: '9999-12-31', lead })
    const own = claimUnit(unit.park, unit._id, lease('2027-02-01', '2027-12-31'), { lead, by: BY })
    const others = Array.from({ length: 6 }, () => claimUnit(unit.park, unit._id, lease('2027-03-01', '2027-04-30')))
    const results = await Promise.all([own, ...others].map(outcome))
    expect(results[0]).to.equal('ok')
    expect(results.slice(1).every(result => result !== 'ok')).to.equal(true)
    const { claims } = await Unit.findOne({ park: unit.park, _id: unit._id }).lean().orFail()
    expect(claims.map(claim => claim.kind)).to.deep.equal(['lease'])
  })

  it('takes one of twenty parallel claims that overlap pairwise, and leaves no trace of the others', async () => {
    const unit = await buildUnit()
    const wishes = Array.from({ length: 20 }, (_, i) =>
      lease(`2026-${String((i % 6) + 1).padStart(2, '0')}-01`, `2026-${i % 2 ? '12' : '08'}-15`),
    )
    const results = await Promise.all(wishes.map(wish => outcome(claimUnit(unit.park, unit._id, wish))))
    expect(results.filter(result => result === 'ok')).to.have.length(1)
    expect(results.filter(result => result === 'error.unit.taken' || result === 'error.unit.busy')).to.have.length(19)
    const { claims } = await Unit.findOne({ park: unit.park, _id: unit._id }).lean().orFail()
    expect(claims).to.have.length(1)
  })

  it('frees the days after an early end, and drops a claim that hadn’t begun', async () => {
    const unit = await buildUnit()
    const wish = lease('2026-01-01', '2026-12-31')
    await claimUnit(unit.park, unit._id, wish)
    await endLease(unit.park, wish.lease, '2026-06-30')
    expect(await outcome(claimUnit(unit.park, unit._id, lease('2026-07-01', '2026-07-31')))).to.equal('ok')
    const works = await claimUnit(unit.park, unit._id, { kind: 'works', from: '2027-01-01', to: '2027-01-31' })
    await endClaim(unit.park, unit._id, works, '2026-12-31')
    expect(await outcome(endClaim(unit.park, unit._id, works, '2026-12-31'))).to.equal('error.claim.gone')
  })

  // A small linear generator: the same numbers in every run, so that a failure can be run again.
  function numbers(seed: number): (max: number) => number {
    let value = seed
    return max => {
      value = (value * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((value / 2_147_483_648) * max)
    }
  }

  async function storm(seed: number, units: { park: string; _id: Types.ObjectId }[]): Promise<void> {
    const pick = numbers(seed)
    const leases: Types.ObjectId[] = []
    const day = (month: number) => `${2026 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`
    for (let round = 0; round < 12; round++) {
      await Promise.all(
        Array.from({ length: 8 }, () => {
          const unit = units[pick(units.length)]!
          const start = pick(30)
          if (leases.length && pick(4) === 0) return outcome(endLease(unit.park, leases[pick(leases.length)]!, day(start)))
          const wish = lease(day(start), day(start + 1 + pick(9)))
          leases.push(wish.lease)
          return outcome(claimUnit(unit.park, unit._id, wish))
        }),
      )
    }
  }

  it('never claims a day of a unit twice, and keeps the free ranges true, under random parallel operations (property)', async () => {
    for (const seed of [1, 7, 42, 2026]) {
      const first = await buildUnit()
      const units = [first, await buildUnit({ park: first.park }), await buildUnit({ park: first.park })]
      await storm(seed, units)
      for (const { claims, gaps, activeFrom, activeTo, code } of await Unit.find({ park: first.park }).lean()) {
        claims.forEach((one, i) => {
          for (const other of claims.slice(i + 1)) expect(overlaps(one, other), `${seed} ${code}`).to.equal(false)
        })
        const expected = gapsOf({ activeFrom, activeTo, claims }, '1900-01-01').filter(gap => gap.to >= gaps[0]!.to)
        expect(gaps).to.deep.equal(expected)
      }
    }
  })
})
