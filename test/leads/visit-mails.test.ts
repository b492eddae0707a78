import { expect } from 'chai'
import ICAL from 'ical.js'
import { User } from '../../src/accounts/user.ts'
import type { Lead } from '../../src/leads/lead.ts'
import { loseLead } from '../../src/leads/steps.ts'
import type { Visit } from '../../src/leads/visit.ts'
import '../../src/leads/visit-follow.ts'
import { remindOfVisits } from '../../src/leads/visit-reminders.ts'
import { cancelVisit, moveVisit, planVisit } from '../../src/leads/visits.ts'
import { setClock } from '../../src/lib/clock.ts'
import { letterOf } from '../../src/notifications/mailer.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import type { WholePark } from '../../src/parks/park.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildUnit, buildUser, inDays } from '../setup/factories.ts'
import { buildLead } from '../setup/leads.ts'
import { buildVisit, visitFacts, visitNow } from '../setup/visits.ts'

const GUEST = 'guest@example.org'

function readEvent(mail: Mail) {
  const calendar = new ICAL.Component(ICAL.parse(mail.calendar!.text))
  const components = calendar.getAllSubcomponents('vevent')
  expect(components).to.have.length(1)
  const event = new ICAL.Event(components[0]!)
  expect(String(calendar.getFirstPropertyValue('method'))).to.equal(mail.calendar!.method)
  return {
    method: mail.calendar!.method,
    uid: event.uid,
    sequence: event.sequence,
    status: String(components[0]!.getFirstPropertyValue('status')),
    start: event.startDate.toJSDate().toISOString(),
    end: event.endDate.toJSDate().toISOString(),
    summary: event.summary,
    location: event.location,
    description: event.description,
    attendees: event.attendees.map(one => String(one.getFirstValue()).replace(/^mailto:/i, '')),
  }
}

const mailsTo = async (to: string) => (await Mail.find({ to }).sort({ _id: 1 }).lean()) as Mail[]
const keysTo = async (to: string) => (await mailsTo(to)).map(mail => mail.key.replace('notice.visit.', ''))
const newest = async (to: string) => readEvent((await mailsTo(to)).at(-1)!)

describe('mails of a visit', () => {
  useDatabase()
  let park: WholePark
  let lead: Lead
  let host: User
  beforeEach(async () => {
    await Mail.deleteMany({})
    park = await buildPark()
    const made = await buildLead(park._id, { name: 'Secret <b>name</b>; "x"' })
    ;[lead, host] = [made.lead, made.owner!]
  })
  afterEach(() => setClock(null))
  const guests = [
    { name: 'Zhang "San"', email: GUEST },
    { name: 'Nobody', email: null },
  ]
  const move = async (visit: Visit, more: object) => {
    const { version } = await visitNow(visit)
    return moveVisit(park, visit._id, version, visitFacts(host._id, { guests, ...more }), BY)
  }

  it('invite guests and host to the same event, and follow it with a rising sequence', async () => {
    const unit = await buildUnit({ park: park._id })
    const visit = await buildVisit(lead, { guests, units: [unit._id] })
    const [guest, own] = [await newest(GUEST), await newest(host.email)]
    expect(guest).to.include({ method: 'REQUEST', status: 'CONFIRMED', sequence: 0, uid: own.uid })
    expect([guest.start, guest.end]).to.deep.equal([visit.startsAt.toISOString(), visit.endsAt.toISOString()])
    expect(guest.attendees).to.deep.equal([GUEST])
    expect(guest.location).to.include('Lobby')
    expect(guest.description).to.include(unit.code)
    // Whom the park deals with is for its own people.
    expect(own.summary).to.include(lead.name)
    expect(JSON.stringify(guest)).to.not.include('Secret')
    const [mail] = await mailsTo(GUEST)
    expect([mail!.path, mail!.replyTo]).to.deep.equal(['', host.email])
    expect(letterOf(mail!, 'http://x').text).to.not.include('undefined').and.not.include('Secret')
    await move(visit, { units: [unit._id], from: 700, to: 760 })
    expect(await newest(GUEST)).to.include({ method: 'REQUEST', sequence: 1, uid: guest.uid })
    // Another guest is no news to the first; the second gets what is now.
    await move(visit, { units: [unit._id], from: 700, to: 760, guests: [...guests, { name: 'B', email: 'b@example.org' }] })
    expect(await keysTo(GUEST)).to.deep.equal(['guest.invited', 'guest.changed'])
    expect(await newest('b@example.org')).to.include({ method: 'REQUEST', sequence: 2 })
    // Who is taken off the list hears that they need not come; a note is nobody's news.
    await move(visit, { units: [unit._id], from: 700, to: 760, note: 'Bring keys' })
    expect(await newest('b@example.org')).to.include({ method: 'CANCEL', status: 'CANCELLED', sequence: 3 })
    const count = await Mail.countDocuments()
    await move(visit, { units: [unit._id], from: 700, to: 760, note: 'Bring all keys' })
    expect(await Mail.countDocuments()).to.equal(count)
    const { version } = await visitNow(visit)
    await cancelVisit(park, visit._id, version, 'Snow', BY)
    expect(await newest(GUEST)).to.include({ method: 'CANCEL', status: 'CANCELLED', sequence: 4, uid: guest.uid })
    expect(letterOf((await mailsTo(GUEST)).at(-1)!, '').text).to.include('Snow')
    expect(await newest(host.email)).to.include({ method: 'CANCEL', sequence: 4 })
    expect(await keysTo('b@example.org'), 'whose it was no more').to.deep.equal(['guest.invited', 'guest.calledOff'])
  })

  it('tell a new host and the old one, write each address once, and in the language of who has an account', async () => {
    const next = await buildUser('manager', { park: park._id })
    await User.updateOne({ _id: next._id }, { lang: 'en' })
    const twice = [...guests, { name: 'Again', email: GUEST.toUpperCase() }, { name: 'Host', email: host.email }]
    const visit = await buildVisit(lead, { guests: twice })
    expect(await keysTo(GUEST)).to.deep.equal(['guest.invited'])
    expect(await keysTo(host.email)).to.deep.equal(['own.invited'])
    await moveVisit(park, visit._id, 0, visitFacts(next._id, { guests }), BY)
    expect(await keysTo(host.email)).to.deep.equal(['own.invited', 'own.calledOff'])
    const [mail] = await mailsTo(next.email)
    expect([mail!.lang, mail!.key]).to.deep.equal(['en', 'notice.visit.own.invited'])
    expect(await Notification.countDocuments({ user: next._id, key: 'visit.own.invited' })).to.equal(1)
    expect(await keysTo(GUEST)).to.deep.equal(['guest.invited', 'guest.changed'])
  })

  it('confirm to who plans their own visit, without a bell', async () => {
    await planVisit(park, lead._id, visitFacts(host._id, { guests }), { id: String(host._id), name: host.name })
    expect(await keysTo(host.email)).to.deep.equal(['own.invited'])
    expect(await Notification.countDocuments({ user: host._id })).to.equal(0)
  })

  it('say nothing of an hour that is over, nor why a lead was lost', async () => {
    await buildVisit(lead, { guests, day: inDays(0), from: 0, to: 1 })
    expect(await keysTo(GUEST)).to.deep.equal([])
    await buildVisit(lead, { guests })
    await loseLead(park._id, lead._id, { reason: 'price', note: 'Their offer was an insult' }, BY)
    const last = (await mailsTo(GUEST)).at(-1)!
    expect([last.key, last.calendar!.method]).to.deep.equal(['notice.visit.guest.calledOff', 'CANCEL'])
    expect(letterOf(last, '').text).to.not.include('insult')
  })

  it('remind the day before, once, and again of another day', async () => {
    const visit = await buildVisit(lead, { guests, day: inDays(3) })
    const off = await buildVisit(lead, { guests, day: inDays(3), from: 800, to: 830 })
    await cancelVisit(park, off._id, 0, 'No', BY)
    expect(await remindOfVisits(park)).to.equal(0)
    setClock(new Date(visit.startsAt.getTime() - 86_400_000))
    const runs = await Promise.all([remindOfVisits(park), remindOfVisits(park), remindOfVisits(park)])
    expect(runs.reduce((sum, one) => sum + one, 0)).to.equal(1)
    expect(await remindOfVisits(park)).to.equal(0)
    expect((await keysTo(GUEST)).filter(key => key === 'guest.reminder')).to.have.length(1)
    expect((await keysTo(host.email)).filter(key => key === 'own.reminder')).to.have.length(1)
    await move(visit, { day: inDays(2) })
    setClock(new Date(visit.startsAt.getTime()))
    expect(await remindOfVisits(park)).to.equal(1)
  })
})
