import { expect } from 'chai'
import { Lead, leadPath, NO_WISH, type Wish } from '../../src/leads/lead.ts'
import { holdUnit } from '../../src/spaces/blocks.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildBuilding, buildLease, buildPark, buildTenant, buildUnit, inDays } from '../setup/factories.ts'
import { buildLead, leadNow } from '../setup/leads.ts'

const HOUR = 3_600_000

async function scene(wish: Partial<Wish> = { areaFrom: 8000, areaTo: 12_000, budget: 700_000 }) {
  const park = (await buildPark())._id
  await buildBuilding(park, { code: 'a', floors: ['1F', '2F'] })
  const { lead } = await buildLead(park, { name: 'Wishing <b>Company</b>', wish: { ...NO_WISH, ...wish } })
  const unit = (code: string, gross: number, floor = '1F') => buildUnit({ park, code, gross, floor, building: 'a' })
  const [good, near, large] = [await unit('101', 10_000), await unit('102', 7000), await unit('103', 90_000, '2F')]
  const taken = await unit('201', 9000, '2F')
  const tenant = await buildTenant(park, 'Sitting Tenant')
  await buildLease({ unit: taken, tenant, from: inDays(-10), to: inDays(700) })
  return { park, lead, good, near, large, taken, here: leadPath(lead), manager: await signedInAs('manager', { park }) }
}

/** The rows of the ranked list: code, verdict. */
const listed = (html: string): string[] =>
  [...html.matchAll(/class="match-rank"[^>]*>(\d+)<\/span> <a href="[^"]*">([^<]+)</g)].map(([, rank, code]) => `${rank} ${code}`)

describe('pages of matches', () => {
  useDatabase()

  it('rank what suits, say what is missing of the rest, and lead on to a hold, an offer and the plan', async () => {
    const { manager, here, lead, park, good, near } = await scene()
    const page = await manager.get(`${here}/matches`).expect(200)
    expect(listed(page.text)).to.deep.equal(['1 101', '2 102'])
    expect(page.text).to.include('Wishing &lt;b&gt;Company').and.not.include('<b>Company')
    expect(page.text).to.include('Sitting Tenant 已租至').and.include('大 650%')
    expect(page.text).to.match(new RegExp(`/parks/${park}/units/${good._id}/holds\\?lead=${lead._id}&amp;from=\\d{4}-\\d\\d-\\d\\d"`))
    expect(page.text).to.include(`${here}/offers/new?unit=${near._id}"`).and.include(`${here}/matches/plan?building=a`)
    const only = async (show: string) => (await manager.get(`${here}/matches?show=${show}`).expect(200)).text
    expect(listed(await only('fits'))).to.deep.equal(['1 101'])
    expect(listed(await only('nearly'))).to.deep.equal(['2 102'])
    const not = await only('not')
    expect(not).to.include('>103<').and.include('>201<').and.not.include('>101<')
    expect((await leadNow(lead)).version, 'nothing is written').to.equal(lead.version)
  })

  it('try other figures out, all of them or one, and keep the lead as it is', async () => {
    const { manager, here, lead } = await scene()
    const of = async (query: string) => (await manager.get(`${here}/matches?${query}`).expect(200)).text
    expect(listed(await of('budget=5000')), 'the rest as the lead said').to.deep.equal(['1 102'])
    const open = await of('what=1&areaFrom=&areaTo=&budget=&product=&desks=&from=&months=')
    expect(listed(open), 'empty fields ask nothing').to.deep.equal(['1 101', '2 102', '3 103'])
    expect(open).to.include('与线索记录的需求不同')
    expect(await of('')).to.not.include('与线索记录的需求不同')
    expect(listed(await of('areaFrom=120&areaTo=80')), 'ends the wrong way round').to.deep.equal(['1 101', '2 102'])
    expect(listed(await of('areaFrom=x&months=-3&from=2027-13-01')), 'what is no figure').to.deep.equal(['1 101', '2 102'])
    expect(await of(`what=1&from=${inDays(701)}`)).to.include('>201<')
    expect((await leadNow(lead)).wish).to.deep.include({ areaFrom: 8000, areaTo: 12_000, budget: 700_000 })
  })

  it('know the lead’s own hold from another’s, and one that ran out from both', async () => {
    const { manager, here, lead, park, good } = await scene()
    const period = { from: inDays(0), to: null, label: 'Rival Company' }
    await holdUnit(park, good._id, { ...period, expiresAt: new Date(Date.now() + HOUR) }, BY)
    const read = async () => (await manager.get(`${here}/matches?show=fits`).expect(200)).text
    expect(listed(await read())).to.deep.equal([])
    expect((await manager.get(`${here}/matches`)).text).to.include('为 Rival Company 保留')
    await Unit.updateOne({ park, _id: good._id }, { $set: { 'claims.0.lead': lead._id } })
    expect(listed(await read())).to.deep.equal(['1 101'])
    expect(await read())
      .to.include('已为本线索保留')
      .and.not.include(`units/${good._id}/holds?`)
    await Unit.updateOne({ park, _id: good._id }, { $set: { 'claims.0.lead': null, 'claims.0.expiresAt': new Date(Date.now() - HOUR) } })
    expect(listed(await read())).to.deep.equal(['1 101'])
  })

  it('mark them on the plan of a building, with rank and word', async () => {
    const { manager, here, park } = await scene()
    await buildUnit({ park, code: 'B1', gross: 10_500, floor: '1F', building: 'b' })
    const plan = (await manager.get(`${here}/matches/plan?building=a`).expect(200)).text
    expect(plan).to.match(/class="block s\d+ match-fits"[^>]*aria-label="101 · 第 1 符合/)
    expect(plan).to.match(/class="block s\d+ match-nearly"[^>]*aria-label="102 · /)
    expect(plan).to.match(/class="block s\d+ is-dim"[^>]*aria-label="201 · 已租 · Sitting Tenant/)
    expect((await manager.get(`${here}/matches/plan?building=b`).expect(200)).text).to.match(/match-fits"[^>]*aria-label="B1 · 第 2/)
    expect((await manager.get(`${here}/matches/plan?building=nowhere&floor=9F`)).status).to.equal(200)
  })

  it('stand side by side, four at most', async () => {
    const { manager, here, good, near, large, taken, park } = await scene()
    const more = await buildUnit({ park, code: '109', building: 'a' })
    await Unit.updateOne(
      { park, _id: good._id },
      {
        outline: [
          [0, 0],
          [10, 0],
          [10, 10],
        ],
      },
    )
    const page = await manager
      .get(`${here}/compare?${[good, near, large, taken, more].map(unit => `unit=${unit._id}`).join('&')}`)
      .expect(200)
    expect(page.text).to.include('¥6,083.33').and.include('¥73,000.00').and.include('class="thumb-unit"').and.include('一次最多对比 4 个')
    expect(page.text).to.include('>201<').and.not.include('>109<')
    expect(page.text).to.include(inDays(701))
    expect((await manager.get(`${here}/compare`).expect(200)).text).to.include('还没有选择房源')
    const elsewhere = await buildUnit()
    expect((await manager.get(`${here}/compare?unit=${good._id}&unit=${elsewhere._id}`)).status).to.equal(404)
    expect((await manager.get(`${here}/compare?unit=nothing`)).status).to.equal(404)
  })

  it('are exported as they are listed', async () => {
    const { manager, here } = await scene()
    const csv = async (query: string) => (await manager.bytes(`${here}/matches?format=csv${query}`)).body.toString('utf8') as string
    const lines = (await csv('')).trim().split('\r\n')
    expect(lines).to.have.length(3)
    expect(lines[1]).to.include('1,101,').and.include('6083.33')
    expect(await csv('&show=not'))
      .to.include('103')
      .and.include('Sitting Tenant')
    const sheet = await manager.get(`${here}/matches?format=xlsx`)
    expect([sheet.status, sheet.headers['content-type']]).to.deep.equal([
      200,
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ])
  })

  it('page through what is many, and stand empty where there is nothing', async () => {
    const park = (await buildPark())._id
    const { lead } = await buildLead(park)
    const manager = await signedInAs('manager', { park })
    const here = leadPath(lead)
    for (const page of ['/matches', '/matches/plan', '/matches?show=not', '/compare'])
      expect((await manager.get(here + page)).status, page).to.equal(200)
    expect((await manager.get(`${here}/matches`)).text).to.include('园区还没有房源')
    for (let i = 0; i < 23; i++) await buildUnit({ park, code: `${100 + i}` })
    expect(listed((await manager.get(`${here}/matches`)).text)).to.have.length(20)
    expect(listed((await manager.get(`${here}/matches?page=2`)).text)).to.deep.equal(['21 120', '22 121', '23 122'])
  })

  it('offer no hold and no offer where the lead is somebody else’s or not open', async () => {
    const { here, lead, park, manager, good } = await scene()
    const stranger = await signedInAs('promotion', { park })
    const compare = `${here}/compare?unit=${good._id}`
    expect((await manager.get(compare).expect(200)).text)
      .to.include('/holds?lead=')
      .and.include('/offers/new')
    for (const page of [`${here}/matches`, compare])
      expect((await stranger.get(page).expect(200)).text, page)
        .to.not.include('/holds?lead=')
        .and.not.include('/offers/new')
    await Lead.updateOne({ park, _id: lead._id }, { state: 'lost', lost: { reason: 'price', note: null, by: 'Tester' } })
    expect((await manager.get(`${here}/matches`)).text)
      .to.not.include('/holds?lead=')
      .and.not.include('/offers/new')
  })

  it('are nobody’s of another park', async () => {
    const { here, lead, park } = await scene()
    const other = await scene()
    for (const page of ['matches', 'matches/plan', 'compare']) {
      expect((await other.manager.get(`${here}/${page}`)).status, page).to.equal(404)
      expect((await other.manager.get(`/parks/${other.park}/leads/${lead._id}/${page}`)).status, page).to.equal(404)
      expect((await (await signedInAs('finance', { park })).get(`${here}/${page}`)).status, page).to.equal(403)
    }
  })
})
