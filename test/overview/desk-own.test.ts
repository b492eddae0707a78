import { expect } from 'chai'
import { Types } from 'mongoose'
import { grantRole } from '../../src/accounts/memberships.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildPark, buildTenant, buildUnit } from '../setup/factories.ts'
import { atNoon, deskOf, plain } from './reading.ts'

describe('the desk of a tenant’s people', () => {
  useDatabase()

  it('shows a tenant’s people their own lease with what is payable next, and nobody else’s', async () => {
    const park = (await buildPark('tenants', { hotline: '0571-00001234' }))._id
    const unit = await buildUnit({ park, gross: 12_000 })
    atNoon('2026-01-10')
    const { lease, tenant } = await buildLease({ unit, from: '2026-01-01', to: '2026-12-31', rate: '1.80' })
    const stranger = await buildLease({ unit: await buildUnit({ park }), from: '2026-01-01', to: '2026-12-31' })
    const unsigned = await buildLease({ unit: await buildUnit({ park }), tenant, from: '2026-02-01', to: '2026-12-31', stage: 'review' })
    const second = await buildTenant(park)
    const owner = await signedInAs('owner', { park, tenant: tenant._id })
    const html = await deskOf(owner, park)
    // 120 ㎡ × 1.80: each month 6,570.00 (CASES 3).
    expect(plain(html)).to.match(/¥6,570\.00 2026-02-01 – 2026-02-28/)
    expect(html).to.include(lease.number).and.include(tenant.name).and.include('0571-00001234')
    for (const hidden of [stranger.lease.number, stranger.tenant.name, unsigned.lease.number, second.name, 'data-figure', 'id="waiting"'])
      expect(html, hidden).to.not.include(hidden)
    const member = await signedInAs('member', { park, tenant: second._id })
    const empty = await deskOf(member, park)
    expect(empty).to.include(second.name).and.not.include(lease.number)
    expect(empty).to.not.include('HT-')
  })

  it('shows somebody of two tenants both', async () => {
    const { park, tenant, lease } = await buildLease()
    const other = await buildLease({ unit: await buildUnit({ park }) })
    const owner = await signedInAs('owner', { park, tenant: tenant._id })
    await grantRole(new Types.ObjectId(owner.userId), { role: 'member', park, tenant: other.tenant._id }, BY)
    const html = await deskOf(owner, park)
    for (const shown of [tenant.name, lease.number, other.tenant.name, other.lease.number]) expect(html).to.include(shown)
  })
})
