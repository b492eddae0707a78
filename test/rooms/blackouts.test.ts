import { expect } from 'chai'
import { Types } from 'mongoose'
import { standingCharges } from '../../src/billing/charging.ts'
import { setClock } from '../../src/lib/clock.ts'
import { addDays, today } from '../../src/lib/days.ts'
import { instantAt } from '../../src/lib/wall.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { Blackout } from '../../src/rooms/blackout.ts'
import { Booking, bookingPath } from '../../src/rooms/booking.ts'
import { RoomDay } from '../../src/rooms/room-day.ts'
import { WaitEntry } from '../../src/rooms/waitlist.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildTenant, inDays } from '../setup/factories.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { buildBooking, buildRoom, holderOf } from '../setup/rooms.ts'
import { Visitor } from '../setup/visitor.ts'
import { day, form, scene, stateOf } from './closing.ts'
import { expectSound } from './closure-soundness.ts'

describe('closures of rooms', function () {
  this.timeout(120_000)
  const uri = useDatabase()
  let second: Running
  before(async () => {
    second = await startServer(uri())
  })
  after(() => second?.stop())

  const mailsFor = async (park: string, key: string) => Mail.find({ key, path: { $regex: `^/parks/${park}/` } }).lean()
  const seenIn = (html: string) => /name="seen" value="([^"]*)"/.exec(html)?.[1] ?? ''

  it('closes a room so that nobody books it, and opens it again', async () => {
    const { park, manager, member, room, base } = await scene()
    const made = await manager.post(base, form([room], 540, 720))
    expect(made.status).to.equal(303)
    const wish = { room: String(room._id), day, from: '10:00', to: '11:00', title: 'Talk' }
    const refused = await member.post(`/parks/${park}/bookings`, wish)
    expect(refused.status).to.equal(409)
    expect(await Booking.countDocuments({ park })).to.equal(0)
    const page = await manager.get(made.headers['location']!)
    expect(page.text).to.include('Cleaning')
    expect((await manager.get(base)).text).to.include('Cleaning')
    await expectSound(park)
    expect((await manager.post(`${made.headers['location']}/removal`)).status).to.equal(303)
    expect((await member.post(`/parks/${park}/bookings`, wish)).status).to.equal(303)
    expect((await manager.post(`${made.headers['location']}/removal`)).status).to.equal(409)
    await expectSound(park)
  })

  it('is refused over bookings, with their list, and changes nothing (CASE 18)', async () => {
    const { park, manager, room, base, book } = await scene()
    const booking = await book(600)
    const refused = await manager.post(base, form([room], 540, 720))
    expect(refused.status).to.equal(409)
    expect(refused.text).to.include(bookingPath(booking)).and.include('¥100.00')
    expect(await Blackout.countDocuments({ park })).to.equal(0)
    expect((await stateOf(booking)).state).to.equal('confirmed')
    await expectSound(park)
  })

  it('cancels what is in the way where the person agreed: all of it, refunded, each owner told once (CASE 18)', async () => {
    const { park, manager, room, base, book } = await scene({ freeHours: true })
    const other = await buildTenant(park)
    const neighbour = await signedInAs('member', { park, tenant: other._id })
    const mine = [await book(540), await book(600), await book(600, { day: addDays(day, 7) })]
    const theirs = await book(660, { holder: await holderOf(park, other._id), contact: new Types.ObjectId(neighbour.userId) })
    const weekly = form([room], 540, 720, { repeat: 'weekly', interval: '1', ends: 'count', count: '3' })
    const page = await manager.post(base, weekly)
    expect(page.status).to.equal(409)
    const seen = seenIn(page.text)
    expect(seen.split(' ').sort()).to.deep.equal([...mine, theirs].map(one => String(one._id)).sort())
    expect((await manager.post(`${base}/displacement`, { ...weekly, seen })).status).to.equal(303)
    for (const one of [...mine, theirs]) {
      const after = await stateOf(one)
      expect([after.state, after.cancelled!.fee, after.cost.free]).to.deep.equal(['cancelled', 0, []])
      expect(await standingCharges(park, { kind: 'booking', ref: one._id })).to.deep.equal([])
    }
    const [many, single] = [await mailsFor(park, 'notice.bookingSeries.blocked'), await mailsFor(park, 'notice.booking.blocked')]
    expect(many.map(mail => mail.params['count'])).to.deep.equal([3])
    expect(single.map(mail => mail.params['code'])).to.deep.equal([theirs.code])
    expect((await Blackout.findOne({ park }).lean())!.dates).to.deep.equal([day, addDays(day, 7), addDays(day, 14)])
    await expectSound(park, 600)
  })

  it('shows the list again when somebody booked since it was seen', async () => {
    const { park, manager, room, base, book } = await scene()
    const booking = await book(540)
    const closing = form([room], 540, 720)
    const seen = seenIn((await manager.post(base, closing)).text)
    const late = await book(660)
    const again = await manager.post(`${base}/displacement`, { ...closing, seen })
    expect(again.status).to.equal(409)
    expect(again.text).to.include(bookingPath(late))
    for (const one of [booking, late]) expect((await stateOf(one)).state).to.equal('confirmed')
    expect(await Blackout.countDocuments({ park })).to.equal(0)
    expect((await manager.post(`${base}/displacement`, { ...closing, seen: seenIn(again.text) })).status).to.equal(303)
    for (const one of [booking, late]) expect((await stateOf(one)).state).to.equal('cancelled')
    await expectSound(park)
  })

  it('rejects requests, and closes who waits for that time', async () => {
    const { park, manager, member, room, base, book } = await scene({ approval: true })
    const request = await book(540)
    const busy = await buildRoom({ park })
    await buildBooking({ room: busy, day, from: 540, to: 600 })
    const wish = { room: String(busy._id), day, from: '09:00', to: '10:00', title: 'Talk' }
    expect((await member.post(`/parks/${park}/bookings/waitlist`, wish)).status).to.equal(303)
    const closing = form([room, busy], 480, 720)
    const seen = seenIn((await manager.post(base, closing)).text)
    expect(seen.split(' ')).to.have.length(2)
    expect((await manager.post(`${base}/displacement`, { ...closing, seen })).status).to.equal(303)
    expect((await stateOf(request)).state).to.equal('rejected')
    expect((await WaitEntry.findOne({ park }).lean())!.state).to.equal('closed')
    expect(await mailsFor(park, 'notice.waitlist.offered')).to.have.length(0)
    expect(await mailsFor(park, 'notice.waitlist.closed')).to.have.length(1)
    await expectSound(park)
  })

  it('cancels what is running too, and asks to wait for what is being cleared', async () => {
    const { park, manager, room, base } = await scene({ after: 30 })
    const on = today()
    setClock(instantAt(on, 420, 'Asia/Shanghai'))
    const { booking } = await buildBooking({ room, day: on, from: 480, to: 540 })
    setClock(instantAt(on, 500, 'Asia/Shanghai'))
    const now = form([room], 510, 720, { day: on })
    const seen = seenIn((await manager.post(base, now)).text)
    expect(seen).to.equal(String(booking._id))
    setClock(instantAt(on, 545, 'Asia/Shanghai'))
    const cleared = await manager.post(base, form([room], 550, 720, { day: on }))
    expect(cleared.status).to.equal(409)
    expect(cleared.text).to.include('09:30').and.not.include('name="seen"')
    setClock(instantAt(on, 500, 'Asia/Shanghai'))
    expect((await manager.post(`${base}/displacement`, { ...now, seen })).status).to.equal(303)
    expect((await stateOf(booking)).state).to.equal('cancelled')
    await expectSound(park)
  })

  it('closes a hall with its parts, and minds other closures', async () => {
    const { park, manager, room, base } = await scene()
    const half = await buildRoom({ park, whole: room._id })
    const other = await buildRoom({ park, whole: room._id })
    const { booking } = await buildBooking({ room: half, day, from: 600, to: 660 })
    expect((await manager.post(base, form([other], 540, 720))).status).to.equal(303)
    const refused = await manager.post(base, form([room, half], 540, 720))
    expect(refused.status).to.equal(409)
    expect(refused.text).to.include(bookingPath(booking)).and.not.include('name="seen"')
    expect((await manager.post(`${base}/displacement`, { ...form([room], 540, 720), seen: String(booking._id) })).status).to.equal(409)
    expect((await stateOf(booking)).state).to.equal('confirmed')
    await expectSound(park)
  })

  it('refuses what can’t be meant, and other parks’ rooms', async () => {
    const { park, manager, room, base } = await scene()
    const foreign = await buildRoom()
    const refusedWith = async (fields: object, status = 422) => expect((await manager.post(base, fields as never)).status).to.equal(status)
    await refusedWith(form([], 540, 600))
    await refusedWith(form([foreign], 540, 600))
    await refusedWith(form([room], 540, 600, { day: inDays(-1) }))
    await refusedWith(form([room], 540, 600, { lastDay: addDays(day, -1) }))
    await refusedWith(form([room], 540, 600, { reasonZh: '' }))
    await refusedWith(form([room], 540, 600, { lastDay: addDays(day, 2), repeat: 'daily', ends: 'count', count: '3' }))
    expect(await Blackout.countDocuments({ park })).to.equal(0)
    for (const role of ['reception', 'promotion', 'official'] as const) {
      const who = await signedInAs(role, role === 'official' ? { district: 'xiacheng' } : { park })
      expect((await who.post(base, form([room], 540, 600))).status).to.equal(403)
    }
  })

  it('wins or loses as a whole against bookings made at the same moment, in two processes', async () => {
    for (let round = 0; round < 3; round++) {
      const { park, tenant, manager, room, base } = await scene()
      const people = await Promise.all(
        Array.from({ length: 6 }, (_, i) =>
          signedInAs('member', { park, tenant: tenant._id }, i % 2 ? new Visitor(second.url) : undefined),
        ),
      )
      const daily = form([room], 540, 720, { repeat: 'daily', ends: 'count', count: '6' })
      await Promise.all([manager.token(), ...people.map(who => who.token())])
      const [closed, ...booked] = await Promise.all([
        manager.post(base, daily),
        ...people.map((who, i) =>
          who.post(`/parks/${park}/bookings`, { room: String(room._id), day: addDays(day, i), from: '10:00', to: '11:00', title: 'Talk' }),
        ),
      ])
      const made = booked.filter(answer => answer.status === 303).length
      expect([303, 409]).to.include(closed!.status)
      expect(booked.every(answer => [303, 409].includes(answer.status))).to.equal(true)
      if (closed!.status === 303) expect(made).to.equal(0)
      else expect(made).to.be.above(0)
      expect(await Blackout.countDocuments({ park })).to.equal(closed!.status === 303 ? 1 : 0)
      expect(await RoomDay.countDocuments({ park, 'claims.kind': 'blackout' })).to.equal(closed!.status === 303 ? 6 : 0)
      await expectSound(park)
    }
  })

  it('sent twice, cancels and tells once, in two processes', async () => {
    const { park, manager, room, base, book } = await scene()
    const bookings = [await book(540), await book(660)]
    const closing = form([room], 540, 720, { repeat: 'daily', ends: 'count', count: '4', _key: 'the-same-key-twice' })
    const seen = seenIn((await manager.post(base, closing)).text)
    const other = await signedInAs('manager', { park }, new Visitor(second.url))
    await other.token()
    const answers = await Promise.all([
      manager.post(`${base}/displacement`, { ...closing, seen }),
      manager.post(`${base}/displacement`, { ...closing, seen }),
      other.post(`${base}/displacement`, { ...closing, _key: 'another-key-for-it', seen }),
    ])
    const done = answers.filter(answer => answer.status === 303).map(answer => answer.headers['location'])
    expect(new Set(done).size).to.equal(1)
    for (const one of bookings) expect((await stateOf(one)).state).to.equal('cancelled')
    expect(await Blackout.countDocuments({ park })).to.equal(1)
    expect(await mailsFor(park, 'notice.bookingSeries.blocked')).to.have.length(1)
    await expectSound(park)
  })
})
