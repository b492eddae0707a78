import { expect } from 'chai'
import { AuditEntry } from '../../src/audit/entry.ts'
import { LeadEntry } from '../../src/leads/entry.ts'
import { Lead } from '../../src/leads/lead.ts'
import { loseLead } from '../../src/leads/steps.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { District } from '../../src/parks/district.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant, buildUser } from '../setup/factories.ts'
import { buildLead, leadNow } from '../setup/leads.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { Visitor } from '../setup/visitor.ts'
import { findings } from './scene.ts'

const LINE = '杭州某某科技 张三 13900000000 200-300㎡ 12月 办公 预算2万 朋友介绍'
const leadsOf = (park: string) => Lead.find({ park }).sort({ number: 1 }).lean() as unknown as Promise<Lead[]>
const keysFor = async (user: unknown) => (await Notification.find({ user: user as never }).lean()).map(one => one.key)
const direct = (line: string, more: Record<string, string> = {}) => ({ line, direct: '1', ...more })

describe('calls that are taken in one line', function () {
  this.timeout(120_000)
  const uri = useDatabase()
  const place = async () => {
    const park = (await buildPark())._id
    return { park, path: `/parks/${park}/leads/quick`, promotion: await signedInAs('promotion', { park }) }
  }

  it('shows what it understood before it saves, where nobody saw it yet', async () => {
    const { park, path, promotion } = await place()
    const asked = await promotion.post(path, { line: LINE })
    expect(asked.status).to.equal(200)
    for (const text of ['value="杭州某某科技"', 'value="张三"', 'value="13900000000"', 'value="200"', 'value="300"', 'value="20000.00"'])
      expect(asked.text).to.include(text)
    expect(await leadsOf(park)).to.have.length(0)
    const saved = await promotion.post(path, { line: LINE, seen: LINE, name: '杭州某某科技有限公司', desks: '12' })
    expect([saved.status, saved.headers['location']]).to.deep.equal([303, path])
    const [lead] = await leadsOf(park)
    // What was put right stands; the rest is what the line says.
    expect(lead).to.deep.include({ name: '杭州某某科技有限公司', source: 'referral' })
    expect([String(lead!.owner), lead!.phones, lead!.wish.desks, lead!.wish.budget, lead!.wish.product]).to.deep.equal([
      promotion.userId,
      ['13900000000'],
      12,
      2_000_000,
      'office',
    ])
    const line = await LeadEntry.findOne({ park, kind: 'call' }).lean().orFail()
    expect(line.text).to.include('139****0000').and.include('朋友介绍')
    const page = await promotion.get(path)
    expect(page.text).to.include(`/leads/${lead!._id}`).and.include('autofocus').and.include('已新增线索')
    expect(await findings(park)).to.deep.equal([])
  })

  it('keeps what was put right while the line goes on', async () => {
    const { path, promotion } = await place()
    const token = await promotion.token()
    const fragment = await promotion.agent.post(`${path}/preview`).set('hx-request', 'true').type('form').send({
      _csrf: token,
      line: '某某公司 张三 200平 办公',
      seen: '某某公司 张三 200平',
      name: '某某',
      contact: '张三',
      areaFrom: '200',
      areaTo: '200',
    })
    expect(fragment.text, fragment.text).to.include('value="某某"').and.not.include('<html')
    expect(fragment.text).to.include('<option value="office" selected>')
  })

  it('saves at once where it was seen, and asks who it is where nothing says so', async () => {
    const { park, path, promotion } = await place()
    expect((await promotion.post(path, direct(LINE))).status).to.equal(303)
    expect(await leadsOf(park)).to.have.length(1)
    const nobody = await promotion.post(path, direct('13911111111'))
    expect([nobody.status, nobody.text.includes('请写明企业、团队或联系人')]).to.deep.equal([422, true])
    expect(nobody.text).to.include('value="13911111111"')
    expect((await promotion.post(path, direct('  '))).status).to.equal(422)
    expect((await promotion.post(path, direct('x'.repeat(501)))).status).to.equal(422)
    const wrong = await promotion.post(path, direct('某某公司', { seen: '某某公司', name: '某某公司', desks: 'many' }))
    expect([wrong.status, wrong.text.includes('id="desks-error"')]).to.deep.equal([422, true])
  })

  it('adds the call to the lead that is known, unless it is another company', async () => {
    const { park, path, promotion } = await place()
    const { lead, owner } = await buildLead(park, { contacts: [{ name: '张三', title: null, phone: '13900000000', email: null }] })
    const seen = await promotion.post(path, { line: LINE })
    expect(seen.text).to.include(lead.number).and.include('电话相同').and.include(`由 ${owner!.name} 跟进`)
    await promotion.post(path, direct(LINE))
    expect(await leadsOf(park)).to.have.length(1)
    expect(await LeadEntry.countDocuments({ park, lead: lead._id, kind: 'call' })).to.equal(1)
    expect((await leadNow(lead)).wish.product).to.equal('office')
    expect(await keysFor(owner!._id)).to.deep.equal(['inquiry.calledAgain'])
    await promotion.post(path, direct(LINE, { seen: LINE, anew: 'on' }))
    expect(await leadsOf(park)).to.have.length(2)
    await loseLead(park, lead._id, { reason: 'price', note: null }, BY)
    await Lead.deleteOne({ park, _id: { $ne: lead._id } })
    await promotion.post(path, direct(LINE))
    // Whoever takes the call of one that was lost has it again.
    const back = await leadNow(lead)
    expect([back.state, String(back.owner), back.next !== null]).to.deep.equal(['open', promotion.userId, true])
  })

  it('lets reception take calls for the pool or for somebody, and see no more than that somebody is known', async () => {
    const { park, path } = await place()
    const owner = await buildUser('promotion', { park })
    const reception = await signedInAs('reception', { park })
    const { lead } = await buildLead(park, { name: '机密客户', contacts: [{ name: '甲', title: null, phone: '13900000000', email: null }] })
    const seen = await reception.post(path, { line: LINE })
    expect(seen.text).to.include('已有记录').and.include(lead.ownerName!)
    expect(seen.text).to.not.include('机密客户').and.not.include(lead.number).and.not.include(String(lead._id))
    await reception.post(path, direct(LINE))
    const page = await reception.get(path)
    expect(page.text).to.include('已知线索').and.not.include('机密客户')
    await reception.post(path, direct('第二家公司 李四 13911111111', { owner: String(owner._id) }))
    await reception.post(path, direct('第三家公司 王五 13922222222', { owner: 'pool' }))
    const [, second, third] = await leadsOf(park)
    expect([second!.owner, third!.owner, third!.pool!.why]).to.deep.equal([owner._id, null, 'new'])
    expect((await keysFor(owner._id)).sort()).to.deep.equal(['inquiry.called', 'lead.handedOver'])
    const stranger = await buildUser('finance', { park })
    expect((await reception.post(path, direct('第四家公司', { owner: String(stranger._id) }))).status).to.equal(422)
    expect((await (await signedInAs('finance', { park })).get(path)).status).to.equal(403)
  })

  it('names tenants, and another park of the district only as far as the district lets it', async () => {
    const district = 'district-quick'
    const text = { zh: '区', en: 'District' }
    const names = { name: text, city: text, bureau: text }
    await District.create([{ _id: district, ...names, leadsKnown: true } as never])
    const [here, there] = [
      (await buildPark(undefined, { homeDistrict: district }))._id,
      (await buildPark(undefined, { homeDistrict: district }))._id,
    ]
    const promotion = await signedInAs('promotion', { park: here })
    await buildTenant(here, '杭州某某科技')
    await buildLead(there, { name: '别处', contacts: [{ name: '乙', title: null, phone: '13900000000', email: null }] })
    const seen = await promotion.post(`/parks/${here}/leads/quick`, { line: LINE })
    expect(seen.text).to.include('已入驻企业').and.include('本区其他园区正在跟进').and.not.include('别处')
    await District.updateOne({ _id: district }, { leadsKnown: false })
    const hidden = await promotion.post(`/parks/${here}/leads/quick`, { line: LINE })
    expect(hidden.text).to.not.include('本区其他园区')
  })

  it('makes one lead of a line two people type at once, and of Enter pressed twice', async () => {
    const { park, path, promotion } = await place()
    const second: Running = await startServer(uri())
    try {
      const other = await signedInAs('reception', { park }, new Visitor(second.url))
      await Promise.all([promotion.token(), other.token()])
      const presses = [promotion, other, promotion, other].map((who, i) =>
        who.post(path, direct(LINE, { owner: 'pool', _key: `key-${i % 2}-quick` })),
      )
      expect(new Set((await Promise.all(presses)).map(answer => answer.status))).to.deep.equal(new Set([303]))
      expect(await leadsOf(park)).to.have.length(1)
      expect(await LeadEntry.countDocuments({ park, kind: 'call' })).to.equal(2)
      expect(await AuditEntry.countDocuments({ park, action: 'inquiry.call' })).to.equal(1)
    } finally {
      await second.stop()
    }
  })

  it('stands in both languages', async () => {
    const { path, promotion } = await place()
    expect((await promotion.get(path)).text).to.include('来电快录')
    await promotion.post('/account/language', { lang: 'en' })
    const page = await promotion.post(path, { line: LINE })
    expect(page.text).to.include('Take a call').and.include('What is understood').and.not.include('leadIntake.')
  })
})
