import { expect } from 'chai'
import fc from 'fast-check'
import { LeadEntry } from '../../src/leads/entry.ts'
import { makeLeads } from '../../src/leads/event-leads.ts'
import { partiesOf, planOf } from '../../src/leads/event-leads-plan.ts'
import { outcomesOf } from '../../src/leads/event-outcome.ts'
import { Lead } from '../../src/leads/lead.ts'
import { mergeLeads } from '../../src/leads/merge.ts'
import '../../src/leads/event-answers.ts'
import { setClock } from '../../src/lib/clock.ts'
import { normalName } from '../../src/lib/text.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { attendeesAt, companiesAt, eventLeadFindings, fieldsOf, orderOf, to } from '../setup/event-leads.ts'
import { buildEvent, joinEvent } from '../setup/events.ts'
import { BY, buildTenant, buildUser, inDays } from '../setup/factories.ts'
import { buildLead, leadNow } from '../setup/leads.ts'
import { parkOf } from '../setup/mentoring.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { Visitor } from '../setup/visitor.ts'

/** A briefing with twenty companies becomes twenty leads, once. */
describe('attendees become leads', function () {
  this.timeout(180_000)
  const uri = useDatabase()
  let second: Running
  before(async () => {
    second = await startServer(uri())
  })
  after(() => second?.stop())
  afterEach(async () => {
    setClock(null)
    expect(await eventLeadFindings()).to.deep.equal([])
  })

  const leadsOf = (park: string): Promise<Lead[]> => Lead.find({ park }).sort({ number: 1 }).lean() as unknown as Promise<Lead[]>
  const countOf = (park: string): Promise<number> => Lead.countDocuments({ park })

  it('makes twenty leads of twenty companies with two people each, over two processes and however often it is pressed', async () => {
    const event = await buildEvent({ kind: 'briefing' })
    await companiesAt(event, 20, 2)
    const people = [
      await signedInAs('promotion', { park: event.park }),
      await signedInAs('promotion', { park: event.park }, new Visitor(second.url)),
    ]
    for (const who of people) await who.token()
    const path = `/parks/${event.park}/programme/${event.code}/leads`
    const page = await people[0]!.get(path)
    expect((page.text.match(/name="rows\[\d+\]\[into\]"/g) ?? []).length).to.equal(20)
    const fields = fieldsOf(await orderOf(event, { kind: 'spread' }), 'spread')
    const one = { ...fields, _key: 'one-time-key-of-leads' }
    const answers = await Promise.all([people[0]!.post(path, one), people[0]!.post(path, one), people[1]!.post(path, fields)])
    for (const answer of answers) expect([303, 409], answer.text).to.include(answer.status)
    const leads = await leadsOf(event.park)
    expect(leads).to.have.length(20)
    for (const lead of leads) {
      expect([lead.contacts.length, lead.source, String(lead.event)]).to.deep.equal([2, 'event', String(event._id)])
      expect([lead.phones.length, lead.consentAt !== null]).to.deep.equal([2, true])
    }
    // Evenly: ten each.
    const shares = people.map(who => leads.filter(lead => String(lead.owner) === who.userId).length)
    expect(shares).to.deep.equal([10, 10])
    // Again: there is nobody left.
    expect((await people[1]!.post(path, fields)).status).to.equal(303)
    expect(await countOf(event.park)).to.equal(20)
    expect(await LeadEntry.countDocuments({ park: event.park, kind: 'event' })).to.equal(20)
    const outcome = (await outcomesOf(event.park, [event._id])).get(String(event._id))!
    expect([outcome.came, outcome.leads, outcome.open, outcome.known]).to.deep.equal([40, 20, 20, 0])
  })

  it('adds people to the lead that is there, skips tenants, and takes who has no organisation by name', async () => {
    const event = await buildEvent({ kind: 'roadshow' })
    const park = await parkOf(event.park)
    const me = await buildUser('promotion', { park: event.park })
    const known = await buildLead(event.park, { name: 'Known (Hangzhou) Ltd' })
    const tenant = await buildTenant(event.park, 'A tenant here')
    await joinEvent(event, { organisation: 'KNOWN\uff08hangzhou\uff09LTD', name: 'New colleague' })
    await joinEvent(event, { organisation: 'a Tenant here' })
    await joinEvent(event, { organisation: null, name: 'Founder alone' })
    await joinEvent(event, { organisation: null, tenant: tenant._id })
    const order = await orderOf(event, to(me), 'all')
    expect(order.rows.map(row => row.into)).to.deep.equal([String(known.lead._id), 'skip', 'new'])
    expect(await makeLeads(park, event, order, BY)).to.deep.equal({ made: 1, added: 1 })
    const after = await leadNow(known.lead)
    expect(after.contacts.map(one => one.name)).to.deep.equal([known.lead.contacts[0]!.name, 'New colleague'])
    expect([after.phones.length, String(after.event), String(after.owner)]).to.deep.equal([2, String(event._id), String(known.owner!._id)])
    const [, fresh] = await leadsOf(event.park)
    expect([fresh!.name, String(fresh!.owner), fresh!.next !== null]).to.deep.equal(['Founder alone', String(me._id), true])
    expect(await makeLeads(park, event, await orderOf(event, to(me), 'all'), BY)).to.deep.equal({ made: 0, added: 0 })
    expect(await Notification.countDocuments({ user: me._id, key: 'leadEvent.given' })).to.equal(1)
  })

  it('refuses all of it where somebody like one of them has come meanwhile, and shows who', async () => {
    const event = await buildEvent()
    const people = await companiesAt(event, 3)
    const who = await signedInAs('promotion', { park: event.park })
    const order = await orderOf(event, { kind: 'pool' })
    await buildLead(event.park, { name: 'Somebody else', contacts: [{ name: 'X', title: null, phone: people[2]!.phone, email: null }] })
    const path = `/parks/${event.park}/programme/${event.code}/leads`
    const answer = await who.post(path, fieldsOf(order, 'pool'))
    expect([answer.status, answer.text.includes('Somebody else')]).to.deep.equal([409, true])
    expect(await countOf(event.park)).to.equal(1)
    expect((await attendeesAt(event)).filter(one => one.lead)).to.deep.equal([])
    expect((await who.post(path, fieldsOf(await orderOf(event, { kind: 'pool' }), 'pool'))).status).to.equal(303)
    expect([await countOf(event.park), (await leadsOf(event.park)).filter(lead => lead.pool?.why === 'new').length]).to.deep.equal([3, 2])
  })

  it('makes one lead of two parties that share a phone only where it is meant', async () => {
    const [event, other] = [await buildEvent(), await buildEvent()]
    const park = await parkOf(event.park)
    await joinEvent(event, { organisation: 'One', phone: '13700001111' })
    await joinEvent(event, { organisation: 'Two', phone: '13700002222' })
    expect(await makeLeads(park, event, await orderOf(event, { kind: 'pool' }, 'all'), BY)).to.deep.equal({ made: 2, added: 0 })
    // Another park's event, and its people, are none of this park's.
    expect(await planOf(park, { ...other, park: park._id }, 'all')).to.deep.equal([])
    const [first, second] = await leadsOf(event.park)
    await mergeLeads(event.park, first!._id, second!._id, BY)
    expect(new Set((await attendeesAt(event)).map(one => String(one.lead)))).to.deep.equal(new Set([String(first!._id)]))
    expect((await outcomesOf(event.park, [event._id])).get(String(event._id))!.leads).to.equal(1)
  })

  it('refuses a stranger as owner and an event that was called off', async () => {
    const event = await buildEvent()
    const stranger = await buildUser('reception', { park: event.park })
    await joinEvent(event, { organisation: 'One' })
    const order = await orderOf(event, to(stranger), 'all')
    const error = await makeLeads(await parkOf(event.park), event, order, BY).catch(one => one)
    expect([error.problem.key, error.problem.field]).to.deep.equal(['error.lead.noOwner', 'owner'])
    expect(await countOf(event.park)).to.equal(0)
    const draft = await buildEvent({ draft: true })
    const refused = await makeLeads(await parkOf(draft.park), draft, { who: 'all', rows: [], owner: { kind: 'pool' } }, BY).catch(
      one => one,
    )
    expect(refused.status).to.equal(409)
  })

  it('puts everybody into one party, those of one name together, whatever they wrote', () => {
    const name = fc.constantFrom('Acme', 'acme ', 'ACME Ltd', '\uff21cme', '', ' ', 'Beta', null)
    fc.assert(
      fc.property(fc.array(name, { maxLength: 30 }), names => {
        const people = names.map((organisation, i) => ({ _id: String(i), name: `P${i}`, organisation, checkIns: [] }))
        const parties = partiesOf(people as never, { sessions: [] })
        const all = parties.flatMap(party => party.people.map(one => String(one._id)))
        expect(all.sort()).to.deep.equal(people.map(one => one._id).sort())
        const orgs = new Set(names.flatMap(one => normalName(one ?? '') || []))
        const alone = names.filter(one => !normalName(one ?? '')).length
        expect(parties).to.have.length(orgs.size + alone)
        for (const party of parties) expect(party.name.trim()).to.not.equal('')
      }),
    )
  })

  it('is pressed by many at once, in any order: nobody becomes two', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 4 }),
        async (companies, cuts) => {
          const event = await buildEvent()
          const park = await parkOf(event.park)
          for (let i = 0; i < companies; i++) await joinEvent(event, { organisation: `Firm ${i}` })
          const order = await orderOf(event, { kind: 'pool' }, 'all')
          const presses = cuts.map(n => makeLeads(park, event, { ...order, rows: n ? order.rows.slice(0, n) : order.rows }, BY))
          const results = await Promise.allSettled(presses)
          for (const one of results) if (one.status === 'rejected' && one.reason.status !== 409) throw one.reason
          const leads = await leadsOf(event.park)
          expect(new Set(leads.map(one => one.normal)).size).to.equal(leads.length)
          const tied = (await attendeesAt(event)).filter(one => one.lead)
          expect(tied).to.have.length(leads.length)
        },
      ),
      { numRuns: 6 },
    )
  })

  it('shows the way from who was asked to what was let, per event, to who may see it, and exports it', async () => {
    const event = await buildEvent({ kind: 'forum', title: { zh: 'Forum of \u798f', en: null } })
    await companiesAt(event, 2)
    const who = await signedInAs('promotion', { park: event.park })
    const base = `/parks/${event.park}/programme/${event.code}`
    expect((await who.post(`${base}/leads`, fieldsOf(await orderOf(event, { kind: 'pool' }), 'me'))).headers['location']).to.equal(
      `${base}/outcome`,
    )
    const page = await who.get(`${base}/outcome`)
    expect([page.status, page.text.includes('Company 0') || page.text.includes('company 0')]).to.deep.equal([200, true])
    expect((await who.get(base)).text).to.include('event-funnel')
    const period = `from=${inDays(-1)}&to=${inDays(30)}`
    const report = await who.get(`/parks/${event.park}/reports/event-leads?${period}&format=csv`)
    expect(report.text.split('\r\n')[1]!.split(',').slice(3)).to.deep.equal(['0', '0', '2', '2', '2', '0', '0', '0', '0', '0'])
    expect((await who.get(`/parks/${event.park}/reports/event-leads?${period}`)).text).to.include('Forum of')
    const list = await who.get(`${base}/outcome?format=csv`)
    expect(list.text.trim().split('\r\n')).to.have.length(3)
    expect((await (await signedInAs('reception', { park: event.park })).get(`${base}/outcome`)).status).to.equal(403)
  })
})
