import { expect } from 'chai'
import { User } from '../../src/accounts/user.ts'
import { AuditEntry } from '../../src/audit/entry.ts'
import { settled } from '../../src/imports/run.ts'
import { LeadEntry } from '../../src/leads/entry.ts'
import { Lead } from '../../src/leads/lead.ts'
import { checks as doctor } from '../../src/overview/checks.ts'
import { SearchEntry } from '../../src/search/entry.ts'
import { checkCharacter } from '../../src/tenants/credit-code.ts'
import { findings } from '../leads/scene.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, buildTenant, buildUser, inDays } from '../setup/factories.ts'
import { buildLead } from '../setup/leads.ts'
import { badRowsOf, type Cell, cellsOf, download, importsPath, uploadAndCheck, uploadFile, workbook, write } from './files.ts'

const HEAD = [
  '企业名称',
  '信用代码',
  '联系人',
  '手机',
  '来源',
  '面积',
  '最大面积',
  '预算',
  '用途',
  '入驻时间',
  '阶段',
  '负责人',
  '下一步',
  '下次跟进',
  '备注',
]
const phoneOf = (i: number): string => `137${String(i).padStart(8, '0')}`
const row = (i: number, more: Partial<Record<(typeof HEAD)[number], Cell>> = {}): Cell[] =>
  HEAD.map(head => more[head] ?? ({ 企业名称: `线索企业 ${i}`, 联系人: `联系人${i}`, 手机: phoneOf(i) }[head] as Cell) ?? null)
const book = (rows: Cell[][]) => workbook([HEAD, ...rows])
const codeFor = (i: number): string => {
  const body = `91330100MA${String(i).padStart(7, '0')}`
  return body + checkCharacter(body)
}
const keysOf = async (of: Parameters<typeof badRowsOf>[0]) =>
  (await badRowsOf(of)).map(({ row: at, problems }) => `${at} ${problems.map(one => `${one.column} ${one.key}`).join(', ')}`)

async function unfound(park: string): Promise<string[]> {
  const found: string[] = []
  for (const check of doctor.filter(one => one.name.includes('is found')))
    await check.run((message, subject) => {
      if (subject?.park === park && subject.kind === 'lead') found.push(message)
    })
  return found
}

describe('leads that are brought in', function () {
  this.timeout(300_000)
  useDatabase()
  afterEach(settled)

  it('reads every column, in the words of the park', async () => {
    const park = (await buildPark())._id
    const manager = await signedInAs('manager', { park })
    const owner = await buildUser('promotion', { park })
    const full = row(1, {
      ...{
        信用代码: codeFor(1),
        来源: '朋友介绍',
        面积: 200,
        最大面积: '300',
        预算: '20,000',
        用途: '办公',
        入驻时间: new Date('2027-03-01'),
      },
      ...{ 阶段: '接洽', 负责人: owner.email, 下一步: '发资料', 下次跟进: inDays(3), 备注: '来电咨询', 手机: '+86 137-0000-0001' },
    })
    const of = await uploadAndCheck(manager, park, 'leads', await book([full, row(2, { 阶段: 'Viewing' })]))
    expect(of.counts).to.deep.equal({ created: 2, updated: 0, same: 0, bad: 0 })
    expect((await write(manager, of)).state).to.equal('done')
    const [one, two] = await Lead.find({ park }).sort({ number: 1 }).lean()
    expect(one).to.deep.include({
      name: '线索企业 1',
      creditCode: codeFor(1),
      phones: ['13700000001'],
      source: 'referral',
      stage: 'contact',
    })
    expect([one!.owner, one!.ownerName, one!.pool, one!.next]).to.deep.equal([
      owner._id,
      owner.name,
      null,
      { what: '发资料', on: inDays(3) },
    ])
    const { areaFrom, areaTo, budget, product, from } = one!.wish
    expect([areaFrom, areaTo, budget, product, from]).to.deep.equal([20_000, 30_000, 2_000_000, 'office', '2027-03-01'])
    expect([two!.owner, two!.next, two!.pool!.why, two!.stage, two!.source]).to.deep.equal([null, null, 'new', 'viewing', 'import'])
    expect([one!.number.slice(-4), two!.number.slice(-4)]).to.deep.equal(['0001', '0002'])
    const lines = (await LeadEntry.find({ park, lead: one!._id }).sort({ _id: 1 }).lean()).map(line => [line.kind, line.text])
    expect(lines).to.deep.equal([
      ['created', null],
      ['note', '来电咨询'],
    ])
    const [entry] = await AuditEntry.find({ park, action: 'lead.create', ref: one!._id }).lean()
    expect(JSON.stringify(entry)).to.include('137****0001').and.not.include('13700000001')
    expect([await findings(park), await unfound(park)]).to.deep.equal([[], []])
    // What is entered by hand next goes on in the same numbers.
    expect((await buildLead(park)).lead.number.slice(-4)).to.equal('0003')
  })

  it('names row and column of what can’t be taken', async () => {
    const park = (await buildPark())._id
    const manager = await signedInAs('manager', { park })
    for (let i = 0; i < 2; i++) await User.updateOne({ _id: (await buildUser('promotion', { park }))._id }, { name: '王重名' })
    const { lead } = await buildLead(park, { name: '已有线索', contacts: [{ name: '甲', title: null, phone: phoneOf(900), email: null }] })
    await buildTenant(park, '已入驻企业')
    const of = await uploadAndCheck(
      manager,
      park,
      'leads',
      await book([
        row(1, { 企业名称: ' ' }),
        row(2, { 手机: '12' }),
        row(3, { 来源: '月球' }),
        row(4, { 阶段: '签约' }),
        row(5, { 负责人: '没有的人' }),
        row(6, { 负责人: '王重名' }),
        row(7, { 下一步: '打电话' }),
        row(8, { 负责人: ' 王 重名 ' }),
        row(9, { 手机: phoneOf(10) }),
        row(10),
        row(11, { 企业名称: '线索企业 9', 手机: null }),
        row(12, { 企业名称: '另一家', 手机: phoneOf(900) }),
        row(13, { 企业名称: '已入驻企业' }),
        row(14, { 信用代码: '91330100MA0000001X' }),
        row(15, { 面积: 300, 最大面积: 200 }),
        row(16, { 企业名称: '已有线索', 手机: null }),
      ]),
    )
    expect(of.counts).to.deep.equal({ created: 1, updated: 0, same: 1, bad: 14 })
    expect(await keysOf(of)).to.deep.equal([
      '2 name error.required',
      '3 phone error.phone',
      '4 source error.import.unknownValue',
      '5 stage error.inquiry.noStage',
      '6 owner error.inquiry.noOwner',
      '7 owner error.inquiry.twoOwners',
      '8 next error.inquiry.nextNoOwner',
      '9 owner error.inquiry.twoOwners',
      '11 phone error.import.duplicateRow',
      '12 name error.import.duplicateRow',
      '13 phone error.inquiry.phoneTaken',
      '14 name error.inquiry.isTenant',
      '15 creditCode error.creditCode.check',
      '16 areaTo error.inquiry.area',
    ])
    const page = await manager.get(importsPath(park, `/${of._id}`))
    expect(page.text).to.include(lead.number).and.include('线索 / 接洽 / 看房 / 意向 / 谈判')
  })

  it('writes ten thousand, all or without a bad one, and none of them twice (CASES 31)', async () => {
    const park = (await buildPark())._id
    const manager = await signedInAs('manager', { park })
    const owner = await buildUser('promotion', { park })
    const rows = Array.from({ length: 10_000 }, (_, i) => row(i + 1, i % 3 ? {} : { 负责人: owner.name }))
    rows[5000] = row(5001, { 手机: 'nonsense' })
    const data = await book(rows)
    const of = await uploadAndCheck(manager, park, 'leads', data)
    expect(of.counts).to.deep.equal({ created: 9999, updated: 0, same: 0, bad: 1 })
    expect(await keysOf(of)).to.deep.equal(['5002 phone error.phone'])
    const refused = await manager.post(importsPath(park, `/${of._id}/commit`))
    expect([refused.status, await Lead.countDocuments({ park })]).to.deep.equal([422, 0])
    const begun = Date.now()
    expect((await write(manager, of, { skipBad: 'on' })).state).to.equal('done')
    expect(Date.now() - begun).to.be.below(60_000)
    expect(await Lead.countDocuments({ park })).to.equal(9999)
    const numbers = (await Lead.find({ park }, { number: 1 }).sort({ _id: 1 }).lean()).map(one => Number(one.number.split('-')[2]))
    expect(numbers).to.deep.equal(Array.from({ length: 9999 }, (_, i) => i + 1))
    expect(await LeadEntry.countDocuments({ park, kind: 'created' })).to.equal(9999)
    expect(await AuditEntry.countDocuments({ park, action: 'lead.create' })).to.equal(9999)
    expect(await SearchEntry.countDocuments({ park, kind: 'lead' })).to.equal(9999)
    expect(await unfound(park)).to.deep.equal([])
    const again = await uploadAndCheck(manager, park, 'leads', data)
    expect(again.counts).to.deep.equal({ created: 0, updated: 0, same: 9999, bad: 1 })
  })

  it('gives a template that can be filled in, in both languages, to who may use it', async () => {
    const park = (await buildPark())._id
    const promotion = await signedInAs('promotion', { park })
    for (const [lang, head] of [
      ['zh-CN', '企业或团队名称'],
      ['en', 'Company or team'],
    ]) {
      await promotion.post('/account/language', { lang })
      const data = await download(promotion, importsPath(park, '/template/leads.xlsx'))
      const cells = await cellsOf(data)
      expect(String(cells[0]![0])).to.include(head)
      const of = await uploadAndCheck(promotion, park, 'leads', data)
      // The example is left out: what is under it counts.
      expect(of.counts).to.deep.equal({ created: 0, updated: 0, same: 0, bad: 0 })
      expect(Object.values(of.mapping).every(at => at !== null)).to.equal(true)
    }
    const reception = await signedInAs('reception', { park })
    expect((await uploadFile(reception, park, 'leads', await book([row(1)]))).answer.status).to.equal(403)
  })
})
