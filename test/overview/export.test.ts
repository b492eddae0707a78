import type { Readable } from 'node:stream'
import { expect } from 'chai'
import ExcelJS from 'exceljs'
import mongoose, { Types } from 'mongoose'
import { AuditEntry } from '../../src/audit/entry.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, buildUnit } from '../setup/factories.ts'

/** Excel files are made off the request thread, and hold exactly the list. */
describe('exports', () => {
  useDatabase()
  const COUNT = 6_000

  async function manyUnits(): Promise<string> {
    const { _id: park } = await buildPark()
    const unit = await buildUnit({ park })
    const { _id, ...plain } = (await Unit.findOne({ park, _id: unit._id }).lean().orFail()) as Unit
    await Unit.insertMany(Array.from({ length: COUNT - 1 }, (_, i) => ({ ...plain, code: `N${i}`, gross: 100 + i })))
    return park
  }

  it('writes every row of a long list, and other requests are answered meanwhile', async function () {
    this.timeout(120_000)
    const park = await manyUnits()
    const manager = await signedInAs('manager', { park })
    await manager.get(`/parks/${park}/units?format=xlsx&q=N1`)
    const waits: number[] = []
    let busy = true
    const watch = (async () => {
      while (busy) {
        const began = performance.now()
        await new Promise(resolve => setTimeout(resolve, 10))
        waits.push(performance.now() - began - 10)
      }
    })()
    const answer = await manager.bytes(`/parks/${park}/units?format=xlsx`)
    busy = false
    await watch
    expect(answer.status).to.equal(200)
    const book = new ExcelJS.Workbook()
    await book.xlsx.load(answer.body)
    const sheet = book.worksheets[0]!
    expect(sheet.actualRowCount).to.be.at.least(COUNT + 1)
    const codes = new Set<string>()
    sheet.eachRow(row => row.eachCell(cell => codes.add(String(cell.value))))
    for (const code of ['N0', 'N2999', `N${COUNT - 2}`]) expect(codes.has(code), code).to.equal(true)
    // What stays here is reading the rows and what the day makes of them.
    expect(Math.max(...waits)).to.be.lessThan(700)
  })

  async function longTrail(count: number): Promise<string> {
    const { _id: park } = await buildPark()
    const entry = (i: number) => ({
      ...{ park, at: new Date(Date.UTC(2026, 0, 1) + i * 1000), by: { id: 'system', name: 'system' }, action: 'tenant.edit' },
      ...{ kind: 'tenant', ref: new Types.ObjectId(), label: `Label ${i} ${'x'.repeat(200)}`, changes: [], note: `n${i}.` },
    })
    await AuditEntry.collection.insertMany(Array.from({ length: count }, (_, i) => entry(i)) as never)
    return park
  }
  const openCursors = async (): Promise<number> =>
    (await mongoose.connection.db!.admin().command({ serverStatus: 1 }))['metrics'].cursor.open.total

  it('streams a long trail in order, over many reads, as CSV', async () => {
    const park = await longTrail(1_234)
    const manager = await signedInAs('manager', { park })
    const { text, status } = await manager.get(`/parks/${park}/audit?format=csv`).buffer(true)
    expect(status).to.equal(200)
    const notes = [...text.matchAll(/\bn(\d+)\./g)].map(match => Number(match[1]))
    expect(notes).to.deep.equal(Array.from({ length: 1_234 }, (_, i) => 1_233 - i))
  })

  it('stops reading when the reader goes away', async () => {
    const park = await longTrail(30_000)
    const manager = await signedInAs('manager', { park })
    const before = await openCursors()
    for (const format of ['csv', 'xlsx']) {
      await new Promise<void>((resolve, reject) => {
        const asked = manager
          .get(`/parks/${park}/audit?format=${format}`)
          .buffer(true)
          .parse((res, _done) => {
            res.once('data', () => {
              ;(res as unknown as Readable).destroy()
              resolve()
            })
          })
        asked.end(() => {})
        setTimeout(() => reject(new Error(`${format}: nothing came`)), 20_000).unref()
      })
      let open = Infinity
      for (let i = 0; i < 200 && open > before; i++) {
        await new Promise(resolve => setTimeout(resolve, 50))
        open = await openCursors()
      }
      expect(open, format).to.be.at.most(before)
    }
  }).timeout(60_000)
})
