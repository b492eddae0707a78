import { expect } from 'chai'
import ExcelJS from 'exceljs'
import { Types } from 'mongoose'
import { Agreement, agreementPath, roundPath } from '../../src/trusteeship/agreement.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, buildTenant, buildUser } from '../setup/factories.ts'
import { ago, buildAgreement, walkTo } from '../setup/trusteeship.ts'
import type { Visitor } from '../setup/visitor.ts'

describe('the board of trusteeship and its due dates', () => {
  useDatabase()
  let park: string
  let finance: Visitor & { userId: string }
  beforeEach(async () => {
    park = (await buildPark())._id
    finance = await signedInAs('finance', { park })
  })
  const root = () => `/parks/${park}/trusteeship`

  it('show who is late at a glance, for any day, mine or all, as a page and as a table', async () => {
    const other = await buildUser('manager', { park })
    const [late, fine] = [
      await buildAgreement({ park, tenant: (await buildTenant(park, 'Late 示例'))._id, staff: new Types.ObjectId(finance.userId) }),
      await buildAgreement({ park, tenant: (await buildTenant(park, 'Fine 示例'))._id, from: ago(0), staff: other._id }),
    ]
    await walkTo(late, ago(3), 'received')
    const board = await finance.get(root())
    expect(board.text).to.include('Late 示例').and.include('Fine 示例').and.include('is-late')
    expect(board.text.indexOf('Late 示例') < board.text.indexOf('Fine 示例'), 'late ones first').to.equal(true)
    expect((await finance.get(`${root()}?late=1`)).text)
      .to.include('Late 示例')
      .and.not.include('Fine 示例')
    expect((await finance.get(`${root()}?mine=1`)).text).to.not.include('Fine 示例')
    expect((await finance.get(`${root()}?q=fine`)).text).to.not.include('Late 示例')
    const past = await finance.get(`${root()}?on=${ago(3)}-01&month=${ago(3)}`)
    expect(past.text, 'on that day nothing was due').to.not.include('is-late')
    expect((await finance.get(`${root()}?month=${ago(-1)}&step=booked&late=1`)).text).to.include('Late 示例')
    const csv = await finance.get(`${root()}?late=1&format=csv`)
    expect(csv.text.trim().split('\r\n')).to.have.length(2)
    expect(csv.text).to.include(late.number).and.include(ago(2))
    const book = new ExcelJS.Workbook()
    await book.xlsx.load((await finance.bytes(`${root()}?format=xlsx`)).body)
    expect(book.worksheets[0]!.rowCount).to.equal(3)
    expect((await finance.get(agreementPath(fine))).status).to.equal(200)
  })

  it('page five hundred agreements', async () => {
    const one = await buildAgreement({ park })
    const raw = (await Agreement.collection.findOne({ _id: one._id }))!
    const many = Array.from({ length: 499 }, (_, i) => ({
      ...raw,
      _id: new Types.ObjectId(),
      number: `TG-X-${i}`,
      tenant: new Types.ObjectId(),
      tenantName: `Copy ${i}`,
    }))
    await Agreement.collection.insertMany(many as never)
    const start = Date.now()
    const page = await finance.get(`${root()}?page=20`)
    expect(page.status).to.equal(200)
    expect(Date.now() - start).to.be.lessThan(2000)
    expect(page.text.match(/<th scope="row"/g)).to.have.length(25)
    expect((await finance.get(`${root()}?format=csv`)).text.trim().split('\r\n')).to.have.length(501)
  })

  it('set when steps are due, the tax bureau’s days by month', async () => {
    const rules = { version: '0', papers: '3', booked: '8', reported: '2', remind: '1' }
    const filing = { 'filing[0][month]': ago(1), 'filing[0][day]': `${ago(0)}-28`, 'filing[1][month]': '' }
    expect(
      (await finance.post(`${root()}/rules`, { ...rules, 'filing[0][month]': ago(1), 'filing[0][day]': `${ago(1)}-10` })).status,
    ).to.equal(422)
    expect((await finance.post(`${root()}/rules`, { ...rules, ...filing })).status).to.equal(303)
    expect((await finance.post(`${root()}/rules`, { ...rules, papers: '9' })).status).to.equal(409)
    const page = await finance.get(`${root()}/rules`)
    expect(page.text).to.include(`value="${ago(0)}-28"`)
    const agreement = await buildAgreement({ park })
    expect((await finance.get(roundPath(agreement, ago(1)))).text).to.include(`${ago(0)}-28`)
  })
})
