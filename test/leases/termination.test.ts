import { expect } from 'chai'
import { AuditEntry } from '../../src/audit/entry.ts'
import { Lease } from '../../src/leases/lease.ts'
import { draftRenewal, proposeRenewal } from '../../src/leases/renewal.ts'
import { approveLease, loadLease, submitLease } from '../../src/leases/review.ts'
import { signLease } from '../../src/leases/signing.ts'
import { setClock } from '../../src/lib/clock.ts'
import { dayAfter, today } from '../../src/lib/days.ts'
import type { RuleError } from '../../src/lib/rule-error.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, inDays, OTHER } from '../setup/factories.ts'
import { noon, stateOf, stepPath, unitFields } from '../setup/steps.ts'

describe('ending a lease early', () => {
  useDatabase()

  it('previews the settlement and ends the lease: 15,123 back, free from 07-01, holding over until the handover (CASES 7)', async () => {
    setClock(noon('2026-06-20'))
    const more = { basis: 'month' as const, rentFree: [{ from: '2026-01-01', to: '2026-01-31' }], deposit: 6_000_000 }
    const { lease, unit, park } = await buildLease({ from: '2026-01-01', to: '2026-12-31', rate: '30000', more })
    const manager = await signedInAs('manager', { park })
    const preview = await manager.get(`${stepPath(lease, 'termination')}?on=2026-06-30`).expect(200)
    for (const figure of ['¥15,123.00', '¥150,000.00', '¥180,000.00', '¥60,000.00', '2026-07-01', unit.code])
      expect(preview.text).to.include(figure)
    const fragment = await manager
      .get(`${stepPath(lease, 'termination')}?on=2026-06-30`)
      .set('HX-Request', 'true')
      .expect(200)
    expect(fragment.text).to.include('¥15,123.00').and.not.include('<html')
    expect((await loadLease(park, lease._id)).terminated, 'looking ends nothing').to.equal(null)

    const post = (fields: Record<string, string>) => manager.post(stepPath(lease, 'termination'), fields)
    expect((await post({ on: '2026-12-31', reason: 'too late' })).status).to.equal(422)
    const nothing = await post({ on: '2026-06-30', reason: ' ' })
    expect(nothing.status).to.equal(422)
    expect(nothing.text, 'the preview stays').to.include('¥15,123.00')
    expect((await post({ on: '2026-06-30', reason: 'Moves away' })).status).to.equal(303)
    const ended = await loadLease(park, lease._id)
    expect(ended).to.include({ end: '2026-06-30', to: '2026-12-31' })
    expect(ended.terminated).to.include({ on: '2026-06-30', reason: 'Moves away' })
    const entry = await AuditEntry.findOne({ park, ref: lease._id, action: 'lease.terminate' }).lean().orFail()
    expect(entry.changes.find(change => change.field === 'clawback')!.after).to.equal(1_512_300)
    expect((await post({ on: '2026-06-25', reason: 'again' })).status).to.equal(409)

    const next = await buildLease({ unit, from: '2026-07-01', to: '2027-06-30' })
    expect(await stateOf(park, unit._id, '2026-07-01'), 'after today only claims count').to.equal('let')
    setClock(noon('2026-07-02'))
    expect(await stateOf(park, unit._id)).to.equal('holding')
    const late = await signedInAs('manager', { park })
    const handover = { on: '2026-07-02', ...unitFields(0, unit._id) }
    expect((await late.post(stepPath(next.lease, 'handover/in'), handover)).status).to.equal(409)
    expect((await late.post(stepPath(lease, 'handover/out'), handover)).status).to.equal(303)
    expect(await stateOf(park, unit._id)).to.equal('let')
  })

  it('refuses 06-30 to whoever wants the unit from then, and lets them have it from 07-01', async () => {
    setClock(noon('2026-06-20'))
    const { lease, unit, park } = await buildLease({ from: '2026-01-01', to: '2026-12-31' })
    const manager = await signedInAs('manager', { park })
    expect((await manager.post(stepPath(lease, 'termination'), { on: '2026-06-30', reason: 'Moves away' })).status).to.equal(303)
    const early = await buildLease({ unit, from: '2026-06-30', to: '2027-06-29', stage: 'draft' })
    const key = await submitLease(park, early.lease._id, BY).catch((error: RuleError) => error.problem.key)
    expect(key).to.equal('error.unit.taken')
    expect((await buildLease({ unit, from: '2026-07-01', to: '2027-06-30', stage: 'review' })).lease.state).to.equal('review')
  })

  it('calls a lease off before its start, but not once somebody has moved in', async () => {
    const { lease, unit, park } = await buildLease({ from: inDays(10) })
    const manager = await signedInAs('manager', { park })
    expect((await manager.post(stepPath(lease, 'termination'), { on: today(), reason: 'Never came' })).status).to.equal(303)
    expect((await Unit.findOne({ park, _id: unit._id }).lean().orFail()).claims).to.have.length(0)
    const moved = await buildLease({ from: inDays(-10) })
    const boss = await signedInAs('manager', { park: moved.park })
    await boss.post(stepPath(moved.lease, 'handover/in'), { on: inDays(-5), ...unitFields(0, moved.unit._id) })
    const refused = await boss.post(stepPath(moved.lease, 'termination'), { on: inDays(-11), reason: 'Undo' })
    expect(refused.status).to.equal(422)
    expect((await loadLease(moved.park, moved.lease._id)).terminated).to.equal(null)
  })

  it('names the renewal that can no longer follow, and refuses to sign it', async () => {
    const { lease, park } = await buildLease({ from: inDays(-100), to: inDays(100) })
    const renewal = await draftRenewal(park, lease._id, proposeRenewal(lease), BY)
    await submitLease(park, renewal._id, BY)
    await approveLease(park, renewal._id, OTHER)
    const manager = await signedInAs('manager', { park })
    const preview = await manager.get(`${stepPath(lease, 'termination')}?on=${inDays(5)}`).expect(200)
    expect(preview.text).to.include(renewal.number)
    expect((await manager.post(stepPath(lease, 'termination'), { on: inDays(5), reason: 'Leaves' })).status).to.equal(303)
    const key = await signLease(park, renewal._id, { on: today(), scans: [] }, OTHER).catch((error: RuleError) => error.problem.key)
    expect(key).to.equal('error.renewal.notSigned')
    expect(await Lease.findOne({ park, _id: renewal._id }).lean()).to.include({ state: 'approved', from: dayAfter(lease.end) })
  })

  it('refuses what has ended by itself', async () => {
    setClock(noon(inDays(-400)))
    const { lease, park } = await buildLease({ from: today(), to: inDays(364) })
    setClock(null)
    const manager = await signedInAs('manager', { park })
    const page = await manager.get(stepPath(lease, 'termination')).expect(200)
    expect(page.text).to.include(lease.end).and.not.include('button-danger')
    const refused = await manager.post(stepPath(lease, 'termination'), { on: inDays(-100), reason: 'Late' })
    expect(refused.status).to.equal(422)
    expect((await loadLease(park, lease._id)).terminated).to.equal(null)
  })
})
