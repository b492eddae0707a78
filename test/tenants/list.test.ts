import { expect } from 'chai'
import ExcelJS from 'exceljs'
import { AuditEntry } from '../../src/audit/entry.ts'
import { recordHandover } from '../../src/leases/handover.ts'
import { addContact } from '../../src/tenants/contacts.ts'
import { checkCharacter } from '../../src/tenants/credit-code.ts'
import { addFigures, type FiguresInput } from '../../src/tenants/figures.ts'
import { createTenant } from '../../src/tenants/profile.ts'
import { addQualification } from '../../src/tenants/qualifications.ts'
import { FIGURES, Tenant } from '../../src/tenants/tenant.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildPark, buildTenant, buildUnit, inDays } from '../setup/factories.ts'
import type { Visitor } from '../setup/visitor.ts'

const codeOf = (serial: number): string => {
  const body = `91330103MA77${String(serial).padStart(5, '0')}`
  return body + checkCharacter(body)
}
const fields = (more: Record<string, string> = {}) => ({ name: 'Alpha 示例', kind: 'company', industry: 'software', ...more })
const listPath = (park: string) => `/parks/${park}/tenants`

describe('the list of tenants', () => {
  useDatabase()

  it('keeps a script in a name inert, and a formula in an export text (CASES 29)', async () => {
    const park = (await buildPark())._id
    const manager = await signedInAs('manager', { park })
    await manager.post(listPath(park), fields({ name: '<script>alert(1)</script>', shortName: '=cmd|1' }))
    const { _id } = await Tenant.findOne({ park }).lean().orFail()
    for (const path of ['', `/${_id}`, `/${_id}/edit`, `/${_id}/contacts`, `/${_id}/merge`]) {
      const page = await manager.get(listPath(park) + path)
      expect(page.status, path).to.equal(200)
      expect(page.text, path).to.not.include('<script>alert')
      expect(page.text, path).to.include('&lt;script&gt;alert')
    }
    expect((await manager.get(`${listPath(park)}?format=csv`)).text).to.include("'=cmd|1")
  })

  it('filters, and exports exactly what it shows', async () => {
    const park = (await buildPark())._id
    const [unit, second] = [await buildUnit({ park, code: 'A1' }), await buildUnit({ park, code: 'A2' })]
    const here = await createTenant(park, { name: '杭州云帆示例', creditCode: codeOf(1), industry: 'iot' }, {}, BY)
    const gone = await createTenant(park, { name: 'Moved 示例', creditCode: codeOf(2) }, {}, BY)
    const late = await createTenant(park, { name: 'Coming 示例', creditCode: null }, {}, BY)
    await buildLease({ unit, tenant: here, from: inDays(-10) })
    await buildLease({ unit: second, tenant: late, from: inDays(20) })
    const past = await buildLease({ unit: await buildUnit({ park, code: 'A3' }), tenant: gone, from: inDays(-400), to: inDays(-40) })
    await addQualification(park, here._id, { kind: 'hightech', number: null, grantedOn: '2020-01-01', validTo: null }, BY)
    await addQualification(park, gone._id, { kind: 'hightech', number: null, grantedOn: '2020-01-01', validTo: '2021-01-01' }, BY)
    const manager = await signedInAs('manager', { park })
    const named = async (query: string) => {
      const { text } = await manager.get(`${listPath(park)}?format=csv&sort=name&${query}`)
      return ['杭州云帆示例', 'Moved 示例', 'Coming 示例'].filter(name => text.includes(name))
    }
    // Nobody recorded the move-out: the tenant still holds the unit.
    expect(await named('place=here')).to.deep.equal(['杭州云帆示例', 'Moved 示例'])
    const left = {
      kind: 'out' as const,
      unit: past.unit._id,
      on: inDays(-39),
      checklist: [],
      electricity: '1',
      water: '1',
      keys: 1,
      note: null,
    }
    await recordHandover(park, past.lease._id, left, BY)
    expect(await named('place=here')).to.deep.equal(['杭州云帆示例'])
    expect(await named('place=gone')).to.deep.equal(['Moved 示例'])
    expect(await named('place=next')).to.deep.equal(['Coming 示例'])
    expect(await named('place=never')).to.deep.equal([])
    expect(await named('q=hzyf')).to.deep.equal(['杭州云帆示例'])
    expect(await named(`q=${codeOf(2)}`)).to.deep.equal(['Moved 示例'])
    expect(await named('industry=iot')).to.deep.equal(['杭州云帆示例'])
    expect(await named('qualification=hightech')).to.deep.equal(['杭州云帆示例'])
    expect(await named('preparing=yes')).to.deep.equal(['Coming 示例'])
    expect(await named('preparing=no&place=here&industry=iot')).to.deep.equal(['杭州云帆示例'])
    expect(await named('industry=nonsense&sort=$where&page=x')).to.have.length(3)
    const page = await manager.get(`${listPath(park)}?industry=iot`)
    expect(page.text).to.include('杭州云帆示例').and.not.include('Moved 示例')
  })

  it('gives the torch statistics in thousands of yuan, with area and dates', async () => {
    const park = (await buildPark())._id
    const { tenant } = await buildLease({ unit: await buildUnit({ park, code: 'T1', gross: 12_345 }), from: inDays(-10) })
    const none = Object.fromEntries(FIGURES.map(name => [name, null])) as FiguresInput
    await addFigures(park, tenant._id, 2024, { ...none, revenue: 1 }, BY)
    await addFigures(park, tenant._id, 2025, { ...none, revenue: 98_765, staff: 12, doctors: 1 }, BY)
    const manager = await signedInAs('manager', { park })
    const answer = await manager.bytes(`${listPath(park)}?format=xlsx`)
    const book = new ExcelJS.Workbook()
    await book.xlsx.load(answer.body as never)
    const sheet = book.worksheets[0]!
    const heads = (sheet.getRow(1).values as string[]).slice(1)
    const at = (label: string) => sheet.getRow(2).getCell(heads.indexOf(label) + 1).value
    expect(at('营业收入（千元）')).to.equal(98_765)
    expect(at('在租面积（㎡）')).to.equal(123.45)
    expect(String(at('数据年度'))).to.equal('2025')
    expect(at('博士')).to.equal(1)
    expect(sheet.rowCount).to.equal(2)
  })

  it('masks telephone numbers in lists, exports and for readers (CASES 26)', async () => {
    const park = (await buildPark())._id
    const tenant = await buildTenant(park)
    await addContact(
      park,
      tenant._id,
      { name: 'Ms Li', title: null, phone: '13812345678', email: 'li.fang@example.com', primary: true },
      BY,
    )
    const shows = async (visitor: Visitor, path: string) => {
      const { text, status } = await visitor.get(listPath(park) + path)
      expect(status, path).to.equal(200)
      return /13812345678/.test(text)
    }
    const [manager, reception] = [await signedInAs('manager', { park }), await signedInAs('reception', { park })]
    expect(await shows(manager, '')).to.equal(false)
    expect(await shows(manager, '?format=csv')).to.equal(false)
    expect(await shows(reception, `/${tenant._id}`)).to.equal(false)
    expect(await shows(reception, `/${tenant._id}/contacts`)).to.equal(false)
    expect(await shows(manager, `/${tenant._id}/contacts`)).to.equal(true)
    expect((await manager.get(`/parks/${park}/search?q=13812345678`)).text).to.not.include('Ms Li')
    const entries = await AuditEntry.find({ park }).lean()
    expect(JSON.stringify(entries)).to.not.include('13812345678').and.not.include('li.fang@')
  })
})
