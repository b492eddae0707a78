import { expect } from 'chai'
import { draftAmendment } from '../../src/leases/amendment.ts'
import { recordHandovers } from '../../src/leases/handover.ts'
import type { Lease } from '../../src/leases/lease.ts'
import { draftRenewal } from '../../src/leases/renewal.ts'
import { approveLease, loadLease, submitLease } from '../../src/leases/review.ts'
import { signLease } from '../../src/leases/signing.ts'
import { terminateLease } from '../../src/leases/termination.ts'
import { today } from '../../src/lib/days.ts'
import { RuleError } from '../../src/lib/rule-error.ts'
import { retireUnit, splitUnit } from '../../src/spaces/structure.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildTenant, buildUnit, inDays, OTHER, termsFor } from '../setup/factories.ts'
import { buildSoundPark, expectSound } from './soundness.ts'

/** Steps in an order nobody plans and several people bring about: what one has given back or carried on, the next mustn't bring back. */
describe('steps of a lease in an unusual order', () => {
  useDatabase()
  const keyOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'ok',
      error => (error instanceof RuleError ? error.problem.key : String(error)),
    )
  const linesOf = (units: Unit[]) => units.map(unit => ({ unit: unit._id, rate: '2.00' }))

  async function buildTwoUnits() {
    const park = await buildSoundPark()
    const units = [await buildUnit({ park }), await buildUnit({ park })]
    const tenant = await buildTenant(park)
    const { lease } = await buildLease({ unit: units[0]!, tenant, from: inDays(-100), to: inDays(50), more: { lines: linesOf(units) } })
    return { park, units, tenant, lease }
  }

  async function amend({ park, _id }: Lease, units: Unit[]): Promise<void> {
    const { version } = await loadLease(park, _id)
    const input = { from: inDays(10), lines: linesOf(units), rentFree: [], escalation: [], reductions: [], deposit: 0 }
    await draftAmendment(park, _id, version, input, BY)
  }

  async function decide({ park, _id }: Lease): Promise<void> {
    await submitLease(park, _id, BY)
    await approveLease(park, _id, OTHER)
  }
  const sign = ({ park, _id }: Lease) => signLease(park, _id, { on: today(), scans: [] }, OTHER)

  async function giveBack({ park, _id }: Lease, unit: Unit): Promise<void> {
    const blank = { checklist: [], electricity: null, water: null, keys: null, note: null }
    await recordHandovers(park, _id, [{ kind: 'out', unit: unit._id, on: today(), ...blank }], BY)
  }

  it('signs an amendment after a unit was handed back: it stays handed back', async () => {
    const { park, units, lease } = await buildTwoUnits()
    await amend(lease, units)
    await decide(lease)
    await giveBack(lease, units[1]!)
    await sign(lease)
    expect((await loadLease(park, lease._id)).occupied.map(String)).to.deep.equal([String(units[0]!._id)])
    await expectSound(park, 'handed back')
  })

  it('refuses to sign a renewal while the old lease is amended, and takes it when that is settled', async () => {
    const { park, units, tenant, lease } = await buildTwoUnits()
    const terms = termsFor(units[0]!, tenant, { from: inDays(51), to: inDays(100), more: { lines: linesOf(units) } })
    const renewal = await draftRenewal(park, lease._id, terms, BY)
    await decide(renewal)
    await amend(lease, units)
    await decide(lease)
    expect(await keyOf(sign(renewal))).to.equal('error.renewal.amending')
    expect((await loadLease(park, renewal._id)).state).to.equal('approved')
    await sign(lease)
    await sign(renewal)
    expect((await loadLease(park, lease._id)).occupied).to.deep.equal([])
    await expectSound(park, 'renewed')
  })

  it('calls a renewal off: what an amendment had returned is still to be handed back', async () => {
    const { park, units, tenant, lease } = await buildTwoUnits()
    await amend(lease, units.slice(0, 1))
    await decide(lease)
    await sign(lease)
    const renewal = await draftRenewal(park, lease._id, termsFor(units[0]!, tenant, { from: inDays(51), to: inDays(100) }), BY)
    await decide(renewal)
    await sign(renewal)
    await expectSound(park, 'renewed')
    await terminateLease(park, renewal._id, { on: inDays(50), reason: 'stays away' }, OTHER)
    await expectSound(park, 'called off')
  })

  it('lets a unit become something else once only: an earlier change of what is already split is refused', async () => {
    const park = await buildSoundPark()
    const unit = await buildUnit({ park, gross: 10_000 })
    const parts = (...codes: string[]) => codes.map(code => ({ code, product: 'office' as const, gross: 5000, chargeable: 5000 }))
    await splitUnit(park, unit._id, inDays(60), parts('S1', 'S2'), BY)
    expect(await keyOf(splitUnit(park, unit._id, inDays(30), parts('S3', 'S4'), BY))).to.equal('error.unit.endsBefore')
    expect(await keyOf(retireUnit(park, unit._id, inDays(30), BY))).to.equal('error.unit.endsBefore')
    expect((await Unit.findOne({ park, _id: unit._id }).lean().orFail()).activeTo).to.equal(inDays(59))
    await expectSound(park, 'split once', 10_000)
  })
})
