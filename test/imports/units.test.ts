import { expect } from 'chai'
import { AuditEntry } from '../../src/audit/entry.ts'
import { settled } from '../../src/imports/run.ts'
import { refsOf, SearchEntry } from '../../src/search/entry.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildBuilding, buildPark, buildUnit } from '../setup/factories.ts'
import { badRowsOf, cellsOf, check, download, importOf, importsPath, unitBook, uploadAndCheck, uploadFile, write } from './files.ts'

const ROWS = 10_000
const count = (park: string) => Unit.countDocuments({ park })

describe('importing 10,000 units (CASES 31)', function () {
  this.timeout(300_000)
  useDatabase()

  it('names row and column in the dry run, writes all or nothing, and nothing twice', async () => {
    const park = (await buildPark())._id
    await buildBuilding(park)
    const manager = await signedInAs('manager', { park })
    // Row 1 is the header: the 5,000th unit stands in row 5001.
    const broken = await unitBook(ROWS, i => (i === 5000 ? { 4: 'large' } : {}))
    const checked = await uploadAndCheck(manager, park, 'units', broken)
    expect(checked.counts).to.deep.include({ created: ROWS - 1, bad: 1 })
    expect(await count(park)).to.equal(0)
    const page = await manager.get(importsPath(park, `/${checked._id}`))
    expect(page.text)
      .to.match(/>5001</)
      .and.to.include('Gross area')
      .and.to.include('large')
      .and.to.include('请填写面积')

    const refused = await manager.post(importsPath(park, `/${checked._id}/commit`))
    expect(refused.status).to.equal(422)
    await settled()
    expect(await count(park)).to.equal(0)

    const done = await write(manager, checked, { skipBad: 'on' })
    expect(done).to.deep.include({ state: 'done' })
    expect(done.counts).to.deep.include({ created: ROWS - 1, bad: 1 })
    expect(await count(park)).to.equal(ROWS - 1)
    const unit = await Unit.findOne({ park, code: 'U00042' }).lean().orFail()
    expect(unit).to.deep.include({ building: 'a', floor: '1F', product: 'office', gross: 5042, chargeable: 5042, listRate: '2.50' })
    expect([unit.activeFrom, unit.note, unit.gaps.length]).to.deep.equal(['2025-01-01', 'row 42', 1])
    expect(await AuditEntry.countDocuments({ park, action: 'unit.create' })).to.equal(ROWS - 1)
    expect(await SearchEntry.countDocuments({ park, kind: 'unit' })).to.equal(ROWS - 1)
    expect(await refsOf(park, 'unit', 'U00042')).to.deep.equal([unit._id])

    // The same file mended: one unit is new, two have something else to say, all others are as they were.
    const mended = await unitBook(ROWS, i => (i <= 2 ? { 7: 'another note', 5: '2.5' } : {}))
    const again = await uploadAndCheck(manager, park, 'units', mended)
    expect(again.counts).to.deep.equal({ created: 1, updated: 2, same: ROWS - 3, bad: 0 })
    await write(manager, again)
    expect(await count(park)).to.equal(ROWS)
    expect((await Unit.findOne({ park, code: 'U00002' }).lean())!.note).to.equal('another note')
    const third = await uploadAndCheck(manager, park, 'units', mended)
    expect(third.counts).to.deep.equal({ created: 0, updated: 0, same: ROWS, bad: 0 })
  })
})

describe('importing units', () => {
  useDatabase()
  let park = ''
  let manager: Awaited<ReturnType<typeof signedInAs>>
  beforeEach(async () => {
    park = (await buildPark())._id
    await buildBuilding(park, { floors: ['1F', 'B1'] })
    manager = await signedInAs('manager', { park })
  })

  const csv = (text: string) => Buffer.from(text)
  const taken = (text: string | Buffer, name = 'rows.csv') =>
    uploadAndCheck(manager, park, 'units', Buffer.isBuffer(text) ? text : csv(text), name)
  const keysOf = async (of: Awaited<ReturnType<typeof taken>>) =>
    (await badRowsOf(of)).map(({ row, problems }) => [row, problems[0]!.column, problems[0]!.key])

  it('reads CSV in UTF-8 with its mark and in GBK, with Chinese headers, words and dates', async () => {
    const utf8 = await taken(
      '\ufeff\u697c\u5c42,\u623f\u53f7,\u7528\u9014,\u5efa\u7b51\u9762\u79ef(\u33a1),\u542f\u7528\u65e5\u671f\r\n1\u5c42,101,\u529e\u516c,"1,120.5",2025\u5e741\u67085\u65e5\r\n',
    )
    expect(utf8.counts).to.deep.include({ created: 1, bad: 0 })
    // The same in GB 18030: 1 floor, 102, lab.
    const gbk = Buffer.from('c2a5b2e32cb7bfbac52cd3c3cdbe2cc3e6bbfd0d0a42312c3130322ccab5d1e9cad22c33302e350d0a', 'hex')
    const second = await taken(gbk)
    expect(second.counts).to.deep.include({ created: 1, bad: 0 })
    await write(manager, utf8)
    await write(manager, second)
    const units = await Unit.find({ park }).sort({ code: 1 }).lean()
    expect(units.map(({ floor, code, product, gross }) => [floor, code, product, gross])).to.deep.equal([
      ['1F', '101', 'office', 112_050],
      ['B1', '102', 'lab', 3050],
    ])
    expect(units[0]!.activeFrom).to.equal('2025-01-05')
  })

  it('refuses a place, word, area or code that isn’t right, row by row', async () => {
    await buildUnit({ park, code: '9', gross: 10_000 })
    const of = await taken(
      [
        'Building,Floor,Unit,Type,Area',
        ',1F,1,Office,10',
        'x,1F,2,Office,10',
        ',7F,3,Office,10',
        ',1F,4,Castle,10',
        ',1F,,Office,10',
        ',B1,1,Office,10',
      ]
        .concat([',1F,9,Office,99', ',B1,9,Office,100', ',1F,5,,10'])
        .join('\n'),
    )
    expect(await keysOf(of)).to.deep.equal([
      [3, 'building', 'error.import.noBuilding'],
      [4, 'floor', 'error.import.noFloor'],
      [5, 'product', 'error.import.unknownValue'],
      [6, 'code', 'error.required'],
      [7, 'code', 'error.import.duplicateRow'],
      [8, 'gross', 'error.import.otherArea'],
      [9, 'code', 'error.import.duplicateRow'],
    ])
    expect(of.counts).to.deep.include({ created: 2, bad: 7 })
  })

  it('writes nothing when the park has changed since the dry run, and says what stands in the way', async () => {
    const of = await taken('Floor,Unit,Area\n1F,1,10\n1F,2,20\n')
    await buildUnit({ park, code: '2', gross: 777 })
    const after = await write(manager, of)
    expect([after.state, after.refusal?.key, after.counts.bad]).to.deep.equal(['checked', 'error.import.badRows', 1])
    expect(await count(park)).to.equal(1)
    expect((await keysOf(after))[0]).to.deep.equal([3, 'gross', 'error.import.otherArea'])
  })

  it('writes once, however often the button is pressed', async () => {
    const of = await taken('Floor,Unit,Area\n1F,1,10\n1F,2,20\n')
    const path = importsPath(park, `/${of._id}/commit`)
    await manager.token()
    const answers = await Promise.all([1, 2, 3].map(i => manager.post(path, { _key: i < 3 ? 'the-same-key' : 'another-key' })))
    await settled()
    expect(answers.filter(answer => answer.status === 303).length).to.be.greaterThan(0)
    expect(answers.every(answer => answer.status === 303 || answer.status === 409)).to.equal(true)
    expect((await importOf(park, String(of._id))).state).to.equal('done')
    expect(await count(park)).to.equal(2)
    expect(await AuditEntry.countDocuments({ park, action: 'import.run' })).to.equal(1)
  })

  it('gives bad rows back with a message, nothing in them a formula or a script', async () => {
    const of = await taken('Floor,Unit,Area,Note\n1F,1,10,fine\n1F,2,=1+1,"=cmd|\'/c calc\'!A1"\n1F,3,<script>alert(1)</script>,x\n')
    const page = await manager.get(importsPath(park, `/${of._id}`))
    expect(page.text).to.include('&lt;script&gt;alert(1)').and.not.to.include('<script>alert(1)')
    const [head, ...rows] = await cellsOf(await download(manager, importsPath(park, `/${of._id}/bad-rows.xlsx`)))
    expect(head!.slice(0, 4)).to.deep.equal(['Floor', 'Unit', 'Area', 'Note'])
    expect(rows.map(row => row.slice(0, 4))).to.deep.equal([
      ['1F', '2', '=1+1', "=cmd|'/c calc'!A1"],
      ['1F', '3', '<script>alert(1)</script>', 'x'],
    ])
    expect(rows.map(row => row[4])).to.deep.equal([3, 4])
    expect(String(rows[0]![5])).to.include('Area')
  })

  it('lets the person say which column is which', async () => {
    const { id } = await uploadFile(manager, park, 'units', csv('A,B,C\n1F,1,10\n'), 'own.csv')
    expect((await manager.post(importsPath(park, `/${id}/mapping`), { floor: '0', code: '1' })).status).to.equal(422)
    expect((await manager.post(importsPath(park, `/${id}/mapping`), { floor: '0', code: '1', gross: '1' })).status).to.equal(422)
    expect((await manager.post(importsPath(park, `/${id}/mapping`), { floor: '0', code: '1', gross: '2' })).status).to.equal(303)
    await settled()
    expect((await importOf(park, id)).counts.created).to.equal(1)
  })

  it('offers a template that it reads itself, its example left out', async () => {
    await manager.post('/account/language', { lang: 'en', next: '/' })
    const bytes = await download(manager, importsPath(park, '/template/units.xlsx'))
    const [head, example] = await cellsOf(bytes)
    expect(head).to.include.members(['Floor', 'Unit code', 'Gross area (㎡)'])
    expect(example![0]).to.match(/^Example: /)
    expect(String(await cellsOf(bytes, 1))).to.include('Serviced')
    const { id } = await uploadFile(manager, park, 'units', bytes)
    const of = await check(manager, park, id)
    expect(of.counts).to.deep.equal({ created: 0, updated: 0, same: 0, bad: 0 })
    expect(Object.values(of.mapping).every(at => at !== null)).to.equal(true)
  })
})
