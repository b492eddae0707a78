import { expect } from 'chai'
import { filesOf } from '../../src/files/store.ts'
import { setClock } from '../../src/lib/clock.ts'
import { addDays, addMonths, type Day, today } from '../../src/lib/days.ts'
import { Park } from '../../src/parks/park.ts'
import { whenOf } from '../../src/spaces/plan.ts'
import { unitState } from '../../src/spaces/state.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { INCUBATION_STATES, type Incubation, incubationOn } from '../../src/tenants/incubation.ts'
import { incubationFilter, latestEntryOver } from '../../src/tenants/list-filter.ts'
import { createTenant } from '../../src/tenants/profile.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildPark, buildUnit } from '../setup/factories.ts'

const noon = (day: Day) => new Date(`${day}T04:00:00Z`)
const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')
const record = (enteredOn: Day, more: Partial<Incubation> = {}): Incubation => ({
  rule: '2018',
  enteredOn,
  limitMonths: 48,
  graduatedOn: null,
  criterion: null,
  evidence: null,
  leftOn: null,
  ...more,
})

async function founded(park: string, foundedOn: Day | null = '2021-03-01') {
  return createTenant(park, { name: `Founded ${foundedOn} 示例`, creditCode: null, foundedOn, industry: 'software' }, {}, BY)
}
const recordOf = async (park: string, _id: Tenant['_id']) => (await Tenant.findOne({ park, _id }).lean().orFail()).incubation

describe('incubation', () => {
  useDatabase()

  it('from 2022-03-01 for 48 months is over the limit from 2026-03-01: flagged, never graduated by itself (CASES 11)', async () => {
    const park = (await buildPark())._id
    const tenant = await founded(park)
    const path = `/parks/${park}/tenants/${tenant._id}/incubation`
    const manager = await signedInAs('manager', { park })
    expect((await manager.post(path, { on: '2022-03-01' })).status).to.equal(303)
    const shows = async (day: Day, state: string) => {
      setClock(noon(day))
      const who = await signedInAs('manager', { park })
      return (await who.get(`/parks/${park}/tenants?format=csv&incubation=${state}`)).text.includes(tenant.name)
    }
    expect([await shows('2026-02-28', 'incubating'), await shows('2026-02-28', 'over')]).to.deep.equal([true, false])
    expect([await shows('2026-03-01', 'incubating'), await shows('2026-03-01', 'over')]).to.deep.equal([false, true])
    expect(await shows('2031-01-01', 'over')).to.equal(true)
    setClock(noon('2026-03-01'))
    const page = await (await signedInAs('manager', { park })).get(`/parks/${park}/tenants/${tenant._id}`)
    expect(page.text).to.include('超期').and.include('2026-02-28')
    expect(await recordOf(park, tenant._id)).to.include({ graduatedOn: null, criterion: null, leftOn: null })
  })

  it('graduation asks for a criterion and evidence: a text, a paper or both', async () => {
    const park = (await buildPark())._id
    const tenant = await founded(park)
    const path = `/parks/${park}/tenants/${tenant._id}/incubation`
    const manager = await signedInAs('manager', { park })
    await manager.post(path, { on: '2022-03-01' })
    const refused = [
      await manager.post(`${path}/graduation`, { on: '2024-05-01', evidence: 'GR2024' }),
      await manager.post(`${path}/graduation`, { on: '2024-05-01', criterion: 'hightech' }),
      await manager.post(`${path}/graduation`, { on: '2024-05-01', criterion: 'because', evidence: 'x' }),
      await manager.post(`${path}/graduation`, { on: '2022-02-28', criterion: 'hightech', evidence: 'x' }),
      await manager.post(`${path}/graduation`, { on: addDays(today(), 1), criterion: 'hightech', evidence: 'x' }),
    ]
    expect(refused.map(answer => answer.status)).to.deep.equal([422, 422, 422, 422, 422])
    expect(refused[0]!.text).to.include('GR2024')
    expect((await recordOf(park, tenant._id))!.graduatedOn).to.equal(null)
    const files = [{ field: 'proofs', data: PDF, name: 'certificate.pdf' }]
    const done = await manager.upload(`${path}/graduation`, { on: '2024-05-01', criterion: 'hightech' }, files)
    expect(done.status).to.equal(303)
    expect(await recordOf(park, tenant._id)).to.include({ graduatedOn: '2024-05-01', criterion: 'hightech' })
    const [proof] = await filesOf(park, 'tenant', tenant._id)
    expect(proof!.metadata.link!.slot).to.equal('graduation')
    expect((await manager.post(`${path}/graduation`, { on: '2024-06-01', criterion: 'funding', evidence: 'x' })).status).to.equal(409)
    expect((await manager.post(`${path}/departure`, { on: '2024-06-01' })).status).to.equal(409)
  })

  it('a refused graduation keeps no file', async () => {
    const park = (await buildPark())._id
    const tenant = await founded(park)
    const path = `/parks/${park}/tenants/${tenant._id}/incubation`
    const manager = await signedInAs('manager', { park })
    const files = [{ field: 'proofs', data: PDF, name: 'certificate.pdf' }]
    expect((await manager.upload(`${path}/graduation`, { on: '2024-05-01', criterion: 'hightech' }, files)).status).to.equal(422)
    const left = await Tenant.db.collection('files.files').countDocuments({ 'metadata.park': park })
    expect([left, await Tenant.db.collection('files.chunks').countDocuments()]).to.deep.equal([0, 1])
  })

  it('a graduate that stays counts as let, not as incubating (CASES 11)', async () => {
    const unit = await buildUnit()
    const { park } = unit
    const tenant = await founded(park)
    await buildLease({ unit, tenant, from: '2022-03-01', to: addMonths(today(), 12) })
    const path = `/parks/${park}/tenants/${tenant._id}/incubation`
    const manager = await signedInAs('manager', { park })
    await manager.post(path, { on: '2022-03-01' })
    await manager.post(`${path}/graduation`, { on: '2024-05-01', criterion: 'funding', evidence: 'Agreement of 2024-04-01' })
    const listed = async (query: string) => (await manager.get(`/parks/${park}/tenants?format=csv&${query}`)).text.includes(tenant.name)
    expect(await listed('incubation=graduated&place=here')).to.equal(true)
    expect([await listed('incubation=incubating'), await listed('incubation=over')]).to.deep.equal([false, false])
    const [found, where] = [await Unit.findOne({ park, _id: unit._id }).lean().orFail(), await Park.findById(park).lean().orFail()]
    expect(unitState(found as Unit, whenOf(where, today(), today()))).to.include({ state: 'let', let: true })
  })

  it('checks the entry: a founding date, at most 24 months old, not in the future, once', async () => {
    const park = (await buildPark())._id
    const manager = await signedInAs('manager', { park })
    const enter = async (tenant: Tenant, on: Day) => (await manager.post(`/parks/${park}/tenants/${tenant._id}/incubation`, { on })).status
    expect(await enter(await founded(park, null), '2022-01-01')).to.equal(422)
    const old = await founded(park, '2019-06-30')
    expect(await enter(old, '2021-07-01')).to.equal(422)
    expect(await enter(old, '2019-06-29')).to.equal(422)
    expect(await enter(old, addDays(today(), 1))).to.equal(422)
    expect(await recordOf(park, old._id)).to.equal(null)
    expect(await enter(old, '2021-06-30')).to.equal(303)
    expect(await enter(old, '2021-06-30')).to.equal(409)
    expect((await recordOf(park, old._id))!.limitMonths).to.equal(48)
  })

  it('may be decided by a manager only', async () => {
    const park = (await buildPark())._id
    const tenant = await founded(park)
    const promotion = await signedInAs('promotion', { park })
    expect((await promotion.post(`/parks/${park}/tenants/${tenant._id}/incubation`, { on: '2022-01-01' })).status).to.equal(403)
    expect(await recordOf(park, tenant._id)).to.equal(null)
  })

  it('the list’s filter says the same as the rule, for every state and day', async () => {
    const park = (await buildPark())._id
    const records = [
      null,
      record('2022-01-31'),
      record('2022-02-28', { limitMonths: 13 }),
      record('2024-02-29', { limitMonths: 60 }),
      record('2022-03-01', { graduatedOn: '2024-05-01', criterion: 'hightech', evidence: 'x' }),
      record('2022-03-01', { leftOn: '2024-05-01' }),
    ]
    for (const [i, incubation] of records.entries()) await Tenant.create([{ park, name: `T${i}`, normal: `t${i}`, incubation }])
    const limits = [13, 48, 60]
    const days = [
      '2022-01-30',
      '2022-02-28',
      '2023-03-27',
      '2023-03-28',
      '2024-05-01',
      '2026-01-30',
      '2026-01-31',
      '2026-02-28',
      '2029-02-27',
      '2029-02-28',
      '2029-03-01',
    ]
    for (const on of days) {
      for (const state of INCUBATION_STATES) {
        const found = await Tenant.find({ park, ...incubationFilter(state, on, limits) }, { name: 1 })
          .sort({ name: 1 })
          .lean()
        const right = records.flatMap((one, i) => (incubationOn(one, on) === state ? [`T${i}`] : []))
        expect(
          found.map(tenant => tenant.name),
          `${state} on ${on}`,
        ).to.deep.equal(right)
      }
    }
  })

  it('knows the latest entry whose months are over, at ends of months too', () => {
    for (const on of ['2026-03-01', '2024-02-29', '2025-02-28', '2026-04-30', '2026-12-31']) {
      for (const months of [1, 12, 13, 48]) {
        const latest = latestEntryOver(on, months)
        expect(addMonths(latest, months) <= on, `${on} ${months}`).to.equal(true)
        expect(addMonths(addDays(latest, 1), months) > on, `${on} ${months}`).to.equal(true)
      }
    }
  })
})
