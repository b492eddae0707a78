import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import type { Types } from 'mongoose'
import { AuditEntry } from '../../src/audit/entry.ts'
import { Lease } from '../../src/leases/lease.ts'
import { type Day, overlaps } from '../../src/lib/days.ts'
import { gapsOf } from '../../src/spaces/gaps.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { useDatabase } from '../setup/database.ts'
import { buildLease, buildPark, buildTenant, buildUnit, buildUser, inDays, PASSWORD } from '../setup/factories.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { Visitor } from '../setup/visitor.ts'
import { giveUpOrphans } from './orphans.ts'

/**
 * What must hold between processes: two real servers on one database, requests sent to both at once. Randomised runs print their
 * seed when they fail.
 */
const REFUSED = [409, 422]

async function claimsOf(park: string): Promise<Unit[]> {
  return (await Unit.find({ park }).lean()) as Unit[]
}

/** No day of a unit is claimed twice, and the free ranges are what the claims leave. */
async function expectSound(park: string): Promise<void> {
  for (const unit of await claimsOf(park)) {
    unit.claims.forEach((one, i) => {
      for (const other of unit.claims.slice(i + 1)) {
        expect(overlaps(one, other), `${unit.code}: ${one.from}…${one.to} and ${other.from}…${other.to}`).to.equal(false)
      }
    })
    const since = inDays(-400)
    expect(unit.gaps.map(({ from, to }) => ({ from, to }))).to.deep.equal(gapsOf(unit, since))
  }
}

/** A lease in review holds exactly its units, a draft holds none; the audit trail knows as many submissions as there were. */
async function expectWhole(park: string): Promise<void> {
  const units = await claimsOf(park)
  for (const lease of await Lease.find({ park }).lean()) {
    const held = units.filter(unit => unit.claims.some(claim => claim.lease?.equals(lease._id))).map(unit => String(unit._id))
    const wanted = lease.state === 'draft' ? [] : lease.units.map(String)
    expect(held.sort(), `${lease.number} (${lease.state})`).to.deep.equal(wanted.sort())
  }
}

const path = (lease: { park: string; _id: Types.ObjectId }, step: string) => `/parks/${lease.park}/leases/${lease._id}/${step}`

describe('two server processes on one database', function () {
  this.timeout(120_000)
  const uri = useDatabase()
  let servers: Running[] = []

  before(async () => {
    servers = await Promise.all([startServer(uri()), startServer(uri())])
  })
  after(async () => {
    await Promise.all(servers.map(server => server.stop()))
  })

  /** The same person in front of each server. */
  async function seatedIn(park: string): Promise<Visitor[]> {
    const { email } = await buildUser('manager', { park })
    const visitors = servers.map(server => new Visitor(server.url))
    for (const visitor of visitors) await visitor.signIn(email, PASSWORD)
    for (const visitor of visitors) await visitor.token()
    return visitors
  }

  it('let nobody have a day of a unit that somebody else has, whatever is asked at once', async () => {
    const operation = fc.record({
      act: fc.constantFrom('submission', 'submission', 'submission', 'withdrawal', 'hold', 'works'),
      which: fc.nat(11),
      start: fc.nat(20),
      length: fc.nat(15),
    })
    const batches = fc.array(fc.array(operation, { minLength: 6, maxLength: 12 }), { minLength: 2, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(batches, fc.array(fc.nat(20), { minLength: 12, maxLength: 12 }), async (rounds, starts) => {
        const park = (await buildPark())._id
        const units = [await buildUnit({ park }), await buildUnit({ park }), await buildUnit({ park })]
        const tenant = await buildTenant(park)
        const leases: Lease[] = []
        for (const [i, start] of starts.entries()) {
          const lines = [units[i % 3]!, units[(i + 1) % 3]!].map(unit => ({ unit: unit._id, rate: '2.00' }))
          const term = { from: inDays(start), to: inDays(start + 8) }
          leases.push((await buildLease({ unit: units[0]!, tenant, stage: 'draft', ...term, more: { lines } })).lease)
        }
        const seats = await seatedIn(park)
        const [from, to] = [(start: number): Day => inDays(start), (start: number, length: number): Day => inDays(start + length)]
        for (const round of rounds) {
          const answers = await Promise.all(
            round.map(({ act, which, start, length }, i) => {
              const seat = seats[i % 2]!
              const unit = units[which % 3]!
              const period = { from: from(start), to: to(start, length), label: 'X' }
              if (act === 'hold') return seat.post(`/parks/${park}/units/${unit._id}/holds`, { ...period, keptUntil: inDays(3) })
              if (act === 'works') return seat.post(`/parks/${park}/units/${unit._id}/blocks`, { ...period, kind: 'works' })
              return seat.post(path(leases[which]!, act))
            }),
          )
          for (const { status } of answers) expect([303, ...REFUSED]).to.include(status)
          await expectSound(park)
          await expectWhole(park)
        }
      }),
      { numRuns: 4, endOnFailure: true },
    )
  })

  it('let one of twenty overlapping submissions win; the others leave no trace (CASES 1)', async () => {
    const unit = await buildUnit()
    const tenant = await buildTenant(unit.park)
    const drafts: Lease[] = []
    for (let i = 0; i < 20; i++) {
      drafts.push((await buildLease({ unit, tenant, stage: 'draft', from: inDays(i), to: inDays(100 + i) })).lease)
    }
    const seats = await seatedIn(unit.park)
    const answers = await Promise.all(drafts.map((lease, i) => seats[i % 2]!.post(path(lease, 'submission'))))
    const statuses = answers.map(answer => answer.status)
    expect(statuses.filter(status => status === 303)).to.have.length(1)
    expect(statuses.filter(status => REFUSED.includes(status))).to.have.length(19)
    expect(await Lease.countDocuments({ park: unit.park, state: 'review' })).to.equal(1)
    expect((await claimsOf(unit.park))[0]!.claims).to.have.length(1)
    expect(await AuditEntry.countDocuments({ park: unit.park, action: 'lease.submit' })).to.equal(1)
  })

  it('make one record of a form that is sent many times to both (CASES 30)', async () => {
    const unit = await buildUnit()
    const tenant = await buildTenant(unit.park)
    const seats = await seatedIn(unit.park)
    const form = {
      _key: randomUUID(),
      tenant: String(tenant._id),
      from: inDays(0),
      to: inDays(364),
      basis: 'sqm-day',
      anchor: 'start',
      broken: 'actual',
      cycle: '1',
      'lines[0][unit]': String(unit._id),
      'lines[0][rate]': '2.00',
    }
    const send = (i: number) => seats[i % 2]!.post(`/parks/${unit.park}/leases`, form)
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => send(i)))
    // Back and submit again.
    answers.push(await send(0), await send(1))
    const [lease, ...more] = await Lease.find({ park: unit.park }).lean()
    expect(more).to.deep.equal([])
    for (const { status, headers } of answers) {
      expect([status, headers['location']]).to.deep.equal([303, `/parks/${unit.park}/leases/${lease!._id}`])
    }
    expect(await AuditEntry.countDocuments({ park: unit.park, action: 'lease.draft' })).to.equal(1)
  })

  it('submit a lease once when the button is pressed in two tabs of two servers (CASES 30)', async () => {
    const { lease, unit } = await buildLease({ stage: 'draft' })
    const seats = await seatedIn(unit.park)
    const _key = randomUUID()
    const answers = await Promise.all([0, 1, 2, 3].map(i => seats[i % 2]!.post(path(lease, 'submission'), { _key })))
    expect(answers.map(answer => answer.status)).to.deep.equal([303, 303, 303, 303])
    expect(await AuditEntry.countDocuments({ park: unit.park, action: 'lease.submit' })).to.equal(1)
    expect((await claimsOf(unit.park))[0]!.claims).to.have.length(1)
  })

  /** Submits leases of three units each until the server is killed; answers which of them it had acknowledged. */
  async function killedWhileSubmitting(leases: Lease[], park: string, after: number): Promise<Set<string>> {
    const victim = await startServer(uri())
    const { email } = await buildUser('manager', { park })
    const seats = await Promise.all([0, 1, 2, 3].map(() => new Visitor(victim.url).signIn(email, PASSWORD)))
    for (const seat of seats) await seat.token()
    const acknowledged = new Set<string>()
    let killed = false
    const gone = new Promise(resolve => victim.child.once('exit', resolve))
    const work = seats.map(async (seat, s) => {
      for (let i = s; i < leases.length && !killed; i += seats.length) {
        const status = await seat.post(path(leases[i]!, 'submission')).then(
          answer => answer.status,
          () => 0,
        )
        if (status === 303) acknowledged.add(String(leases[i]!._id))
        if (acknowledged.size >= after && !killed) {
          killed = true
          victim.child.kill('SIGKILL')
        }
      }
    })
    await Promise.all(work)
    expect(killed, 'killed before the end').to.equal(true)
    await gone
    await giveUpOrphans()
    return acknowledged
  }

  it('leave all or nothing of a lease when one is killed, and what it acknowledged is there (CASES 32)', async () => {
    for (const after of [1, 4, 9]) {
      const park = (await buildPark())._id
      const tenant = await buildTenant(park)
      const leases: Lease[] = []
      const units: Unit[] = []
      for (let i = 0; i < 12; i++) units.push(await buildUnit({ park }))
      // The same three units for a different year each time: many claims, none in another's way.
      for (let i = 0; i < 24; i++) {
        const year = 2030 + Math.floor(i / 4)
        const lines = [0, 1, 2].map(k => ({ unit: units[(i % 4) * 3 + k]!._id, rate: '2.00' }))
        const term = { from: `${year}-01-01`, to: `${year}-12-31` }
        leases.push((await buildLease({ unit: units[0]!, tenant, stage: 'draft', ...term, more: { lines } })).lease)
      }
      const acknowledged = await killedWhileSubmitting(leases, park, after)
      await expectSound(park)
      await expectWhole(park)
      const submitted = (await Lease.find({ park, state: 'review' }).lean()).map(lease => String(lease._id))
      expect(submitted).to.include.members([...acknowledged])
      expect(submitted.length).to.be.below(leases.length)
      // Each has its entry in the trail, and nothing else has one.
      const trail = await AuditEntry.find({ park, action: 'lease.submit' }).lean()
      expect(trail.map(entry => String(entry.ref)).sort()).to.deep.equal(submitted.sort())
      // What was cut off can be done again, on another server.
      const [seat] = await seatedIn(park)
      const left = leases.filter(lease => !submitted.includes(String(lease._id)))
      for (const lease of left.slice(0, 3)) expect((await seat!.post(path(lease, 'submission'))).status).to.equal(303)
      await expectWhole(park)
    }
  })
})
