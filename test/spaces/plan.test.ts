import { expect } from 'chai'
import { PARKS } from '../../src/db/seed/facts.ts'
import { seedSpaces } from '../../src/db/seed/spaces.ts'
import { addMonths, today } from '../../src/lib/days.ts'
import { Building } from '../../src/spaces/building.ts'
import { markClaims } from '../../src/spaces/claims.ts'
import { overlaps } from '../../src/spaces/floor-plan.ts'
import { mismatchesOf } from '../../src/spaces/reconcile.ts'
import { isActive } from '../../src/spaces/state.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildBuilding, buildLease, buildPark, buildTenant, buildUnit, inDays } from '../setup/factories.ts'

/** The state a block of the plan has, by its unit's code. */
const blockOf = (html: string, code: string): { state: string; dim: boolean } | null => {
  const block = html.split('<a class="block ').find(part => part.includes(`<span class="code">${code}</span>`))
  return block ? { state: /state-(\w+)/.exec(block)![1]!, dim: /^[^"]*is-dim/.test(block) } : null
}

describe('the stacking plan', () => {
  useDatabase()

  async function parkWithPlan() {
    const park = (await buildPark())._id
    const unit = await buildUnit({ park, code: '301', gross: 20_000 })
    const other = await buildUnit({ park, code: '302', gross: 5_000 })
    return { park, unit, other, path: `/parks/${park}/buildings/a`, manager: await signedInAs('manager', { park }) }
  }

  it('changes on a lease’s first day and after its last', async () => {
    const { unit, path, manager } = await parkWithPlan()
    await buildLease({ unit, from: inDays(30), to: inDays(500) })
    const stateOn = async (on: string) => blockOf((await manager.get(`${path}?on=${on}`).expect(200)).text, '301')!.state
    expect(await Promise.all([29, 30, 409, 410, 500, 501].map(day => stateOn(inDays(day))))).to.deep.equal([
      'vacant',
      'let',
      'let',
      'expiring',
      'expiring',
      'vacant',
    ])
  })

  it('shows a tenant that stays on as holding over up to today; after today only claims count', async () => {
    const { unit, path, manager } = await parkWithPlan()
    const { lease } = await buildLease({ unit, from: inDays(-200), to: inDays(-5) })
    const stateOn = async (on: string) => blockOf((await manager.get(`${path}?on=${on}`).expect(200)).text, '301')!.state
    expect(await Promise.all([-5, -4, 0, 1].map(day => stateOn(inDays(day))))).to.deep.equal(['expiring', 'holding', 'holding', 'vacant'])
    await markClaims(unit.park, lease._id, [unit._id], { vacatedOn: today() })
    expect([await stateOn(today()), await stateOn(inDays(-1))]).to.deep.equal(['vacant', 'holding'])
  })

  it('shows a lease that waits for approval as in review, and counts it as vacant space that isn’t let', async () => {
    const { unit, path, manager } = await parkWithPlan()
    await buildLease({ unit, from: today(), to: inDays(400), stage: 'review' })
    const html = (await manager.get(path)).text
    expect(blockOf(html, '301')).to.deep.equal({ state: 'review', dim: false })
    expect(html).to.match(/出租率\s*0%/)
  })

  it('fades what a filter leaves out on the plan, and leaves it out of the table', async () => {
    const { unit, path, manager } = await parkWithPlan()
    await buildLease({ unit, from: today(), to: inDays(400) })
    const dims = async (query: string) => {
      const html = (await manager.get(`${path}?${query}`).expect(200)).text
      return ['301', '302'].filter(code => blockOf(html, code)!.dim)
    }
    expect(await dims('')).to.deep.equal([])
    expect(await dims('state=vacant')).to.deep.equal(['301'])
    expect(await dims('area=100')).to.deep.equal(['302'])
    expect(await dims('product=retail')).to.deep.equal(['301', '302'])
    const table = (await manager.get(`${path}?view=table&state=vacant`)).text
    expect(table).to.include('>302</a>').and.to.not.include('>301</a>')
  })

  it('keeps what is asked when the day changes: the date form carries the filters', async () => {
    const { path, manager } = await parkWithPlan()
    const html = (await manager.get(`${path}?product=office&area=30&state=vacant&on=${inDays(5)}`)).text
    const form = /<form[^>]*data-day-form[\s\S]*?<\/form>/.exec(html)![0]
    for (const [name, value] of [
      ['product', 'office'],
      ['area', '30'],
      ['state', 'vacant'],
    ])
      expect(form).to.include(`name="${name}" value="${value}"`)
    expect(/plan-filters[\s\S]*?<\/form>/.exec(html)![0]).to.include(`name="on" value="${inDays(5)}"`)
  })

  it('is a 404 for another park’s building and for people outside', async () => {
    const { path, manager } = await parkWithPlan()
    const stranger = await buildUnit({ building: 'other' })
    await manager.get(`/parks/${stranger.park}/buildings/other`).expect(404)
    await manager.get(`${path.replace(/a$/, 'other')}`).expect(404)
    const owner = await signedInAs('owner', { park: stranger.park, tenant: (await buildTenant(stranger.park))._id })
    await owner.get(`/parks/${stranger.park}/buildings/other`).expect(403)
  })

  it('says where areas do not add up: a floor against its units, the park against its floors', async () => {
    const park = (await buildPark(undefined, { area: 150_000 }))._id
    await buildBuilding(park, { area: 100_000 })
    await buildUnit({ park, code: '1', gross: 90_000 })
    const manager = await signedInAs('manager', { park })
    const html = (await manager.get(`/parks/${park}/buildings/a`).expect(200)).text
    expect(html).to.include('差 100 ㎡')
    expect(html).to.include('1,500 ㎡').and.to.include('1,000 ㎡')
  })
})

describe('the demo’s spaces', () => {
  useDatabase()

  it('draws all five floors of Dongxin and adds up to 27,368 ㎡, on every day', async () => {
    await seedSpaces()
    const buildings = await Building.find({ park: 'dongxin' }).lean()
    const floors = buildings.flatMap(building => building.floors)
    expect(floors.map(floor => floor.code).sort()).to.deep.equal(['1F', '2F', '3F', '4F', 'B1'])
    expect(floors.reduce((sum, floor) => sum + floor.area, 0)).to.equal(2_736_800)
    const park = PARKS.find(one => one._id === 'dongxin')!
    expect(park.area).to.equal(2_736_800)
    const units = await Unit.find({ park: 'dongxin' }).lean()
    for (const on of [today(), addMonths(today(), -24), addMonths(today(), 6)]) {
      const here = units.filter(unit => isActive(unit, on))
      expect(here.length).to.be.within(115, 125)
      expect(mismatchesOf({ area: park.area ?? null }, buildings as never, here, on), on).to.deep.equal([])
      for (const floor of floors) {
        expect(floor.drawing, floor.code).to.not.equal(null)
        const drawn = here.filter(unit => unit.floor === floor.code)
        expect(
          drawn.filter(unit => unit.outline.length < 3).map(unit => unit.code),
          `${floor.code} ${on}`,
        ).to.deep.equal([])
        expect(overlaps(drawn), `${floor.code} ${on}`).to.deep.equal([])
      }
    }
  })
})
