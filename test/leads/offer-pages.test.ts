import { expect } from 'chai'
import { removeFile } from '../../src/files/store.ts'
import { Offer, offerPath } from '../../src/leads/offer.ts'
import { addDays, today } from '../../src/lib/days.ts'
import { type Letter, sendMails, setSender } from '../../src/notifications/mailer.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { holdUnit } from '../../src/spaces/blocks.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildUnit, inDays } from '../setup/factories.ts'
import { buildLead } from '../setup/leads.ts'
import { buildOffer, offerFindings, offerNow, send } from '../setup/offers.ts'
import { pdfText } from '../setup/pdf-text.ts'
import type { Visitor } from '../setup/visitor.ts'

const HOUR = 3_600_000

describe('the pages of offers', function () {
  this.timeout(180_000)
  useDatabase()
  afterEach(async () => {
    setSender(null)
    expect(await offerFindings()).to.deep.equal([])
  })

  const fieldsFor = (unit: Pick<Unit, '_id'>, more: object = {}) => ({
    ...{ company: '示例科技', contact: 'Ada', email: 'ada@example.org', phone: '139 0000 1234', lang: 'zh-CN', validUntil: inDays(14) },
    ...{ from: inDays(1), to: inDays(366), basis: 'sqm-day', anchor: 'start', broken: 'actual', cycle: '3', purpose: '', deposit: '5,000' },
    ...{ 'lines[0][unit]': String(unit._id), 'lines[0][rate]': '1.85', greeting: '', remarks: '' },
    ...more,
  })
  const keyOn = (html: string) => /name="_key" value="([^"]+)"/.exec(html)![1]!

  async function sendMailsOf(): Promise<Letter[]> {
    const letters: Letter[] = []
    setSender(async letter => void letters.push(letter))
    await sendMails()
    return letters.filter(letter => letter.attachments?.length)
  }

  it('lead from what is wished, by a draft and its preview, to a sent offer with the paper in the mail', async () => {
    const unit = await buildUnit({ code: '乙-502', gross: 12_050 })
    const { park } = unit
    const manager = await signedInAs('manager', { park })
    const wish = { areaFrom: null, areaTo: null, budget: null, product: null, desks: null, from: inDays(30), months: 24, note: null }
    const { lead } = await buildLead(park, { wish })
    const base = `/parks/${park}/leads/${lead._id}/offers`
    const form = await manager.get(`${base}/new?unit=${unit._id}`)
    expect(form.status).to.equal(200)
    expect(form.text)
      .to.include(`value="${inDays(30)}"`)
      .and.include('value="2.00"')
      .and.include(lead.contacts[0]!.name)
    const preview = await manager.post(`${base}/preview`, fieldsFor(unit))
    expect(preview.status).to.equal(200)
    expect(preview.text).to.include('schedule-sums')
    const wrong = await manager.post(base, fieldsFor(unit, { company: '', validUntil: inDays(-1) }))
    expect(wrong.status).to.equal(422)
    expect(wrong.text).to.include('href="#company"').and.include('1.85')
    const fields = { ...fieldsFor(unit), _key: keyOn(form.text) }
    const saved = await manager.post(base, fields)
    expect(saved.status).to.equal(303)
    expect((await manager.post(base, fields)).headers['location'], 'a double submit').to.equal(saved.headers['location'])
    expect(await Offer.countDocuments({ park })).to.equal(1)
    const path = saved.headers['location']!
    const offer = (await Offer.findOne({ park }).lean().orFail()) as Offer
    expect(offer).to.include({ tenantName: '示例科技', validUntil: inDays(14), createdBy: offer.createdBy })
    expect(offer.addressee).to.deep.include({ name: 'Ada', email: 'ada@example.org', phone: '13900001234' })
    expect(offer.terms).to.deep.include({ deposit: 500_000, cycle: 3 })
    const draft = await manager.bytes(`${path}/document.pdf`)
    expect(draft.headers['content-disposition']).to.match(/^inline/)
    expect(pdfText(draft.body)).to.include('草稿').and.include('乙-502')
    const picture = await manager.bytes(`${path}/pages/1`)
    expect([picture.status, picture.headers['content-type']]).to.deep.equal([200, 'image/jpeg'])
    expect((await manager.get(`${path}/pages/9`)).status).to.equal(404)
    const page = await manager.get(path)
    const sending = { version: 0, how: 'mail', _key: keyOn(page.text) }
    expect((await manager.post(`${path}/sending`, sending)).status).to.equal(303)
    expect((await manager.post(`${path}/sending`, sending)).headers['location']).to.equal(path)
    const letters = await sendMailsOf()
    expect(letters).to.have.length(1)
    expect(letters[0]!.to).to.equal('ada@example.org')
    expect(letters[0]!.replyTo).to.match(/promotion\d+@example\.com/)
    const [attached] = letters[0]!.attachments!
    expect(attached).to.include({ filename: `${offer.number}.pdf`, contentType: 'application/pdf' })
    const stored = await manager.bytes(`${path}/document.pdf`)
    expect(stored.body.equals(attached!.content), 'what was sent is what is kept').to.equal(true)
    expect(pdfText(stored.body)).to.include('示例科技').and.not.include('草稿')
    await Unit.updateOne({ park, _id: unit._id }, { chargeable: 1 })
    expect((await manager.bytes(`${path}/document.pdf`)).body.equals(stored.body), 'unchanged forever').to.equal(true)
    const answered = await manager.post(`${path}/acceptance`, { version: 1, note: '电话确认' })
    expect(answered.status).to.equal(303)
    expect((await manager.get(path)).text).to.include('电话确认')
  })

  it('say who has a unit until when, and not that the lead’s own hold is in the way', async () => {
    const unit = await buildUnit()
    const { lead } = await buildLead(unit.park)
    const manager = await signedInAs('manager', { park: unit.park })
    const period = { from: inDays(0), to: inDays(40), label: '另一家公司' }
    await holdUnit(unit.park, unit._id, { ...period, expiresAt: new Date(Date.now() + 10 * 24 * HOUR) }, BY)
    const { offer } = await buildOffer({ unit, lead })
    expect((await manager.get(offerPath(offer))).text)
      .to.include('另一家公司')
      .and.include(inDays(40))
    const preview = await manager.post(`/parks/${unit.park}/leads/${lead._id}/offers/preview`, fieldsFor(unit))
    expect(preview.text).to.include('另一家公司')
    await Unit.updateOne({ park: unit.park, _id: unit._id }, { $set: { 'claims.0.lead': lead._id } })
    expect((await manager.get(offerPath(offer))).text).to.not.include('另一家公司')
    expect((await send(offer, { mail: false })).state, 'a warning, not a refusal').to.equal('sent')
  })

  it('show both values to the second of two who edit a draft', async () => {
    const { offer, unit, park } = await buildOffer()
    const manager = await signedInAs('manager', { park })
    const path = `${offerPath(offer)}/edit`
    expect((await manager.get(path)).text).to.include(offer.tenantName)
    expect((await manager.post(path, fieldsFor(unit, { version: 0, company: 'First' }))).status).to.equal(303)
    const second = await manager.post(path, fieldsFor(unit, { version: 0, company: 'Second' }))
    expect(second.status).to.equal(409)
    expect(second.text).to.include('value="Second"').and.include('<strong>First</strong>')
    expect((await offerNow(offer)).tenantName).to.equal('First')
  })

  it('make a new offer of an old one, which replaces it', async () => {
    const { offer, park } = await buildOffer({ more: { remarks: '含班车' } })
    await send(offer, { mail: false })
    const manager = await signedInAs('manager', { park })
    const page = await manager.get(`/parks/${park}/leads/${offer.lead}/offers/new?copy=${offer._id}`)
    expect(page.text).to.include('含班车').and.include(`<option value="${offer._id}" selected>`)
    const other = await buildOffer({ more: { remarks: '别人的' } })
    const foreign = await manager.get(`/parks/${park}/leads/${offer.lead}/offers/new?copy=${other.offer._id}`)
    expect(foreign.status).to.equal(404)
  })

  it('list a park’s offers by state, owner and words, masked, and export exactly those', async () => {
    const unit = await buildUnit()
    const { park } = unit
    const { lead, owner } = await buildLead(park)
    const { offer: draft } = await buildOffer({ unit, lead, more: { tenantName: '=cmd 甲公司' } })
    const { offer } = await buildOffer({ unit, more: { tenantName: '乙公司 <script>' } })
    await send(offer, { mail: false })
    const manager = await signedInAs('manager', { park })
    const base = `/parks/${park}/leads/offers`
    const all = await manager.get(base)
    expect(all.text).to.include(draft.number).and.include(offer.number).and.include('乙公司 &lt;script&gt;').and.include('139****1234')
    expect(all.text).to.not.include('13900001234').and.not.include('<script> ')
    const shows = async (query: string) => {
      const { text } = await manager.get(`${base}?${query}`)
      return [draft, offer].map(one => text.includes(one.number))
    }
    expect(await shows('state=draft')).to.deep.equal([true, false])
    expect(await shows('state=valid')).to.deep.equal([false, true])
    expect(await shows('state=expired')).to.deep.equal([false, false])
    expect(await shows(`owner=${owner!._id}`)).to.deep.equal([true, false])
    expect(await shows(`q=${encodeURIComponent('乙公司')}`)).to.deep.equal([false, true])
    expect(await shows(`q=${encodeURIComponent('.*')}`)).to.deep.equal([false, false])
    await Offer.updateOne({ park, _id: offer._id }, { validUntil: addDays(today(), -1) })
    expect(await shows('state=expired')).to.deep.equal([false, true])
    const csv = await manager.get(`${base}?state=draft&format=csv`)
    expect(csv.text).to.include(draft.number).and.include("'=cmd").and.not.include(offer.number)
    expect((await manager.get(`${base}/${offer._id}`)).headers['location']).to.equal(offerPath(offer))
  })

  it('answer with 404 for another park’s lead or offer, and 403 to who doesn’t work on the lead', async () => {
    const here = await buildOffer()
    const there = await buildOffer()
    await send(there.offer, { mail: false })
    const promotion = await signedInAs('promotion', { park: here.park })
    const manager = await signedInAs('manager', { park: here.park })
    const own = `/parks/${here.park}/leads`
    const asks = async (who: Visitor, path: string) => (await who.get(`${own}/${path}`)).status
    for (const path of [
      `${here.lead._id}/offers/${there.offer._id}`,
      `${here.lead._id}/offers/${there.offer._id}/document.pdf`,
      `${there.lead._id}/offers/${there.offer._id}/document.pdf`,
      `${there.lead._id}/offers/${here.offer._id}`,
      `${there.lead._id}/offers/new`,
      `offers/${there.offer._id}`,
    ])
      expect(await asks(manager, path), path).to.equal(404)
    const { sent } = await offerNow(there.offer)
    expect((await manager.get(`/parks/${here.park}/files/${sent!.file}`)).status).to.equal(404)
    expect(await asks(promotion, `${here.lead._id}/offers/${here.offer._id}`)).to.equal(200)
    expect(await asks(promotion, `${here.lead._id}/offers/new`)).to.equal(403)
    expect((await promotion.post(`${offerPath(here.offer)}/sending`, { version: 0, how: 'mail' })).status).to.equal(403)
    expect((await offerNow(here.offer)).state).to.equal('draft')
    const finance = await signedInAs('finance', { park: there.park })
    expect((await finance.get(`/parks/${there.park}/files/${sent!.file}`)).status, 'leads are none of theirs').to.equal(404)
  })

  it('fail a mail visibly whose paper is gone, at once and without sending it', async () => {
    const { offer } = await buildOffer()
    const sent = await send(offer)
    const file = sent.sent!.file
    await Mail.updateMany({ 'attachments.0': { $exists: false } }, { sentAt: new Date() })
    await removeFile(file)
    expect(await sendMailsOf()).to.deep.equal([])
    const mail = await Mail.findOne({ 'attachments.file': file }).lean().orFail()
    expect(mail).to.include({ failed: true, sentAt: null, attempts: 1 })
    expect(mail.error).to.include(`${offer.number}.pdf`)
    expect((await offerFindings()).join()).to.include("isn't there")
    await Offer.deleteOne({ park: offer.park, _id: offer._id })
  })
})
