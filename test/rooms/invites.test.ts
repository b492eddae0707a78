import { expect } from 'chai'
import ICAL from 'ical.js'
import { User } from '../../src/accounts/user.ts'
import type { Letter } from '../../src/notifications/mailer.ts'
import { sendMails, setSender } from '../../src/notifications/mailer.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { readPark } from '../../src/parks/park.ts'
import { announceSeries } from '../../src/rooms/announce.ts'
import { Booking } from '../../src/rooms/booking.ts'
import type { Room } from '../../src/rooms/room.ts'
import type { Holder } from '../../src/rooms/wish.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant, buildUser, inDays } from '../setup/factories.ts'
import { buildBooking, buildRoom, holderOf } from '../setup/rooms.ts'
import type { Visitor } from '../setup/visitor.ts'

/** Mails of a booking with their calendar part: to the contact and to those invited, once each per change. */
interface Read {
  method: string
  uid: string
  sequence: number
  status: string
  start: string
  end: string
  summary: string
  attendees: string[]
}

function readEvents(text: string): Read[] {
  const calendar = new ICAL.Component(ICAL.parse(text))
  return calendar.getAllSubcomponents('vevent').map(component => {
    const event = new ICAL.Event(component)
    return {
      method: String(calendar.getFirstPropertyValue('method')),
      uid: event.uid,
      sequence: event.sequence,
      status: String(component.getFirstPropertyValue('status')),
      start: event.startDate.toJSDate().toISOString(),
      end: event.endDate.toJSDate().toISOString(),
      summary: event.summary,
      attendees: event.attendees.map(one => String(one.getFirstValue()).replace(/^mailto:/i, '')),
    }
  })
}

const mailsTo = async (to: string) => (await Mail.find({ to }).sort({ _id: 1 }).lean()) as Mail[]
/** The newest mail to an address, and the one event in it. */
async function newest(to: string): Promise<Read & { key: string; lang: string }> {
  const mail = (await mailsTo(to)).at(-1)!
  expect(mail.calendar?.method, mail.key).to.be.a('string')
  const [event] = readEvents(mail.calendar!.text)
  expect(event!.method).to.equal(mail.calendar!.method)
  return { ...event!, key: mail.key, lang: mail.lang }
}

describe('mails of a booking', () => {
  useDatabase()
  let member: Visitor & { userId: string }
  let desk: Visitor
  let contact: string
  let room: Room
  let holder: Holder
  let park: string
  const day = inDays(3)

  beforeEach(async () => {
    await Mail.deleteMany({})
    park = (await buildPark())._id
    room = await buildRoom({ park })
    const tenant = await buildTenant(park)
    holder = await holderOf(park, tenant._id)
    member = await signedInAs('member', { park, tenant: tenant._id })
    desk = await signedInAs('manager', { park })
    contact = (await User.findById(member.userId).lean().orFail()).email
  })

  const fields = (more: Record<string, string> = {}) => ({
    room: String(room._id),
    day,
    from: '10:00',
    to: '11:00',
    title: 'Plan; "quoted", and more',
    'attendees[0][name]': 'Zhang "San"',
    'attendees[0][email]': 'zhang@example.org',
    'attendees[1][name]': 'Nobody',
    'attendees[1][email]': '',
    ...more,
  })
  async function book(more: Record<string, string> = {}): Promise<Booking> {
    const answer = await member.post(`/parks/${park}/bookings`, fields(more))
    expect(answer.status).to.equal(303)
    return (await Booking.findOne({ park }).sort({ _id: -1 }).lean().orFail()) as Booking
  }
  const path = (booking: Booking, step: string) => `/parks/${park}/bookings/${booking._id}/${step}`

  it('confirm to the contact and invite those with an address, once each', async () => {
    const known = await buildUser(null)
    await User.updateOne({ _id: known._id }, { lang: 'en' })
    const booking = await book({
      'attendees[2][name]': 'Known',
      'attendees[2][email]': known.email,
      'attendees[3][name]': 'Twice',
      'attendees[3][email]': 'ZHANG@example.org',
      'attendees[4][name]': 'Myself',
      'attendees[4][email]': contact,
    })
    const own = await newest(contact)
    expect(own).to.deep.include({ key: 'notice.booking.booked', method: 'REQUEST', status: 'CONFIRMED', sequence: 0 })
    expect(own.start).to.equal(booking.startsAt.toISOString())
    expect(own.end).to.equal(booking.endsAt.toISOString())
    expect(own.summary).to.equal('Plan; "quoted", and more')
    const guest = await newest('zhang@example.org')
    expect(guest).to.deep.include({ key: 'notice.invitation.invited', lang: 'zh-CN', method: 'REQUEST', uid: own.uid })
    expect(guest.attendees).to.deep.equal(['zhang@example.org'])
    expect((await newest(known.email)).lang).to.equal('en')
    expect(await Mail.countDocuments({ to: /@example/ })).to.equal(3)
  })

  it('follow a move under the same UID with a higher sequence', async () => {
    const booking = await book()
    const before = await newest('zhang@example.org')
    const moved = { room: String(room._id), day, from: '14:00', to: '15:30', version: String(booking.version) }
    expect((await member.post(path(booking, 'move'), moved)).status).to.equal(303)
    for (const to of [contact, 'zhang@example.org']) {
      const event = await newest(to)
      expect(event).to.deep.include({ method: 'REQUEST', status: 'CONFIRMED', uid: before.uid, sequence: 1 })
      expect(new Date(event.end).getTime() - new Date(event.start).getTime()).to.equal(90 * 60_000)
    }
    expect(await mailsTo('zhang@example.org')).to.have.length(2)
  })

  it('call off with METHOD:CANCEL when it is cancelled', async () => {
    const booking = await book()
    expect((await member.post(path(booking, 'cancellation'), { fee: '0' })).status).to.equal(303)
    for (const to of [contact, 'zhang@example.org'])
      expect(await newest(to)).to.deep.include({ method: 'CANCEL', status: 'CANCELLED', sequence: 1, uid: `booking-${booking._id}@zhigu` })
  })

  it('tell who was added, who stays and who was removed from the list of guests', async () => {
    const booking = await book()
    await member.post(path(booking, 'details'), {
      title: booking.title,
      version: String(booking.version),
      'attendees[0][name]': 'Li Si',
      'attendees[0][email]': 'li@example.org',
    })
    expect(await newest('li@example.org')).to.deep.include({ key: 'notice.invitation.invited', method: 'REQUEST' })
    expect(await newest('zhang@example.org')).to.deep.include({ key: 'notice.invitation.calledOff', method: 'CANCEL' })
    expect(await mailsTo(contact), 'the contact’s calendar shows nothing new').to.have.length(1)
    await member.post(path(booking, 'details'), {
      title: 'Another title',
      version: '1',
      'attendees[0][name]': 'Li Si',
      'attendees[0][email]': 'li@example.org',
    })
    for (const to of [contact, 'li@example.org']) expect(await newest(to)).to.deep.include({ summary: 'Another title', sequence: 2 })
    expect(await mailsTo('zhang@example.org')).to.have.length(2)
  })

  it('invite nobody to a request before it is approved, nor call it off', async () => {
    room = await buildRoom({ park, rule: { approval: true } })
    const first = await book()
    expect((await mailsTo(contact)).at(-1)).to.deep.include({ key: 'notice.booking.requested', calendar: null })
    expect(await mailsTo('zhang@example.org')).to.have.length(0)
    expect((await member.post(path(first, 'cancellation'), { fee: '0' })).status).to.equal(303)
    expect(await mailsTo('zhang@example.org')).to.have.length(0)
    expect((await mailsTo(contact)).at(-1)!.calendar).to.equal(null)
    const second = await book()
    expect((await desk.post(path(second, 'approval'))).status).to.equal(303)
    expect(await newest('zhang@example.org')).to.deep.include({ key: 'notice.invitation.invited', method: 'REQUEST' })
    expect(await newest(contact)).to.deep.include({ key: 'notice.booking.approved', method: 'REQUEST' })
  })

  it('are written with the booking or not at all', async () => {
    await book()
    await Mail.deleteMany({})
    expect((await member.post(`/parks/${park}/bookings`, fields())).status).to.equal(409)
    expect(await Mail.countDocuments()).to.equal(0)
  })

  it('carry the calendar to the mail program', async () => {
    await book()
    const letters: Letter[] = []
    setSender(async letter => void letters.push(letter))
    try {
      await sendMails()
    } finally {
      setSender(null)
    }
    const letter = letters.find(one => one.to === 'zhang@example.org')!
    expect(letter.icalEvent).to.deep.include({ method: 'REQUEST', filename: 'invite.ics' })
    expect(readEvents(letter.icalEvent!.content)).to.have.length(1)
    expect(letter.text).to.contain('Zhang "San"').and.not.contain('{{')
  })

  it('tell of a whole series in one mail, each date an event that later changes find', async () => {
    const guests = [{ name: 'Zhang', email: 'zhang@example.org' }]
    const user = await User.findById(member.userId).lean().orFail()
    const bookings: Booking[] = []
    for (const ahead of [12, 5, 19])
      bookings.push((await buildBooking({ room, holder, day: inDays(ahead), attendees: guests, contact: user._id })).booking)
    await Mail.deleteMany({})
    await announceSeries((await readPark(park))!, '/somewhere', bookings, 'booked', { ...BY, id: member.userId })
    for (const to of [contact, 'zhang@example.org']) {
      const [mail, ...more] = await mailsTo(to)
      expect(more).to.deep.equal([])
      const events = readEvents(mail!.calendar!.text)
      expect(mail!.calendar!.method).to.equal('PUBLISH')
      expect(events.map(event => event.uid)).to.have.members(bookings.map(({ _id }) => `booking-${_id}@zhigu`))
      expect(events.map(event => event.start)).to.deep.equal([...events.map(event => event.start)].sort())
    }
  })
})
