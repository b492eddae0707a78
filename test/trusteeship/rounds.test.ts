import { expect } from 'chai'
import fc from 'fast-check'
import { Types } from 'mongoose'
import { AuditEntry } from '../../src/audit/entry.ts'
import { findFile } from '../../src/files/store.ts'
import { lastDay } from '../../src/trusteeship/month.ts'
import { setClock } from '../../src/lib/clock.ts'
import { mergeTenants } from '../../src/overview/merge-tenants.ts'
import type { Park } from '../../src/parks/park.ts'
import { editProfile } from '../../src/tenants/profile.ts'
import { attachAgreement, editTerms, endAgreement, handOver, loadAgreement, makeAgreement } from '../../src/trusteeship/agree.ts'
import { Agreement } from '../../src/trusteeship/agreement.ts'
import { checks } from '../../src/trusteeship/checks.ts'
import { addPapers, addReports, refusePaper, removeReport, sayNone, withdrawPaper } from '../../src/trusteeship/papers.ts'
import { Round } from '../../src/trusteeship/round.ts'
import { STATES, STEPS } from '../../src/trusteeship/state.ts'
import { takeBack, takeStep } from '../../src/trusteeship/steps.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant, buildUser } from '../setup/factories.ts'
import { ago, BANK, buildAgreement, expectSoundBooks, parkOf, pdf, roundOf, SALES, standingCharges, walkTo, wishFor } from '../setup/trusteeship.ts'

const refusal = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'done'
  } catch (error) {
    return (error as { problem?: { key: string } }).problem?.key.replace('error.', '') ?? String((error as Error).message)
  }
}

describe('the months of a trusteeship', () => {
  useDatabase()
  let park: Park
  let agreement: Agreement
  const at = (month = ago(3)) => ({ agreement: agreement._id, month })
  const reload = async () => (agreement = await loadAgreement(park._id, agreement._id))

  beforeEach(async () => {
    agreement = await buildAgreement()
    park = await parkOf(agreement.park)
  })

  it('go step by step: nothing is skipped, and nothing done twice', async () => {
    expect(await refusal(takeStep(park, at(), 'received', BY))).to.equal('trustee.missing')
    await addPapers(park, at(), 'bank', [await pdf(park._id)], BY, false)
    for (const step of ['booked', 'filed', 'reported'] as const)
      expect(await refusal(takeStep(park, at(), step, BY)), step).to.equal('trustee.state')
    await takeStep(park, at(), 'received', BY)
    expect(await refusal(takeStep(park, at(), 'received', BY))).to.equal('trustee.state')
    await takeStep(park, at(), 'booked', BY)
    await takeStep(park, at(), 'filed', BY)
    expect(await refusal(takeStep(park, at(), 'reported', BY))).to.equal('trustee.noReport')
    await addReports(park, at(), 'balance', [await pdf(park._id)], BY)
    await takeStep(park, at(), 'reported', BY)
    expect(await standingCharges(agreement)).to.deep.equal({ [ago(3)]: [20_000] })
    expect((await reload()).months).to.deep.equal([{ month: ago(3), state: 'reported' }])
    const actions = (await AuditEntry.find({ park: park._id, kind: 'trusteeround' }).sort({ at: 1, _id: 1 }).lean()).map(one => one.action)
    expect(actions.filter(one => one.includes('step'))).to.deep.equal(STEPS.map(step => `trusteeship.step.${step}`))
    await expectSoundBooks(park._id)
  })

  it('are booked in order, and only once they are over', async () => {
    await walkTo(agreement, ago(2), 'received')
    expect(await refusal(takeStep(park, at(ago(2)), 'booked', BY))).to.equal('trustee.monthBefore')
    await walkTo(agreement, ago(3), 'booked')
    await takeStep(park, at(ago(2)), 'booked', BY)
    expect(await refusal(takeBack(park, at(), 'booked', 'Wrong', BY))).to.equal('trustee.monthAfter')
    await takeBack(park, at(ago(2)), 'booked', 'Wrong', BY)
    await takeBack(park, at(), 'booked', 'Wrong', BY)
    await walkTo(await buildAgreement({ park: park._id, from: ago(0) }), ago(0), 'received')
    const fresh = await Agreement.findOne({ park: park._id, from: ago(0) }).orFail().lean()
    expect(await refusal(takeStep(park, { agreement: fresh._id, month: ago(0) }, 'booked', BY))).to.equal('trustee.notOver')
    await expectSoundBooks(park._id)
  })

  it('are expected from the first month to the last, and not before they begin', async () => {
    await endAgreement(park._id, agreement._id, 0, ago(1), BY)
    const say = (month: string) => refusal(sayNone(park, at(month), 'bank', BY, false))
    expect([await say(ago(4)), await say(ago(0)), await say(ago(-1))].every(word => word.includes('404'))).to.equal(true)
    expect(await say(ago(1))).to.equal('done')
    expect(await Round.countDocuments({ park: park._id })).to.equal(1)
  })

  it('go back with a reason, which reverses the charge; closing again charges again', async () => {
    await walkTo(agreement, ago(3), 'reported')
    await takeBack(park, at(), 'reported', 'A figure is wrong', BY)
    expect(await standingCharges(agreement)).to.deep.equal({})
    expect(await refusal(takeBack(park, at(), 'reported', 'Again', BY))).to.equal('trustee.state')
    await takeStep(park, at(), 'reported', BY)
    expect(await standingCharges(agreement)).to.deep.equal({ [ago(3)]: [20_000] })
    await expectSoundBooks(park._id)
  })

  it('keep a refused paper, and are collected again', async () => {
    await walkTo(agreement, ago(3), 'received')
    const [item] = (await roundOf(agreement, ago(3))).papers
    await refusePaper(park, at(), item!._id, 'Not readable', BY)
    expect(await refusal(refusePaper(park, at(), item!._id, 'Again', BY))).to.equal('trustee.ended')
    const round = await roundOf(agreement, ago(3))
    expect([round.state, round.papers.length, round.papers[0]!.ended!.reason]).to.deep.equal(['collecting', 1, 'Not readable'])
    expect((await findFile(park._id, item!.file!))!.metadata.link!.kind, 'the old file stays').to.equal('trusteepaper')
    await addPapers(park, at(), 'bank', [await pdf(park._id)], BY, false)
    await takeStep(park, at(), 'received', BY)
    await takeStep(park, at(), 'booked', BY)
    const [, second] = (await roundOf(agreement, ago(3))).papers
    expect(await refusal(refusePaper(park, at(), second!._id, 'Late', BY))).to.equal('trustee.state')
    await expectSoundBooks(park._id)
  })

  it('take “none this month” for a paper, until there is one', async () => {
    await sayNone(park, at(), 'bank', BY, false)
    await sayNone(park, at(), 'bank', BY, false)
    expect((await roundOf(agreement, ago(3))).papers).to.have.length(1)
    await addPapers(park, at(), 'bank', [await pdf(park._id)], BY, false)
    const [none, file] = (await roundOf(agreement, ago(3))).papers
    expect([none!.ended?.how, file!.ended]).to.deep.equal(['withdrawn', null])
    expect(await refusal(sayNone(park, at(), 'bank', BY, false))).to.equal('trustee.given')
    await withdrawPaper(park, at(), file!._id, BY)
    expect(await refusal(takeStep(park, at(), 'received', BY))).to.equal('trustee.missing')
    expect(await refusal(sayNone(park, at(), 'unknown', BY, false))).to.include('404')
    await sayNone(park, at(), 'bank', BY, false)
    await takeStep(park, at(), 'received', BY)
    expect(await refusal(sayNone(park, at(), 'sales', BY, false))).to.equal('trustee.state')
    await expectSoundBooks(park._id)
  })

  it('keep the terms they were received on; newer ones begin after them', async () => {
    await walkTo(agreement, ago(2), 'received')
    const terms = { taxpayer: 'general' as const, fee: 50_000, papers: [BANK, { ...SALES, required: true }] }
    expect(await refusal(editTerms(park._id, agreement._id, 0, { from: ago(2), ...terms }, BY))).to.equal('trustee.termsFrom')
    await editTerms(park._id, agreement._id, 0, { from: ago(1), ...terms }, BY)
    expect(await refusal(editTerms(park._id, agreement._id, 0, { from: ago(1), ...terms }, BY))).to.equal('stale')
    expect(await refusal(editTerms(park._id, agreement._id, 1, { from: ago(1), ...terms, papers: [] }, BY))).to.equal('trustee.noPapers')
    await walkTo(agreement, ago(3), 'reported')
    await takeStep(park, at(ago(2)), 'booked', BY)
    await addPapers(park, at(ago(1)), 'bank', [await pdf(park._id)], BY, false)
    expect(await refusal(takeStep(park, at(ago(1)), 'received', BY))).to.equal('trustee.missing')
    await sayNone(park, at(ago(1)), 'sales', BY, false)
    await walkTo({ ...(await reload()) }, ago(1), 'booked')
    expect(await standingCharges(agreement)).to.deep.equal({ [ago(3)]: [20_000] })
    await expectSoundBooks(park._id)
  })

  it('take reports from the books on, and give one up before they are reported', async () => {
    expect(await refusal(addReports(park, at(), 'other', [await pdf(park._id)], BY))).to.equal('trustee.state')
    await walkTo(agreement, ago(3), 'booked')
    await addReports(park, at(), 'return', [await pdf(park._id)], BY)
    const [report] = (await roundOf(agreement, ago(3))).reports
    await removeReport(park, at(), report!._id, BY)
    expect((await findFile(park._id, report!.file))!.metadata.link).to.equal(null)
    await takeStep(park, at(), 'filed', BY)
    await addReports(park, at(), 'return', [await pdf(park._id)], BY)
    await takeStep(park, at(), 'reported', BY)
    const [kept] = (await roundOf(agreement, ago(3))).reports
    expect(await refusal(removeReport(park, at(), kept!._id, BY))).to.equal('trustee.state')
  })

  it('charge nothing where nothing is agreed', async () => {
    const free = await buildAgreement({ fee: 0 })
    await walkTo(free, ago(3), 'reported')
    expect(await standingCharges(free)).to.deep.equal({})
  })

  it('follow a new name and a merge; two agreements at once don’t merge', async () => {
    const [other, third] = [await buildTenant(park._id), await buildTenant(park._id)]
    await walkTo(agreement, ago(3), 'reported')
    await mergeTenants(park._id, other._id, agreement.tenant, BY)
    expect(String((await reload()).tenant)).to.equal(String(other._id))
    expect(String((await roundOf(agreement, ago(3))).tenant)).to.equal(String(other._id))
    await buildAgreement({ park: park._id, tenant: third._id })
    expect(await refusal(mergeTenants(park._id, third._id, other._id, BY))).to.equal('tenant.mergeBooks')
    await expectSoundBooks(park._id)
  })

  it('keep their rules whatever is done in whatever order (property)', async () => {
    const what = ['give', 'none', 'refuse', 'withdraw', 'step', 'any', 'back', 'report', 'terms', 'end', 'staff'] as const
    const op = fc.record({ what: fc.constantFrom(...what, 'give' as const, 'step' as const, 'step' as const), month: fc.nat(3), pick: fc.nat(9) })
    await fc.assert(
      fc.asyncProperty(fc.array(op, { minLength: 10, maxLength: 40 }), async ops => {
        agreement = await buildAgreement()
        park = await parkOf(agreement.park)
        for (const { what: verb, month: n, pick } of ops) {
          const ref = at(ago(n))
          const round = (await Round.findOne({ park: park._id, ...ref }).lean()) as Round | null
          const item = round?.papers[pick % (round.papers.length || 1)]?._id ?? new Types.ObjectId()
          const state = round?.state ?? 'collecting'
          const { version } = await loadAgreement(park._id, agreement._id)
          const next = STEPS[STATES.indexOf(state)] ?? 'reported'
          if (verb === 'give') await refusal(addPapers(park, ref, pick % 3 ? 'bank' : 'sales', [await pdf(park._id)], BY, pick > 4))
          else if (verb === 'none') await refusal(sayNone(park, ref, pick % 2 ? 'bank' : 'sales', BY, false))
          else if (verb === 'refuse') await refusal(refusePaper(park, ref, item, 'Not readable', BY))
          else if (verb === 'withdraw') await refusal(withdrawPaper(park, ref, item, BY))
          else if (verb === 'step') {
            if (next === 'reported') await refusal(addReports(park, ref, 'balance', [await pdf(park._id)], BY))
            await refusal(takeStep(park, ref, next, BY))
          } else if (verb === 'any') await refusal(takeStep(park, ref, STEPS[pick % 4]!, BY))
          else if (verb === 'back') await refusal(takeBack(park, ref, state, 'A reason', BY))
          else if (verb === 'report') await refusal(addReports(park, ref, 'return', [await pdf(park._id)], BY))
          else if (verb === 'terms') {
            const papers = pick % 2 ? [BANK] : [BANK, { ...SALES, required: true }]
            await refusal(editTerms(park._id, agreement._id, version, { from: ago(n), taxpayer: 'small', fee: 10_000 + pick, papers }, BY))
          } else if (verb === 'end') await refusal(endAgreement(park._id, agreement._id, version, pick % 2 ? ago(n) : null, BY))
          else await refusal(handOver(park._id, agreement._id, version, agreement.staff, BY))
        }
        await expectSoundBooks(park._id, JSON.stringify(ops))
      }),
      { numRuns: 12 },
    )
  }).timeout(240_000)
})

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
    for (const one of others) expect(await refusal(wishFor(park, { staff: one._id }).then(wish => makeAgreement(park, wish, BY)))).to.equal('trustee.staff')
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
    const { Tenant } = await import('../../src/tenants/tenant.ts')
    const found = await Tenant.findOne({ park, _id: tenant }).orFail().lean()
    await editProfile(park, tenant, found.version, { ...(found as never as object), name: 'Another name 示例' } as never, {}, BY)
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
    await Agreement.collection.insertOne({ ...(await Agreement.collection.findOne({ park }))!, _id: new Types.ObjectId(), number: 'TG-X' } as never)
    expect(await findings()).to.include('runs at the same time as')
    setClock(new Date(`${lastDay(ago(0))}T12:00:00Z`))
  })
})
