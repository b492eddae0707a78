import { expect } from 'chai'
import { AuditEntry } from '../../src/audit/entry.ts'
import type { Attendee } from '../../src/events/attendee.ts'
import { giveCertificate } from '../../src/events/certificate.ts'
import { checkIn, undoCheckIn } from '../../src/events/check-in.ts'
import type { Event } from '../../src/events/event.ts'
import { giveFeedback, setTenant } from '../../src/events/own-place.ts'
import { cancelEvent, editEvent, publishEvent } from '../../src/events/programme.ts'
import { remindOfEvents } from '../../src/events/reminders.ts'
import { eventReport } from '../../src/events/report.ts'
import { newToken } from '../../src/events/secrets.ts'
import { giveUpPlace, signUp } from '../../src/events/sign-up.ts'
import { setClock } from '../../src/lib/clock.ts'
import { instantAt } from '../../src/lib/wall.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { mergeTenants } from '../../src/overview/merge-tenants.ts'
import { useDatabase } from '../setup/database.ts'
import { attendeeNow, begin, buildEvent, eventNow, factsOf, findings, finish, joinEvent, sessionOn, someone } from '../setup/events.ts'
import { BY, buildPark, buildTenant, buildUser, inDays } from '../setup/factories.ts'
import { parkOf } from '../setup/mentoring.ts'

const refused = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    error => error.problem?.key ?? String(error),
  )
const mailsTo = async (email: string): Promise<string[]> =>
  (await Mail.find({ to: email }).sort({ _id: 1 }).lean()).map(mail => mail.key.replace('notice.event.', ''))
const edited = async (event: Event, more: object) => {
  const { version, sessions } = await eventNow(event)
  return editEvent(await parkOf(event.park), event.code, version, factsOf({ sessions, ...more }), BY)
}
const giveUp = async (attendee: Attendee) => giveUpPlace(await parkOf(attendee.park), attendee._id, BY)

describe('places of an event', () => {
  useDatabase()
  afterEach(async () => {
    expect(await findings()).to.deep.equal([])
  })

  it('gives places while there are some, then numbers in line, and moves up in order', async () => {
    const event = await buildEvent({ capacity: 2 })
    const people = []
    for (let i = 0; i < 5; i++) people.push(await joinEvent(event))
    expect(people.map(({ attendee }) => attendee.state)).to.deep.equal(['going', 'going', 'waiting', 'waiting', 'waiting'])
    const [first, , third, fourth, fifth] = people.map(({ attendee }) => attendee)
    await giveUp(fourth!)
    await giveUp(first!)
    expect([(await attendeeNow(third!)).state, (await attendeeNow(fifth!)).state]).to.deep.equal(['going', 'waiting'])
    expect(await mailsTo(third!.email!)).to.deep.equal(['waiting', 'promoted'])
    expect(await refused(giveUp(first!))).to.equal('error.event.gone')
    await edited(event, { capacity: 3 })
    expect((await attendeeNow(fifth!)).state).to.equal('going')
    expect(await refused(edited(event, { capacity: 2 }))).to.equal('error.event.capacityTaken')
    const { taken, waiting } = await eventNow(event)
    expect([taken, waiting]).to.deep.equal([3, 0])
  })

  it('takes a phone and a mail once, until the place is given back', async () => {
    const event = await buildEvent()
    const { attendee } = await joinEvent(event, { phone: '13911112222', email: 'one@example.com' })
    expect(await refused(joinEvent(event, { phone: '+86 139-1111-2222' }))).to.equal('error.event.twice')
    expect(await refused(joinEvent(event, { email: 'one@example.com' }))).to.equal('error.event.twice')
    await giveUp(attendee)
    const { attendee: again } = await joinEvent(event, { phone: '139 1111 2222', email: 'one@example.com' })
    expect(again._id.equals(attendee._id)).to.equal(false)
    // Of people without phone and mail there may be many.
    for (let i = 0; i < 2; i++) await joinEvent(event, { phone: null, email: null })
  })

  it('mails a link that opens the place, and another with each later mail', async () => {
    const event = await buildEvent({ capacity: 1 })
    const { attendee: first } = await joinEvent(event)
    const { attendee, token } = await joinEvent(event)
    await giveUp(first)
    const paths = (await Mail.find({ to: attendee.email! }).sort({ _id: 1 }).lean()).map(mail => mail.path)
    expect(paths[0]).to.equal(`/parks/${event.park}/attendance/${token}`)
    expect(paths[1])
      .to.match(/\/attendance\/[\w-]{32}$/)
      .and.not.equal(paths[0])
    expect((await attendeeNow(attendee)).hashes).to.have.length(2)
    const mail = await Mail.findOne({ to: attendee.email!, key: 'notice.event.promoted' }).lean().orFail()
    expect([mail.secret, mail.calendar?.method]).to.deep.equal([true, 'PUBLISH'])
    expect(mail.calendar!.text).to.include('BEGIN:VEVENT')
  })

  it('asks staff to call who got a place and left no mail', async () => {
    const event = await buildEvent({ capacity: 1 })
    const manager = await buildUser('manager', { park: event.park })
    const { attendee: first } = await joinEvent(event)
    await joinEvent(event, { email: null, name: 'Nobody’s mail' })
    await giveUp(first)
    const mail = await Mail.findOne({ to: manager.email, key: 'notice.event.call' }).lean().orFail()
    expect(mail.params['name']).to.equal('Nobody’s mail')
  })

  it('lets sign up only in time, only for what is published, and only those it is for', async () => {
    const draft = await buildEvent({ draft: true })
    expect(await refused(joinEvent(draft))).to.match(/notFound|Not found|404/i)
    const early = await buildEvent({ signUpFrom: inDays(1) })
    expect(await refused(joinEvent(early))).to.equal('error.event.early')
    const own = await buildEvent({ audience: 'tenants' })
    expect(await refused(joinEvent(own))).to.equal('error.event.tenantsOnly')
    const park = await parkOf(own.park)
    const how = { source: 'public' as const, token: newToken(), consent: true, insider: true }
    expect((await signUp(park, own.code, someone(), how, BY)).state).to.equal('going')
    const event = await buildEvent()
    begin(event)
    expect(await refused(joinEvent(event))).to.equal('error.event.closed')
    const added = await signUp(await parkOf(event.park), event.code, someone(), { source: 'staff', token: newToken(), consent: false }, BY)
    expect(added.consentAt).to.equal(null)
    finish(event)
    expect(await refused(joinEvent(event))).to.equal('error.event.over')
  })

  it('publishes and calls off once, and tells everybody once', async () => {
    const event = await buildEvent({ capacity: 1 })
    const people = [await joinEvent(event), await joinEvent(event)].map(({ attendee }) => attendee.email!)
    const park = await parkOf(event.park)
    const { version } = await eventNow(event)
    expect(await refused(publishEvent(park, event.code, version, BY))).to.equal('error.event.notDraft')
    expect(await refused(cancelEvent(park, event.code, version - 1, 'Snow', BY))).to.equal('error.stale')
    await cancelEvent(park, event.code, version, 'Snow', BY)
    expect(await refused(cancelEvent(park, event.code, version + 1, 'Snow', BY))).to.equal('error.event.cancelled')
    for (const email of people) expect((await mailsTo(email)).filter(key => key === 'calledOff')).to.have.length(1)
    expect(await refused(joinEvent(event))).to.equal('error.event.cancelled')
    const late = await buildEvent({ draft: true })
    finish(late)
    expect(await refused(publishEvent(await parkOf(late.park), late.code, 0, BY))).to.equal('error.event.past')
  })

  it('tells of a new time, not of a new word, and keeps a session people came to', async () => {
    const event = await buildEvent({ sessions: [sessionOn(0, { from: 0, to: 1 }), sessionOn(2)], signUpUntil: inDays(1) })
    const { attendee } = await joinEvent(event)
    const [first, second] = event.sessions
    await edited(event, { summary: { zh: 'New', en: null }, signUpUntil: inDays(1) })
    expect(await mailsTo(attendee.email!)).to.deep.equal(['going'])
    await edited(event, { sessions: [first, { ...second, from: 900 }], signUpUntil: inDays(1) })
    expect(await mailsTo(attendee.email!)).to.deep.equal(['going', 'changed'])
    await checkIn(await parkOf(event.park), { attendee: attendee._id, session: first!._id }, BY)
    expect(await refused(edited(event, { sessions: [second] }))).to.equal('error.event.sessionUsed')
    expect(await refused(edited(event, { sessions: [first, { ...first, _id: second!._id }] }))).to.equal('error.event.sessionOverlap')
    expect(await refused(edited(event, { sessions: [] }))).to.equal('error.event.noSession')
    expect(await refused(edited(event, { certificateFrom: 3 }))).to.equal('error.event.certificateFrom')
    expect(await refused(giveUp(attendee))).to.equal('error.event.wasThere')
  })

  it('reminds of each session the day before, once', async () => {
    const event = await buildEvent({ sessions: [sessionOn(3), sessionOn(6)], signUpUntil: inDays(6) })
    const { attendee } = await joinEvent(event)
    const zone = (await parkOf(event.park)).zone
    const mornings = [1, 2, 5].map(after => instantAt(inDays(after), 540, zone))
    const reminders = async () => (await mailsTo(attendee.email!)).filter(key => key === 'reminder').length
    setClock(mornings[0]!)
    await remindOfEvents()
    expect(await reminders()).to.equal(0)
    setClock(mornings[1]!)
    await Promise.all([remindOfEvents(), remindOfEvents()])
    await remindOfEvents()
    expect(await reminders()).to.equal(1)
    setClock(mornings[2]!)
    await remindOfEvents()
    expect(await reminders()).to.equal(2)
  })

  it('checks in once per session from its day on, certifies once, and hears once what people thought', async () => {
    const event = await buildEvent({ sessions: [sessionOn(3), sessionOn(4)], certificateFrom: 2 })
    const park = await parkOf(event.park)
    const [{ attendee }, { attendee: other }] = [await joinEvent(event), await joinEvent(event)]
    const at = (i: number, who = attendee) => ({ attendee: who._id, session: event.sessions[i]!._id })
    expect(await refused(checkIn(park, at(0), BY))).to.equal('error.event.checkInEarly')
    begin(event)
    expect([await checkIn(park, at(0), BY), await checkIn(park, at(0), BY)]).to.deep.equal([true, false])
    await undoCheckIn(park, at(0), BY)
    const [checked, undone] = await AuditEntry.find({ park: park._id, action: /^attendee\.(checkIn|undo)$/ })
      .sort({ _id: 1 })
      .lean()
    const session = checked!.changes[0]!.after
    expect(undone!.changes).to.deep.equal([{ field: 'session', before: session, after: null }])
    expect(await checkIn(park, at(0), BY)).to.equal(true)
    expect(await refused(giveCertificate(park, attendee._id, BY))).to.equal('error.event.notEarned')
    expect(await refused(giveFeedback(park._id, attendee._id, { stars: 5, words: null }, BY))).to.equal('error.event.feedbackEarly')
    finish(event)
    expect(await checkIn(park, at(1), BY), 'noted afterwards').to.equal(true)
    const [one, two] = await Promise.all([giveCertificate(park, attendee._id, BY), giveCertificate(park, attendee._id, BY)])
    expect([one.number, one.minutes, one.sessions]).to.deep.equal([two.number, 240, 2])
    expect(one.number).to.match(/-\d{4}-0001$/)
    expect(await refused(undoCheckIn(park, at(1), BY))).to.equal('error.event.certified')
    await giveFeedback(park._id, attendee._id, { stars: 4, words: 'Good' }, BY)
    expect(await refused(giveFeedback(park._id, attendee._id, { stars: 1, words: null }, BY))).to.equal('error.event.feedbackTwice')
    const period = { from: inDays(-1), to: inDays(30) }
    const { total } = await eventReport(park._id, period)
    expect(total).to.deep.include({
      events: 1,
      sessions: 2,
      signUps: 2,
      came: 1,
      noShows: 1,
      checkIns: 2,
      minutes: 240,
      stars: 4,
      rated: 1,
    })
    expect(await refused(giveUp(other))).to.equal('error.event.over')
    await edited(event, { sessions: event.sessions, capacity: 9, certificateFrom: 2, summary: { zh: 'Was held', en: null } })
    expect(await mailsTo(other.email!)).to.deep.equal(['going'])
  })

  it('counts hours for companies, and follows them through a merge', async () => {
    const park = await parkOf((await buildPark())._id)
    const [kept, gone] = [await buildTenant(park._id), await buildTenant(park._id)]
    const event = await buildEvent({ park: park._id })
    const { attendee } = await joinEvent(event, { tenant: gone._id })
    const { attendee: late } = await joinEvent(event)
    begin(event)
    for (const { _id } of [attendee, late]) await checkIn(park, { attendee: _id, session: event.sessions[0]!._id }, BY)
    await setTenant(park._id, late._id, kept._id, BY)
    await mergeTenants(park._id, kept._id, gone._id, BY)
    expect((await attendeeNow(attendee)).tenant?.equals(kept._id)).to.equal(true)
    const { tenants } = await eventReport(park._id, { from: inDays(0), to: inDays(9) })
    expect(tenants).to.deep.equal([{ tenant: kept._id, name: kept.name, people: 2, checkIns: 2, minutes: 240 }])
  })
})
