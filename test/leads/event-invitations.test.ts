import { expect } from 'chai'
import fc from 'fast-check'
import mongoose, { Types } from 'mongoose'
import { Attendee } from '../../src/events/attendee.ts'
import { checkIn } from '../../src/events/check-in.ts'
import { cancelEvent } from '../../src/events/programme.ts'
import { giveUpPlace } from '../../src/events/sign-up.ts'
import { eventChecks } from '../../src/leads/checks-events.ts'
import { LeadEntry } from '../../src/leads/entry.ts'
import { EventInvitation, invitedState } from '../../src/leads/event-invitation.ts'
import { inviteLeads, remindInvited } from '../../src/leads/event-invitations.ts'
import { eventsOfLead } from '../../src/leads/events-of-lead.ts'
import type { Lead } from '../../src/leads/lead.ts'
import { mergeLeads } from '../../src/leads/merge.ts'
import { setClock } from '../../src/lib/clock.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { eventLeadFindings, invitationOf } from '../setup/event-leads.ts'
import { begin, buildEvent, sessionOn } from '../setup/events.ts'
import { BY } from '../setup/factories.ts'
import { buildLead, leadNow } from '../setup/leads.ts'
import { parkOf } from '../setup/mentoring.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { Visitor } from '../setup/visitor.ts'

const DAY = 86_400_000
let serial = 0
const reachable = async (park: string): Promise<{ lead: Lead; email: string }> => {
  serial += 1
  const email = `guest-of-lead-${serial}@example.com`
  const contacts = [{ name: `Guest ${serial}`, title: null, phone: `1360000${String(serial).padStart(4, '0')}`, email }]
  return { lead: (await buildLead(park, { contacts })).lead, email }
}

/** Leads asked to an event: once each, by a link that is theirs alone. */
describe('invitations of leads', function () {
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

  it('asks each lead once, however many press in two processes, and tells who can’t be reached', async () => {
    const event = await buildEvent({ kind: 'briefing' })
    const leads = []
    for (let i = 0; i < 6; i++) leads.push(await reachable(event.park))
    const silent = (await buildLead(event.park)).lead
    const people = [
      await signedInAs('promotion', { park: event.park }),
      await signedInAs('manager', { park: event.park }, new Visitor(second.url)),
    ]
    for (const who of people) await who.token()
    const path = `/parks/${event.park}/programme/${event.code}/invitations`
    const page = await people[0]!.get(`${path}/new`)
    expect([page.status, page.text.includes(silent.number), page.text.includes(leads[0]!.email)]).to.deep.equal([200, true, false])
    const body = { leads: [...leads.map(one => String(one.lead._id)), String(silent._id)], channel: 'mail' }
    const answers = await Promise.all([0, 1, 0, 1].map(i => people[i]!.post(path, body)))
    expect(new Set(answers.map(answer => answer.status))).to.deep.equal(new Set([303]))
    for (const { email } of leads)
      expect(await Mail.countDocuments({ to: email, key: 'notice.leadEvent.invited', secret: true })).to.equal(1)
    expect(await EventInvitation.countDocuments({ park: event.park })).to.equal(6)
    expect(await LeadEntry.countDocuments({ park: event.park, kind: 'event', 'params.what': 'invited' })).to.equal(6)
    // Whom no mail reaches was called.
    expect((await people[0]!.post(path, { leads: String(silent._id), channel: 'phone' })).status).to.equal(303)
    const list = await people[0]!.get(path)
    expect([list.text.includes(silent.number), list.text.includes(leads[0]!.lead.number)]).to.deep.equal([true, true])
    expect((await people[0]!.post(path, { channel: 'mail' })).status).to.equal(422)
    expect((await people[0]!.get(`${path}?format=csv&state=invited`)).text.trim().split('\r\n')).to.have.length(8)
    // No address tells who it is of; the database keeps none of them.
    const link = await invitationOf(leads[0]!.email)
    expect(link).to.match(/\/invitations\/[\w-]{32}$/)
    expect(await EventInvitation.countDocuments({ park: event.park, hashes: link.split('/').at(-1)! })).to.equal(0)
  })

  it('opens the sign-up filled in, ties who signs up to the lead, and tells its owner', async () => {
    const event = await buildEvent({ audience: 'tenants' })
    const { lead, email } = await reachable(event.park)
    await inviteLeads(await parkOf(event.park), event, [lead._id], 'mail', BY)
    const link = await invitationOf(email)
    const who = visitor()
    const page = await who.get(link)
    expect([
      page.status,
      page.headers['referrer-policy'],
      page.text.includes(email),
      page.text.includes(lead.contacts[0]!.phone!),
    ]).to.deep.equal([200, 'no-referrer', true, true])
    expect((await EventInvitation.findOne({ park: event.park, lead: lead._id }).lean().orFail()).openedAt).to.not.equal(null)
    const fields = { name: lead.contacts[0]!.name, phone: lead.contacts[0]!.phone!, email, organisation: lead.name, consent: 'on' }
    expect((await who.post(link, { ...fields, consent: undefined })).status).to.equal(422)
    await who.post(link, { ...fields, website: 'https://spam.example.com' })
    expect(await Attendee.countDocuments({ park: event.park })).to.equal(0)
    expect((await who.post(link, fields)).headers['location']).to.equal(`/parks/${event.park}/attendance/own`)
    expect((await who.post(link, fields)).status, 'twice').to.equal(409)
    const made = (await Attendee.findOne({ park: event.park, event: event._id }).lean().orFail()) as Attendee
    expect(String(made.lead)).to.equal(String(lead._id))
    expect((await eventsOfLead(event.park, lead)).map(one => [one.state, one.people.length])).to.deep.equal([['signedUp', 1]])
    expect((await who.post(`${link}/declination`)).status, 'has a place').to.equal(409)
    expect((await who.get(link)).text).to.not.include(lead.contacts[0]!.phone!)
    const entries = await LeadEntry.find({ park: event.park, lead: lead._id, kind: 'event' }).sort({ at: 1 }).lean()
    expect(entries.map(one => one.params['what'])).to.deep.equal(['invited', 'signedUp'])
    begin(event)
    await checkIn(await parkOf(event.park), { attendee: made._id, session: event.sessions[0]!._id }, BY)
    expect((await eventsOfLead(event.park, lead))[0]!.state).to.equal('came')
    // A link of another event, or of another park, opens nothing.
    const other = await buildEvent({ park: event.park })
    expect((await who.get(link.replace(event.code, other.code))).status).to.equal(404)
    expect((await who.get(link.replace(/[\w-]{32}$/, 'x'.repeat(32)))).status).to.equal(404)
  })

  it('takes a no, lets them think again, and asks again only who hasn’t answered, once a day', async () => {
    const event = await buildEvent({ sessions: [sessionOn(9)] })
    const park = await parkOf(event.park)
    const [yes, no, silent] = [await reachable(event.park), await reachable(event.park), await reachable(event.park)]
    await inviteLeads(park, event, [yes.lead._id, no.lead._id, silent.lead._id], 'mail', BY)
    const who = visitor()
    expect((await who.post(`${await invitationOf(no.email)}/declination`)).status).to.equal(303)
    expect((await who.post(`${await invitationOf(no.email)}/declination`)).status).to.equal(303)
    expect(await LeadEntry.countDocuments({ park: park._id, lead: no.lead._id, 'params.what': 'declined' })).to.equal(1)
    const sign = async (link: string, email: string) =>
      visitor().post(link, { name: 'Guest', phone: `1350000${String((serial += 1)).padStart(4, '0')}`, email, consent: 'on' })
    await sign(await invitationOf(yes.email), yes.email)
    expect(await remindInvited(park, event, BY), 'today was the mail').to.equal(0)
    setClock(new Date(Date.now() + DAY))
    const first = await invitationOf(silent.email)
    const presses = await Promise.all([remindInvited(park, event, BY), remindInvited(park, event, BY), remindInvited(park, event, BY)])
    expect(presses.sort()).to.deep.equal([0, 0, 1])
    expect(await Mail.countDocuments({ to: silent.email, key: 'notice.leadEvent.invited' })).to.equal(2)
    for (const link of [first, await invitationOf(silent.email)]) expect((await who.get(link)).status).to.equal(200)
    expect(await Mail.countDocuments({ to: { $in: [yes.email, no.email] }, key: 'notice.leadEvent.invited' })).to.equal(2)
    expect((await sign(await invitationOf(no.email), no.email)).status, 'thought again').to.equal(303)
    // Who gave the place back hasn’t answered.
    const back = (await Attendee.findOne({ park: park._id, lead: yes.lead._id }).lean().orFail()) as Attendee
    await giveUpPlace(park, back._id, BY)
    setClock(new Date(Date.now() + 2 * DAY))
    expect(await remindInvited(park, event, BY)).to.equal(2)
    await cancelEvent(park, event.code, event.version, 'Snow', BY)
    const refused = await inviteLeads(park, { ...event, state: 'cancelled' }, [yes.lead._id], 'mail', BY).catch(error => error)
    expect(refused.status).to.equal(409)
  })

  it('moves with a merge: one invitation to each event, all links alive', async () => {
    const [both, one] = [await buildEvent(), await buildEvent()]
    const park = await parkOf(both.park)
    const [a, b] = [await reachable(both.park), await reachable(both.park)]
    await inviteLeads(park, both, [a.lead._id, b.lead._id], 'mail', BY)
    const links = [await invitationOf(a.email), await invitationOf(b.email)]
    expect((await visitor().get(links[1]!)).status).to.equal(200)
    await mergeLeads(park._id, a.lead._id, b.lead._id, BY)
    expect(await EventInvitation.countDocuments({ park: park._id })).to.equal(1)
    for (const link of links) expect((await visitor().get(link)).status).to.equal(200)
    expect((await eventsOfLead(park._id, await leadNow(a.lead))).map(row => row.state)).to.deep.equal(['opened'])
    expect(one.park).to.not.equal(both.park)
  })

  it('derives what became of an invitation from the people, whatever order they come in', () => {
    const person = fc.record({ state: fc.constantFrom('going', 'waiting', 'cancelled'), checkIns: fc.constantFrom([], [{}]) })
    const date = fc.option(fc.constant(new Date()))
    fc.assert(
      fc.property(date, date, fc.array(person, { maxLength: 4 }), (openedAt, declinedAt, people) => {
        const state = invitedState({ openedAt, declinedAt }, people as never)
        const there = people.filter(one => one.state !== 'cancelled')
        expect(state === 'came').to.equal(there.some(one => one.checkIns.length > 0))
        expect(['came', 'signedUp'].includes(state)).to.equal(there.length > 0)
        expect(state).to.equal(invitedState({ openedAt, declinedAt }, [...people].reverse() as never))
      }),
    )
  })

  it('is found by the doctor where somebody changed it behind the product’s back', async () => {
    const event = await buildEvent()
    const { lead } = await reachable(event.park)
    await inviteLeads(await parkOf(event.park), event, [lead._id], 'mail', BY)
    const rows = mongoose.connection.collection('eventinvitations')
    const before = (await rows.findOne({ lead: lead._id }))!
    for (const damage of [{ lead: new Types.ObjectId() }, { event: new Types.ObjectId() }, { hashes: [] }]) {
      await rows.updateOne({ _id: before._id }, { $set: damage })
      const found: string[] = []
      for (const check of eventChecks) await check.run((_message, subject) => found.push(String(subject?.id)))
      await rows.replaceOne({ _id: before._id }, before)
      expect(found, JSON.stringify(damage)).to.include(String(before._id))
    }
  })
})
