import { expect } from 'chai'
import { AuditEntry } from '../../src/audit/entry.ts'
import { Charge } from '../../src/billing/charge.ts'
import { setClock } from '../../src/lib/clock.ts'
import { instantAt } from '../../src/lib/wall.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { Booking, bookingPath, type Booking as Made } from '../../src/rooms/booking.ts'
import type { RoomRule } from '../../src/rooms/room.ts'
import { RoomDay } from '../../src/rooms/room-day.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, buildTenant, inDays } from '../setup/factories.ts'
import { buildBooking, buildRoom, holderOf } from '../setup/rooms.ts'
import { expectSoundRooms } from './soundness.ts'

const FREE = 120

async function buildScene(rule: Partial<RoomRule> = {}) {
  const park = (await buildPark(undefined, { settings: { freeMinutes: { tenant: FREE, student: 0 } } as never }))._id
  const room = await buildRoom({ park, rule })
  const tenant = await buildTenant(park)
  const holder = await holderOf(park, tenant._id)
  const member = await signedInAs('member', { park, tenant: tenant._id })
  const desk = await signedInAs('reception', { park })
  const book = async (from: number, to: number, more = {}) =>
    (await buildBooking({ room, holder, from, to, by: { id: member.userId, name: 'Member' }, ...more })).booking
  const fresh = (booking: Made) => Booking.findOne({ park, _id: booking._id }).lean().orFail()
  return { park, room, tenant, holder, member, desk, book, fresh }
}

/** Tomorrow, whatever the clock is set to meanwhile. */
const TOMORROW = inDays(1)
const at = (hours: number, minutes = 0) => setClock(instantAt(TOMORROW, hours * 60 + minutes, 'Asia/Shanghai'))

describe('the steps of a booking', function () {
  this.timeout(60_000)
  useDatabase()

  it('is moved within its room at its price, or refused with what is free instead', async () => {
    const { park, room, member, book, fresh } = await buildScene({ price: 6_000 })
    const [booking] = [await book(540, 600), await book(660, 720)]
    const to = (from: string, until: string, version = 0) =>
      member.post(`${bookingPath(booking)}/move`, { room: String(room._id), day: inDays(1), from, to: until, version })
    const price = await member.post(`${bookingPath(booking)}/move/price`, { day: inDays(1), from: '13:00', to: '15:00' })
    expect(price.text).to.include('¥60.00').and.include('¥120.00')
    // It doesn't stand in its own way.
    expect((await member.get(`${bookingPath(booking)}/move?from=570&to=630`)).text).to.not.include('09:00–10:00 已被占用')
    const refused = await to('11:00', '12:00')
    expect([refused.status, refused.text.includes('11:00–12:00'), refused.text.includes('/move?room=')]).to.deep.equal([409, true, true])
    expect((await to('13:00', '15:00')).status).to.equal(303)
    expect(await fresh(booking)).to.include({ from: 780, to: 900, version: 1 })
    expect((await fresh(booking)).cost.total).to.equal(12_000)
    const stale = await to('15:00', '16:00')
    expect([stale.status, (await fresh(booking)).from]).to.deep.equal([409, 780])
    // As the grid sends it: the day is `on`, times are minutes.
    const grid = { on: inDays(2), from: '540', to: '1500', version: 1 }
    expect((await member.post(`${bookingPath(booking)}/move`, grid)).status).to.equal(422)
    expect((await member.post(`${bookingPath(booking)}/move`, { ...grid, to: '600' })).status).to.equal(303)
    expect(await fresh(booking)).to.include({ day: inDays(2), from: 540, to: 600 })
    await expectSoundRooms(park, FREE)
  })

  it('says what cancelling costs before it does it, and never more than was shown', async () => {
    const { park, member, book, fresh } = await buildScene({ price: 10_000, cancelBefore: 24 * 60, cancelPercent: 50 })
    const booking = await book(18 * 60, 20 * 60, { day: inDays(3) })
    expect((await member.get(bookingPath(booking))).text)
      .to.include('name="fee" value="0"')
      .and.include('现在取消不收费')
    setClock(instantAt(inDays(3), 9 * 60, 'Asia/Shanghai'))
    const late = await member.post(`${bookingPath(booking)}/cancellation`, { fee: 0 })
    expect([late.status, (await fresh(booking)).state]).to.deep.equal([409, 'confirmed'])
    expect(late.text).to.include('name="fee" value="10000"').and.include('¥100.00')
    expect((await member.post(`${bookingPath(booking)}/cancellation`, { fee: 10_000, reason: 'Ill' })).status).to.equal(303)
    expect((await fresh(booking)).cancelled).to.include({ fee: 10_000, reason: 'Ill' })
    const sum = (await Charge.find({ park }).lean()).reduce((total, charge) => total + charge.fen, 0)
    expect(sum).to.equal(10_000)
    await expectSoundRooms(park, FREE)
  })

  it('can be booked again once it is cancelled (CASES 19)', async () => {
    const { park, room, member, book, fresh } = await buildScene({ price: 6_000, freeHours: true })
    const booking = await book(540, 660)
    const again = { room: String(room._id), day: inDays(1), from: '09:00', to: '11:00', title: 'Again' }
    expect((await member.post(`/parks/${park}/bookings`, again)).status).to.equal(409)
    expect((await member.post(`${bookingPath(booking)}/cancellation`, { fee: 0 })).status).to.equal(303)
    expect((await member.post(`/parks/${park}/bookings`, again)).status).to.equal(303)
    expect((await fresh(booking)).state).to.equal('cancelled')
    const [made] = await Booking.find({ park, state: 'confirmed' }).lean()
    expect(made!.cost.free).to.deep.equal([{ month: inDays(1).slice(0, 7), minutes: 120 }])
    expect((await RoomDay.findOne({ park }).lean().orFail()).claims.map(claim => String(claim.ref))).to.deep.equal([String(made!._id)])
    await expectSoundRooms(park, FREE)
  })

  it('waits for approval where the rule wants it: by the desk, not by who asked', async () => {
    const { park, member, desk, book, fresh } = await buildScene({ approval: true, price: 6_000 })
    const other = await buildTenant(park)
    const [one, two] = [await book(540, 600), await book(570, 630, { holder: await holderOf(park, other._id) })]
    const own = await book(720, 780, { by: { id: desk.userId, name: 'Desk' } })
    expect((await member.post(`${bookingPath(one)}/approval`)).status).to.equal(403)
    expect((await desk.get(bookingPath(one))).text).to.include('/approval"')
    expect((await desk.get(bookingPath(own))).text).to.not.include('/approval"')
    expect((await desk.post(`${bookingPath(own)}/approval`)).status).to.equal(422)
    expect(await Charge.countDocuments({ park })).to.equal(0)
    expect((await desk.post(`${bookingPath(one)}/approval`)).status).to.equal(303)
    expect([(await fresh(one)).state, (await fresh(two)).state]).to.deep.equal(['confirmed', 'rejected'])
    expect((await desk.post(`${bookingPath(two)}/approval`)).status).to.equal(409)
    const three = await book(840, 900)
    expect((await desk.post(`${bookingPath(three)}/rejection`, { comment: '' })).status).to.equal(422)
    expect((await desk.post(`${bookingPath(three)}/rejection`, { comment: 'Painters come' })).status).to.equal(303)
    expect((await member.get(bookingPath(three))).text).to.include('Painters come')
    await expectSoundRooms(park, FREE)
  })

  it('is checked in, lengthened and ended while it runs', async () => {
    const { park, member, desk, book, fresh } = await buildScene({ price: 6_000 })
    const [booking] = [await book(540, 660), await book(780, 840)]
    expect((await desk.post(`${bookingPath(booking)}/check-in`)).status).to.equal(409)
    at(9, 5)
    expect((await member.post(`${bookingPath(booking)}/check-in`)).status).to.equal(403)
    expect((await desk.post(`${bookingPath(booking)}/check-in`)).status).to.equal(303)
    expect((await fresh(booking)).checkedIn).to.not.equal(null)
    expect((await member.post(`${bookingPath(booking)}/move`, { day: inDays(2), from: '09:00', to: '10:00' })).status).to.equal(409)
    expect((await member.post(`${bookingPath(booking)}/extension`, { to: '810' })).status).to.equal(409)
    expect((await member.post(`${bookingPath(booking)}/extension`, { to: '720' })).status).to.equal(303)
    expect((await fresh(booking)).cost.total).to.equal(18_000)
    at(10, 2)
    expect((await member.post(`${bookingPath(booking)}/end`)).status).to.equal(303)
    expect(await fresh(booking)).to.include({ to: 605 })
    at(10, 6)
    expect((await member.post(`${bookingPath(booking)}/end`)).status).to.equal(409)
    await expectSoundRooms(park, FREE)
  })

  it('is edited; two people’s values are shown side by side; a private title leaves no trace', async () => {
    const { park, member, desk, book, fresh } = await buildScene()
    const booking = await book(540, 600, { title: 'Old words' })
    const edit = (who: typeof member, more: object) =>
      who.post(`${bookingPath(booking)}/details`, { title: 'New words', version: 0, ...more })
    expect((await edit(member, { title: '' })).status).to.equal(422)
    expect((await edit(member, { people: '11' })).status).to.equal(422)
    expect((await edit(member, { people: '8', private: 'on', 'attendees[0][name]': 'Wu' })).status).to.equal(303)
    expect(await fresh(booking)).to.include({ title: 'New words', people: 8, private: true, version: 1 })
    const [claim] = (await RoomDay.findOne({ park }).lean().orFail()).claims
    expect([claim!.title, claim!.private]).to.deep.equal(['New words', true])
    const stale = await edit(desk, { title: 'Third words' })
    expect([stale.status, stale.text.includes('New words'), stale.text.includes('value="Third words"')]).to.deep.equal([409, true, true])
    const entry = await AuditEntry.findOne({ park, action: 'booking.edit' }).lean().orFail()
    expect(JSON.stringify(entry)).to.not.match(/words|Wu/)
  })

  it('is paid once, noted by the desk or by finance, who read no private titles', async () => {
    const { park, member, desk, book, fresh } = await buildScene({ price: 6_000 })
    const [booking, free] = [await book(540, 600, { title: 'Hidden plan', private: true }), await book(660, 720)]
    await Booking.updateOne({ park, _id: free._id }, { 'cost.room': 0, 'cost.total': 0 })
    const finance = await signedInAs('finance', { park })
    const promotion = await signedInAs('promotion', { park })
    const list = await finance.get(`/parks/${park}/bookings?unpaid=1`)
    expect(list.text).to.include(booking.code).and.not.include('Hidden plan').and.not.include(free.code)
    expect((await finance.get(`/parks/${park}/bookings?q=Hidden`)).text).to.not.include(booking.code)
    const page = await finance.get(bookingPath(booking))
    expect([page.status, page.text.includes('Hidden plan'), page.text.includes('¥60.00')]).to.deep.equal([200, false, true])
    expect((await finance.get(bookingPath(free))).status).to.equal(404)
    expect((await promotion.get(bookingPath(booking))).status).to.equal(404)
    const pay = (who: typeof member, which = booking) => who.post(`${bookingPath(which)}/payment`, { on: inDays(0), note: 'cash' })
    expect((await pay(member)).status).to.equal(403)
    expect((await pay(promotion)).status).to.equal(404)
    expect((await finance.post(`${bookingPath(booking)}/cancellation`, { fee: 0 })).status).to.equal(404)
    expect((await pay(desk, free)).status).to.equal(422)
    expect((await pay(finance)).status).to.equal(303)
    expect((await fresh(booking)).paid).to.include({ on: inDays(0), note: 'cash' })
    expect((await pay(desk)).status).to.equal(409)
    expect((await finance.get(`/parks/${park}/bookings?unpaid=1`)).text).to.not.include(booking.code)
    expect(await Mail.countDocuments({ key: 'notice.booking.booked', 'params.title': 'Hidden plan' })).to.equal(0)
  })
})
