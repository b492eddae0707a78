import { expect } from 'chai'
import { draftAmendment } from '../../src/leases/amendment.ts'
import { editDraft } from '../../src/leases/draft.ts'
import { recordHandover } from '../../src/leases/handover.ts'
import { Lease } from '../../src/leases/lease.ts'
import { draftRenewal, proposeRenewal } from '../../src/leases/renewal.ts'
import { approveLease, loadLease, returnLease, submitLease, withdrawLease } from '../../src/leases/review.ts'
import { signLease } from '../../src/leases/signing.ts'
import { statusOn } from '../../src/leases/status.ts'
import { settlementOn, terminateLease } from '../../src/leases/termination.ts'
import { setClock } from '../../src/lib/clock.ts'
import { addDays, addMonths, dayAfter, dayBefore, today } from '../../src/lib/days.ts'
import { RuleError } from '../../src/lib/rule-error.ts'
import { Park } from '../../src/parks/park.ts'
import { whenOf } from '../../src/spaces/plan.ts'
import { unitState } from '../../src/spaces/state.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildTenant, buildUnit, inDays, OTHER, termsFor } from '../setup/factories.ts'

const keyOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    error => (error instanceof RuleError ? error.problem.key : String(error)),
  )
const noon = (day: string) => new Date(`${day}T04:00:00Z`)

async function stateOf(park: string, unit: Unit['_id'], on: string) {
  const found = await Unit.findOne({ park, _id: unit }).lean().orFail()
  const where = await Park.findById(park).lean().orFail()
  return unitState(found as Unit, whenOf(where, on, today()))!
}
const handover = (unit: Unit['_id'], kind: 'in' | 'out', on: string) => ({
  kind,
  unit,
  on,
  checklist: [],
  electricity: '1024',
  water: '12',
  keys: 2,
  note: null,
})

describe('the life of a lease', () => {
  useDatabase()

  it('claims the units when it is submitted; twenty parallel submissions of overlapping terms leave one claim (CASES 1)', async () => {
    const unit = await buildUnit()
    const tenant = await buildTenant(unit.park)
    const drafts = []
    for (let i = 0; i < 20; i++) drafts.push(await buildLease({ unit, tenant, stage: 'draft', from: inDays(i), to: inDays(200 + i) }))
    const results = await Promise.all(drafts.map(({ lease }) => keyOf(submitLease(unit.park, lease._id, BY))))
    expect(results.filter(result => result === 'ok')).to.have.length(1)
    expect(await Lease.countDocuments({ park: unit.park, state: 'review' })).to.equal(1)
    expect((await Unit.findOne({ park: unit.park, _id: unit._id }).lean().orFail()).claims).to.have.length(1)
  })

  it('gives the units back on withdrawal and return, and says why', async () => {
    const { lease, unit, park } = await buildLease({ stage: 'review' })
    await withdrawLease(park, lease._id, BY)
    expect((await stateOf(park, unit._id, today())).state).to.equal('vacant')
    await submitLease(park, lease._id, BY)
    await returnLease(park, lease._id, 'The rate is too low', OTHER)
    const after = await loadLease(park, lease._id)
    expect(after).to.include({ state: 'draft' })
    expect(after.versions[0]).to.include({ comment: 'The rate is too low' })
    expect((await stateOf(park, unit._id, today())).state).to.equal('vacant')
  })

  it('lets nobody approve what they submitted, unless the park says so', async () => {
    const { lease, park } = await buildLease({ stage: 'review' })
    expect(await keyOf(approveLease(park, lease._id, BY))).to.equal('error.lease.ownApproval')
    await Park.updateOne({ _id: park }, { 'settings.selfApproval': true })
    expect(await keyOf(approveLease(park, lease._id, BY))).to.equal('ok')
  })

  it('lets one of a parallel approval and withdrawal win', async () => {
    for (let i = 0; i < 5; i++) {
      const { lease, park, unit } = await buildLease({ stage: 'review' })
      const [approved, withdrawn] = await Promise.all([
        keyOf(approveLease(park, lease._id, OTHER)),
        keyOf(withdrawLease(park, lease._id, BY)),
      ])
      const { state } = await loadLease(park, lease._id)
      const { claims } = await Unit.findOne({ park, _id: unit._id }).lean().orFail()
      // A withdrawal may follow an approval; an approval may not follow a withdrawal.
      if (withdrawn === 'ok') expect([state, claims.length]).to.deep.equal(['draft', 0])
      else expect([approved, state, claims.length]).to.deep.equal(['ok', 'approved', 1])
    }
  })

  it('shows the second editor of a draft that somebody saved in between (CASES 9)', async () => {
    const { lease, park, unit, tenant } = await buildLease({ stage: 'draft' })
    const edit = (rate: string) => editDraft(park, lease._id, lease.version, termsFor(unit, tenant, { rate }), BY)
    expect(await keyOf(edit('3.00'))).to.equal('ok')
    expect(await keyOf(edit('4.00'))).to.equal('error.stale')
    expect((await loadLease(park, lease._id)).versions[0]!.lines[0]!.rate).to.equal('3.00')
  })

  it('holds over until the handover; the next tenant signs ahead but doesn’t move in before', async () => {
    const from = inDays(-400)
    setClock(noon(from))
    const { lease, unit, park } = await buildLease({ from, to: inDays(399) })
    await recordHandover(park, lease._id, handover(unit._id, 'in', from), BY)
    setClock(null)
    expect(lease.end).to.equal(inDays(-1))
    expect((await stateOf(park, unit._id, today())).state).to.equal('holding')
    expect((await stateOf(park, unit._id, inDays(1))).state).to.equal('vacant')
    const next = await buildLease({ unit, from: today(), to: inDays(364) })
    expect((await stateOf(park, unit._id, today())).state).to.equal('holding')
    expect(await keyOf(recordHandover(park, next.lease._id, handover(unit._id, 'in', today()), BY))).to.equal('error.unit.heldOver')
    expect(statusOn(await loadLease(park, lease._id), today(), 90)).to.equal('holding')
    await recordHandover(park, lease._id, handover(unit._id, 'out', today()), BY)
    expect(statusOn(await loadLease(park, lease._id), today(), 90)).to.equal('ended')
    expect(await keyOf(recordHandover(park, next.lease._id, handover(unit._id, 'in', today()), BY))).to.equal('ok')
    expect((await stateOf(park, unit._id, today())).state).to.equal('let')
  })

  it('ends early: the claim ends on the day, the rest is free, and the clawback is to the yuan (CASES 7)', async () => {
    setClock(noon('2026-06-20'))
    const more = { basis: 'month' as const, rentFree: [{ from: '2026-01-01', to: '2026-01-31' }], deposit: 6_000_000 }
    const { lease, unit, park } = await buildLease({ from: '2026-01-01', to: '2026-12-31', rate: '30000', more })
    const preview = settlementOn(lease, '2026-06-30')
    expect(preview).to.include({ clawback: 1_512_300, deposit: 6_000_000, earned: 15_000_000, planned: 33_000_000 })
    await terminateLease(park, lease._id, { on: '2026-06-30', reason: 'Moves away' }, OTHER)
    const other = await buildLease({ unit, from: '2026-07-01', to: '2027-06-30', stage: 'review' })
    expect(other.lease.state).to.equal('review')
    setClock(noon('2026-07-02'))
    expect((await stateOf(park, unit._id, '2026-07-02')).state).to.equal('holding')
    expect(await keyOf(terminateLease(park, lease._id, { on: '2026-06-01', reason: 'again' }, OTHER))).to.not.equal('ok')
  })

  it('renews once, carries the deposit, and asks for no handover between', async () => {
    const from = inDays(-300)
    setClock(noon(from))
    const { lease, park, unit } = await buildLease({ from, to: inDays(360), more: { deposit: 500_000 } })
    await recordHandover(park, lease._id, handover(unit._id, 'in', from), BY)
    setClock(null)
    const input = proposeRenewal(await loadLease(park, lease._id))
    expect(input.from).to.equal(dayAfter(lease.end))
    const [one, two] = [await draftRenewal(park, lease._id, input, BY), await draftRenewal(park, lease._id, input, BY)]
    expect(one.depositCarried).to.equal(500_000)
    await submitLease(park, one._id, BY)
    await approveLease(park, one._id, OTHER)
    await signLease(park, one._id, { on: today(), scans: [] }, OTHER)
    expect(await keyOf(submitLease(park, two._id, BY))).to.equal('error.unit.taken')
    setClock(noon(addDays(lease.end, 5)))
    expect((await stateOf(park, unit._id, addDays(lease.end, 5))).state).to.equal('let')
    expect(statusOn(await loadLease(park, lease._id), addDays(lease.end, 5), 90)).to.equal('renewed')
    expect(await keyOf(draftRenewal(park, lease._id, input, BY))).to.equal('error.lease.renewedAlready')
  })

  it('amends from a day on: units added are claimed, units returned are free', async () => {
    const { lease, park, unit } = await buildLease({ from: inDays(-10), to: inDays(700) })
    const second = await buildUnit({ park })
    const on = addMonths(today(), 2)
    const input = { ...termsFor(second, { _id: lease.tenant }, { rate: '3.00' }), from: on }
    await draftAmendment(park, lease._id, lease.version, input, BY)
    await submitLease(park, lease._id, BY)
    expect((await stateOf(park, second._id, on)).state).to.equal('review')
    expect((await stateOf(park, unit._id, on)).let).to.equal(true)
    await approveLease(park, lease._id, OTHER)
    await signLease(park, lease._id, { on: today(), scans: [] }, OTHER)
    expect((await stateOf(park, second._id, on)).let).to.equal(true)
    expect((await stateOf(park, unit._id, on)).state).to.equal('vacant')
    expect((await stateOf(park, unit._id, dayBefore(on))).let).to.equal(true)
    const past = { ...input, from: inDays(-20) }
    expect(await keyOf(draftAmendment(park, lease._id, (await loadLease(park, lease._id)).version, past, BY))).to.equal(
      'error.amendment.date',
    )
  })

  it('leaves nothing behind when one of several units is taken (CASES 32)', async () => {
    const taken = await buildUnit()
    await buildLease({ unit: taken, from: today(), to: inDays(100) })
    const free = await buildUnit({ park: taken.park })
    const lines = [free, taken].map(unit => ({ unit: unit._id, rate: '2.00' }))
    const { lease, park } = await buildLease({ unit: free, stage: 'draft', more: { lines } })
    expect(await keyOf(submitLease(park, lease._id, BY))).to.equal('error.unit.taken')
    expect((await Unit.findOne({ park, _id: free._id }).lean().orFail()).claims).to.have.length(0)
    expect((await loadLease(park, lease._id)).state).to.equal('draft')
  })
})
