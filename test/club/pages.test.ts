import { expect } from 'chai'
import { Types } from 'mongoose'
import { grantRole } from '../../src/accounts/memberships.ts'
import { Notice, NoticeRead } from '../../src/club/notice.ts'
import { withdrawNotice } from '../../src/club/notices.ts'
import { filesOf } from '../../src/files/store.ts'
import { addContact } from '../../src/tenants/contacts.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { signedInAs } from '../setup/app.ts'
import { audienceOf, buildListing, buildNotice, findings, noticeFor, noticeNow } from '../setup/club.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant, inDays } from '../setup/factories.ts'
import { parkOf } from '../setup/mentoring.ts'
import { PNG } from '../setup/pictures.ts'

async function scene() {
  const park = (await buildPark())._id
  const [tenant, other] = [await buildTenant(park, 'Own Company'), await buildTenant(park, 'Other Company')]
  return {
    ...{ park, tenant, other, root: `/parks/${park}/notices` },
    manager: await signedInAs('manager', { park }),
    owner: await signedInAs('owner', { park, tenant: tenant._id }),
    stranger: await signedInAs('owner', { park, tenant: other._id }),
  }
}
const WORDS = { titleZh: 'Power off', textZh: 'On Saturday <script>alert(1)</script>', kind: 'all' }

describe('pages of notices', () => {
  useDatabase()
  afterEach(async () => expect(await findings()).to.deep.equal([]))

  it('let staff write, publish, correct and withdraw, and its readers see each of it', async () => {
    const { root, manager, owner } = await scene()
    const refused = await manager.upload(root, { ...WORDS, titleEn: 'Only a title' }, [])
    expect([refused.status, refused.text.includes('Only a title'), refused.text.includes('href="#textEn"')]).to.deep.equal([
      422,
      true,
      true,
    ])
    const made = await manager.upload(root, { ...WORDS, until: inDays(3) }, [{ field: 'files', data: PNG, name: 'plan.png' }])
    expect(made.status).to.equal(303)
    const here = made.headers['location']!
    expect((await manager.get(`${root}?tab=draft`)).text).to.include('Power off')
    expect([(await owner.get(here)).status, (await owner.get(root)).text.includes('Power off')], 'a draft').to.deep.equal([404, false])
    expect((await manager.post(`${here}/publication`, { version: 0 })).status).to.equal(303)
    const page = (await owner.get(here)).text
    expect(page).to.include('&lt;script&gt;').and.include('plan.png').and.not.include('<script>alert')
    expect((await manager.get(`${here}/edit`)).text, 'whom it is for stays').to.not.include('name="kind"')
    const corrected = await manager.upload(
      `${here}/correction`,
      { ...WORDS, textZh: 'On Sunday', note: 'The day', again: 'on', version: 1 },
      [],
    )
    expect(corrected.status).to.equal(303)
    const stale = await manager.upload(`${here}/correction`, { ...WORDS, textZh: 'On Monday', note: 'The day', version: 1 }, [])
    expect([stale.status, stale.text.includes('On Monday'), stale.text.includes('On Sunday')], 'both values').to.deep.equal([
      409,
      true,
      true,
    ])
    expect((await owner.get(here)).text)
      .to.include('On Sunday')
      .and.include('The day')
    expect((await manager.post(`${here}/withdrawal`, { version: 2 })).status, 'without a reason').to.equal(422)
    expect((await manager.post(`${here}/withdrawal`, { version: 2, reason: 'Another time' })).status).to.equal(303)
    const gone = (await owner.get(here)).text
    expect(gone).to.include('Another time').and.not.include('On Sunday')
    expect((await owner.get(root)).text).to.not.include('Power off')
    expect((await manager.get(`${root}?tab=withdrawn`)).text).to.include('Power off')
  })

  it('count opening as reading: once, not ahead of it, and not by HEAD', async () => {
    const { park, root, owner, manager, tenant } = await scene()
    const notice = await buildNotice(park)
    const here = `${root}/${notice._id}`
    const reads = () => NoticeRead.find({ park, notice: notice._id }).lean()
    expect((await owner.get(root)).text).to.include(`<strong>${notice.title.zh}`)
    await owner.agent.head(here)
    await owner.get(here).set('Sec-Purpose', 'prefetch;prerender')
    await owner.get(here).set('Purpose', 'prefetch')
    await manager.get(here)
    expect(await reads()).to.deep.equal([])
    await owner.get(here)
    const [first] = await reads()
    expect([String(first!.user), first!.tenants.map(String)]).to.deep.equal([owner.userId, [String(tenant._id)]])
    await owner.get(here)
    expect(await reads()).to.deep.equal([first])
    expect((await owner.get(root)).text)
      .to.include(notice.title.zh)
      .and.not.include(`<strong>${notice.title.zh}`)
    expect((await owner.get(`/parks/${park}/desk`)).text).to.not.include(here)
  })

  it('show a company only what is for it, on page, list, desk and file', async () => {
    const { park, root, manager, owner, stranger, other } = await scene()
    const made = await manager.upload(root, { ...WORDS, titleZh: 'For the other', kind: 'chosen', tenants: String(other._id) }, [
      { field: 'files', data: PNG, name: 'other.png' },
    ])
    const here = made.headers['location']!
    const id = new Types.ObjectId(here.split('/').at(-1)!)
    const [file] = await filesOf(park, 'notice', id)
    const download = `/parks/${park}/files/${file!._id}`
    expect((await stranger.get(download)).status, 'of a draft').to.equal(404)
    await manager.post(`${here}/publication`, { version: 0 })
    expect((await stranger.get(`/parks/${park}/desk`)).text).to.include('For the other')
    for (const [who, status] of [
      [owner, 404],
      [stranger, 200],
      [manager, 200],
    ] as const)
      expect([(await who.get(here)).status, (await who.get(download)).status]).to.deep.equal([status, status])
    expect((await owner.get(root)).text).to.not.include('For the other')
    expect((await owner.get(`/parks/${park}/desk`)).text).to.not.include('For the other')
    expect((await owner.get(`${here}/readers`)).status).to.equal(404)
    expect((await stranger.get(`${here}/readers`)).status, 'who else has read it').to.equal(404)
    await withdrawNotice(await parkOf(park), id, 1, 'x', BY)
    expect((await stranger.get(download)).status, 'withdrawn').to.equal(404)
    const elsewhere = (await buildPark())._id
    const foreign = await buildNotice(elsewhere)
    for (const who of [owner, manager]) expect((await who.get(`${root}/${foreign._id}`)).status).to.equal(404)
    expect((await manager.post(`${root}/${foreign._id}/reminder`)).status).to.equal(404)
  })

  it('show staff company by company who has read, and export it as text', async () => {
    const { park, root, manager, owner, tenant, other } = await scene()
    await Tenant.updateOne({ park, _id: other._id }, { name: '=cmd|1' })
    const notice = await noticeFor(park, tenant._id, other._id)
    await owner.get(`${root}/${notice._id}`)
    const here = `${root}/${notice._id}/readers`
    const page = (await manager.get(here)).text
    expect(page).to.include('1 / 2').and.include('badge-good').and.include('badge-warn')
    const filtered = (await manager.get(`${here}?read=unread`)).text
    expect(filtered).to.include('=cmd|1').and.not.include(`/tenants/${tenant._id}`)
    const csv = (await manager.get(`${here}?format=csv`)).text.split('\r\n')
    expect(csv).to.have.length(4)
    expect(csv.find(line => line.includes('cmd'))).to.match(/^'=cmd/)
    expect(csv.find(line => line.startsWith('Own Company'))).to.match(/,\d{4}-\d\d-\d\d \d\d:\d\d$/)
    const some = (await manager.get(`${here}?q=own&format=csv`)).text.split('\r\n')
    expect(some).to.have.length(3)
    const sheet = await manager.bytes(`${here}?format=xlsx`)
    expect((sheet.body as Buffer).subarray(0, 2).toString()).to.equal('PK')
    expect((await (await signedInAs('reception', { park })).get(here)).status).to.equal(200)
    await Tenant.updateOne({ park, _id: other._id }, { name: other.name })
  })

  it('remind once a day, and say so', async () => {
    const { park, root, manager } = await scene()
    const notice = await buildNotice(park)
    const here = `${root}/${notice._id}`
    expect((await manager.post(`${here}/reminder`)).status).to.equal(303)
    expect((await manager.post(`${here}/reminder`)).status).to.equal(409)
    expect((await manager.get(`${here}/readers`)).text).to.include('disabled')
  })

  it('keep what was typed and ticked when a form is refused', async () => {
    const { root, manager, tenant } = await scene()
    const typed = { ...WORDS, titleZh: '', kind: 'rule', industries: 'iot', places: 'here', tenants: String(tenant._id), important: 'on' }
    const { status, text } = await manager.upload(root, typed, [])
    expect(status).to.equal(422)
    for (const name of ['value="iot" checked', 'value="here" checked', `value="${tenant._id}" checked`, 'name="important" checked'])
      expect(text, name).to.include(name)
    const none = await manager.upload(root, { ...WORDS, kind: 'rule' }, [])
    expect([none.status, await Notice.countDocuments({ park: tenant.park })]).to.deep.equal([422, 0])
  })

  it('are for every company of somebody who is of two', async () => {
    const { park, root, owner, other } = await scene()
    const notice = await noticeFor(park, other._id)
    expect((await owner.get(`${root}/${notice._id}`)).status).to.equal(404)
    await grantRole(new Types.ObjectId(owner.userId), { role: 'member', park, tenant: other._id }, BY)
    expect((await owner.get(`${root}/${notice._id}`)).status).to.equal(200)
    expect((await NoticeRead.findOne({ park }).lean().orFail()).tenants.map(String)).to.deep.equal([String(other._id)])
    expect((await noticeNow(notice)).audience).to.deep.include(audienceOf({ kind: 'chosen', tenants: [other._id] }))
  })
})

describe('pages of the directory', () => {
  useDatabase()
  afterEach(async () => expect(await findings()).to.deep.equal([]))

  it('are for the park’s people, and of a company only what its owner put there', async () => {
    const { park, tenant, owner, stranger, manager } = await scene()
    const base = `/parks/${park}`
    const form = `${base}/company/${tenant._id}/listing`
    await addContact(park, tenant._id, { name: 'Ada Lin', title: 'CEO', phone: '13900001111', email: 'ada@example.com', primary: true }, BY)
    const contact = String((await Tenant.findOne({ park, _id: tenant._id }).lean().orFail()).contacts[0]!._id)
    expect((await stranger.get(`${base}/directory`)).text).to.not.include('Own Company')
    for (const who of [stranger, manager])
      expect((await who.post(form, { version: 0, intro: 'x' })).status, 'not for them to say').to.be.oneOf([403, 404])
    const fields = { version: 0, intro: 'We build <b>sensors</b>', website: 'javascript:alert(1)', contact, phone: 'on' }
    const bad = await owner.post(form, fields)
    expect([bad.status, bad.text.includes('javascript:alert(1)'), bad.text.includes('id="email" name="email" checked')]).to.deep.equal([
      422,
      true,
      false,
    ])
    const without = await owner.post(form, { ...fields, website: 'https://example.com/a' })
    expect([without.status, without.text.includes('href="#consent"')]).to.deep.equal([422, true])
    expect((await owner.post(form, { ...fields, website: 'https://example.com/a', consent: 'on' })).status).to.equal(303)
    const list = (await stranger.get(`${base}/directory?q=sensors`)).text
    expect(list).to.include('Own Company').and.include('Ada Lin')
    const entry = /href="([^"]+\/directory\/[0-9a-f]{24})"/.exec(list)![1]!
    const page = (await stranger.get(entry)).text
    expect(page)
      .to.include('&lt;b&gt;sensors')
      .and.include('13900001111')
      .and.include('href="https://example.com/a"')
      .and.not.include('ada@example.com')
    expect((await owner.get(form)).text, 'consent is theirs to tick').to.not.include('name="consent" checked')
    for (const who of [await signedInAs('applicant', { park }), await signedInAs('reception', { park })])
      expect((await who.get(entry)).status).to.equal(200)
    for (const who of [
      await signedInAs('applicant', {}),
      await signedInAs('mentor', { park }),
      await signedInAs('official', { district: 'xiacheng' }),
    ])
      expect((await who.get(entry)).status).to.be.oneOf([403, 404])
    const stranded = await signedInAs('owner', { park: (await buildPark())._id, tenant: (await buildTenant(park))._id })
    expect((await stranded.get(entry)).status).to.equal(404)
    expect((await owner.post(`${form}/withdrawal`)).status).to.equal(303)
    for (const who of [stranger, owner, manager]) expect((await who.get(entry)).status, 'gone').to.equal(404)
    for (const address of [`${base}/directory`, `${base}/directory?q=sensors`, `${base}/directory?hidden=1`])
      expect((await manager.get(address)).text, address).to.not.include('Own Company')
  })

  it('let staff hide an entry with a reason, which its owner reads', async () => {
    const { park, tenant, owner, stranger, manager } = await scene()
    const { _id } = await buildListing(park, { tenant: tenant._id })
    const entry = `/parks/${park}/directory/${_id}`
    expect((await manager.post(`${entry}/hiding`)).status).to.equal(422)
    expect((await stranger.post(`${entry}/hiding`, { reason: 'x' })).status).to.equal(403)
    expect((await manager.post(`${entry}/hiding`, { reason: 'Not what they do' })).status).to.equal(303)
    expect([(await stranger.get(entry)).status, (await manager.get(entry)).status]).to.deep.equal([404, 200])
    expect((await stranger.get(`/parks/${park}/directory?hidden=1`)).text, 'staff only').to.not.include(String(_id))
    expect((await owner.get(`/parks/${park}/company/${tenant._id}/listing`)).text).to.include('Not what they do')
    expect((await manager.post(`${entry}/showing`)).status).to.equal(303)
    expect((await stranger.get(entry)).status).to.equal(200)
  })
})
