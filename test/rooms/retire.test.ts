import { expect } from 'chai'
import { addDays } from '../../src/lib/days.ts'
import { Booking, bookingPath } from '../../src/rooms/booking.ts'
import { Room, roomPath } from '../../src/rooms/room.ts'
import { RoomDay } from '../../src/rooms/room-day.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { inDays } from '../setup/factories.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { buildRoom } from '../setup/rooms.ts'
import { Visitor } from '../setup/visitor.ts'
import { day, scene } from './closing.ts'
import { expectSound } from './closure-soundness.ts'

describe('rooms out of use', function () {
  this.timeout(120_000)
  const uri = useDatabase()
  let second: Running
  before(async () => {
    second = await startServer(uri())
  })
  after(() => second?.stop())

  it('takes a room out of use from a day on, and back', async () => {
    const { park, manager, member, room, book } = await scene()
    const path = roomPath(room)
    const booking = await book(540)
    const refused = await manager.post(`${path}/retirement`, { last: addDays(day, -2) })
    expect(refused.status).to.equal(409)
    expect(refused.text).to.include(bookingPath(booking))
    expect((await manager.post(`${path}/retirement`, { last: inDays(-1) })).status).to.equal(422)
    expect((await manager.post(`${path}/retirement`, { last: day })).status).to.equal(303)
    expect((await Room.findOne({ park, _id: room._id }).lean())!.activeTo).to.equal(day)
    const wish = { room: String(room._id), day: addDays(day, 1), from: '10:00', to: '11:00', title: 'Talk' }
    expect((await member.post(`/parks/${park}/bookings`, wish)).status).to.equal(409)
    expect((await manager.post(`${path}/retirement`, { last: addDays(day, 5) })).status).to.equal(409)
    await expectSound(park)
    expect((await manager.post(`${path}/reopening`)).status).to.equal(303)
    expect((await member.post(`/parks/${park}/bookings`, wish)).status).to.equal(303)
    expect(await RoomDay.countDocuments({ park, 'claims.kind': 'blackout' })).to.equal(0)
    await expectSound(park)
  })

  it('wants the parts of a hall closed first, and opens them after it', async () => {
    const { park, manager, room: hall } = await scene()
    const part = await buildRoom({ park, whole: hall._id })
    expect((await manager.post(`${roomPath(hall)}/retirement`, { last: day })).status).to.equal(409)
    expect((await manager.post(`${roomPath(part)}/retirement`, { last: addDays(day, -3) })).status).to.equal(303)
    expect((await manager.post(`${roomPath(hall)}/retirement`, { last: day })).status).to.equal(303)
    await expectSound(park)
    expect((await manager.post(`${roomPath(part)}/reopening`)).status).to.equal(409)
    expect((await manager.post(`${roomPath(hall)}/reopening`)).status).to.equal(303)
    const held = await RoomDay.distinct('claims.ref', { park, day: addDays(day, 5) })
    expect(held.map(String)).to.deep.equal([String(part._id)])
    await expectSound(park)
    expect((await manager.post(`${roomPath(part)}/reopening`)).status).to.equal(303)
    expect(await RoomDay.countDocuments({ park, 'claims.kind': 'blackout' })).to.equal(0)
  })

  it('lets no booking slip past it at the same moment, in two processes', async () => {
    for (let round = 0; round < 3; round++) {
      const { park, tenant, manager, room } = await scene()
      const guests = await Promise.all(
        [0, 1, 2].map(i => signedInAs('member', { park, tenant: tenant._id }, i % 2 ? new Visitor(second.url) : undefined)),
      )
      await Promise.all([manager.token(), ...guests.map(who => who.token())])
      const [closed, ...booked] = await Promise.all([
        manager.post(`${roomPath(room)}/retirement`, { last: addDays(day, -1) }),
        ...guests.map((who, i) =>
          who.post(`/parks/${park}/bookings`, {
            room: String(room._id),
            day: addDays(day, i),
            from: '10:00',
            to: '11:00',
            title: 'Talk',
          }),
        ),
      ])
      const made = booked.filter(answer => answer.status === 303).length
      expect(closed!.status === 303).to.equal(made === 0)
      expect(await Booking.countDocuments({ park })).to.equal(made)
      await expectSound(park)
    }
  })
})
