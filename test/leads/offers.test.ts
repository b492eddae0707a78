import { expect } from 'chai'
import fc from 'fast-check'
import mongoose from 'mongoose'
import { AuditEntry } from '../../src/audit/entry.ts'
import { findFile } from '../../src/files/store.ts'
import { LeadEntry } from '../../src/leads/entry.ts'
import { mergeLeads } from '../../src/leads/merge.ts'
import { OFFER_PHASES, Offer, type OfferState, PHASE_FILTERS, phaseOf, scheduleFor, validOffer } from '../../src/leads/offer.ts'
import { createOffer, editOffer } from '../../src/leads/offer-draft.ts'
import { acceptOffer, declineOffer, withdrawOffer } from '../../src/leads/offer-steps.ts'
import { loseLead, reopenLead } from '../../src/leads/steps.ts'
import { setClock } from '../../src/lib/clock.ts'
import { addDays, addMonths, today } from '../../src/lib/days.ts'
import { RuleError } from '../../src/lib/rule-error.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildUnit, buildUser, inDays, newId } from '../setup/factories.ts'
import { buildLead, leadNow } from '../setup/leads.ts'
import { buildOffer, LEADING, offerFacts, offerFindings, offerNow, parkOf, send } from '../setup/offers.ts'

async function refused(work: Promise<unknown>, key: string): Promise<void> {
  const error = await work.then(
    () => null,
    reason => reason,
  )
  expect(error, `refused with ${key}`).to.be.instanceOf(RuleError)
  expect(error.problem.key).to.equal(`error.${key}`)
}
const note = (version: number) => ({ version, note: null })

describe('offers to leads', function () {
  this.timeout(120_000)
  useDatabase()
  afterEach(async () => {
    setClock(null)
    expect(await offerFindings()).to.deep.equal([])
  })

  it('are numbered by park and year, and keep what was agreed as a lease would', async () => {
    const { offer, lead, unit, park } = await buildOffer()
    const { offer: second } = await buildOffer({ lead, unit })
    const year = today().slice(0, 4)
    expect([offer.number, second.number]).to.deep.equal([`BJ-${year}-0001`, `BJ-${year}-0002`])
    const stored = await offerNow(offer)
    expect(stored.lines).to.have.length(1)
    expect(stored.lines[0]).to.include({ floor: unit.floor, code: unit.code, area: unit.chargeable, rate: '2.00' })
    expect(stored.total).to.equal(scheduleFor(stored).total).and.equal(scheduleFor(offer).total)
    expect(await validOffer(park, lead, today()), 'a draft is no offer').to.equal(null)
    const trail = await AuditEntry.findOne({ park, action: 'offer.create', ref: offer._id }).lean().orFail()
    expect(JSON.stringify(trail)).to.not.include('13900001234').and.not.include('ada@example.org')
  })

  it('go out once: the file is linked, the mail takes it along, the timeline and the trail tell it', async () => {
    const { offer, lead, park } = await buildOffer()
    const sent = await send(offer)
    expect(sent).to.include({ state: 'sent', version: offer.version + 1 })
    const file = await findFile(park, sent.sent!.file)
    expect(file?.metadata.link).to.deep.include({ kind: 'offer', ref: offer._id })
    const mails = await Mail.find({ to: 'ada@example.org', 'attachments.file': sent.sent!.file }).lean()
    expect(mails).to.have.length(1)
    expect(mails[0]).to.include({ key: 'notice.offer.sent', lang: 'zh-CN', replyTo: 'owner@example.com', path: '' })
    expect(await LeadEntry.countDocuments({ park, lead: lead._id, kind: 'offer', 'params.what': 'sent', ref: offer._id })).to.equal(1)
    expect(await AuditEntry.countDocuments({ park, action: 'offer.send', ref: offer._id })).to.equal(1)
    expect((await leadNow(lead)).version, 'something was done with the lead').to.be.greaterThan(lead.version)
    await refused(send(sent), 'offer.notDraft')
    await refused(send(offer), 'offer.notDraft')
    await refused(editOffer(await parkOf(park), offer._id, sent.version, offerFacts(await buildUnit({ park })), LEADING), 'offer.notDraft')
  })

  it('are handed over without a mail, and are not mailed to nowhere', async () => {
    const { offer } = await buildOffer({ more: { addressee: { name: 'Bo', email: null, phone: null } } })
    await refused(send(offer), 'offer.noEmail')
    const sent = await send(offer, { mail: false })
    expect(sent.sent!.to).to.equal(null)
    expect(await Mail.countDocuments({ 'attachments.file': sent.sent!.file })).to.equal(0)
  })

  it('are accepted while they are valid, declined at any time, and withdrawn until they have ended', async () => {
    const { offer, lead, park } = await buildOffer({ more: { validUntil: today() } })
    const place = await parkOf(park)
    await refused(acceptOffer(place, offer._id, note(offer.version), LEADING), 'offer.notSent')
    const sent = await send(offer)
    expect((await validOffer(park, lead, today()))?._id).to.deep.equal(offer._id)
    setClock(new Date(Date.now() + 86_400_000))
    expect(phaseOf(sent, today())).to.equal('expired')
    expect(await validOffer(park, lead, today())).to.equal(null)
    await refused(acceptOffer(place, offer._id, note(sent.version), LEADING), 'offer.runOut')
    setClock(null)
    await refused(acceptOffer(place, offer._id, note(0), LEADING), 'stale')
    const accepted = await acceptOffer(place, offer._id, { version: sent.version, note: 'by phone' }, LEADING)
    expect(accepted.answer).to.include({ said: 'accepted', note: 'by phone' })
    expect((await validOffer(park, lead, addDays(today(), 60)))?._id, 'agreed in time').to.deep.equal(offer._id)
    await refused(acceptOffer(place, offer._id, note(accepted.version), LEADING), 'offer.notSent')
    const declined = await declineOffer(place, offer._id, note(accepted.version), LEADING)
    expect(await validOffer(park, lead, today())).to.equal(null)
    await refused(withdrawOffer(place, offer._id, note(declined.version), LEADING), 'offer.ended')
  })

  it('are the newest valid one when the lead becomes a lease; an older one stays unless it is replaced', async () => {
    const { offer, lead, unit, park } = await buildOffer()
    const first = await send(offer)
    const { offer: second } = await buildOffer({ lead, unit, more: { replaces: first._id }, terms: { deposit: 100 } })
    expect((await validOffer(park, lead, today()))?._id).to.deep.equal(first._id)
    setClock(new Date(Date.now() + 1000))
    await send(second)
    expect((await offerNow(first)).withdrawn).to.include({ why: 'replaced' })
    const { offer: third } = await buildOffer({ lead, unit, terms: { deposit: 200 } })
    setClock(new Date(Date.now() + 2000))
    await send(third)
    expect((await offerNow(second)).state, 'nobody asked for that').to.equal('sent')
    expect((await validOffer(park, lead, today()))?.terms.deposit).to.equal(200)
    await refused(buildOffer({ lead, unit, more: { replaces: first._id } }), 'offer.replacesGone')
    const other = await buildOffer({ unit })
    await refused(buildOffer({ lead, unit, more: { replaces: other.offer._id } }), 'offer.replacesGone')
  })

  it('are written by the lead’s owner and who leads alone, while the lead is open', async () => {
    const unit = await buildUnit()
    const { lead, owner } = await buildLead(unit.park)
    const place = await parkOf(unit.park)
    const as = (user: { _id: unknown; name: string }) => ({ by: { id: String(user._id), name: user.name }, leads: false })
    const stranger = as(await buildUser('promotion', { park: unit.park }))
    await refused(createOffer(place, lead._id, offerFacts(unit), stranger), 'lead.notYours')
    const offer = await createOffer(place, lead._id, offerFacts(unit), as(owner!))
    await refused(editOffer(place, offer._id, offer.version, offerFacts(unit), stranger), 'lead.notYours')
    await refused(send(offer, { doer: stranger }), 'lead.notYours')
    const sent = await send(offer, { doer: as(owner!) })
    await refused(withdrawOffer(place, offer._id, note(sent.version), stranger), 'lead.notYours')
    await loseLead(unit.park, lead._id, { reason: 'price', note: null }, BY)
    await refused(createOffer(place, lead._id, offerFacts(unit), LEADING), 'lead.not.open')
    await refused(acceptOffer(place, offer._id, note(sent.version), LEADING), 'lead.not.open')
  })

  it('end with a lead that is lost, and don’t come back with it', async () => {
    const { offer, lead, unit, park } = await buildOffer()
    const sent = await send(offer)
    const { offer: draft } = await buildOffer({ lead, unit })
    await loseLead(park, lead._id, { reason: 'price', note: null }, BY)
    for (const one of [sent, draft]) expect((await offerNow(one)).withdrawn).to.include({ why: 'lost' })
    await reopenLead(await parkOf(park), lead._id, { what: '', on: today() }, { ...BY, _id: newId() })
    expect(await validOffer(park, lead, today())).to.equal(null)
  })

  it('move with a merged lead', async () => {
    const { offer, lead, park } = await buildOffer()
    const { lead: kept } = await buildLead(park)
    const sent = await send(offer)
    await mergeLeads(park, kept._id, lead._id, BY)
    expect((await offerNow(sent)).lead).to.deep.equal(kept._id)
    expect((await validOffer(park, kept, today()))?._id).to.deep.equal(offer._id)
  })

  it('refuse the second of two who change a draft, and sending what was not seen', async () => {
    const { offer, unit, park } = await buildOffer()
    const place = await parkOf(park)
    const changed = await editOffer(place, offer._id, 0, offerFacts(unit, { terms: { deposit: 5 } }), LEADING)
    await refused(editOffer(place, offer._id, 0, offerFacts(unit), LEADING), 'stale')
    await refused(send(offer), 'stale')
    await refused(send(changed, { version: 0 }), 'stale')
    expect((await send(changed)).terms.deposit).to.equal(5)
  })

  it('are not made of units that are gone, of terms no lease could have, or for a day that is past', async () => {
    const unit = await buildUnit({ from: '2020-01-01' })
    const { lead } = await buildLead(unit.park)
    const place = await parkOf(unit.park)
    const make = (terms: object, more: object = {}) => createOffer(place, lead._id, offerFacts(unit, { terms, more }), LEADING)
    await refused(make({ lines: [{ unit: newId(), rate: '1' }] }), 'unit.gone')
    await refused(make({ from: '2019-06-01' }), 'offer.unitGone')
    await refused(make({ from: inDays(10), to: inDays(5) }), 'period.order')
    await refused(make({ lines: [] }), 'lease.noUnits')
    await refused(make({}, { validUntil: inDays(-1) }), 'offer.validPast')
    const offer = await make({})
    await Unit.updateOne({ park: unit.park, _id: unit._id }, { activeTo: addMonths(today(), 1) })
    await refused(send(offer), 'offer.unitGone')
    expect((await offerNow(offer)).state).to.equal('draft')
    await Unit.updateOne({ park: unit.park, _id: unit._id }, { activeTo: '9999-12-31' })
  })

  it('are one of six things on any day, and the filter agrees', async () => {
    const ON = '2026-06-15'
    const { offer } = await buildOffer()
    await Offer.deleteOne({ park: offer.park, _id: offer._id })
    const state = fc.constantFrom<OfferState>('draft', 'sent', 'accepted', 'declined', 'withdrawn')
    const record = fc.record({ state, validUntil: fc.integer({ min: -3, max: 3 }).map(days => addDays(ON, days)) })
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 8 }), async all => {
        const park = `p${newId()}`
        const docs = all.map((one, i) => ({ ...offer, ...one, _id: newId(), park, number: `N${i}` }))
        await mongoose.connection.collection('offers').insertMany(docs as never)
        for (const phase of OFFER_PHASES) {
          const found = await Offer.find({ park, ...PHASE_FILTERS[phase](ON) }, { _id: 1 }).lean()
          const wanted = docs.filter(one => phaseOf(one, ON) === phase)
          expect(found.map(one => String(one._id)).sort(), phase).to.deep.equal(wanted.map(one => String(one._id)).sort())
        }
        await Offer.deleteMany({ park })
      }),
      { numRuns: 30 },
    )
  })
})

describe('the doctor of offers', () => {
  useDatabase()
  const DAMAGES: [what: string, fields: Record<string, unknown>][] = [
    ['one to nobody', { lead: newId() }],
    ['one without its paper', { 'sent.file': newId() }],
    ['one that was never sent', { sent: null }],
    ['one accepted by nobody', { state: 'accepted' }],
    ['one withdrawn by nobody', { state: 'withdrawn' }],
    ['terms that end before they begin', { 'terms.to': '2000-01-01' }],
    ['a sum that isn’t its schedule’s', { total: 1 }],
    ['another rate than agreed', { 'lines.0.rate': '9.99' }],
    ['a number of another kind', { number: 'X' }],
    ['one that replaces what isn’t there', { replaces: newId() }],
  ]
  it('names what somebody changed behind the product’s back', async () => {
    const { offer } = await buildOffer()
    await send(offer)
    expect(await offerFindings()).to.deep.equal([])
    const offers = mongoose.connection.collection('offers')
    const before = (await offers.findOne({ _id: offer._id }))!
    for (const [what, fields] of DAMAGES) {
      await offers.updateOne({ _id: offer._id }, { $set: fields })
      expect(await offerFindings(), what).to.have.length.greaterThan(0)
      await offers.replaceOne({ _id: offer._id }, before)
    }
    await mongoose.connection.collection('files.files').updateOne({ _id: before['sent'].file }, { $set: { 'metadata.link': null } })
    expect((await offerFindings()).join()).to.include('belongs to nothing')
  })
})
