import { expect } from 'chai'
import { Types } from 'mongoose'
import { Charge } from '../../src/billing/charge.ts'
import { setClock } from '../../src/lib/clock.ts'
import { instantAt } from '../../src/lib/wall.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { Park } from '../../src/parks/park.ts'
import { Allowance } from '../../src/rooms/allowance.ts'
import { bookRoom } from '../../src/rooms/book.ts'
import { Booking, bookingPath, type Booking as Made } from '../../src/rooms/booking.ts'
import { cancelBooking } from '../../src/rooms/cancel.ts'
import { checks } from '../../src/rooms/checks.ts'
import { notePayment } from '../../src/rooms/payment.ts'
import { rejectOverdueRequests } from '../../src/rooms/pending.ts'
import { releaseNoShows } from '../../src/rooms/release.ts'
import type { RoomRule } from '../../src/rooms/room.ts'
import { RoomDay } from '../../src/rooms/room-day.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant, inDays } from '../setup/factories.ts'
import { buildBooking, buildRoom, holderOf, type RoomOptions } from '../setup/rooms.ts'
import { expectSoundRooms } from './soundness.ts'

/** Steps of bookings at the edges of time, and what the doctor finds in bookings that don't add up. */
const FREE = 600
const TOMORROW = inDays(1)

async function buildScene(rule: Partial<RoomRule> = {}, more: RoomOptions = {}) {
  const found = await buildPark(undefined, { settings: { freeMinutes: { tenant: FREE, student: 0 } } as never })
  const park = found._id
  const room = await buildRoom({ park, rule, ...more })
  const tenant = await buildTenant(park)
  const holder = await holderOf(park, tenant._id)
  const member = await signedInAs('member', { park, tenant: tenant._id })
  const desk = await signedInAs('reception', { park })
  const by = { ...BY, id: member.userId, name: 'Member' }
  const book = async (from: number, to: number, options = {}) => (await buildBooking({ room, holder, from, to, by, ...options })).booking
  const fresh = (booking: Made) => Booking.findOne({ park, _id: booking._id }).lean().orFail()
  const wish = (from: number, to: number) => {
    const rest = { contact: null, title: 'x', private: false, people: null, note: null, attendees: [], extras: [] }
    return { room: room._id, slot: { day: TOMORROW, from, to }, holder, ...rest }
  }
  return { park, room, holder, member, desk, by, book, fresh, wish, whole: (await Park.findById(park).orFail().lean()) as unknown as Park }
}

const at = (hours: number, minutes = 0) => setClock(instantAt(TOMORROW, hours * 60 + minutes, 'Asia/Shanghai'))

/** What a refusal says, or that there was none. */
const keyOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'done'
  } catch (error) {
    return (error as { problem?: { key: string } }).problem?.key ?? String(error)
  }
}

describe('steps at the edges of a booking', function () {
  this.timeout(60_000)
  useDatabase()
  afterEach(() => setClock(null))

  it('gives a walk-in the same time to check in as anybody', async () => {
    const { book, fresh } = await buildScene({}, { release: 15 })
    at(9, 20)
    const walkIn = await book(540, 660, { day: TOMORROW })
    at(9, 30)
    await releaseNoShows()
    expect((await fresh(walkIn)).state).to.equal('confirmed')
    at(9, 36)
    await releaseNoShows()
    expect((await fresh(walkIn)).state).to.equal('released')
  })

  it('closes a request whose time began, with its free minutes', async () => {
    const { park, member, book, fresh } = await buildScene({ approval: true, price: 6_000, freeHours: true })
    const [begun, ahead] = [await book(540, 660, { contact: new Types.ObjectId(member.userId) }), await book(780, 840)]
    at(9)
    await rejectOverdueRequests()
    expect([(await fresh(begun)).state, (await fresh(ahead)).state]).to.deep.equal(['rejected', 'pending'])
    expect((await Allowance.findOne({ park }).lean().orFail()).used).to.equal(60)
    expect(await Mail.countDocuments({ key: 'notice.booking.lost', 'params.code': begun.code })).to.equal(1)
    await expectSoundRooms(park, FREE)
  })

  it('takes a begun time for half an hour at most, and a request only ahead', async () => {
    const long = await buildScene({ step: 240, min: 240, max: 480 })
    const asked = await buildScene({ approval: true })
    at(8, 29)
    expect(await keyOf(bookRoom(long.whole, long.wish(480, 720), long.by, { desk: false }))).to.equal('done')
    expect(await keyOf(bookRoom(asked.whole, asked.wish(480, 720), asked.by, { desk: false }))).to.equal('error.room.past')
    at(12, 31)
    expect(await keyOf(bookRoom(long.whole, long.wish(720, 960), long.by, { desk: false }))).to.equal('error.room.past')
  })

  it('knows how much was paid: what comes on top is open, what was too much is to be refunded', async () => {
    const { park, desk, member, by, whole, book, fresh } = await buildScene({ price: 6_000 })
    const booking = await book(540, 600)
    const pay = () => desk.post(`${bookingPath(booking)}/payment`, { on: inDays(0) })
    const unpaid = async () => (await desk.get(`/parks/${park}/bookings?unpaid=1`)).text.includes(booking.code)
    expect((await pay()).status).to.equal(303)
    expect([(await fresh(booking)).paid!.fen, await unpaid(), (await pay()).status]).to.deep.equal([6_000, false, 409])
    const move = { day: TOMORROW, from: '09:00', to: '11:00', version: (await fresh(booking)).version }
    expect((await member.post(`${bookingPath(booking)}/move`, move)).status).to.equal(303)
    expect(await unpaid()).to.equal(true)
    expect((await desk.get(bookingPath(booking))).text)
      .to.include('还有 ¥60.00 未付')
      .and.include('/payment"')
    expect((await pay()).status).to.equal(303)
    expect([(await fresh(booking)).paid!.fen, await unpaid()]).to.deep.equal([12_000, false])
    await cancelBooking(whole, booking._id, { reason: null, shown: null }, by)
    expect((await desk.get(bookingPath(booking))).text).to.match(/应退款<\/dt><dd><strong>¥120\.00/)
    expect((await desk.get(`/parks/${park}/bookings?tab=all`)).text).to.include('应退款')
    expect(await keyOf(notePayment(park, booking._id, { on: inDays(0), note: null }, by))).to.equal('error.booking.nothingDue')
  })

  it('is decided as it was looked at', async () => {
    const { member, desk, book, fresh } = await buildScene({ approval: true })
    const booking = await book(540, 600)
    expect((await desk.get(bookingPath(booking))).text).to.include('name="version" value="0"')
    const move = { day: TOMORROW, from: '13:00', to: '20:00', version: 0 }
    expect((await member.post(`${bookingPath(booking)}/move`, move)).status).to.equal(303)
    const stale = await desk.post(`${bookingPath(booking)}/approval`, { version: 0 })
    expect([stale.status, stale.text.includes('name="version" value="1"')]).to.deep.equal([409, true])
    expect((await desk.post(`${bookingPath(booking)}/rejection`, { comment: 'No', version: 0 })).status).to.equal(409)
    expect((await fresh(booking)).state).to.equal('pending')
    expect((await desk.post(`${bookingPath(booking)}/approval`, { version: 1 })).status).to.equal(303)
    expect((await fresh(booking)).state).to.equal('confirmed')
  })

  it('keeps no more free minutes than were shown', async () => {
    const { member, book, fresh } = await buildScene({ price: 6_000, freeHours: true, cancelBefore: 60, cancelPercent: 50 })
    const booking = await book(540, 660)
    expect((await member.get(bookingPath(booking))).text).to.include('name="kept" value="0"')
    at(8, 30)
    const refused = await member.post(`${bookingPath(booking)}/cancellation`, { fee: 0, kept: 0 })
    expect([refused.status, refused.text.includes('name="kept" value="60"')]).to.deep.equal([409, true])
    expect((await member.post(`${bookingPath(booking)}/cancellation`, { fee: 0, kept: 60 })).status).to.equal(303)
    expect((await fresh(booking)).state).to.equal('cancelled')
  })

  it('is neither edited once it is over nor lengthened once it was ended', async () => {
    const { member, book, fresh } = await buildScene()
    const booking = await book(540, 660)
    at(9, 30)
    expect((await member.get(bookingPath(booking))).text).to.include('/extension"')
    expect((await member.post(`${bookingPath(booking)}/end`)).status).to.equal(303)
    at(9, 29)
    expect((await member.get(bookingPath(booking))).text).to.not.include('/extension"')
    at(12)
    const edit = { title: 'Other', version: (await fresh(booking)).version }
    expect((await member.post(`${bookingPath(booking)}/details`, edit)).status).to.equal(409)
    expect((await fresh(booking)).title).to.equal('Meeting')
  })
})

describe('the doctor of bookings', function () {
  this.timeout(60_000)
  useDatabase()

  async function findings(park: string): Promise<string[]> {
    const found: string[] = []
    for (const check of checks) await check.run((message, subject) => void (subject?.park === park && found.push(message)))
    return found
  }

  it('finds times, minutes, claims and charges that don’t agree', async () => {
    const { park, room, book } = await buildScene({ price: 6_000 })
    const part = await buildRoom({ park, whole: room._id })
    const booking = await book(540, 600)
    expect(await findings(park)).to.deep.equal([])
    const one = { park, _id: booking._id }
    const day = { park, 'claims.ref': booking._id }
    const broken: [string, () => Promise<unknown>, () => Promise<unknown>][] = [
      ['begins', () => Booking.updateOne(one, { startsAt: new Date(0) }), () => Booking.updateOne(one, { startsAt: booking.startsAt })],
      ['ends', () => Booking.updateOne(one, { endsAt: inFar }), () => Booking.updateOne(one, { endsAt: booking.endsAt })],
      ['is charged 30', () => Booking.updateOne(one, { 'cost.minutes': 30 }), () => Booking.updateOne(one, { 'cost.minutes': 60 })],
      [
        'has another title',
        () => RoomDay.updateOne(day, { 'claims.0.private': true }),
        () => RoomDay.updateOne(day, { 'claims.0.private': false }),
      ],
      [
        'has another title',
        () => RoomDay.updateOne(day, { 'claims.0.who': 'Else' }),
        () => RoomDay.updateOne(day, { 'claims.0.who': booking.holder.name }),
      ],
      ['is payable as', () => chargeFrom(inDays(9)), () => chargeFrom(booking.day)],
      [
        'is confirmed and holds',
        () => RoomDay.updateOne(day, { $push: { claims: leftOver } }),
        () => RoomDay.updateOne(day, { $pop: { claims: 1 } }),
      ],
    ]
    const inFar = new Date(booking.endsAt.getTime() + 60_000)
    const claim = (await RoomDay.findOne(day).lean().orFail()).claims[0]!
    const leftOver = { ...claim, room: part._id, from: 1200, to: 1260, start: 1200, end: 1260 }
    // Charges are append-only to the product.
    const chargeFrom = (from: string) => Charge.collection.updateOne({ park, 'source.ref': booking._id }, { $set: { from } })
    for (const [words, spoil, mend] of broken) {
      await spoil()
      expect((await findings(park)).join('\n'), words).to.include(words)
      await mend()
      expect(await findings(park), words).to.deep.equal([])
    }
  })

  it('finds a request that nobody closed', async () => {
    const { park, book } = await buildScene({ approval: true })
    await book(540, 600)
    at(9, 4)
    expect(await findings(park)).to.deep.equal([])
    at(9, 6)
    expect(await findings(park)).to.deep.equal(['has begun and still waits for approval'])
    setClock(null)
  })
})
