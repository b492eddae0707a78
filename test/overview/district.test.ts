import { expect } from 'chai'
import { Application } from '../../src/applications/application.ts'
import { givenBy } from '../../src/applications/given.ts'
import { Lease } from '../../src/leases/lease.ts'
import { today } from '../../src/lib/days.ts'
import { figuresOf } from '../../src/overview/district.ts'
import { District } from '../../src/parks/district.ts'
import { Park } from '../../src/parks/park.ts'
import { createTenant } from '../../src/tenants/profile.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildPark, buildTenant, buildUnit, inDays, newId } from '../setup/factories.ts'

const CODE = '91350100M000100Y43'
const text = (zh: string) => ({ zh, en: zh })

async function buildDistrict(slug: string): Promise<void> {
  await District.create([{ _id: slug, name: text(slug), bureau: text(`${slug} bureau`), city: text('Jinhua') }])
}

describe('a district', () => {
  useDatabase()

  it('adds up its own parks, an enterprise once by its credit code', async () => {
    await buildDistrict('wucheng')
    const [one, two, foreign] = [
      (await buildPark('one', { homeDistrict: 'wucheng' }))._id,
      (await buildPark('two', { homeDistrict: 'wucheng' }))._id,
      (await buildPark('foreign', { homeDistrict: 'jindong', hostDistrict: 'wucheng' }))._id,
    ]
    for (const park of [one, two, foreign]) {
      const tenant = await createTenant(park, { name: `Same ${park} 示例`, creditCode: CODE }, {}, BY)
      await buildLease({ unit: await buildUnit({ park, gross: 10_000 }), tenant, from: inDays(-10), to: inDays(park === 'two' ? 60 : 300) })
      await buildUnit({ park, gross: 30_000 })
    }
    // Two companies in preparation are two, whatever they are called.
    for (const park of [one, two]) {
      const tenant = await buildTenant(park, 'Without a code 示例')
      await buildLease({ unit: await buildUnit({ park, gross: 20_000 }), tenant, from: today() })
    }
    const parks = (await Park.find({ homeDistrict: 'wucheng' }).sort({ _id: 1 }).lean()) as Park[]
    const figures = await figuresOf(parks)
    expect(figures.parks.map(row => row.enterprises)).to.deep.equal([2, 2])
    expect(figures.total.enterprises).to.equal(3)
    expect(figures.total.occupancy.area).to.deep.equal({ let: 60_000, lettable: 120_000 })
    expect(figures.total.occupancy.units).to.deep.equal({ let: 4, lettable: 6 })
    expect(figures.total.expiring).to.deep.equal({ leases: 1, area: 10_000 })
    expect(figures.total.holding).to.deep.equal({ leases: 0, area: 0 })
    const official = await signedInAs('official', { district: 'wucheng' })
    const { text: html } = await official.get('/districts/wucheng')
    expect(html).to.include('href="/parks/one/desk"').and.include('href="/parks/two/desk"').and.not.include('/parks/foreign')
    expect(html).to.match(/class="value">50%</)
    expect(html).to.not.include('method="post" action="/parks')
  })

  it('is there for its own people only', async () => {
    await buildDistrict('jindong')
    const official = await signedInAs('official', { district: 'wucheng' })
    expect((await official.get('/districts/jindong')).status).to.equal(404)
    expect((await official.get('/districts/nowhere')).status).to.equal(404)
    expect((await official.get('/parks/foreign/desk')).status).to.equal(404)
    const manager = await signedInAs('manager', { park: 'one' })
    expect((await manager.get('/districts/wucheng')).status).to.equal(404)
    const admin = await signedInAs('admin')
    expect((await admin.get('/districts/jindong')).status).to.equal(200)
  })

  it('lets its officials change nothing', async () => {
    const { lease, park, unit } = await buildLease({ unit: await buildUnit({ park: 'one' }), stage: 'review' })
    const official = await signedInAs('official', { district: 'wucheng' })
    for (const step of ['approval', 'withdrawal', 'submission', 'signing'])
      expect((await official.post(`/parks/${park}/leases/${lease._id}/${step}`)).status, step).to.be.oneOf([403, 404])
    expect((await official.post(`/parks/${park}/units/${unit._id}/edit`)).status).to.equal(403)
    expect((await Lease.findOne({ park, _id: lease._id }).lean().orFail()).state).to.equal('review')
  })

  it('tells of each of its parks what was founded there this year, and free of charge', async () => {
    const slug = 'giving'
    await buildDistrict(slug)
    const park = (await buildPark(undefined, { homeDistrict: slug }))._id
    const other = (await buildPark(undefined, { homeDistrict: slug }))._id
    const made = async (where: string, more: object) => {
      const common = { number: String(newId()), service: newId(), no: 1, code: 'x', kind: 'registration', title: { zh: 'x' } }
      await Application.collection.insertOne({
        ...common,
        park: where,
        user: newId(),
        userName: 'x',
        name: 'x',
        state: 'running',
        ...more,
      } as never)
    }
    const on = today()
    await made(park, { fee: 0, fullFee: 80_000, foundedOn: on, chargedOn: on })
    await made(park, { fee: 80_000, fullFee: 80_000, foundedOn: on, chargedOn: on })
    await made(park, { fee: 0, fullFee: 80_000, foundedOn: '2020-01-01', chargedOn: '2020-01-01' })
    await made(other, { fee: 0, fullFee: 50_000, foundedOn: null, chargedOn: on })
    const given = await givenBy([park, other], `${on.slice(0, 4)}-01-01`, on)
    expect(given.get(park)).to.deep.equal({ founded: 2, free: 1, value: 80_000 })
    expect(given.get(other)).to.deep.equal({ founded: 0, free: 0, value: 50_000 })
    const page = await (await signedInAs('official', { district: slug })).get(`/districts/${slug}`)
    expect(page.status).to.equal(200)
    expect(page.text).to.include('800.00').and.include(`/parks/${park}/reports/applications`)
  })
})
