import { expect } from 'chai'
import { AuditEntry } from '../../src/audit/entry.ts'
import { LeadEntry } from '../../src/leads/entry.ts'
import { Lead } from '../../src/leads/lead.ts'
import { claimLead, openCount } from '../../src/leads/pool.ts'
import { LeadSetup, USUAL } from '../../src/leads/setup.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, buildUser, inDays } from '../setup/factories.ts'
import { buildLead, leadNow } from '../setup/leads.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { settled } from '../setup/settled.ts'
import { Visitor } from '../setup/visitor.ts'
import { actorFor, findings } from './scene.ts'

const next = { nextWhat: 'First contact', nextOn: inDays(1) }

describe('the pool under many hands', function () {
  this.timeout(240_000)
  const uri = useDatabase()
  const servers: Running[] = []
  before(async () => {
    servers.push(await startServer(uri()), await startServer(uri()))
  })
  after(async () => {
    for (const server of servers) await server.stop()
  })

  it('gives one lead to one of twenty people who claim it from two processes', async () => {
    const park = (await buildPark())._id
    const people: (Visitor & { userId: string })[] = []
    for (let i = 0; i < 20; i++) people.push(await signedInAs('promotion', { park }, new Visitor(servers[i % 2]!.url)))
    for (const one of people) await one.token()
    for (let round = 0; round < 3; round++) {
      const { lead } = await buildLead(park, {}, { owner: null })
      const answers = await Promise.all(people.map(one => one.post(`/parks/${park}/leads/${lead._id}/claim`, next)))
      expect(answers.map(one => one.status).sort()).to.deep.equal([303, ...Array(19).fill(409)])
      const winner = people[answers.findIndex(one => one.status === 303)]!
      const after = await leadNow(lead)
      expect(String(after.owner)).to.equal(winner.userId)
      expect(after.pool).to.equal(null)
      expect(after.next).to.include({ on: next.nextOn })
      expect(await LeadEntry.countDocuments({ park, lead: lead._id, kind: 'owner' })).to.equal(1)
      expect(await AuditEntry.countDocuments({ park, ref: lead._id, action: 'lead.claim' })).to.equal(1)
    }
    expect(await findings(park)).to.deep.equal([])
  })

  it('lets nobody take more than the park allows, however fast they claim', async () => {
    const park = (await buildPark())._id
    await LeadSetup.create({ park, ...USUAL, ownLimit: 3 })
    const user = await buildUser('promotion', { park })
    const leads = []
    for (let i = 0; i < 8; i++) leads.push((await buildLead(park, {}, { owner: null })).lead)
    const step = { what: 'Call', on: inDays(1) }
    const taken = await settled(leads.map(({ _id }) => claimLead(park, _id, user, step, actorFor(user))))
    expect(taken).to.equal(3)
    expect(await openCount(park, user._id)).to.equal(3)
  })

  it('answers a claim of what is taken with who has it, and keeps what was typed', async () => {
    const park = (await buildPark())._id
    const { lead, owner } = await buildLead(park)
    const late = await signedInAs('promotion', { park })
    const answer = await late.post(`/parks/${park}/leads/${lead._id}/claim`, next)
    expect(answer.status).to.equal(409)
    expect(answer.text).to.include(owner!.name)
    const past = await late.post(`/parks/${park}/leads/${(await buildLead(park, {}, { owner: null })).lead._id}/claim`, {
      ...next,
      nextOn: inDays(-1),
    })
    expect(past.status).to.equal(422)
  })

  it('changes several at once, and names those that can’t be', async () => {
    const park = (await buildPark())._id
    const me = await signedInAs('promotion', { park })
    const colleague = await buildUser('promotion', { park })
    const own = []
    for (let i = 0; i < 3; i++) {
      const { lead } = await buildLead(park, {}, { owner: null })
      expect((await me.post(`/parks/${park}/leads/${lead._id}/claim`, next)).status).to.equal(303)
      own.push(lead)
    }
    const { lead: other } = await buildLead(park)
    const ids = [...own.slice(0, 2), other].map(one => String(one._id))
    const answer = await me.post(`/parks/${park}/leads/bulk/owner`, { lead: ids, owner: String(colleague._id) })
    expect(answer.status).to.equal(303)
    expect(answer.headers['location']).to.include('/leads/bulk?done=2')
    const outcome = await me.get(answer.headers['location']!)
    expect(outcome.text).to.include(other.number).and.not.include(own[0]!.number)
    for (const lead of own.slice(0, 2)) expect(String((await leadNow(lead)).owner)).to.equal(String(colleague._id))
    expect(String((await leadNow(other)).owner)).to.not.equal(String(colleague._id))

    const none = await me.post(`/parks/${park}/leads/bulk/pool`, { note: 'Away' })
    expect(none.status).to.equal(422)
    const silent = await me.post(`/parks/${park}/leads/bulk/pool`, { lead: [String(own[2]!._id)] })
    expect(silent.status).to.equal(422)
    expect(silent.text).to.include(own[2]!.number)
    expect((await me.post(`/parks/${park}/leads/bulk/pool`, { lead: [String(own[2]!._id)], note: 'Away' })).status).to.equal(303)
    expect((await leadNow(own[2]!)).pool?.why).to.equal('given')
  })

  it('hands all of a colleague’s to somebody or to the pool, by who leads alone', async () => {
    const park = (await buildPark())._id
    const { owner } = await buildLead(park)
    const { lead } = await buildLead(park, {}, { owner: { _id: owner!._id, name: owner!.name } })
    const to = await buildUser('promotion', { park })
    const fields = { from: String(owner!._id), to: String(to._id), note: 'On leave' }
    const promotion = await signedInAs('promotion', { park })
    expect((await promotion.post(`/parks/${park}/leads/hand-over`, fields)).status).to.equal(403)
    const manager = await signedInAs('manager', { park })
    expect((await manager.get(`/parks/${park}/leads/hand-over`)).text).to.include(owner!.name)
    expect((await manager.post(`/parks/${park}/leads/hand-over`, fields)).status).to.equal(303)
    expect(await openCount(park, to._id)).to.equal(2)
    const toPool = { from: String(to._id), to: 'pool' }
    expect((await manager.post(`/parks/${park}/leads/hand-over`, toPool)).status).to.equal(422)
    expect((await manager.post(`/parks/${park}/leads/hand-over`, { ...toPool, note: 'Gone' })).status).to.equal(303)
    expect(await Lead.countDocuments({ park, owner: null, 'pool.why': 'left' })).to.equal(2)
    expect((await leadNow(lead)).next).to.equal(null)
  })
})
