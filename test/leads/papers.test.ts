import { expect } from 'chai'
import mongoose, { Types } from 'mongoose'
import type { StoredFile } from '../../src/files/store.ts'
import { LeadEntry } from '../../src/leads/entry.ts'
import { mergeLeads } from '../../src/leads/merge.ts'
import { letterOf } from '../../src/notifications/mailer.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant } from '../setup/factories.ts'
import { buildLead, leadNow } from '../setup/leads.ts'
import { PNG } from '../setup/pictures.ts'

const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\n')
const contact = (email: string | null, phone = '13900000001') => ({ name: 'Ms Li', title: null, phone, email })

describe('mails and files of a lead', function () {
  this.timeout(60_000)
  useDatabase()

  async function scene(email: string | null = 'li@example.org') {
    const park = (await buildPark())._id
    const manager = await signedInAs('manager', { park })
    const { lead, owner } = await buildLead(park, { contacts: [contact(email)], name: 'Company' })
    return { park, manager, lead, owner: owner!, base: `/parks/${park}/leads/${lead._id}` }
  }
  const stored = () => mongoose.connection.collection<StoredFile>('files.files')

  it('writes to a contact: answered to the owner, kept in the timeline, and what is written stays as it is', async () => {
    const { park, manager, lead, owner, base } = await scene()
    const text = '<script>alert(1)</script>\n{{subject}} $t(nav.desk)\nBcc: x@example.org'
    const sent = await manager.post(`${base}/mails`, { to: 'LI@example.org', in: 'en', subject: 'Hello {{text}}', text })
    expect(sent.status).to.equal(303)
    const mail = (await Mail.findOne({ to: 'li@example.org' }).lean().orFail()) as Mail
    const letter = letterOf(mail, 'http://x')
    expect([letter.subject, letter.replyTo]).to.deep.equal(['Hello {{text}}', owner.email])
    expect(letter.text.startsWith(text)).to.equal(true)
    const line = await LeadEntry.findOne({ park, lead: lead._id, kind: 'mail' }).lean().orFail()
    expect([line.text, line.params['subject']]).to.deep.equal([text, 'Hello {{text}}'])
    const page = (await manager.get(base)).text
    expect(page).to.include('&lt;script&gt;alert(1)').and.not.include('<script>alert')
  })

  it('writes to contacts only, ten times a day, and not before somebody looks after the lead', async () => {
    const { park, manager, base } = await scene('ten@example.org')
    const form = { to: 'ten@example.org', in: 'en', subject: 'Hello', text: 'Text' }
    const other = await manager.post(`${base}/mails`, { ...form, to: 'other@example.org' })
    expect([other.status, other.text.includes('Text')]).to.deep.equal([422, true])
    expect((await manager.post(`${base}/mails`, { ...form, subject: '' })).status).to.equal(422)
    const answers = await Promise.all(
      Array.from({ length: 14 }, (_, i) => manager.post(`${base}/mails`, { ...form, _key: `mail-number-${i}` })),
    )
    expect(answers.filter(answer => answer.status === 303)).to.have.length(10)
    expect(answers.filter(answer => answer.status === 409)).to.have.length(4)
    expect(await Mail.countDocuments({ to: 'ten@example.org' })).to.equal(10)
    const pool = await buildLead(park, { contacts: [contact('pool@example.org', '13700000009')] }, { owner: null })
    expect((await manager.post(`/parks/${park}/leads/${pool.lead._id}/mails`, { ...form, to: 'pool@example.org' })).status).to.equal(409)
    const stranger = await signedInAs('promotion', { park })
    expect((await stranger.post(`${base}/mails`, form)).status).to.equal(403)
  })

  it('fills templates in both languages, and says where nobody can be written to', async () => {
    const { manager, base } = await scene()
    for (const template of ['greeting', 'afterVisit', 'materials'])
      for (const lang of ['zh-CN', 'en']) {
        const { text } = await manager.get(`${base}/mails/new?template=${template}&in=${lang}`)
        const body = /<textarea[^>]*>([^<]*)</.exec(text)![1]!
        expect(body, `${template} ${lang}`).to.include('Ms Li').and.not.include('{{')
        expect(/[\u4e00-\u9fff]/.test(body.replaceAll('示例', ''))).to.equal(lang === 'zh-CN')
      }
    const none = await scene(null)
    expect((await none.manager.get(`${none.base}/mails/new`)).text).to.not.include('<textarea')
  })

  it('keeps files by their content, under their own names, and refuses what they are not', async () => {
    const { park, manager, lead, base } = await scene()
    const upload = (data: Buffer, name: string) => manager.upload(`${base}/files`, {}, [{ field: 'papers', data, name }])
    const before = await stored().countDocuments()
    const page = await upload(Buffer.from('<!doctype html><script>alert(1)</script>'), 'licence.pdf')
    expect(page.status).to.equal(422)
    expect((await upload(Buffer.from('MZ\u0090\u0000'), 'tool.pdf')).status).to.equal(422)
    expect((await manager.upload(`${base}/files`, {}, [])).status, 'nothing chosen').to.equal(422)
    expect(await stored().countDocuments()).to.equal(before)
    for (const [data, name] of [
      [PNG, '学生证.png'],
      [PDF, '../../x.pdf'],
    ] as const)
      expect((await upload(data, name)).status).to.equal(303)
    const files = await stored()
      .find({ 'metadata.park': park, 'metadata.link.kind': 'lead', 'metadata.link.ref': lead._id } as never)
      .toArray()
    expect(files.map(file => file.metadata.name).sort()).to.deep.equal(['x.pdf', '学生证.png'])
    const list = await manager.get(`${base}/files`)
    expect(list.text).to.include('学生证.png')
    expect((await manager.get(base)).text).to.include('学生证.png')
    const what = (await LeadEntry.find({ park, lead: lead._id, kind: 'file' }).lean()).map(line => line.params['what'])
    expect(what).to.deep.equal(['added', 'added'])
  })

  it('gives files to who reads leads and to nobody else, moves them with a merge, and takes them off with a reason', async () => {
    const { park, manager, lead, base } = await scene()
    const { lead: twin } = await buildLead(park)
    await manager.upload(`${base}/files`, {}, [{ field: 'papers', data: PDF, name: 'plan.pdf' }])
    const file = (await stored().findOne({ 'metadata.link.ref': lead._id } as never))!
    const path = `/parks/${park}/files/${file._id}`
    const tenant = await buildTenant(park)
    const promotion = await signedInAs('promotion', { park })
    expect((await promotion.bytes(path)).body.equals(PDF)).to.equal(true)
    for (const role of ['finance', 'reception'] as const)
      expect((await (await signedInAs(role, { park })).get(path)).status, role).to.be.oneOf([403, 404])
    expect((await (await signedInAs('owner', { park, tenant: tenant._id })).get(path)).status).to.equal(404)
    expect((await (await signedInAs('manager', { park: (await buildPark())._id })).get(path)).status).to.equal(404)
    expect((await promotion.post(`${base}/files/${file._id}/removal`, { reason: 'Mine' })).status).to.equal(403)
    await mergeLeads(park, twin._id, lead._id, BY)
    const kept = `/parks/${park}/leads/${twin._id}/files`
    expect((await manager.get(kept)).text).to.include('plan.pdf')
    expect((await manager.upload(`${base}/files`, {}, [{ field: 'papers', data: PDF, name: 'late.pdf' }])).status).to.equal(409)
    expect((await manager.post(`${kept}/${new Types.ObjectId()}/removal`, { reason: 'x' })).status).to.equal(404)
    expect((await manager.post(`${kept}/${file._id}/removal`, {})).status, 'why?').to.equal(422)
    expect((await manager.post(`${kept}/${file._id}/removal`, { reason: 'Old' })).status).to.equal(303)
    expect((await manager.get(kept)).text).to.not.include('plan.pdf')
    expect((await promotion.get(path)).status).to.equal(404)
    const line = await LeadEntry.findOne({ park, lead: twin._id, 'params.what': 'removed' }).lean().orFail()
    expect([line.text, line.params['name']]).to.deep.equal(['Old', 'plan.pdf'])
    expect((await leadNow(twin)).state).to.equal('open')
  })
})
