import { expect } from 'chai'
import { Types } from 'mongoose'
import { AuditEntry } from '../../src/audit/entry.ts'
import { editTenant } from '../../src/tenants/profile.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { attachAgreement, endAgreement, handOver, loadAgreement, makeAgreement } from '../../src/trusteeship/agree.ts'
import { Agreement } from '../../src/trusteeship/agreement.ts'
import { checks } from '../../src/trusteeship/checks.ts'
import { addReports } from '../../src/trusteeship/papers.ts'
import { Round } from '../../src/trusteeship/round.ts'
import { takeStep } from '../../src/trusteeship/steps.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildUser } from '../setup/factories.ts'
import { ago, buildAgreement, expectSoundBooks, parkOf, pdf, refusal, walkTo, wishFor } from '../setup/trusteeship.ts'

describe('agreements', () => {
  useDatabase()
  const slug = async () => (await buildPark())._id

  it('are one at a time for a tenant: the next begins after the last month', async () => {
    const park = await slug()
    const first = await buildAgreement({ park, from: '2025-01' })
    const again = async (from: string, end: string | null = null) =>
      refusal(makeAgreement(park, await wishFor(park, { tenant: first.tenant, from, end }), BY))
    expect(await again('2026-01')).to.equal('trustee.running')
    expect(await again('2024-01', '2024-12')).to.equal('done')
    expect(await again('2024-06', '2024-06')).to.equal('trustee.running')
    const ended = await endAgreement(park, first._id, 0, '2025-06', BY)
    expect(await again('2025-06')).to.equal('trustee.running')
    expect(await again('2025-07')).to.equal('done')
    expect(await refusal(endAgreement(park, first._id, ended.version, null, BY))).to.equal('trustee.running')
    expect(await refusal(endAgreement(park, first._id, ended.version, '2024-12', BY))).to.equal('period.order')
    await expectSoundBooks(park)
  })

  it('end after what was begun, and are open until the last month is reported', async () => {
    const agreement = await buildAgreement({ from: ago(2) })
    const { park, _id } = agreement
    await walkTo(agreement, ago(2), 'reported')
    await walkTo(agreement, ago(1), 'received')
    expect(await refusal(endAgreement(park, _id, 0, ago(2), BY))).to.equal('trustee.begun')
    expect((await endAgreement(park, _id, 0, ago(1), BY)).open).to.equal(true)
    const where = await parkOf(park)
    for (const step of ['booked', 'filed'] as const) await takeStep(where, { agreement: _id, month: ago(1) }, step, BY)
    await addReports(where, { agreement: _id, month: ago(1) }, 'balance', [await pdf(park)], BY)
    await takeStep(where, { agreement: _id, month: ago(1) }, 'reported', BY)
    expect((await loadAgreement(park, _id)).open).to.equal(false)
    await expectSoundBooks(park)
  })

  it('are answered for by a manager or an accountant of the park', async () => {
    const park = await slug()
    const others = [await buildUser('reception', { park }), await buildUser('finance', { park: await slug() })]
    for (const one of others)
      expect(await refusal(wishFor(park, { staff: one._id }).then(wish => makeAgreement(park, wish, BY)))).to.equal('trustee.staff')
    const agreement = await buildAgreement({ park })
    const manager = await buildUser('manager', { park })
    const after = await handOver(park, agreement._id, 0, manager._id, BY)
    expect(after.staffName).to.equal(manager.name)
    const entry = await AuditEntry.findOne({ park, action: 'trusteeship.handOver' }).orFail().lean()
    expect(entry.changes).to.deep.equal([{ field: 'trustee', before: agreement.staffName, after: manager.name }])
    expect(await refusal(handOver(park, agreement._id, 0, manager._id, BY))).to.equal('stale')
  })

  it('carry the tenant’s name, whatever it becomes', async () => {
    const agreement = await buildAgreement()
    const { park, tenant, _id } = agreement
    const found = await Tenant.findOne({ park, _id: tenant }).orFail().lean()
    await editTenant(park, tenant, found.version, { name: 'Another name 示例', creditCode: null }, {}, BY)
    expect((await loadAgreement(park, _id)).tenantName).to.equal('Another name 示例')
    await expectSoundBooks(park)
  })

  it('are looked through by the doctor, who finds what is wrong', async () => {
    const agreement = await buildAgreement()
    const { park, _id } = agreement
    await attachAgreement(park, _id, [await pdf(park)], BY)
    await walkTo(agreement, ago(3), 'reported')
    await expectSoundBooks(park)
    const findings = async () => {
      const found: string[] = []
      for (const { run } of checks) await run((message, subject) => subject?.park === park && found.push(message))
      return found.join('\n')
    }
    const broken = async (model: typeof Agreement | typeof Round, set: object, words: string) => {
      const raw = model.collection
      const before = (await raw.findOne({ park }))!
      await raw.updateOne({ park }, { $set: set })
      expect(await findings(), words).to.include(words)
      await raw.replaceOne({ park }, before)
    }
    await broken(Agreement, { months: [] }, 'its months say')
    await broken(Agreement, { end: ago(4) }, `runs ${ago(3)}`)
    await broken(Agreement, { open: false }, 'not open, wrongly')
    await broken(Agreement, { tenantName: 'Somebody' }, 'calls its tenant')
    await broken(Agreement, { staff: new Types.ObjectId() }, 'who isn’t there')
    await broken(Agreement, { 'terms.0.fee': 0 }, 'charged 1 times')
    await broken(Round, { state: 'filed' }, 'its log says reported')
    await broken(Round, { reports: [] }, 'nothing to read')
    await broken(Round, { papers: [] }, 'with papers missing')
    await broken(Round, { 'reports.0.file': new Types.ObjectId() }, 'which isn’t its own')
    await broken(Round, { 'log.1.to': 'filed' }, 'went from received to filed')
    await Agreement.collection.insertOne({
      ...(await Agreement.collection.findOne({ park }))!,
      _id: new Types.ObjectId(),
      number: 'TG-X',
    } as never)
    expect(await findings()).to.include('runs at the same time as')
  })
})
