import { expect } from 'chai'
import { AuditEntry } from '../../src/audit/entry.ts'
import { findFile } from '../../src/files/store.ts'
import { mergeTenants } from '../../src/overview/merge-tenants.ts'
import type { Park } from '../../src/parks/park.ts'
import { editTerms, endAgreement, loadAgreement } from '../../src/trusteeship/agree.ts'
import { Agreement } from '../../src/trusteeship/agreement.ts'
import { addPapers, addReports, refusePaper, removeReport, sayNone, withdrawPaper } from '../../src/trusteeship/papers.ts'
import { Round } from '../../src/trusteeship/round.ts'
import { STEPS } from '../../src/trusteeship/state.ts'
import { takeBack, takeStep } from '../../src/trusteeship/steps.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildTenant } from '../setup/factories.ts'
import {
  ago,
  BANK,
  buildAgreement,
  expectSoundBooks,
  parkOf,
  pdf,
  refusal,
  roundOf,
  SALES,
  standingCharges,
  walkTo,
} from '../setup/trusteeship.ts'

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
    const fresh = await Agreement.findOne({ park: park._id, from: ago(0) })
      .orFail()
      .lean()
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
})
