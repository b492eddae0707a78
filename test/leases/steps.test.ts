import { expect } from 'chai'
import { AuditEntry } from '../../src/audit/entry.ts'
import { filesOf } from '../../src/files/store.ts'
import { loadLease } from '../../src/leases/review.ts'
import { setClock } from '../../src/lib/clock.ts'
import { today } from '../../src/lib/days.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildLease, buildTenant, buildUnit, inDays } from '../setup/factories.ts'
import { noon, stateOf, stepPath, unitFields } from '../setup/steps.ts'

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

const checked = {
  'checklist[0][item]': 'Walls',
  'checklist[0][ok]': 'on',
  'checklist[1][item]': 'Doors',
  'checklist[1][note]': 'Scratched',
}

describe('handing units over', () => {
  useDatabase()

  it('hands over with readings, checklist and a photograph, in and out, and prints the record', async () => {
    const { lease, unit, park, tenant } = await buildLease({ from: inDays(-30) })
    const manager = await signedInAs('manager', { park })
    const page = await manager.get(stepPath(lease, 'handover/in')).expect(200)
    expect(page.text).to.include(unit.code).and.include('name="checklist[0][item]"')
    const photos = [{ field: 'photos', data: PNG, name: '../../电表.png' }]
    const moved = await manager.upload(
      stepPath(lease, 'handover/in'),
      { on: inDays(-30), ...unitFields(0, unit._id), ...checked, note: 'As agreed' },
      photos,
    )
    expect(moved.status, moved.text).to.equal(303)
    const [done] = (await loadLease(park, lease._id)).handovers
    expect(done).to.deep.include({ kind: 'in', on: inDays(-30), electricity: '01024.5', water: '12', keys: 2, note: 'As agreed' })
    expect(done!.checklist.map(({ item, ok, note }) => [item, ok, note])).to.deep.equal([
      ['Walls', true, null],
      ['Doors', false, 'Scratched'],
    ])
    const files = await filesOf(park, 'handover', done!._id)
    expect(files.map(file => file.metadata.name)).to.deep.equal(['电表.png'])
    expect((await Unit.findOne({ park, _id: unit._id }).lean().orFail()).claims[0]).to.include({ movedInOn: inDays(-30) })
    const entry = await AuditEntry.findOne({ park, ref: lease._id, action: 'lease.handover.in' }).lean().orFail()
    expect(entry.changes.find(change => change.field === 'electricity')!.after).to.equal('01024.5')

    const out = await manager.upload(stepPath(lease, 'handover/out'), { on: today(), ...unitFields(0, unit._id, { keys: '1' }) }, [])
    expect(out.status, out.text).to.equal(303)
    const after = await loadLease(park, lease._id)
    expect(after.occupied).to.deep.equal([])
    expect(after.end, 'an early handover doesn’t end the lease').to.equal(lease.end)
    const { claims } = await Unit.findOne({ park, _id: unit._id }).lean().orFail()
    expect(claims[0], 'nor its claim').to.include({ to: lease.end, vacatedOn: today() })

    const owner = await signedInAs('owner', { park, tenant: tenant._id })
    const record = await owner.get(stepPath(lease, 'handover/in/record')).expect(200)
    expect(record.text).to.include('01024.5').and.include('Scratched').and.include(String(files[0]!._id))
    await owner.get(`/parks/${park}/files/${files[0]!._id}`).expect(200)
    await owner.get(stepPath(lease, 'handover/in')).expect(403)
    const stranger = await signedInAs('owner', { park, tenant: (await buildTenant(park))._id })
    await stranger.get(stepPath(lease, 'handover/in/record')).expect(404)
    await stranger.get(`/parks/${park}/files/${files[0]!._id}`).expect(404)
  })

  it('hands over several units at once, or none; a double submit records once', async () => {
    const one = await buildUnit()
    const two = await buildUnit({ park: one.park })
    const lines = [one, two].map(unit => ({ unit: unit._id, rate: '2.00' }))
    const { lease, park } = await buildLease({ unit: one, from: inDays(-5), more: { lines } })
    const manager = await signedInAs('manager', { park })
    const none = await manager.post(stepPath(lease, 'handover/in'), { on: today(), ...unitFields(0, one._id, { take: '' }) })
    expect(none.status).to.equal(422)
    const bad = await manager.post(stepPath(lease, 'handover/in'), {
      on: today(),
      ...unitFields(0, one._id),
      ...unitFields(1, two._id, { electricity: 'abc' }),
      'checklist[0][item]': 'Own item',
    })
    expect(bad.status).to.equal(422)
    expect(bad.text).to.include('value="abc"').and.include('value="01024.5"').and.include('Own item')
    expect((await loadLease(park, lease._id)).handovers).to.have.length(0)
    const both = { _key: 'handover-of-both-1', on: today(), ...unitFields(0, one._id), ...unitFields(1, two._id, { electricity: '7' }) }
    const [first, second] = await Promise.all([
      manager.post(stepPath(lease, 'handover/in'), both),
      manager.post(stepPath(lease, 'handover/in'), both),
    ])
    expect([first!.status, second!.status]).to.deep.equal([303, 303])
    const { handovers } = await loadLease(park, lease._id)
    expect(handovers.map(({ code, electricity }) => [code, electricity])).to.deep.equal([
      [one.code, '01024.5'],
      [two.code, '7'],
    ])
    const again = await manager.post(stepPath(lease, 'handover/in'), { on: today(), ...unitFields(0, one._id) })
    expect(again.status).to.equal(409)
  })

  it('refuses to move in while the tenant before is still there, and says who', async () => {
    const unit = await buildUnit()
    const before = await buildTenant(unit.park, '赖着不走科技(示例)')
    setClock(noon(inDays(-400)))
    const old = await buildLease({ unit, tenant: before, from: today(), to: inDays(399) })
    setClock(null)
    const { lease, park } = await buildLease({ unit, from: today() })
    const manager = await signedInAs('manager', { park })
    const page = await manager.get(stepPath(lease, 'handover/in')).expect(200)
    expect(page.text).to.include('赖着不走科技(示例)')
    const refused = await manager.post(stepPath(lease, 'handover/in'), { on: today(), ...unitFields(0, unit._id) })
    expect(refused.status).to.equal(409)
    expect(refused.text).to.include('赖着不走科技(示例)').and.include('value="01024.5"')
    expect((await loadLease(park, lease._id)).handovers).to.have.length(0)
    const out = await manager.post(stepPath(old.lease, 'handover/out'), { on: today(), ...unitFields(0, unit._id) })
    expect(out.status).to.equal(303)
    const moved = await manager.post(stepPath(lease, 'handover/in'), { on: today(), ...unitFields(0, unit._id) })
    expect(moved.status).to.equal(303)
    expect(await stateOf(park, unit._id)).to.equal('let')
  })

  it('refuses a day ahead, before the start, before moving in, and moving in after moving out', async () => {
    const { lease, unit, park } = await buildLease({ from: inDays(-20) })
    const manager = await signedInAs('manager', { park })
    const post = async (kind: string, on: string) =>
      (await manager.post(stepPath(lease, `handover/${kind}`), { on, ...unitFields(0, unit._id) })).status
    expect(await post('in', inDays(1))).to.equal(422)
    expect(await post('in', inDays(-21))).to.equal(422)
    expect(await post('in', inDays(-10))).to.equal(303)
    expect(await post('out', inDays(-11))).to.equal(422)
    expect(await post('out', inDays(-1))).to.equal(303)
    expect(await post('in', today())).to.equal(409)
    const never = await buildLease({ from: inDays(-20) })
    const boss = await signedInAs('manager', { park: never.park })
    const fields = { on: today(), ...unitFields(0, never.unit._id) }
    expect((await boss.post(stepPath(never.lease, 'handover/out'), fields)).status).to.equal(303)
    expect((await boss.post(stepPath(never.lease, 'handover/in'), fields)).status).to.equal(409)
  })

  it('is for managers of this park alone', async () => {
    const { lease, park } = await buildLease({ from: inDays(-5) })
    const elsewhere = await buildLease()
    const manager = await signedInAs('manager', { park })
    for (const step of ['handover/in', 'handover/out', 'termination']) {
      await manager.get(stepPath({ ...elsewhere.lease, park }, step)).expect(404)
      expect((await manager.post(stepPath({ ...elsewhere.lease, park }, step), { on: today(), reason: 'x' })).status).to.equal(404)
      await manager.get(stepPath(elsewhere.lease, step)).expect(404)
      for (const role of ['promotion', 'reception', 'finance'] as const)
        await (await signedInAs(role, { park })).get(stepPath(lease, step)).expect(403)
    }
    await manager.get(stepPath(lease, 'handover/in/record')).expect(404)
    expect((await loadLease(elsewhere.park, elsewhere.lease._id)).handovers).to.have.length(0)
  })
})
