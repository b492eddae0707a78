import { expect } from 'chai'
import { AuditEntry } from '../../src/audit/entry.ts'
import { Attendee } from '../../src/events/attendee.ts'
import { checkIn } from '../../src/events/check-in.ts'
import { eventPath, publicEventPath } from '../../src/events/event.ts'
import { placePath } from '../../src/events/secrets.ts'
import { setClock } from '../../src/lib/clock.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { attendeeNow, begin, buildCertified, buildEvent, eventNow, finish, joinEvent, sessionOn } from '../setup/events.ts'
import { BY, buildPark, buildTenant, inDays } from '../setup/factories.ts'
import { parkOf } from '../setup/mentoring.ts'
import type { Visitor } from '../setup/visitor.ts'

const PERSON = { name: 'Somebody New', phone: '139 8888 7777', email: 'New@Example.com', organisation: 'A team', consent: 'on' }
const LINK = 'https://meet.example.com/secret'

describe('pages of events', () => {
  useDatabase()

  it('shows the public what is published, never drafts nor the address of an online meeting', async () => {
    const event = await buildEvent({ sessions: [sessionOn(3, { online: LINK })], title: { zh: 'Open course', en: null } })
    const draft = await buildEvent({ park: event.park, draft: true, title: { zh: 'Hidden draft', en: null } })
    const who = visitor()
    const list = await who.get(`/parks/${event.park}/events`)
    expect(list.text).to.include('Open course').and.not.include('Hidden draft')
    const page = await who.get(publicEventPath(event))
    expect([page.status, page.text.includes('name="phone"'), page.text.includes(LINK)]).to.deep.equal([200, true, false])
    expect((await who.get(publicEventPath(draft))).status).to.equal(404)
    expect((await who.get(publicEventPath({ ...event, park: (await buildPark())._id }))).status).to.equal(404)
  })

  it('signs anybody up: a page of their own, its code, calendar, and the way back', async () => {
    const event = await buildEvent({ sessions: [sessionOn(3, { online: LINK })] })
    const who = visitor()
    const form = `${publicEventPath(event)}/attendees`
    const faulty = await who.post(form, { ...PERSON, phone: 'x', consent: undefined })
    expect([faulty.status, faulty.text.includes('Somebody New')]).to.deep.equal([422, true])
    expect((await who.post(form, { ...PERSON, website: 'https://spam.example.com' })).headers['location']).to.equal(publicEventPath(event))
    expect(await Attendee.countDocuments({ park: event.park, event: event._id }), 'a robot').to.equal(0)
    const answer = await who.post(form, PERSON)
    expect(answer.headers['location']).to.equal(`/parks/${event.park}/attendance/own`)
    const own = (await who.get(answer.headers['location']!)).headers['location']!
    expect(own).to.match(/\/attendance\/[\w-]{32}$/)
    const page = await who.get(own)
    expect(page.text).to.include('Somebody New').and.include(LINK).and.include('qr.svg')
    expect(page.headers['referrer-policy']).to.equal('no-referrer')
    const made = (await Attendee.findOne({ park: event.park, event: event._id }).lean().orFail()) as Attendee
    expect([made.phone, made.email, made.consentAt !== null]).to.deep.equal(['13988887777', 'new@example.com', true])
    expect((await who.get(`${own}/qr.svg`)).headers['content-type']).to.include('svg')
    expect((await who.get(`${own}/calendar.ics`)).text).to.include('BEGIN:VEVENT')
    expect((await who.get(`${own}/certificate.pdf`)).status).to.equal(404)
    const twice = await visitor().post(form, { ...PERSON, email: 'other@example.com' })
    expect([twice.status, twice.text.includes('Somebody New')]).to.deep.equal([409, true])
    expect((await who.post(`${own}/cancellation`)).status).to.equal(303)
    expect((await who.get(`${own}/calendar.ics`)).status).to.equal(404)
    expect((await eventNow(event)).taken).to.equal(0)
    expect((await who.get(placePath(event.park, 'x'.repeat(32)))).status).to.equal(404)
  })

  it('keeps the place of who is signed in to themselves, under their account', async () => {
    const event = await buildEvent({ audience: 'tenants' })
    const tenant = await buildTenant(event.park)
    const owner = await signedInAs('owner', { park: event.park, tenant: tenant._id })
    const form = `${publicEventPath(event)}/attendees`
    expect((await visitor().get(publicEventPath(event))).text).to.not.include('name="phone"')
    expect((await visitor().post(form, PERSON)).status).to.equal(422)
    const email = /name="email" value="([^"]+)"/.exec((await owner.get(publicEventPath(event))).text)![1]!
    expect((await owner.post(form, { ...PERSON, email })).status).to.equal(303)
    const made = (await Attendee.findOne({ park: event.park, event: event._id }).lean().orFail()) as Attendee
    expect([String(made.user), String(made.tenant)]).to.deep.equal([owner.userId, String(tenant._id)])
    const page = placePath(event.park, String(made._id))
    expect((await owner.get(page)).status).to.equal(200)
    expect((await owner.get(`/parks/${event.park}/attendance`)).text).to.include(page)
    expect((await visitor().get(page)).headers['location']).to.match(/^\/sign-in\?next=/)
    expect((await (await signedInAs('member', { park: event.park, tenant: tenant._id })).get(page)).status).to.equal(404)
    // A colleague is signed up under no account, with an address of their own.
    expect((await owner.post(form, { ...PERSON, phone: '13700000001', email: 'colleague@example.com' })).status).to.equal(303)
    const colleague = await Attendee.findOne({ park: event.park, email: 'colleague@example.com' }).lean().orFail()
    expect([colleague.user, String(colleague.tenant)]).to.deep.equal([null, String(tenant._id)])
  })

  it('writes, publishes, edits and calls an event off, each from the version one saw', async () => {
    const park = (await buildPark())._id
    const promotion = await signedInAs('promotion', { park })
    const base = `/parks/${park}/programme`
    const fields = {
      ...{ kind: 'briefing', audience: 'public', titleZh: 'A briefing', capacity: '30' },
      ...{ 'sessions[0][day]': inDays(5), 'sessions[0][from]': '14:00', 'sessions[0][to]': '16:00' },
    }
    const faulty = await promotion.post(base, { ...fields, code: 'new', 'sessions[0][to]': '13:00' })
    expect([faulty.status, faulty.text.includes('A briefing'), faulty.text.includes('value="13:00"')]).to.deep.equal([422, true, true])
    const made = await promotion.post(base, { ...fields, code: 'a-briefing' })
    const page = made.headers['location']!
    expect(page).to.equal(`${base}/a-briefing`)
    expect((await promotion.post(base, { ...fields, code: 'a-briefing' })).status).to.equal(409)
    expect((await promotion.post(`${page}/publication`, { version: '0' })).status).to.equal(303)
    const stale = await promotion.post(`${page}/edit`, { ...fields, version: '0', titleZh: 'Mine' })
    expect([stale.status, stale.text.includes('Mine'), stale.text.includes('A briefing')]).to.deep.equal([409, true, true])
    expect((await promotion.post(`${page}/edit`, { ...fields, version: '1', titleZh: 'Mine' })).status).to.equal(303)
    expect((await promotion.post(`${page}/cancellation`, { version: '2' })).status, 'why?').to.equal(422)
    expect((await promotion.post(`${page}/cancellation`, { version: '2', reason: 'Snow' })).status).to.equal(303)
    expect((await visitor().get(`/parks/${park}/events/a-briefing`)).text)
      .to.include('Snow')
      .and.not.include('name="phone"')
    for (const tab of ['', '?tab=past', '?tab=draft', '?tab=all&q=Mine&kind=briefing'])
      expect((await promotion.get(`${base}${tab}`)).status, tab).to.equal(200)
  })

  it('masks phones in lists, exports them to who may edit, and notes it in the trail', async () => {
    const event = await buildEvent({ capacity: 1 })
    const { attendee } = await joinEvent(event, { phone: '13812345678', email: 'secret@example.com' })
    await joinEvent(event)
    const [manager, reception] = [await signedInAs('manager', { park: event.park }), await signedInAs('reception', { park: event.park })]
    const list = `${eventPath(event)}/attendees`
    for (const who of [manager, reception]) {
      const { text } = await who.get(list)
      expect(text).to.include('138****5678').and.not.include('13812345678').and.not.include('secret@example.com')
    }
    for (const q of ['5678', '?q=nobody', attendee.pass, attendee.name])
      expect((await reception.get(`${list}?q=${encodeURIComponent(q)}`)).text.includes('138****5678'), q).to.equal(!q.startsWith('?'))
    expect((await reception.get(`${list}/${attendee._id}`)).text).to.not.include('13812345678')
    expect((await manager.get(`${list}/${attendee._id}`)).text).to.include('13812345678')
    expect((await reception.get(`${list}?format=csv`)).status).to.equal(403)
    const sheet = await manager.get(`${list}?format=csv&state=going`)
    expect(sheet.text).to.include('13812345678').and.include('secret@example.com')
    expect(await AuditEntry.countDocuments({ park: event.park, action: 'event.export', 'by.id': manager.userId })).to.equal(1)
    const paper = (await reception.get(`${eventPath(event)}/sheet`)).text
    expect(paper).to.include('5678').and.not.include('13812345678')
  })

  const pressed = async (who: Visitor, path: string, fields: Record<string, string>): Promise<number> =>
    (await who.post(path, fields)).status

  it('checks in from the list and by the code, takes walk-ins, and undoes a slip', async () => {
    const event = await buildEvent({ capacity: 2, sessions: [sessionOn(0, { from: 0, to: 1440 })], signUpUntil: inDays(0) })
    const session = String(event.sessions[0]!._id)
    const { attendee, token } = await joinEvent(event)
    const reception = await signedInAs('reception', { park: event.park })
    const desk = `${eventPath(event)}/check-in`
    expect((await reception.get(desk)).text).to.include(`value="${attendee._id}"`)
    expect(await pressed(reception, desk, { attendee: String(attendee._id), session })).to.equal(303)
    expect((await visitor().get(placePath(event.park, token))).text).to.include('badge-good')
    expect(await pressed(reception, `${desk}/removal`, { attendee: String(attendee._id), session })).to.equal(303)
    expect((await attendeeNow(attendee)).checkIns).to.deep.equal([])
    const code = `/parks/${event.park}/programme/pass/${attendee.pass}`
    expect((await visitor().get(code)).headers['location']).to.match(/^\/sign-in/)
    expect((await reception.get(code)).text).to.include(attendee.name)
    expect(await pressed(reception, `${code}/check-in`, { session })).to.equal(303)
    const walk = `${eventPath(event)}/walk-ins`
    expect(await pressed(reception, walk, { name: '', session })).to.equal(422)
    expect(await pressed(reception, walk, { name: 'Walked in', session })).to.equal(303)
    expect(await pressed(reception, walk, { name: 'One too many', session })).to.equal(409)
    const stranger = (await joinEvent(await buildEvent({ park: event.park }))).attendee
    expect(await pressed(reception, desk, { attendee: String(stranger._id), session }), 'of another event').to.equal(404)
    expect((await signedInAs('finance', { park: event.park }).then(who => who.get(desk))).status).to.equal(403)
  })

  it('adds people, makes another address, gives a place back, and counts hours for a company', async () => {
    const event = await buildEvent({ capacity: 1 })
    const tenant = await buildTenant(event.park)
    const manager = await signedInAs('manager', { park: event.park })
    const made = await manager.post(`${eventPath(event)}/attendees`, { name: 'On the phone', tenant: String(tenant._id) })
    const page = made.headers['location']!
    await manager.post(`${eventPath(event)}/attendees`, { name: 'Next in line' })
    expect((await manager.get(page)).text).to.include(tenant.name)
    expect((await manager.post(`${page}/address`)).status).to.equal(303)
    const address = /value="http[^"]*(\/parks\/[^"]+\/attendance\/[\w-]{32})"/.exec((await manager.get(page)).text)![1]!
    expect((await visitor().get(address)).text).to.include('On the phone')
    expect((await manager.get(page)).text, 'shown once').to.not.include(address)
    expect((await manager.post(`${page}/tenant`, { tenant: '' })).status).to.equal(303)
    expect((await manager.post(`${page}/cancellation`)).status).to.equal(303)
    const next = await Attendee.findOne({ park: event.park, name: 'Next in line' }).lean().orFail()
    expect(next.state).to.equal('going')
  })

  it('gives a certificate that anybody can check, and asks once for feedback', async () => {
    const event = await buildEvent({ certificateFrom: 1 })
    const { attendee, token } = await joinEvent(event, { name: '证书 Holder' })
    const own = placePath(event.park, token)
    begin(event)
    await checkIn(await parkOf(event.park), { attendee: attendee._id, session: event.sessions[0]!._id }, BY)
    finish(event)
    const who = visitor()
    expect((await who.get(own)).text)
      .to.include('name="stars"')
      .and.include('/certificate"')
    expect((await who.post(`${own}/certificate`)).status).to.equal(303)
    const paper = await who.bytes(`${own}/certificate.pdf`)
    expect([paper.status, paper.headers['content-type']]).to.deep.equal([200, 'application/pdf'])
    expect((paper.body as Buffer).subarray(0, 5).toString()).to.equal('%PDF-')
    const { certificate } = await attendeeNow(attendee)
    const check = (number: string, code: string) => visitor().get(`/parks/${event.park}/certificates?number=${number}&code=${code}`)
    const real = await check(certificate!.number.toLowerCase(), certificate!.code)
    expect(real.text).to.include('证书 Holder').and.not.include(attendee.phone!).and.not.include(attendee.email!)
    expect((await check(certificate!.number, 'AAAABBBBCCCC')).text).to.not.include('证书 Holder')
    expect((await who.post(`${own}/feedback`, { stars: '' })).status).to.equal(422)
    expect((await who.post(`${own}/feedback`, { stars: '4', words: 'Good talk' })).status).to.equal(303)
    expect((await who.post(`${own}/feedback`, { stars: '1' })).status).to.equal(409)
    const manager = await signedInAs('manager', { park: event.park })
    expect((await manager.get(eventPath(event))).text).to.include('Good talk')
    const file = `${eventPath(event)}/attendees/${attendee._id}/certificate.pdf`
    expect((await manager.get(file)).status).to.equal(200)
    setClock(null)
  })

  it('reports by month, event and company, and exports each', async () => {
    const park = await parkOf((await buildPark())._id)
    const event = await buildEvent({
      park: park._id,
      certificateFrom: 1,
      sessions: [sessionOn(0, { from: 0, to: 1440 })],
      signUpUntil: inDays(0),
    })
    await buildCertified(park, event)
    const finance = await signedInAs('finance', { park: park._id })
    const report = `/parks/${park._id}/reports/events`
    expect((await finance.get(report)).text).to.include('24 h')
    for (const table of ['months', 'events', 'tenants'])
      expect((await finance.get(`${report}?table=${table}&format=csv`)).status, table).to.equal(200)
    expect((await finance.get(`${report}?from=2020-01-01&to=2020-02-01`)).text).to.not.include('24 h')
    expect((await finance.get(`/parks/${park._id}/programme`)).status).to.equal(403)
  })
})
