import { expect } from 'chai'
import ExcelJS from 'exceljs'
import { setClock } from '../../src/lib/clock.ts'
import { addDays, dayBefore, today } from '../../src/lib/days.ts'
import { claimUnit, markClaims } from '../../src/spaces/claims.ts'
import { mergeUnits, remeasureUnit, retireUnit, splitUnit } from '../../src/spaces/structure.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildBuilding, buildLease, buildPark, buildTenant, buildUnit, inDays, newId } from '../setup/factories.ts'

/** Unit codes in the order of the list. */
const codesIn = (html: string): string[] => [...html.matchAll(/<td class="lead"><a href="[^"]+">([^<]+)</g)].map(match => match[1]!)
/** The state a unit's page names beside its code. */
const stateOf = (html: string): string | undefined => /unit-state"><span class="swatch state-(\w+)/.exec(html)?.[1]

async function parkWithUnits() {
  const park = (await buildPark())._id
  await buildBuilding(park, { floors: ['1F', '2F'] })
  const at = (floor: string, code: string, gross: number, listRate: string) => buildUnit({ park, floor, code, gross, listRate })
  const units = {
    small: await at('1F', '101', 4_000, '1.50'),
    middle: await at('1F', '102', 12_000, '2.00'),
    large: await at('2F', '201', 30_000, '2.50'),
  }
  return { park, units, path: `/parks/${park}/units`, manager: await signedInAs('manager', { park }) }
}

describe('the list of units', () => {
  useDatabase()

  it('filters by text, floor, product, area and rate, sorts, and adds up what it shows', async () => {
    const { path, manager } = await parkWithUnits()
    const list = async (query: string) => codesIn((await manager.get(`${path}${query}`).expect(200)).text)
    expect(await list('')).to.deep.equal(['101', '102', '201'])
    expect(await list('?q=02')).to.deep.equal(['102'])
    expect(await list('?floor=1F&sort=-area')).to.deep.equal(['102', '101'])
    expect(await list('?area=50&areaMax=200')).to.deep.equal(['102'])
    expect(await list('?rate=2&rateMax=2.50')).to.deep.equal(['102', '201'])
    expect(await list('?product=retail')).to.deep.equal([])
    const html = (await manager.get(`${path}?floor=1F`)).text
    expect(html).to.include('160 ㎡').and.to.not.include('460 ㎡')
  })

  it('says what a unit is on any day: let, expiring, vacant, held, in review, works, own use, holding over', async () => {
    const { park, units, path, manager } = await parkWithUnits()
    const tenant = await buildTenant(park, '西溪物联示例')
    await buildLease({ unit: units.small, tenant, from: inDays(10), to: inDays(500) })
    const stateOn = async (on: string, code: string) => {
      const html = (await manager.get(`${path}?on=${on}`).expect(200)).text
      const row = html.split('<tr>').find(part => part.includes(`>${code}</a>`))
      return /swatch state-(\w+)/.exec(row ?? '')?.[1]
    }
    expect(await stateOn(inDays(9), '101')).to.equal('vacant')
    expect(await stateOn(inDays(10), '101')).to.equal('let')
    expect(await stateOn(inDays(450), '101')).to.equal('expiring')
    expect(await stateOn(inDays(501), '101')).to.equal('vacant')
    await buildLease({ unit: units.middle, tenant, from: inDays(0), to: inDays(100), stage: 'review' })
    expect(await stateOn(today(), '102')).to.equal('review')
    const expiresAt = new Date(Date.now() + 3_600_000)
    await claimUnit(park, units.large._id, { kind: 'hold', from: today(), to: inDays(30), label: 'A company', expiresAt })
    await claimUnit(park, units.large._id, { kind: 'works', from: inDays(31), to: inDays(60) })
    await claimUnit(park, units.large._id, { kind: 'own', from: inDays(61), to: inDays(90) })
    expect(await Promise.all([0, 31, 61, 91].map(day => stateOn(inDays(day), '201')))).to.deep.equal(['held', 'works', 'own', 'vacant'])
    const held = await manager.get(`${path}?state=held`)
    expect(codesIn(held.text)).to.deep.equal(['201'])
    setClock(new Date(expiresAt.getTime() + 1000))
    expect(codesIn((await manager.get(`${path}?state=held`)).text)).to.deep.equal([])
    setClock(null)
    expect(codesIn((await manager.get(`${path}?on=${inDays(20)}&q=${encodeURIComponent('西溪')}`)).text)).to.include('101')
  })

  it('exports exactly the filtered list, and the chosen units alone', async () => {
    const { path, units, manager } = await parkWithUnits()
    const csv = await manager.get(`${path}?floor=1F&sort=-area&format=csv`).expect(200)
    const lines = csv.text.trim().split('\r\n')
    expect(lines).to.have.length(3)
    expect(lines.slice(1).map(line => line.split(',')[0])).to.deep.equal(['102', '101'])
    expect(lines[1]).to.include(',120,').and.to.include('2020-01-01')
    const answer = await manager.bytes(`${path}?unit=${units.small._id}&unit=${units.large._id}&format=xlsx`)
    const book = new ExcelJS.Workbook()
    await book.xlsx.load(answer.body as ArrayBuffer as never)
    const codes = book.worksheets[0]!.getColumn(1).values.slice(2)
    expect(codes).to.deep.equal(['101', '201'])
    expect(book.worksheets[0]!.getRow(2).getCell(5).value).to.equal(40)
  })

  it('leads chosen units to the merge page, which keeps them chosen and names those of another floor', async () => {
    const { park, path, units, manager } = await parkWithUnits()
    const page = await manager.get(`${path}/merge?unit=${units.small._id}&unit=${units.middle._id}&unit=${units.large._id}`).expect(200)
    const checked = [...page.text.matchAll(/name="units" value="(\w+)"[^>]* checked/g)].map(match => match[1])
    expect(checked).to.have.members([String(units.small._id), String(units.middle._id)])
    expect(page.text).to.include('2F 201')
    const stranger = await buildUnit()
    const none = await manager.get(`/parks/${park}/units/merge?unit=${stranger._id}`).expect(200)
    expect(none.text).to.not.include(stranger.code)
  })

  it('is for people of the park who may see its spaces', async () => {
    const { park, path } = await parkWithUnits()
    const tenant = await buildTenant(park)
    const [owner, outsider] = [
      await signedInAs('owner', { park, tenant: tenant._id }),
      await signedInAs('manager', { park: (await buildPark())._id }),
    ]
    await owner.get(path).expect(403)
    await outsider.get(path).expect(404)
    const reception = await signedInAs('reception', { park })
    const html = (await reception.get(path).expect(200)).text
    expect(html).to.not.include(`${path}/new`)
    expect(html).to.not.include('data-select')
  })

  it('ignores what it does not know: odd values, repeated parameters, operators', async () => {
    const { path, manager } = await parkWithUnits()
    const odd = await manager.get(`${path}?state=gone&on=2026-02-30&area=-5&floor[$ne]=x&q=a&q=b&sort=constructor&page=0`).expect(200)
    expect(odd.text).to.include('unit-sums')
  })
})

describe('the page of a unit', () => {
  useDatabase()

  it('shows a unit of the park only: another park’s is a 404', async () => {
    const { path, manager, units } = await parkWithUnits()
    const stranger = await buildUnit()
    await manager.get(`${path}/${units.small._id}`).expect(200)
    await manager.get(`${path}/${stranger._id}`).expect(404)
    await manager.get(`${path}/${newId()}`).expect(404)
    await manager.get(`${path}/no-unit`).expect(404)
  })

  it('changes on a lease’s first day, and says who has it and who comes next', async () => {
    const { park, path, manager, units } = await parkWithUnits()
    const [now, then] = [await buildTenant(park, '甲公司示例'), await buildTenant(park, '乙公司示例')]
    const first = await buildLease({ unit: units.small, tenant: now, from: inDays(5), to: inDays(200) })
    const second = await buildLease({ unit: units.small, tenant: then, from: inDays(201), to: inDays(400) })
    const page = (day: string) => manager.get(`${path}/${units.small._id}?on=${day}`).expect(200)
    const [before, on] = [await page(inDays(4)), await page(inDays(5))]
    expect([stateOf(before.text), stateOf(on.text)]).to.deep.equal(['vacant', 'let'])
    expect(on.text).to.include(`/leases/${first.lease._id}`).and.to.include(`/tenants/${now._id}`)
    const next = /unit-next[\s\S]*?<\/div>/.exec(on.text)![0]
    expect(next).to.include(second.lease.number).and.to.include('乙公司示例')
    expect(/leases\/new\?unit=\w+&amp;from=([\d-]+)/.exec(before.text)?.[1]).to.equal(inDays(4))
    expect(/leases\/new\?unit=\w+&amp;from=([\d-]+)/.exec(on.text)?.[1]).to.equal(inDays(401))
  })

  it('shows holding over up to today and only claims after; the next lease may run meanwhile', async () => {
    const { path, manager, units } = await parkWithUnits()
    const { lease, unit } = await buildLease({ unit: units.small, from: inDays(-100), to: inDays(-10) })
    const state = async (day: string) => stateOf((await manager.get(`${path}/${unit._id}?on=${day}`).expect(200)).text)
    expect(await Promise.all([inDays(-10), inDays(-9), today(), inDays(1)].map(state))).to.deep.equal([
      'expiring',
      'holding',
      'holding',
      'vacant',
    ])
    await buildLease({ unit, from: inDays(-5), to: inDays(300) })
    expect(await Promise.all([inDays(-5), today(), inDays(1)].map(state))).to.deep.equal(['holding', 'holding', 'let'])
    const html = (await manager.get(`${path}/${unit._id}`)).text
    expect(html).to.include('life-holding')
    await markClaims(unit.park, lease._id, [unit._id], { vacatedOn: inDays(-2) })
    expect(await Promise.all([inDays(-3), inDays(-2), today()].map(state))).to.deep.equal(['holding', 'let', 'let'])
  })

  it('keeps a split unit readable, with its old lease, and leads from old to new and back (CASES 2)', async () => {
    const { path, manager, units } = await parkWithUnits()
    const { lease } = await buildLease({ unit: units.large, from: inDays(-300), to: inDays(-20) })
    await markClaims(units.large.park, lease._id, [units.large._id], { vacatedOn: inDays(-20) })
    const half = (code: string) => ({ code, product: 'office' as const, gross: 15_000, chargeable: 15_000 })
    const [left, right] = await splitUnit(units.large.park, units.large._id, inDays(-19), [half('201A'), half('201B')], BY)
    const old = await manager.get(`${path}/${units.large._id}`).expect(200)
    expect(old.text).to.include(`/leases/${lease._id}`)
    expect(old.text).to.include(`${path}/${left!._id}`).and.to.include(`${path}/${right!._id}`)
    expect(stateOf(old.text)).to.equal(undefined)
    expect(old.text).to.not.include('/leases/new').and.to.not.include('/split"')
    expect(stateOf((await manager.get(`${path}/${units.large._id}?on=${inDays(-20)}`)).text)).to.equal('expiring')
    const fresh = await manager.get(`${path}/${left!._id}`).expect(200)
    expect(fresh.text).to.include(`${path}/${units.large._id}`).and.to.include('300 ㎡')
    const listed = async (on: string) => codesIn((await manager.get(`${path}?floor=2F&on=${on}`)).text)
    expect(await listed(inDays(-20))).to.deep.equal(['201'])
    expect(await listed(today())).to.deep.equal(['201A', '201B'])
  })

  it('follows merges and measurements over several steps', async () => {
    const { park, path, manager, units } = await parkWithUnits()
    const whole = await mergeUnits(park, [units.small._id, units.middle._id], inDays(-50), { code: '10A', product: 'office' }, BY)
    const measured = await remeasureUnit(park, whole._id, inDays(-20), { gross: 16_500, chargeable: 16_500 }, false, BY)
    const html = (await manager.get(`${path}/${units.small._id}`).expect(200)).text
    const lineage = /class="lineage"[\s\S]*?<\/ol>/.exec(html)![0]
    for (const unit of [units.middle, whole, measured]) expect(lineage).to.include(`${path}/${unit._id}`)
    await retireUnit(park, measured._id, dayBefore(today()), BY)
    const gone = (await manager.get(`${path}/${measured._id}`).expect(200)).text
    expect(stateOf(gone)).to.equal(undefined)
    expect(gone).to.include(dayBefore(today()))
  })

  it('offers each person what they may do, and releases a hold once', async () => {
    const { park, path, units, manager } = await parkWithUnits()
    const here = `${path}/${units.small._id}`
    const promotion = await signedInAs('promotion', { park })
    const reception = await signedInAs('reception', { park })
    const links = async (who: typeof manager) => {
      const { text } = await who.get(here).expect(200)
      return ['/edit', '/split', '/holds', '/blocks'].filter(end => text.includes(`href="${here}${end}"`))
    }
    expect(await links(manager)).to.deep.equal(['/edit', '/split', '/holds', '/blocks'])
    expect(await links(promotion)).to.deep.equal(['/holds'])
    expect(await links(reception)).to.deep.equal([])
    const fields = { from: today(), label: '意向客户', keptUntil: inDays(5) }
    expect((await promotion.post(`${here}/holds`, fields)).status).to.equal(303)
    const page = (await promotion.get(here)).text
    expect(stateOf(page)).to.equal('held')
    const release = /action="([^"]+\/release)"/.exec(page)![1]!
    expect((await promotion.post(release)).status).to.equal(303)
    expect(stateOf((await promotion.get(here)).text)).to.equal('vacant')
    expect((await promotion.post(release)).status).to.equal(409)
  })

  it('keeps a script in names inert, in words and attributes', async () => {
    const { park, path, units, manager } = await parkWithUnits()
    const tenant = await buildTenant(park, '<script>alert(1)</script>"示例')
    await buildLease({ unit: units.small, tenant, from: today(), to: addDays(today(), 700) })
    for (const address of [`${path}/${units.small._id}`, path, `/parks/${park}/buildings/a`]) {
      const { text } = await manager.get(address).expect(200)
      expect(text).to.include('&lt;script&gt;alert(1)').and.to.not.include('<script>alert(1)')
    }
  })
})
