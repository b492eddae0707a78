import { expect } from 'chai'
import mongoose from 'mongoose'
import { AuditEntry } from '../../src/audit/entry.ts'
import { convertLead } from '../../src/leads/convert.ts'
import { createLead } from '../../src/leads/create.ts'
import { LeadEntry } from '../../src/leads/entry.ts'
import { Lead, type LeadFacts, NO_WISH } from '../../src/leads/lead.ts'
import { loseLead } from '../../src/leads/steps.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { blockUnit } from '../../src/spaces/blocks.ts'
import { visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildUnit, buildUser, inDays, termsFor } from '../setup/factories.ts'
import { findings } from './scene.ts'

let phones = 13_800_000_000
const nextPhone = (): string => String((phones += 1))
const typed = (more: Record<string, string> = {}) => ({ name: '某某科技', contact: '张三', phone: nextPhone(), consent: 'on', ...more })
const path = (park: string) => `/parks/${park}/inquiries/new`
const leadsOf = (park: string) => Lead.find({ park }).sort({ at: 1 }).lean() as unknown as Promise<Lead[]>
const linesOf = async (park: string, kind: string) => (await LeadEntry.find({ park, kind: kind as never }).lean()).map(one => one.text)
const keysFor = async (user: unknown) =>
  (
    await Notification.find({ user: user as never })
      .sort({ _id: 1 })
      .lean()
  ).map(one => one.key)

const facts = (name: string, phone: string, more: Partial<LeadFacts> = {}): LeadFacts => ({
  ...{ name, creditCode: null, source: 'hotline', sourceNote: null, industry: null, origin: null, wish: NO_WISH },
  contacts: [{ name: '李四', title: null, phone, email: null }],
  ...more,
})

/** A park with somebody who owns leads, somebody else who may, and a way to post the form. */
async function place() {
  const park = await buildPark()
  const owner = await buildUser('promotion', { park: park._id })
  const manager = await buildUser('manager', { park: park._id })
  const ask = async (more: Record<string, string> = {}, who = visitor()) => who.post(path(park._id), typed(more))
  return { park, owner, manager, ask }
}

describe('inquiries from the public', function () {
  this.timeout(120_000)
  useDatabase()
  afterEach(async () => {
    const parks = await Lead.distinct('park').setOptions({ acrossParks: 'job:test' })
    for (const park of parks) expect(await findings(park)).to.deep.equal([])
  })
  beforeEach(() => mongoose.connection.collection('ratelimits').deleteMany({}))

  it('makes a lead in the pool, tells who may take it, and confirms to who asked', async () => {
    const { park, owner, manager, ask } = await place()
    const more = {
      areaFrom: '200',
      areaTo: '300',
      product: 'office',
      desks: '20',
      budget: '20,000',
      moveIn: inDays(40),
      industry: 'software',
    }
    const answer = await ask({
      ...more,
      email: 'Ask@Example.com',
      origin: '杭州',
      heard: '朋友',
      message: '想看房',
      phone: '+86 138-1234-5678',
    })
    expect([answer.status, answer.headers['location']]).to.deep.equal([303, `/parks/${park._id}/inquiries/thanks`])
    const [lead] = await leadsOf(park._id)
    expect(lead).to.include({ name: '某某科技', source: 'inquiry', state: 'open', owner: null, origin: '杭州', industry: 'software' })
    expect(lead!.pool!.why).to.equal('new')
    expect(lead!.phones).to.deep.equal(['13812345678'])
    expect(lead!.consentAt).to.be.instanceOf(Date)
    const { areaFrom, areaTo, product, desks, budget, from } = lead!.wish
    expect([areaFrom, areaTo, product, desks, budget, from]).to.deep.equal([20_000, 30_000, 'office', 20, 2_000_000, inDays(40)])
    expect((await linesOf(park._id, 'inquiry'))[0]).to.include('想看房')
    for (const user of [owner, manager]) expect(await keysFor(user._id)).to.deep.equal(['lead.inquired'])
    const mail = await Mail.findOne({ to: 'ask@example.com' }).lean().orFail()
    expect(mail.key).to.equal('notice.inquiry.receivedBare')
    expect(JSON.stringify(mail.params)).to.not.match(/某某|张三|138/)
  })

  it('asks for a phone or a mail, for consent and for a range that is one, and keeps what was typed', async () => {
    const { park, ask } = await place()
    const missing = await ask({ phone: '', consent: '' })
    expect(missing.status).to.equal(422)
    expect(missing.text).to.include('请勾选同意后再提交').and.include('value="某某科技"')
    expect(missing.text).to.include('请填写电话或邮箱')
    const bare = await ask({ phone: '', name: '' })
    expect(bare.text).to.include('请填写电话或邮箱').and.include('id="name-error"')
    const wrong = await ask({ phone: '12' })
    expect(wrong.text).to.include('id="phone-error"').and.not.include('请填写电话或邮箱')
    expect((await ask({ areaFrom: '300', areaTo: '200' })).status).to.equal(422)
    expect((await ask({ phone: '', email: 'a@example.com' })).status).to.equal(303)
    expect(await leadsOf(park._id)).to.have.length(1)
  })

  it('lets a robot think that it was heard', async () => {
    const { park, ask } = await place()
    const answer = await ask({ website: 'http://spam.example' })
    expect(answer.headers['location']).to.equal(`/parks/${park._id}/inquiries/thanks`)
    expect(await leadsOf(park._id)).to.have.length(0)
  })

  it('stops one address after ten in a quarter of an hour', async () => {
    const { park, ask } = await place()
    const who = visitor()
    const statuses: number[] = []
    for (let i = 0; i < 11; i++) statuses.push((await ask({ name: `某某 ${i}` }, who)).status)
    expect(statuses).to.deep.equal([...Array(10).fill(303), 429])
    expect(await leadsOf(park._id)).to.have.length(10)
  })

  it('adds to the open lead of the same phone, fills what it lacks, and tells its owner', async () => {
    const { park, owner, manager, ask } = await place()
    const phone = nextPhone()
    const wish = { ...NO_WISH, areaFrom: 10_000, budget: 500_000 }
    const before = await createLead(park, facts('老客户', phone, { wish }), { owner }, BY)
    const answer = await ask({ phone: `+86 ${phone}`, areaFrom: '900', areaTo: '950', desks: '8', message: '换大一点' })
    expect(answer.headers['location']).to.equal(`/parks/${park._id}/inquiries/thanks`)
    const [lead, second] = await leadsOf(park._id)
    expect(second).to.equal(undefined)
    expect([lead!.owner, lead!.name, lead!.version]).to.deep.equal([owner._id, '老客户', before.version + 1])
    // A range is one thing: half of it isn't filled in beside the old half.
    expect([lead!.wish.areaFrom, lead!.wish.areaTo, lead!.wish.budget, lead!.wish.desks]).to.deep.equal([10_000, null, 500_000, 8])
    expect((await linesOf(park._id, 'inquiry'))[0])
      .to.include('900–950')
      .and.include('换大一点')
      .and.include('张三')
    expect(await keysFor(owner._id)).to.deep.equal(['inquiry.again'])
    expect(await keysFor(manager._id)).to.deep.equal([])
    expect(await AuditEntry.countDocuments({ park: park._id, action: 'inquiry.inquiry', ref: lead!._id })).to.equal(1)
  })

  it('finds the lead by its name in another spelling, and keeps the new number', async () => {
    const { park, owner, manager, ask } = await place()
    const lead = await createLead(park, facts('某某（杭州）科技', nextPhone()), { owner: null }, BY)
    const phone = nextPhone()
    await ask({ name: '某某(杭州)科技', phone })
    const [after] = await leadsOf(park._id)
    expect(after!._id).to.deep.equal(lead._id)
    expect(after!.phones).to.deep.equal([...lead.phones, phone])
    expect(after!.contacts.map(one => one.name)).to.deep.equal(['李四', '张三'])
    // It waits in the pool: everybody who may take it is told.
    for (const user of [owner, manager]) expect(await keysFor(user._id)).to.deep.equal(['inquiry.again'])
  })

  it('brings a lost lead back into the pool, its path going on', async () => {
    const { park, owner, ask } = await place()
    const phone = nextPhone()
    const { _id } = await createLead(park, facts('走了的', phone), { owner }, BY)
    await loseLead(park._id, _id, { reason: 'price', note: null }, BY)
    await ask({ phone })
    const [lead, second] = await leadsOf(park._id)
    expect(second).to.equal(undefined)
    expect(lead).to.include({ state: 'open', owner: null, next: null, lost: null, stage: 'new' })
    expect(lead!.path.map(step => step.stage)).to.deep.equal(['new', 'lost', 'new'])
    expect(lead!.pool!.why).to.equal('new')
    expect(await keysFor(owner._id)).to.deep.equal(['inquiry.back'])
    expect(await LeadEntry.countDocuments({ park: park._id, kind: 'reopened' })).to.equal(1)
  })

  it('adds a line to one that has moved in, and leaves it what it is', async () => {
    const { park, owner, ask } = await place()
    const phone = nextPhone()
    const { _id } = await createLead(park, facts('已签约', phone), { owner }, BY)
    const { tenant: _tenant, ...terms } = termsFor(await buildUnit({ park: park._id }), { _id })
    await convertLead(park._id, _id, { tenant: null, name: '已签约', creditCode: null, sameName: false, terms }, BY)
    await ask({ phone })
    const [lead, second] = await leadsOf(park._id)
    expect([second, lead!.state, lead!.stage, lead!.owner]).to.deep.equal([undefined, 'converted', 'signing', owner._id])
    expect(await linesOf(park._id, 'inquiry')).to.have.length(1)
    expect(await keysFor(owner._id)).to.deep.equal(['inquiry.again'])
  })

  it('answers all of them alike: page, mail and cookies reveal nothing', async () => {
    const { park, owner, ask } = await place()
    const [open, lost] = [nextPhone(), nextPhone()]
    await createLead(park, facts('甲', open), { owner }, BY)
    const gone = await createLead(park, facts('乙', lost), { owner }, BY)
    await loseLead(park._id, gone._id, { reason: 'price', note: null }, BY)
    const seen = []
    for (const phone of [nextPhone(), open, lost]) {
      const email = `who-${phone}@example.com`
      const { status, headers, text } = await ask({ name: `某某 ${phone}`, phone, email })
      const mail = await Mail.findOne({ to: email }).lean().orFail()
      const cookies = String(headers['set-cookie'] ?? '').replace(/=[^;]*/g, '')
      seen.push(JSON.stringify([status, headers['location'], text, mail.key, mail.params, mail.path, cookies]))
    }
    expect(new Set(seen).size).to.equal(1)
  })

  it('never puts what was typed into an address', async () => {
    const { park, ask } = await place()
    const answer = await ask({ phone: '13812340000' })
    expect(answer.headers['location']).to.not.match(/138|%/)
    const thanks = await visitor().get(answer.headers['location']!)
    expect([thanks.status, /13812340000|张三/.test(thanks.text)]).to.deep.equal([200, false])
    const entries = JSON.stringify(await AuditEntry.find({ park: park._id }).lean())
    expect(entries).to.include('138****0000').and.not.include('13812340000')
  })

  it('takes a unit along from the public page, as long as it is offered there', async () => {
    const { park, ask } = await place()
    const [free, taken] = [await buildUnit({ park: park._id, gross: 12_300 }), await buildUnit({ park: park._id, code: 'SECRET' })]
    await blockUnit(park._id, taken._id, { kind: 'works', from: inDays(0), to: inDays(10), label: 'Works' }, BY)
    const page = await visitor().get(`/parks/${park._id}`)
    expect(page.text).to.include(`inquiries/new?unit=${free._id}`).and.not.include(`unit=${taken._id}`)
    const form = await visitor().get(`${path(park._id)}?unit=${free._id}`)
    expect(form.text).to.include(free.code).and.include('name="areaFrom" value="123"')
    const other = await visitor().get(`${path(park._id)}?unit=${taken._id}`)
    expect([other.status, other.text.includes('SECRET')]).to.deep.equal([200, false])
    expect((await visitor().get(`${path(park._id)}?unit=nonsense`)).status).to.equal(200)
    await ask({ unit: String(free._id) })
    const line = await LeadEntry.findOne({ park: park._id, kind: 'inquiry' }).lean().orFail()
    expect([line.params['unit'], line.ref]).to.deep.equal([`1F ${free.code}`, free._id])
  })

  it('stands in both languages', async () => {
    const { park } = await place()
    for (const [lang, words] of [
      ['zh-CN', '我要入驻'],
      ['en', 'We want to move in'],
    ]) {
      const page = await visitor().get(`${path(park._id)}?lang=${lang}`)
      expect(page.text).to.include(words)
    }
  })
})
