import { expect } from 'chai'
import { AuditEntry } from '../../src/audit/entry.ts'
import { addMonths, dayBefore, today } from '../../src/lib/days.ts'
import { createTenant } from '../../src/tenants/profile.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildPark, buildTenant, inDays } from '../setup/factories.ts'

const VALID = '91350100M000100Y43'
const FAILING = '91350100M000100Y44'
const fields = (more: Record<string, string> = {}) => ({ name: 'Alpha 示例', kind: 'company', industry: 'software', ...more })
const listPath = (park: string) => `/parks/${park}/tenants`
const idIn = (location: string | undefined): string => /\/tenants\/([0-9a-f]{24})/.exec(location ?? '')![1]!

describe('the pages of tenants', () => {
  useDatabase()

  it('registers a tenant: the code is normalised, the page shows it, history says who', async () => {
    const park = (await buildPark())._id
    const manager = await signedInAs('manager', { park })
    const answer = await manager.post(
      listPath(park),
      fields({ creditCode: ' 91350100m000 １００y43 ', capital: '1,052.6316', foundedOn: '2024-02-29' }),
    )
    expect(answer.status).to.equal(303)
    const tenant = await Tenant.findOne({ park, _id: idIn(answer.headers['location']) })
      .lean()
      .orFail()
    expect([tenant.creditCode, tenant.capital, tenant.foundedOn]).to.deep.equal([VALID, 1052.6316, '2024-02-29'])
    const page = await manager.get(answer.headers['location'] as string)
    expect(page.status).to.equal(200)
    expect(page.text).to.include(VALID)
    const entry = await AuditEntry.findOne({ park, action: 'tenant.create', ref: tenant._id }).lean().orFail()
    expect(entry.by.id).to.equal(manager.userId)
  })

  it('names and links the existing tenant for a duplicate code in the same park (CASES 10)', async () => {
    const park = (await buildPark())._id
    const twin = await createTenant(park, { name: 'First Owner 示例', creditCode: VALID }, {}, BY)
    const promotion = await signedInAs('promotion', { park })
    const answer = await promotion.post(listPath(park), fields({ creditCode: VALID.toLowerCase() }))
    expect(answer.status).to.equal(409)
    expect(answer.text).to.include('First Owner 示例').and.include(`/tenants/${twin._id}`)
    expect(answer.text).to.include('value="Alpha 示例"')
    expect(await Tenant.countDocuments({ park })).to.equal(1)
  })

  it('reveals nothing of a duplicate in another park (CASES 10)', async () => {
    const other = (await buildPark())._id
    await createTenant(other, { name: 'Secret Neighbour 示例', creditCode: VALID }, {}, BY)
    const park = (await buildPark())._id
    const manager = await signedInAs('manager', { park })
    const answer = await manager.post(listPath(park), fields({ creditCode: VALID }))
    expect(answer.status).to.equal(303)
    expect((await manager.get(answer.headers['location'] as string)).text).to.not.include('Secret Neighbour')
    for (const path of [`${listPath(park)}?q=Secret`, `${listPath(park)}?q=${VALID}`])
      expect((await manager.get(path)).text).to.not.include('Secret Neighbour')
  })

  it('lets a manager accept a failing code with a reason, nobody else, and records it', async () => {
    const park = (await buildPark())._id
    const promotion = await signedInAs('promotion', { park })
    const refused = await promotion.post(listPath(park), fields({ creditCode: FAILING, overrideReason: 'because' }))
    expect(refused.status).to.equal(422)
    expect(refused.text).to.not.include('name="overrideReason"')
    const manager = await signedInAs('manager', { park })
    const asked = await manager.post(listPath(park), fields({ creditCode: FAILING }))
    expect(asked.status).to.equal(422)
    expect(asked.text).to.include('name="overrideReason"')
    expect(await Tenant.countDocuments({ park })).to.equal(0)
    const answer = await manager.post(listPath(park), fields({ creditCode: FAILING, overrideReason: 'seen the original' }))
    expect(answer.status).to.equal(303)
    const tenant = await Tenant.findOne({ park }).lean().orFail()
    expect(tenant.codeOverride).to.include({ reason: 'seen the original', by: manager.userId })
    expect((await AuditEntry.findOne({ park, action: 'tenant.create' }).lean().orFail()).note).to.equal('seen the original')
    for (const code of ['91350100M000100Y4', '91350100M000100Y4Z', 'I1350100M000100Y43'])
      expect((await manager.post(listPath(park), fields({ name: 'Other 示例', creditCode: code, overrideReason: 'x' }))).status).to.equal(
        422,
      )
  })

  it('asks before a second tenant of the same name, whatever its brackets', async () => {
    const park = (await buildPark())._id
    await buildTenant(park, 'Alpha(示例)')
    const manager = await signedInAs('manager', { park })
    const asked = await manager.post(listPath(park), fields({ name: 'Alpha（示例）' }))
    expect(asked.status).to.equal(409)
    expect(asked.text).to.include('name="sameName"')
    expect((await manager.post(listPath(park), fields({ name: 'Alpha（示例）', sameName: 'on' }))).status).to.equal(303)
    expect((await manager.get(listPath(park))).text).to.match(/\/merge\?other=/)
  })

  it('shows the second editor both values and loses neither', async () => {
    const park = (await buildPark())._id
    const tenant = await buildTenant(park, 'Alpha 示例')
    const [one, two] = [await signedInAs('manager', { park }), await signedInAs('promotion', { park })]
    const path = `${listPath(park)}/${tenant._id}/edit`
    expect((await one.post(path, fields({ version: '0', address: 'First road 1', industry: 'energy' }))).status).to.equal(303)
    const stale = await two.post(path, fields({ version: '0', address: 'Second road 2' }))
    expect(stale.status).to.equal(409)
    expect(stale.text).to.include('First road 1').and.include('Second road 2').and.include('新能源')
    expect((await Tenant.findOne({ park, _id: tenant._id }).lean().orFail()).address).to.equal('First road 1')
    const version = /name="version" value="(\d+)"/.exec(stale.text)![1]!
    expect((await two.post(path, fields({ version, address: 'Second road 2' }))).status).to.equal(303)
    expect((await Tenant.findOne({ park, _id: tenant._id }).lean().orFail()).address).to.equal('Second road 2')
  })

  it('makes one tenant of a double submit', async () => {
    const park = (await buildPark())._id
    const manager = await signedInAs('manager', { park })
    await manager.token()
    const form = fields({ creditCode: VALID, _key: 'a-one-time-key' })
    const answers = await Promise.all([manager.post(listPath(park), form), manager.post(listPath(park), form)])
    answers.push(await manager.post(listPath(park), form))
    expect(answers.map(answer => answer.status)).to.deep.equal([303, 303, 303])
    expect(new Set(answers.map(answer => answer.headers['location'])).size).to.equal(1)
    expect(await Tenant.countDocuments({ park })).to.equal(1)
  })

  it('answers 404 for another park’s and another tenant’s records, everywhere (CASES 27)', async () => {
    const [park, other] = [(await buildPark())._id, (await buildPark())._id]
    const foreign = await buildTenant(other, 'Foreign 示例')
    const own = await buildTenant(park, 'Own 示例')
    const manager = await signedInAs('manager', { park })
    const tabs = ['', '/edit', '/contacts', '/documents', '/qualifications', '/figures', '/incubation', '/members', '/merge']
    for (const tab of tabs) {
      expect((await manager.get(`${listPath(park)}/${foreign._id}${tab}`)).status, tab).to.equal(404)
      expect((await manager.get(`${listPath(other)}/${foreign._id}${tab}`)).status, tab).to.equal(404)
      expect((await manager.get(`${listPath(park)}/not-an-id${tab}`)).status, tab).to.equal(404)
    }
    expect((await manager.get(`${listPath(park)}/${own._id}/merge?other=${foreign._id}`)).status).to.equal(404)
    expect((await manager.post(`${listPath(park)}/${foreign._id}/edit`, fields({ version: '0' }))).status).to.equal(404)
    expect((await manager.get(`${listPath(park)}?format=csv&q=Foreign`)).text).to.not.include('Foreign')
    const owner = await signedInAs('owner', { park, tenant: own._id })
    const sibling = await buildTenant(park, 'Sibling 示例')
    for (const tab of ['', '/contacts', '/documents', '/qualifications', '/figures', '/members'])
      expect((await owner.get(`/parks/${park}/company/${sibling._id}${tab}`)).status, tab).to.equal(404)
    for (const path of [listPath(park), `${listPath(park)}/${own._id}`, `${listPath(park)}?format=csv`])
      expect((await owner.get(path)).status, path).to.equal(403)
    expect((await Tenant.findOne({ park: other, _id: foreign._id }).lean().orFail()).version).to.equal(0)
  })

  it('ignores repeated, nested and extra fields (CASES 28)', async () => {
    const [park, other] = [(await buildPark())._id, (await buildPark())._id]
    const manager = await signedInAs('manager', { park })
    const _csrf = await manager.token()
    const send = (body: string) =>
      manager.agent
        .post(listPath(park))
        .redirects(0)
        .type('form')
        .send(`_csrf=${encodeURIComponent(_csrf)}&${body}`)
    const extras = `park=${other}&version=9&mergedInto=6b0000000000000000000000&ties=5&role=admin&status=done&codeOverride[reason]=x&incubation[rule]=2018`
    expect((await send(`name=Extra&kind=company&industry=software&${extras}`)).status).to.equal(303)
    const made = await Tenant.findOne({ park, name: 'Extra' }).lean().orFail()
    expect([made.version, made.mergedInto, made.ties, made.codeOverride, made.incubation]).to.deep.equal([0, null, 0, null, null])
    expect(await Tenant.countDocuments({ park: other })).to.equal(0)
    for (const name of ['name=a&name=b', 'name[$ne]=1', 'name[]=a', 'name[$where]=1'])
      expect((await send(`${name}&kind=company&industry=software`)).status, name).to.equal(422)
    expect(await Tenant.countDocuments({ park })).to.equal(1)
    for (const query of ['q=a&q=b', 'industry[$ne]=x', 'place[$gt]=', '$where=1'])
      expect((await manager.get(`${listPath(park)}?${query}`)).status, query).to.equal(200)
  })

  it('refuses the form without the permission, and a date that has not come', async () => {
    const park = (await buildPark())._id
    const reception = await signedInAs('reception', { park })
    expect((await reception.get(`${listPath(park)}/new`)).status).to.equal(403)
    expect((await reception.post(listPath(park), fields())).status).to.equal(403)
    expect((await reception.get(listPath(park))).text).to.not.include('/tenants/new')
    const manager = await signedInAs('manager', { park })
    expect((await manager.post(listPath(park), fields({ foundedOn: inDays(2) }))).status).to.equal(422)
    expect((await manager.post(listPath(park), fields({ capital: 'a lot' }))).status).to.equal(422)
    expect(await Tenant.countDocuments({ park })).to.equal(0)
    expect((await manager.get(listPath(park))).text).to.include('还没有入驻企业')
  })

  it('shows units held and leases on the page of a tenant; the front desk sees no leases and no papers', async () => {
    const { tenant, park, unit, lease } = await buildLease({ from: addMonths(today(), -6), to: dayBefore(addMonths(today(), 6)) })
    const page = await (await signedInAs('manager', { park })).get(`${listPath(park)}/${tenant._id}`)
    expect(page.text).to.include(`/units/${unit._id}`).and.include(`/leases/${lease._id}`)
    const desk = await (await signedInAs('reception', { park })).get(`${listPath(park)}/${tenant._id}`)
    expect(desk.status).to.equal(200)
    expect(desk.text).to.include(`/units/${unit._id}`).and.not.include(`/leases/${lease._id}`).and.not.include('/documents')
  })
})
