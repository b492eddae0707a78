import { expect } from 'chai'
import PizZip from 'pizzip'
import { AuditEntry } from '../../src/audit/entry.ts'
import { capitalMoney } from '../../src/leases/document.ts'
import { scheduleOf } from '../../src/leases/preview.ts'
import { LeaseTemplate } from '../../src/leases/template.ts'
import { defaultTemplate } from '../../src/leases/template-docx.ts'
import { formatter } from '../../src/locales/format.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildLease, buildPark, buildTenant, buildUnit } from '../setup/factories.ts'
import { pdfText } from '../setup/pdf-text.ts'
import type { Visitor } from '../setup/visitor.ts'

const NAME = '金华灵犀<script>与海洋"监测"科技有限公司(示例)'
const fmt = formatter('zh-CN')

/** The text of a part of a Word document, paragraph by paragraph, with entities resolved. */
function wordText(docx: Buffer): string {
  const xml = new PizZip(docx).file('word/document.xml')!.asText()
  const plain = xml.replace(/<\/w:p>/g, '\n').replace(/<[^>]+>/g, '')
  return plain
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&')
}

async function signed() {
  const unit = await buildUnit({ code: '甲-301', gross: 12_050 })
  const tenant = await buildTenant(unit.park, NAME)
  const more = { cycle: 3 as const, deposit: 2_345_678 }
  return buildLease({ unit, tenant, from: '2026-03-01', to: '2027-02-28', rate: '1.85', more })
}

describe('the lease on paper', () => {
  useDatabase()

  it('comes as a Word document with the names, the amounts in capitals and every payment', async () => {
    const { lease, park, unit } = await signed()
    const manager = await signedInAs('manager', { park })
    const answer = await manager.bytes(`/parks/${park}/leases/${lease._id}/document.docx`)
    expect(answer.status).to.equal(200)
    expect(answer.headers['content-type']).to.match(/wordprocessingml/)
    expect(answer.headers['content-disposition']).to.include(`${lease.number}.docx`)
    const text = wordText(answer.body)
    const { periods, total, deposit } = scheduleOf(lease)
    expect(text).to.include(NAME).and.include(lease.number).and.include(unit.code).and.include('120.5')
    expect(text).to.include(capitalMoney(total)).and.include(capitalMoney(deposit)).and.include(fmt.money(total))
    expect(capitalMoney(2_345_678)).to.equal('贰万叁仟肆佰伍拾陆元柒角捌分')
    expect(periods).to.have.length(4)
    for (const { from, to, fen } of periods) {
      const row = text.indexOf(from)
      expect(row, `the payment of ${from}`).to.be.greaterThan(0)
      expect(text.slice(row)).to.include(to).and.include(fmt.money(fen))
    }
    expect(text, 'no tag is left over').to.not.match(/[{}]|undefined|\[object/)
  })

  it('comes as a PDF with its Chinese fonts inside, saying the same', async () => {
    const { lease, park } = await signed()
    const manager = await signedInAs('manager', { park })
    const answer = await manager.bytes(`/parks/${park}/leases/${lease._id}/document.pdf`)
    expect(answer.status).to.equal(200)
    expect(answer.headers['content-type']).to.equal('application/pdf')
    expect(answer.headers['content-disposition']).to.match(/^inline/)
    expect(answer.body.subarray(0, 5).toString()).to.equal('%PDF-')
    const raw = answer.body.toString('latin1')
    expect(raw).to.include('/FontFile3').and.include('NotoSansHans-Regular').and.include('NotoSansHans-Bold')
    expect(raw).to.not.match(/\/JavaScript|\/Launch|\/URI/)
    const text = pdfText(answer.body)
    const { periods, total } = scheduleOf(lease)
    for (const words of [NAME, lease.number, capitalMoney(total), '房屋租赁合同', '甲-301', ...periods.map(period => period.from)])
      expect(text, words).to.include(words.replace(/\s/g, ''))
  })

  it('marks what is not agreed yet, and prints that agreed only for the tenant', async () => {
    const { lease, park, tenant } = await buildLease({ stage: 'draft' })
    const manager = await signedInAs('manager', { park })
    const draft = await manager.bytes(`/parks/${park}/leases/${lease._id}/document.docx`)
    expect(wordText(draft.body)).to.include('草稿')
    const owner = await signedInAs('owner', { park, tenant: tenant._id })
    await owner.get(`/parks/${park}/leases/${lease._id}/document.docx`).expect(404)
    const agreed = await buildLease({ unit: await buildUnit({ park }), tenant })
    const own = await owner.bytes(`/parks/${park}/leases/${agreed.lease._id}/document.docx`)
    expect(own.status).to.equal(200)
    expect(wordText(own.body)).to.include(tenant.name).and.not.include('草稿')
    await owner.get(`/parks/${park}/leases/${agreed.lease._id}/document.pdf?version=2`).expect(404)
  })

  it('of another park or tenant doesn’t exist (CASES 27)', async () => {
    const { lease, park } = await buildLease()
    const elsewhere = await buildLease()
    const manager = await signedInAs('manager', { park })
    const stranger = await signedInAs('owner', { park, tenant: (await buildTenant(park))._id })
    const outsider = await signedInAs('owner', { park: elsewhere.park, tenant: elsewhere.tenant._id })
    for (const format of ['docx', 'pdf']) {
      await manager.get(`/parks/${park}/leases/${elsewhere.lease._id}/document.${format}`).expect(404)
      await manager.get(`/parks/${elsewhere.park}/leases/${elsewhere.lease._id}/document.${format}`).expect(404)
      await stranger.get(`/parks/${park}/leases/${lease._id}/document.${format}`).expect(404)
      await outsider.get(`/parks/${park}/leases/${lease._id}/document.${format}`).expect(404)
    }
    await manager.get(`/parks/${park}/leases/not-an-id/document.pdf`).expect(404)
  })
})

/** The default template with something done to its words. */
function template(change: (xml: string) => string): Buffer {
  const zip = new PizZip(defaultTemplate())
  zip.file('word/document.xml', change(zip.file('word/document.xml')!.asText()))
  return zip.generate({ type: 'nodebuffer' })
}

describe('the template of the lease', () => {
  useDatabase()
  const settings = (park: string) => `/parks/${park}/settings/lease-template`
  const send = (visitor: Visitor, park: string, data: Buffer, name = '模板.docx') =>
    visitor.upload(settings(park), {}, [{ field: 'template', data, name }])

  it('is refused with clear words when it is broken, and the one in use stays', async () => {
    const park = (await buildPark())._id
    const manager = await signedInAs('manager', { park })
    const cases: [string, Buffer, RegExp][] = [
      ['an open tag', template(xml => xml.replace('{承租方}', '{承租方')), /模板有误/],
      ['a loop that never ends', template(xml => xml.replace(/\{\/房源\}/, '')), /模板有误.*房源/s],
      ['no document in it', new PizZip().file('word/nothing.xml', '<a/>').generate({ type: 'nodebuffer' }), /模板有误|类型/],
      ['no Word file at all', Buffer.from('%PDF-1.4 not a template'), /类型/],
    ]
    for (const [what, data, words] of cases) {
      const answer = await send(manager, park, data)
      expect(answer.status, what).to.equal(422)
      expect(answer.text, what).to.match(words)
    }
    expect(await LeaseTemplate.countDocuments({ park })).to.equal(0)
    expect(await AuditEntry.countDocuments({ park, action: 'lease.template' })).to.equal(0)
  })

  it('is used once it prints, by this park alone, and can be taken back', async () => {
    const { lease, park } = await buildLease()
    const elsewhere = await buildLease()
    const manager = await signedInAs('manager', { park })
    const own = template(xml => xml.replace('房屋租赁合同', '本园区的租赁合同'))
    const answer = await send(manager, park, own)
    expect(answer.status, answer.text).to.equal(303)
    const printed = await manager.bytes(`/parks/${park}/leases/${lease._id}/document.docx`)
    expect(wordText(printed.body)).to.include('本园区的租赁合同')
    const other = await signedInAs('manager', { park: elsewhere.park })
    const theirs = await other.bytes(`/parks/${elsewhere.park}/leases/${elsewhere.lease._id}/document.docx`)
    expect(wordText(theirs.body)).to.not.include('本园区的租赁合同')
    await other.get(`${settings(park)}/current.docx`).expect(404)
    expect((await manager.post(`${settings(park)}/reset`)).status).to.equal(303)
    const again = await manager.bytes(`/parks/${park}/leases/${lease._id}/document.docx`)
    expect(wordText(again.body)).to.not.include('本园区的租赁合同')
  })

  it('is for managers', async () => {
    const park = (await buildPark())._id
    const promotion = await signedInAs('promotion', { park })
    expect((await send(promotion, park, defaultTemplate())).status).to.equal(403)
    await promotion.get(settings(park)).expect(403)
  })
})
