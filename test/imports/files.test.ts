import { expect } from 'chai'
import PizZip from 'pizzip'
import { unlinkedFiles } from '../../src/files/store.ts'
import { Import } from '../../src/imports/import.ts'
import { checkCharacter } from '../../src/tenants/credit-code.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildBuilding, buildPark, buildTenant } from '../setup/factories.ts'
import { badRowsOf, importsPath, uploadAndCheck, uploadFile, workbook, write } from './files.ts'

const codeFor = (i: number): string => {
  const body = `91330100MA${String(i).padStart(7, '0')}`
  return body + checkCharacter(body)
}

describe('files that are brought in', () => {
  useDatabase()
  let park = ''
  let manager: Awaited<ReturnType<typeof signedInAs>>
  beforeEach(async () => {
    park = (await buildPark())._id
    await buildBuilding(park)
    manager = await signedInAs('manager', { park })
  })

  async function refuses(data: Buffer, name: string) {
    const { answer } = await uploadFile(manager, park, 'units', data, name)
    expect(answer.status).to.be.oneOf([413, 422])
    expect(answer.text).to.include('data-errors')
    expect(await Import.countDocuments({ park })).to.equal(0)
    expect(await unlinkedFiles(new Date(Date.now() + 60_000))).to.deep.equal([])
    return answer
  }

  it('refuses a page called .xlsx, an old .xls and a picture called .csv by their content', async () => {
    await refuses(Buffer.from('<html><table><tr><td>Floor</td></tr></table></html>'), 'rows.xlsx')
    await refuses(Buffer.from('\ufeff \n<!doctype html><p>a,b'), 'rows.csv')
    await refuses(Buffer.from('d0cf11e0a1b11ae1000000000000000000000000', 'hex'), 'rows.xlsx')
    await refuses(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'rows.csv')
    await refuses(Buffer.alloc(0), 'rows.csv')
  })

  it('refuses a bomb without unpacking it, a broken workbook, and one without rows', async () => {
    const zip = new PizZip(
      await workbook([
        ['Floor', 'Unit', 'Area'],
        ['1F', '1', 10],
      ]),
    )
    const sheet = zip.file('xl/worksheets/sheet1.xml')!.asText()
    zip.file('xl/worksheets/sheet1.xml', sheet.replace('</worksheet>', `${' '.repeat(80 * 1024 * 1024)}</worksheet>`))
    const bomb = zip.generate({ type: 'nodebuffer', compression: 'DEFLATE' })
    expect(bomb.length).to.be.lessThan(1024 * 1024)
    expect((await refuses(bomb, 'bomb.xlsx')).text).to.include('解压')
    const whole = await workbook([['Floor'], ['1F']])
    await refuses(whole.subarray(0, whole.length - 200), 'cut.xlsx')
    await refuses(await workbook([['Floor', 'Unit']]), 'empty.xlsx')
  })

  it('refuses more rows than it takes', async () => {
    const answer = await refuses(Buffer.from(`Floor,Unit\n${'1F,1\n'.repeat(20_001)}`), 'long.csv')
    expect(answer.text).to.include('20000')
  })

  it('lets in who may make such records by hand, and nobody else', async () => {
    const promotion = await signedInAs('promotion', { park })
    expect((await promotion.get(importsPath(park, '/new?kind=units'))).status).to.equal(403)
    expect((await promotion.get(importsPath(park, '/new?kind=tenants'))).status).to.equal(200)
    expect((await promotion.get(importsPath(park, '/template/units.xlsx'))).status).to.equal(403)
    expect((await uploadFile(promotion, park, 'units', Buffer.from('Floor,Unit,Area\n1F,1,10\n'), 'a.csv')).answer.status).to.equal(403)
    const of = await uploadAndCheck(manager, park, 'units', Buffer.from('Floor,Unit,Area\n1F,1,10\n'), 'a.csv')
    expect((await promotion.get(importsPath(park, `/${of._id}`))).status).to.equal(403)
    expect((await promotion.post(importsPath(park, `/${of._id}/commit`))).status).to.equal(403)
    expect((await promotion.get(importsPath(park))).text).not.to.include('a.csv')
    const reception = await signedInAs('reception', { park })
    expect((await reception.get(importsPath(park))).status).to.equal(403)
  })

  it('answers another park’s import with 404', async () => {
    const of = await uploadAndCheck(manager, park, 'units', Buffer.from('Floor,Unit,Area\n1F,1,10\n'), 'a.csv')
    const other = (await buildPark())._id
    const stranger = await signedInAs('manager', { park: other })
    for (const rest of ['', '/progress', '/bad-rows.xlsx']) {
      expect((await stranger.get(importsPath(other, `/${of._id}${rest}`))).status).to.equal(404)
      expect((await stranger.get(importsPath(park, `/${of._id}${rest}`))).status).to.equal(404)
    }
    expect((await stranger.post(importsPath(other, `/${of._id}/commit`))).status).to.equal(404)
  })

  it('brings in tenants by code or name, and never takes one for another', async () => {
    await buildTenant(park, 'Known (Hangzhou) Ltd')
    const head = ['Company name', 'Credit code', 'Industry', 'Founded on', 'Registered capital']
    const rows = [
      ['New One', codeFor(1).toLowerCase(), 'IoT', '2024/3/1', 100],
      ['known\uff08hangzhou\uff09ltd', codeFor(2), null, null, null],
      ['Third', '91350100M000100Y44', null, null, null],
      ['Fourth', codeFor(1), null, null, null],
      ['new  one', null, null, null, null],
    ]
    const of = await uploadAndCheck(manager, park, 'tenants', await workbook([head, ...rows]))
    expect(of.counts).to.deep.equal({ created: 1, updated: 1, same: 0, bad: 3 })
    expect((await badRowsOf(of)).map(({ row, problems }) => [row, problems[0]!.key])).to.deep.equal([
      [4, 'error.creditCode.check'],
      [5, 'error.import.duplicateRow'],
      [6, 'error.import.duplicateRow'],
    ])
    await write(manager, of, { skipBad: '1' })
    const tenants = await Tenant.find({ park }).sort({ name: 1 }).lean()
    expect(tenants.map(one => [one.name, one.creditCode, one.industry, one.foundedOn, one.capital])).to.deep.equal([
      ['Known (Hangzhou) Ltd', codeFor(2), 'other', null, null],
      ['New One', codeFor(1), 'iot', '2024-03-01', 100],
    ])
    const again = await uploadAndCheck(manager, park, 'tenants', await workbook([head, ...rows.slice(0, 2)]))
    expect(again.counts).to.deep.equal({ created: 0, updated: 0, same: 2, bad: 0 })
    const renamed = await uploadAndCheck(
      manager,
      park,
      'tenants',
      await workbook([head, ['Somebody else', codeFor(1)], ['New One', codeFor(3)]]),
    )
    expect((await badRowsOf(renamed)).map(({ problems }) => problems[0]!.key)).to.deep.equal([
      'error.creditCode.taken',
      'error.import.otherCode',
    ])
  })
})
