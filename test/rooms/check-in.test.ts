import { expect } from 'chai'
import { Types } from 'mongoose'
import { Charge } from '../../src/billing/charge.ts'
import { runJob } from '../../src/jobs/runner.ts'
import { JOBS } from '../../src/jobs/start.ts'
import { setClock } from '../../src/lib/clock.ts'
import { addDays, today } from '../../src/lib/days.ts'
import { instantAt } from '../../src/lib/wall.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { Park } from '../../src/parks/park.ts'
import { Booking, bookingPath } from '../../src/rooms/booking.ts'
import { cancelBooking } from '../../src/rooms/cancel.ts'
import { moveBooking } from '../../src/rooms/change.ts'
import { releaseBooking, releaseNoShows } from '../../src/rooms/release.ts'
import { type Room, roomPath } from '../../src/rooms/room.ts'
import { RoomDay } from '../../src/rooms/room-day.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant } from '../setup/factories.ts'
import { buildBooking, buildRoom, holderOf } from '../setup/rooms.ts'
import { expectSoundRooms } from './soundness.ts'

const ZONE = 'Asia/Shanghai'
/** Bookings are made at seven in the morning of the day they are for. */
const on = today(ZONE)
const at = (minute: number, day = on) => instantAt(day, minute, ZONE)

describe('check-in and release', () => {
  useDatabase()
  beforeEach(() => setClock(at(420)))

  /** A company's member, their booking from 9 to 10 of a room that is given back after 15 minutes. */
  async function scene(more: Partial<Room> & { rule?: object } = {}) {
    const park = (await buildPark())._id
    const tenant = await buildTenant(park)
    setClock(null)
    const member = await signedInAs('member', { park, tenant: tenant._id })
    const stranger = await signedInAs('member', { park, tenant: (await buildTenant(park))._id })
    setClock(at(420))
    const room = await buildRoom({ park, release: 15, ...more })
    const holder = await holderOf(park, tenant._id)
    const contact = new Types.ObjectId(member.userId)
    const { booking } = await buildBooking({ room, holder, contact, day: on, from: 540, to: 600 })
    return { park, tenant, member, stranger, room, booking, holder, contact, here: `${roomPath(room)}/here` }
  }
  const now = async (booking: Booking) => (await Booking.findOne({ park: booking.park, _id: booking._id }).lean())!
  const mailsOf = (booking: Booking, key: string) => Mail.countDocuments({ 'params.code': booking.code, key })

  it('checks in by the code at the door: from a quarter of an hour before, once', async () => {
    const { member, booking, here, park } = await scene()
    setClock(at(524))
    const early = await member.get(here)
    expect(early.text).to.include('08:45').and.not.include('here-button')
    expect((await member.post(here)).status).to.equal(409)
    expect((await now(booking)).checkedIn).to.equal(null)
    setClock(at(525))
    expect((await member.get(here)).text).to.include('here-button')
    expect((await member.post(here)).status).to.equal(303)
    const first = (await now(booking)).checkedIn
    expect(first!.at.getTime()).to.be.within(at(525).getTime(), at(526).getTime())
    const day = await RoomDay.findOne({ park, day: on, 'claims.ref': booking._id }).lean()
    expect(day!.claims.map(claim => claim.checkedIn)).to.deep.equal([true])
    setClock(at(530))
    expect((await member.post(here)).status).to.equal(303)
    expect((await now(booking)).checkedIn).to.deep.equal(first)
    await expectSoundRooms(park, 0)
  })

  it('refuses a check-in after the end, and knows nothing of other people’s bookings', async () => {
    const { member, stranger, booking, here } = await scene({ release: null })
    setClock(at(550))
    const page = await stranger.get(here)
    expect(page.status).to.equal(200)
    expect(page.text).to.include('10:00').and.not.include(booking.code).and.not.include('here-button')
    expect((await stranger.post(here)).status).to.equal(404)
    setClock(at(600))
    expect((await member.post(here)).status).to.equal(404)
    expect((await now(booking)).checkedIn).to.equal(null)
  })

  it('says what the room is now: busy until, free until', async () => {
    const { stranger, here, room } = await scene()
    setClock(at(500))
    const free = await stranger.get(here)
    expect(free.text).to.include('09:00').and.include(`/bookings/new?room=${room._id}`)
    setClock(at(541))
    const busy = await stranger.get(here)
    expect(busy.text).to.include('10:00').and.not.include(`/bookings/new?room=${room._id}`)
  })

  it('gives back what nobody came for: from now on, without a refund, and tells once (CASE 21)', async () => {
    const { park, room, booking } = await scene({ rule: { price: 6_000, after: 30 } })
    setClock(at(554))
    await releaseNoShows()
    expect((await now(booking)).state).to.equal('confirmed')
    setClock(at(555))
    await releaseNoShows()
    await releaseNoShows()
    const after = await now(booking)
    expect(after.state).to.equal('released')
    expect(after.cost.total).to.equal(6_000)
    expect(await Charge.countDocuments({ park, 'source.ref': booking._id })).to.equal(1)
    expect(await mailsOf(booking, 'notice.booking.released')).to.equal(1)
    const day = await RoomDay.findOne({ park, day: on, room: room._id }).lean()
    expect(day!.claims.map(({ from, to }) => [from, to])).to.deep.equal([[540, 555]])
    // What is left can be booked by somebody else.
    await buildBooking({ room, day: on, from: 570, to: 630 })
    await expectSoundRooms(park, 0)
  })

  it('leaves alone what was checked in, isn’t today’s, has no such rule or is no booking any more', async () => {
    const { park, room, member, here, holder, contact, booking } = await scene()
    const other = await buildRoom({ park, release: null })
    const { booking: tomorrow } = await buildBooking({ room, holder, contact, day: addDays(on, 1), from: 540, to: 600 })
    const { booking: without } = await buildBooking({ room: other, holder, contact, day: on, from: 540, to: 600 })
    const { booking: gone } = await buildBooking({ room, holder, contact, day: on, from: 600, to: 660 })
    const where = (await Park.findById(park).lean())! as Park
    await cancelBooking(where, gone._id, { reason: null, shown: null }, BY)
    setClock(at(541))
    expect((await member.post(here)).status).to.equal(303)
    for (const minute of [560, 590, 620]) {
      setClock(at(minute))
      await releaseNoShows()
    }
    for (const one of [booking, tomorrow, without]) expect((await now(one)).state).to.equal('confirmed')
    expect((await now(gone)).state).to.equal('cancelled')
  })

  it('counts a booking that began before midnight as running, and one of yesterday that is over as over', async () => {
    const { room, holder, contact } = await scene()
    setClock(at(1300))
    const { booking: late } = await buildBooking({ room, holder, contact, day: on, from: 1430 - 20, to: 1500 })
    const { booking: old } = await buildBooking({ room, holder, contact, day: on, from: 1320, to: 1380 })
    setClock(at(20, addDays(on, 1)))
    await releaseNoShows()
    expect((await now(late)).state).to.equal('released')
    expect((await now(old)).state).to.equal('confirmed')
    await expectSoundRooms(room.park, 0)
  })

  it('releases or checks in, never both, however they meet; and the job runs once a minute', async () => {
    for (let round = 0; round < 4; round++) {
      const { park, member, booking, here } = await scene()
      setClock(at(555))
      const where = (await Park.findById(park).lean())! as Park
      const [answer, ...released] = await Promise.all([
        member.post(here),
        ...Array.from({ length: 3 }, () => releaseBooking(where, booking._id)),
      ])
      const { state, checkedIn } = await now(booking)
      expect(released.filter(Boolean)).to.have.length(state === 'released' ? 1 : 0)
      expect(answer.status === 303).to.equal(state === 'confirmed')
      expect(Boolean(checkedIn)).to.equal(state === 'confirmed')
      expect(await mailsOf(booking, 'notice.booking.released')).to.equal(state === 'released' ? 1 : 0)
      await expectSoundRooms(park, 0)
    }
    const job = JOBS.find(one => one.name === 'no-shows')!
    const ran = await Promise.all(Array.from({ length: 4 }, () => runJob(job, at(700))))
    expect(ran.filter(Boolean)).to.have.length(1)
  })

  it('can’t move or check in what was released', async () => {
    const { park, member, booking, here } = await scene()
    setClock(at(560))
    await releaseNoShows()
    expect((await member.post(here)).status).to.equal(404)
    const where = (await Park.findById(park).lean())! as Park
    const slot = { day: addDays(on, 1), from: 540, to: 600 }
    let refused = false
    await moveBooking(where, booking._id, { room: null, slot, version: null, desk: true }, BY).catch(() => (refused = true))
    expect(refused).to.equal(true)
    expect((await member.get(bookingPath(booking))).status).to.equal(200)
  })
})
