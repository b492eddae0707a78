import { expect } from 'chai'
import { AuditEntry } from '../../src/audit/entry.ts'
import { Charge } from '../../src/billing/charge.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { Booking } from '../../src/rooms/booking.ts'
import type { Room } from '../../src/rooms/room.ts'
import { RoomDay } from '../../src/rooms/room-day.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, buildTenant, buildUser, inDays } from '../setup/factories.ts'
import { buildBooking, buildRoom, holderOf, ruleOf } from '../setup/rooms.ts'
import { expectSoundRooms } from './soundness.ts'

const fieldsFor = (room: Pick<Room, '_id'>, more: Record<string, string | undefined> = {}) => ({
  room: String(room._id),
  day: inDays(1),
  from: '09:00',
  to: '10:00',
  title: 'Review',
  ...more,
})
const path = (park: string, rest = '') => `/parks/${park}/bookings${rest}`

async function buildPair(rule = {}, freeMinutes = { tenant: 0, student: 0 }) {
  const park = (await buildPark(undefined, { settings: { freeMinutes } as never }))._id
  const [room, one, two] = [await buildRoom({ park, rule }), await buildTenant(park, 'First GmbH'), await buildTenant(park, 'Second GmbH')]
  const member = await signedInAs('member', { park, tenant: one._id })
  const other = await signedInAs('owner', { park, tenant: two._id })
  return { park, room, one, two, member, other }
}

describe('booking a room', function () {
  this.timeout(60_000)
  useDatabase()

  it('books for one’s company, says so by mail, and shows the booking', async () => {
    const { park, room, one, member } = await buildPair()
    const answer = await member.post(path(park), fieldsFor(room, { people: '4', note: 'U shape', 'attendees[0][name]': 'Li' }))
    expect(answer.status).to.equal(303)
    const booking = await Booking.findOne({ park }).lean().orFail()
    expect(answer.headers['location']).to.equal(path(park, `/${booking._id}`))
    expect([booking.state, booking.from, booking.to, String(booking.holder.tenant)]).to.deep.equal(['confirmed', 540, 600, String(one._id)])
    expect(booking.attendees.map(attendee => attendee.name)).to.deep.equal(['Li'])
    expect(await Mail.countDocuments({ key: 'notice.booking.booked' })).to.equal(1)
    const page = await member.get(path(park, `/${booking._id}`))
    expect([page.status, page.text.includes('Review'), page.text.includes(booking.code)]).to.deep.equal([200, true, true])
  })

  it('takes an end before the start for the next day', async () => {
    const { park, room, member } = await buildPair()
    const night = fieldsFor(room, { from: '23:00', to: '01:00' })
    const asked = await member.post(path(park, '/new'), night)
    expect([asked.status, asked.text.includes('次日 01:00')]).to.deep.equal([200, true])
    expect((await member.post(path(park), night)).status).to.equal(303)
    expect((await Booking.findOne({ park }).lean().orFail()).to).to.equal(1500)
  })

  it('lets one of twenty overlapping bookings win, with one mail (CASES 12)', async () => {
    const { park, room, member, other } = await buildPair()
    await Promise.all([member.token(), other.token()])
    const minutes = (at: number) => `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`
    const before = await Mail.countDocuments({ key: 'notice.booking.booked' })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => {
        const times = { from: minutes(480 + 30 * (i % 5)), to: minutes(660 + 30 * Math.floor(i / 5)), _key: `overlap-${i}-${park}` }
        return (i % 2 ? member : other).post(path(park), fieldsFor(room, times))
      }),
    )
    const statuses = answers.map(answer => answer.status)
    expect(statuses.filter(status => status === 303)).to.have.length(1)
    expect(statuses.filter(status => status === 409)).to.have.length(19)
    expect(await Booking.countDocuments({ park })).to.equal(1)
    expect((await RoomDay.findOne({ park }).lean().orFail()).claims).to.have.length(1)
    expect(await AuditEntry.countDocuments({ park, action: 'booking.make' })).to.equal(1)
    expect((await Mail.countDocuments({ key: 'notice.booking.booked' })) - before).to.equal(1)
    await expectSoundRooms(park, 60)
  })

  it('refuses a hall and its half at once, and takes two halves (CASES 13)', async () => {
    const { park, room: hall, member, other } = await buildPair()
    const [a, b] = [await buildRoom({ park, whole: hall._id }), await buildRoom({ park, whole: hall._id })]
    expect((await member.post(path(park), fieldsFor(a))).status).to.equal(303)
    expect((await other.post(path(park), fieldsFor(hall))).status).to.equal(409)
    expect((await other.post(path(park), fieldsFor(b))).status).to.equal(303)
    expect(await Booking.countDocuments({ park })).to.equal(2)
  })

  it('gives the last free hour once, to the member or by the desk (CASES 17)', async () => {
    const { park, room, one, member } = await buildPair({ price: 10_000, freeHours: true }, { tenant: 60, student: 0 })
    const second = await buildRoom({ park, rule: { price: 10_000, freeHours: true } })
    const desk = await signedInAs('reception', { park })
    const quote = await member.post(path(park, '/new'), fieldsFor(room))
    expect(quote.text).to.include('用去 1 小时，当月还剩 0 分钟')
    expect((await member.post(path(park), fieldsFor(room))).status).to.equal(303)
    const behalf = fieldsFor(second, { for: 'tenant', tenant: String(one._id) })
    expect((await desk.post(path(park, '/new'), behalf)).text).to.include('¥100.00')
    expect((await desk.post(path(park), behalf)).status).to.equal(303)
    const costs = (await Booking.find({ park }).sort({ createdAt: 1 }).lean()).map(booking => booking.cost.total)
    expect(costs).to.deep.equal([0, 10_000])
    expect((await Charge.find({ park }).lean()).map(charge => charge.fen)).to.deep.equal([10_000])
    await expectSoundRooms(park, 60)
  })

  it('says of a private booking that it is taken and when, and nothing else (CASES 20)', async () => {
    const { park, room, one, member, other } = await buildPair()
    const { booking } = await buildBooking({ room, holder: await holderOf(park, one._id), title: 'Secret merger', private: true })
    const answers = [
      await other.post(path(park), fieldsFor(room, { from: '09:30', to: '10:30' })),
      await other.post(path(park, '/new'), fieldsFor(room, { from: '09:30', to: '10:30' })),
      await other.get(path(park, `/new?room=${room._id}&on=${inDays(1)}&from=540&to=600`)),
      await other.get(path(park, '?tab=all')),
      await other.get(path(park, '?tab=all&q=Secret&format=csv')),
      await other.get(path(park, `/${booking._id}`)),
      await other.get(path(park, `/${booking._id}/quote`)),
    ]
    expect(answers.map(answer => answer.status)).to.deep.equal([409, 200, 200, 200, 200, 404, 404])
    for (const { text } of answers) expect(text).to.not.match(/Secret|First GmbH/)
    expect(answers[0]!.text).to.include('09:00–10:00')
    expect((await member.get(path(park))).text).to.include('Secret merger')
  })

  it('keeps what was typed when it is refused, and offers other times and rooms as buttons', async () => {
    const { park, room, one, other } = await buildPair()
    const spare = await buildRoom({ park })
    await buildBooking({ room, holder: await holderOf(park, one._id) })
    const refused = await other.post(path(park), fieldsFor(room, { title: 'My own words', note: '<b>x</b>' }))
    expect(refused.status).to.equal(409)
    expect(refused.text).to.include('value="My own words"').and.include('&lt;b&gt;x&lt;/b&gt;')
    const choices = [...refused.text.matchAll(/name="choose" value="([^"]+)"/g)].map(match => match[1]!)
    expect(choices)
      .to.include(`${spare._id} ${inDays(1)} 540 600`)
      .and.include(`${room._id} ${inDays(1)} 600 660`)
    const chosen = await other.post(path(park, '/new'), { ...fieldsFor(room, { title: 'My own words' }), choose: choices.at(-1) })
    expect(chosen.status).to.equal(200)
    expect(chosen.text).to.include(`name="room" value="${spare._id}"`).and.include('value="My own words"')
  })

  it('makes one booking of one form, however often it is sent (CASES 30)', async () => {
    const { park, room, member } = await buildPair()
    await member.token()
    const form = fieldsFor(room, { _key: 'one-form-many-times' })
    const answers = await Promise.all([1, 2, 3, 4].map(() => member.post(path(park), form)))
    expect(new Set(answers.map(answer => `${answer.status} ${answer.headers['location']}`)).size).to.equal(1)
    expect(await Booking.countDocuments({ park })).to.equal(1)
  })

  it('never uses what the form doesn’t have, nor whom one can’t speak for (CASES 28)', async () => {
    const { park, room, one, two, member } = await buildPair({ price: 10_000 })
    const odd = { 'title[$ne]': '1', 'holder[class]': 'park', state: 'confirmed', cost: '0', park: 'other', role: 'manager' }
    expect((await member.post(path(park), { ...fieldsFor(room), title: undefined, ...odd })).status).to.equal(422)
    expect((await member.post(path(park), { ...fieldsFor(room), state: 'released', 'holder[class]': 'park', price: '0' })).status).to.equal(
      303,
    )
    const booking = await Booking.findOne({ park }).lean().orFail()
    expect([booking.state, booking.holder.class, booking.cost.total, String(booking.holder.tenant)]).to.deep.equal([
      'confirmed',
      'tenant',
      10_000,
      String(one._id),
    ])
    const later = fieldsFor(room, { from: '12:00', to: '13:00' })
    expect((await member.post(path(park), { ...later, for: 'tenant', tenant: String(two._id) })).status).to.equal(404)
    for (const whom of ['outside', 'park', 'student', 'nobody'])
      expect((await member.post(path(park), { ...later, for: whom, partyName: 'X', partyPhone: '13900000000' })).status).to.equal(422)
    const elsewhere = await buildRoom()
    expect((await member.post(path(park), fieldsFor(elsewhere))).status).to.equal(404)
    expect((await member.get(path(park, `/new?room=${elsewhere._id}`))).status).to.equal(404)
    expect(await Booking.countDocuments({ park: elsewhere.park })).to.equal(0)
  })

  it('books at the desk for a founder, an outside party and the park; others only for themselves', async () => {
    const park = (await buildPark())._id
    const rules = [ruleOf('outside', { price: 20_000 }), ruleOf('student'), ruleOf('park'), ruleOf('tenant')]
    const room = await buildRoom({ park, rules })
    const founder = await buildUser('applicant', { park })
    const desk = await signedInAs('reception', { park })
    const finance = await signedInAs('finance', { park })
    const at = (hour: number, more: object) => fieldsFor(room, { from: `${hour}:00`, to: `${hour + 1}:00`, ...more })
    const status = async (fields: Record<string, string | undefined>, who = desk) => (await who.post(path(park), fields)).status
    expect(await status(at(10, { for: 'student', student: String(founder._id) }))).to.equal(303)
    expect(await status(at(11, { for: 'outside', partyName: 'Guests' }))).to.equal(422)
    expect(await status(at(11, { for: 'outside', partyName: '<i>Guests</i>', partyPhone: '0571-88886666' }))).to.equal(303)
    expect(await status(at(12, { for: 'park' }))).to.equal(303)
    expect(await status(at(13, { for: 'tenant' }))).to.equal(422)
    expect(await status(at(13, { for: 'outside', partyName: 'X', partyPhone: '13900000000' }), finance)).to.equal(422)
    expect(await status(at(13, {}), finance)).to.equal(303)
    const classes = (await Booking.find({ park }).sort({ from: 1 }).lean()).map(booking => booking.holder.class)
    expect(classes).to.deep.equal(['student', 'outside', 'park', 'park'])
    const outside = await Booking.findOne({ park, 'holder.class': 'outside' }).lean().orFail()
    const paper = await desk.get(path(park, `/${outside._id}/quote`))
    expect(paper.text).to.include('¥200.00').and.include('&lt;i&gt;Guests').and.not.include('<i>Guests')
  })

  it('asks a founder without a company for nothing but the booking', async () => {
    const park = (await buildPark())._id
    const room = await buildRoom({ park })
    const founder = await signedInAs('applicant', { park })
    expect((await founder.get(path(park, '/new'))).text).to.include(`bookings/new?room=${room._id}`)
    expect((await founder.post(path(park), fieldsFor(room))).status).to.equal(303)
    const booking = await Booking.findOne({ park }).lean().orFail()
    expect([booking.holder.class, String(booking.holder.user)]).to.deep.equal(['student', founder.userId])
    const closed = await buildRoom({ park, rules: [ruleOf('tenant')] })
    expect((await founder.get(path(park, `/new?room=${closed._id}`))).text).to.not.include('id="booking-form"')
    expect((await founder.post(path(park), fieldsFor(closed))).status).to.equal(422)
    const official = await signedInAs('official', { district: 'xiacheng' })
    expect((await official.get(path(park))).status).to.equal(403)
  })
})
