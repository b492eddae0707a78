import { expect } from 'chai'
import { AuditEntry } from '../../src/audit/entry.ts'
import { Lease, leasePath } from '../../src/leases/lease.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { useDatabase } from '../setup/database.ts'
import { buildLease, buildTenant, buildUnit, buildUser, inDays, PASSWORD } from '../setup/factories.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { Visitor } from '../setup/visitor.ts'

describe('leases over two server processes', () => {
  const uri = useDatabase()
  let servers: Running[] = []
  before(async function () {
    this.timeout(120_000)
    servers = await Promise.all([startServer(uri()), startServer(uri())])
  })
  after(() => Promise.all(servers.map(server => server.stop())))

  const bothSignedIn = (email: string) => Promise.all(servers.map(server => new Visitor(server.url).signIn(email, PASSWORD)))

  it('lets one of twenty parallel submissions win; the others leave no trace (CASES 1)', async () => {
    const unit = await buildUnit()
    const { park } = unit
    const tenant = await buildTenant(park)
    const drafts = []
    for (let i = 0; i < 20; i++) drafts.push(await buildLease({ unit, tenant, stage: 'draft', from: inDays(i), to: inDays(200 + i) }))
    const [author] = [await buildUser('promotion', { park }), await buildUser('manager', { park })]
    const visitors = await bothSignedIn(author.email)
    await Promise.all(visitors.map(visitor => visitor.token()))
    const answers = await Promise.all(
      drafts.map(({ lease }, i) => visitors[i % 2]!.post(`${leasePath(lease)}/submission`, { _key: `submission-${lease._id}` })),
    )
    const statuses = answers.map(answer => answer.status)
    expect(statuses.filter(status => status === 303)).to.have.length(1)
    expect(statuses.filter(status => status === 409 || status === 422)).to.have.length(19)
    expect(await Lease.countDocuments({ park, state: 'review' })).to.equal(1)
    expect(await Lease.countDocuments({ park, state: 'draft', version: 0 })).to.equal(19)
    expect((await Unit.findOne({ park, _id: unit._id }).lean().orFail()).claims).to.have.length(1)
    expect(await AuditEntry.countDocuments({ park, action: 'lease.submit' })).to.equal(1)
    expect(await Notification.countDocuments({ key: 'leaseSubmitted', park })).to.equal(1)
  })

  it('refuses the day a lease ends on, and takes the day after (CASES 1)', async () => {
    const { unit, park, tenant } = await buildLease({ from: '2026-01-01', to: '2026-06-30' })
    const same = await buildLease({ unit, tenant, stage: 'draft', from: '2026-06-30', to: '2026-12-31' })
    const after = await buildLease({ unit, tenant, stage: 'draft', from: '2026-07-01', to: '2026-12-31' })
    const author = await buildUser('promotion', { park })
    const [one, two] = await bothSignedIn(author.email)
    const refused = await one!.post(`${leasePath(same.lease)}/submission`)
    expect([refused.status, refused.text.includes('2026-06-30')]).to.deep.equal([409, true])
    expect((await two!.post(`${leasePath(after.lease)}/submission`)).status).to.equal(303)
  })

  it('makes one lease of one form sent to both processes at once (CASES 30)', async () => {
    const unit = await buildUnit()
    const { park } = unit
    const tenant = await buildTenant(park)
    const author = await buildUser('promotion', { park })
    const visitors = await bothSignedIn(author.email)
    const fields = {
      tenant: String(tenant._id),
      from: inDays(1),
      to: inDays(300),
      basis: 'month',
      anchor: 'start',
      broken: 'actual',
      cycle: '3',
    }
    const form = { _key: 'one-form-two-processes', ...fields, 'lines[0][unit]': String(unit._id), 'lines[0][rate]': '5000' }
    const answers = await Promise.all([0, 1, 0, 1].map(i => visitors[i]!.post(`/parks/${park}/leases`, form)))
    expect(answers.map(answer => answer.status)).to.deep.equal([303, 303, 303, 303])
    expect(await Lease.countDocuments({ park })).to.equal(1)
  })
})
