import { expect } from 'chai'
import mongoose from 'mongoose'
import { Membership } from '../../src/accounts/user.ts'
import { AuditEntry } from '../../src/audit/entry.ts'
import { filesOf, saveBuffer } from '../../src/files/store.ts'
import { Lease } from '../../src/leases/lease.ts'
import { mergeTenants } from '../../src/overview/merge-tenants.ts'
import { SearchEntry } from '../../src/search/entry.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { addContact } from '../../src/tenants/contacts.ts'
import { attachDocuments } from '../../src/tenants/documents.ts'
import { createTenant } from '../../src/tenants/profile.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildPark, buildTenant, buildUnit, buildUser } from '../setup/factories.ts'

const CODE = '91350100M000100Y43'
const SECOND = '91350200MA2YJ1XR9G'
const mergePath = (park: string, keep: Tenant) => `/parks/${park}/tenants/${keep._id}/merge`
const read = (park: string, tenant: Tenant) => Tenant.findOne({ park, _id: tenant._id }).lean().orFail() as Promise<Tenant>

/** Two records of one company, each with a lease, a contact, a paper and a person. */
async function pair() {
  const park = (await buildPark())._id
  const keep = await buildTenant(park, 'Alpha 示例')
  const gone = await createTenant(park, { name: 'Alpha Ltd 示例', creditCode: CODE, legalRep: 'Wang' }, {}, BY)
  const leases = []
  for (const tenant of [keep, gone]) {
    leases.push((await buildLease({ unit: await buildUnit({ park }), tenant })).lease)
    await addContact(park, tenant._id, { name: `Of ${tenant.name}`, title: null, phone: null, email: null, primary: true }, BY)
    const file = await saveBuffer(Buffer.from('%PDF-1.4'), { park, name: `${tenant.name}.pdf`, type: 'application/pdf', by: BY.id })
    await attachDocuments(park, tenant._id, 'licence', [{ id: file.id, name: file.name }], BY)
    await buildUser('owner', { park, tenant: tenant._id })
  }
  return { park, keep, gone, leases }
}

/** All that a merge touches, to compare before and after. */
async function everything(park: string): Promise<string> {
  const rows = await Promise.all([
    Tenant.find({ park }).sort({ _id: 1 }).lean(),
    Lease.find({ park }).sort({ _id: 1 }).lean(),
    Unit.find({ park }).sort({ _id: 1 }).lean(),
    Membership.find({ park }).sort({ _id: 1 }).lean(),
    AuditEntry.find({ park }).sort({ _id: 1 }).lean(),
    SearchEntry.find({ park }).sort({ _id: 1 }).lean(),
    mongoose.connection.collection('files.files').find({ 'metadata.park': park }).sort({ _id: 1 }).toArray(),
  ])
  return JSON.stringify(rows)
}

describe('merging duplicates', () => {
  useDatabase()

  it('moves leases, claims, papers, contacts and people, and keeps both histories', async () => {
    const { park, keep, gone, leases } = await pair()
    const manager = await signedInAs('manager', { park })
    const compared = await manager.get(`${mergePath(park, keep)}?other=${gone._id}`)
    expect(compared.status).to.equal(200)
    expect((await manager.post(mergePath(park, keep), { other: String(gone._id) })).status).to.equal(303)
    const after = await read(park, keep)
    expect(after).to.include({ creditCode: CODE, legalRep: 'Wang', name: 'Alpha 示例' })
    expect(after.contacts.map(one => [one.name, one.primary])).to.deep.equal([
      ['Of Alpha 示例', true],
      ['Of Alpha Ltd 示例', false],
    ])
    for (const { _id } of leases) {
      const lease = await Lease.findOne({ park, _id }).lean().orFail()
      expect([String(lease.tenant), lease.tenantName]).to.deep.equal([String(keep._id), 'Alpha 示例'])
    }
    const claims = (await Unit.find({ park }).lean()).flatMap(unit => unit.claims)
    expect(claims.map(claim => `${claim.tenant} ${claim.tenantName}`)).to.deep.equal(Array(2).fill(`${keep._id} Alpha 示例`))
    expect((await filesOf(park, 'tenant', keep._id)).map(file => file.metadata.name).sort()).to.deep.equal([
      'Alpha Ltd 示例.pdf',
      'Alpha 示例.pdf',
    ])
    expect(await filesOf(park, 'tenant', gone._id)).to.deep.equal([])
    expect(await Membership.countDocuments({ park, tenant: keep._id })).to.equal(2)
    const signpost = await read(park, gone)
    expect([String(signpost.mergedInto), signpost.creditCode]).to.deep.equal([String(keep._id), null])
    // Both histories can still be read, each with the merge as its last word.
    for (const [tenant, action] of [
      [keep, 'tenant.merge'],
      [gone, 'tenant.mergedInto'],
    ] as const) {
      const actions = (await AuditEntry.find({ park, ref: tenant._id }).sort({ at: 1 }).lean()).map(entry => entry.action)
      expect(actions).to.include('tenant.create').and.include(action)
    }
  })

  it('leads the old address to the kept record, and finds it by one name only', async () => {
    const { park, keep, gone } = await pair()
    const manager = await signedInAs('manager', { park })
    await manager.post(mergePath(park, keep), { other: String(gone._id) })
    for (const tab of ['', '/contacts', '/documents', '/incubation']) {
      const moved = await manager.get(`/parks/${park}/tenants/${gone._id}${tab}`)
      expect([moved.status, moved.headers['location']]).to.deep.equal([303, `/parks/${park}/tenants/${keep._id}${tab}`])
    }
    expect((await manager.post(`/parks/${park}/tenants/${gone._id}/contacts`, { name: 'x' })).status).to.equal(404)
    const list = (await manager.get(`/parks/${park}/tenants?q=${encodeURIComponent('示例')}`)).text
    expect(list).to.include(String(keep._id)).and.not.include(String(gone._id))
  })

  it('refuses two different codes, itself, a merged one, and a tenant of another park', async () => {
    const { park, keep, gone } = await pair()
    const third = await createTenant(park, { name: 'Third 示例', creditCode: SECOND }, {}, BY)
    const foreign = await buildTenant((await buildPark())._id)
    const manager = await signedInAs('manager', { park })
    const before = await everything(park)
    const status = async (one: Tenant, other: Tenant) => (await manager.post(mergePath(park, one), { other: String(other._id) })).status
    expect(await status(third, gone)).to.equal(422)
    expect(await status(keep, keep)).to.equal(422)
    expect(await status(keep, foreign)).to.equal(404)
    expect(await everything(park)).to.equal(before)
    expect(await status(keep, gone)).to.equal(303)
    expect(await status(third, gone)).to.be.oneOf([404, 409])
    expect(await status(gone, third)).to.equal(404)
  })

  it('is all or nothing: a failure at the last step leaves every record as it was', async () => {
    const { park, keep, gone } = await pair()
    const before = await everything(park)
    const { collection } = AuditEntry
    const insert = collection.insertMany
    collection.insertMany = (() => Promise.reject(new Error('the disk is full'))) as never
    const failed = await mergeTenants(park, keep._id, gone._id, BY).then(
      () => false,
      () => true,
    )
    collection.insertMany = insert
    expect(failed).to.equal(true)
    expect(await everything(park)).to.equal(before)
    await mergeTenants(park, keep._id, gone._id, BY)
    expect((await read(park, gone)).mergedInto?.equals(keep._id)).to.equal(true)
  })

  it('in parallel and in both directions happens once', async () => {
    const { park, keep, gone } = await pair()
    const [one, two] = [await signedInAs('manager', { park }), await signedInAs('manager', { park })]
    await Promise.all([one.token(), two.token()])
    const answers = await Promise.all([
      one.post(mergePath(park, keep), { other: String(gone._id) }),
      two.post(mergePath(park, gone), { other: String(keep._id) }),
      one.post(mergePath(park, keep), { other: String(gone._id) }),
    ])
    // Who comes second and stands on the record that is gone is led to the other's page, with nothing done.
    const done = answers.filter(answer => /\/tenants\/[0-9a-f]{24}$/.test(answer.headers['location'] ?? ''))
    expect(done).to.have.length(1)
    expect(answers.every(answer => [303, 404, 409, 422].includes(answer.status))).to.equal(true)
    expect(await AuditEntry.countDocuments({ park, action: 'tenant.merge' })).to.equal(1)
    const left = await Tenant.find({ park, mergedInto: null }).lean()
    expect(left).to.have.length(1)
    expect(left[0]).to.include({ creditCode: CODE })
    expect(await Lease.countDocuments({ park, tenant: left[0]!._id })).to.equal(2)
    expect(await Membership.countDocuments({ park, tenant: left[0]!._id })).to.equal(2)
  })

  it('loses no lease that is drafted for the other one at the same moment', async () => {
    const { park, keep, gone } = await pair()
    const unit = await buildUnit({ park })
    const [merged, drafted] = await Promise.allSettled([
      mergeTenants(park, keep._id, gone._id, BY),
      buildLease({ unit, tenant: gone, stage: 'draft' }),
    ])
    expect(merged.status).to.equal('fulfilled')
    const at = await Lease.countDocuments({ park, tenant: gone._id })
    expect(at, `the draft ${drafted.status}`).to.equal(0)
  })

  it('is a manager’s step', async () => {
    const { park, keep, gone } = await pair()
    const promotion = await signedInAs('promotion', { park })
    expect((await promotion.get(mergePath(park, keep))).status).to.equal(403)
    expect((await promotion.post(mergePath(park, keep), { other: String(gone._id) })).status).to.equal(403)
    expect((await promotion.get(`/parks/${park}/tenants/${keep._id}`)).text).to.not.include('/merge')
  })
})
