import { expect } from 'chai'
import { Types } from 'mongoose'
import { AuditEntry } from '../../src/audit/entry.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { Park } from '../../src/parks/park.ts'
import { Booking } from '../../src/rooms/booking.ts'
import type { Room } from '../../src/rooms/room.ts'
import { RoomDay } from '../../src/rooms/room-day.ts'
import { expectSoundRooms } from '../rooms/soundness.ts'
import { useDatabase } from '../setup/database.ts'
import { buildTenant, buildUser, inDays, PASSWORD } from '../setup/factories.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { buildRoom } from '../setup/rooms.ts'
import { Visitor } from '../setup/visitor.ts'
import { giveUpOrphans } from './orphans.ts'
import { buildSoundPark } from './soundness.ts'

/** Bookings asked for at once, of two server processes on one database (CASES 12, 13, 17, 19, 30, 32). */
const GRANTED = 600

describe('bookings at two server processes at once', function () {
  this.timeout(240_000)
  const uri = useDatabase()
  let servers: Running[] = []
  before(async () => {
    servers = await Promise.all([startServer(uri()), startServer(uri())])
  })
  after(() => Promise.all(servers.map(server => server.stop())))

  async function seatsOf(park: string, role: 'owner' | 'member' | 'reception' | 'manager', tenant?: Types.ObjectId): Promise<Visitor[]> {
    const { email } = await buildUser(role, { park, tenant })
    const seats = await Promise.all(servers.map(server => new Visitor(server.url).signIn(email, PASSWORD)))
    for (const seat of seats) await seat.token()
    return seats
  }

  async function scene(room: Parameters<typeof buildRoom>[0] = {}) {
    const park = await buildSoundPark()
    const tenant = (await buildTenant(park))._id
    return { park, tenant, room: await buildRoom({ park, ...room }), seats: await seatsOf(park, 'member', tenant) }
  }

  const fields = (room: Room, from: number, to: number, more: Record<string, string> = {}) => ({
    room: String(room._id),
    day: inDays(3),
    from: String(from),
    to: String(to),
    title: 'Meeting',
    _key: new Types.ObjectId().toHexString(),
    ...more,
  })
  const book = async (seat: Visitor, park: string, form: Record<string, string>) => seat.post(`/parks/${park}/bookings`, form)

  it('lets one of twenty overlapping bookings win, and writes one mail', async () => {
    for (let round = 0; round < 3; round++) {
      const { park, room, seats } = await scene()
      const mails = await Mail.countDocuments()
      const form = (n: number) => fields(room, 540 + 30 * (n % 3), 660 + 30 * (n % 4))
      const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => book(seats[n % 2]!, park, form(n))))
      const statuses = answers.map(answer => answer.status).sort()
      expect(statuses).to.deep.equal([303, ...Array.from({ length: 19 }, () => 409)])
      expect(await Booking.countDocuments({ park })).to.equal(1)
      expect((await Mail.countDocuments()) - mails).to.equal(1)
      expect(await AuditEntry.countDocuments({ park, action: 'booking.make' })).to.equal(1)
      await expectSoundRooms(park, GRANTED)
    }
  })

  it('never lets a hall and its half be taken together; two halves are two rooms', async () => {
    const { park, room: hall, seats } = await scene()
    const [left, right] = [await buildRoom({ park, whole: hall._id }), await buildRoom({ park, whole: hall._id })]
    for (let round = 0; round < 6; round++) {
      const from = 480 + round * 60
      const rooms = round % 2 ? [hall, left, right] : [left, right]
      const answers = await Promise.all(rooms.map((room, i) => book(seats[i % 2]!, park, fields(room, from, from + 60))))
      const won = rooms.filter((_, i) => answers[i]!.status === 303)
      if (round % 2 === 0) expect(won).to.have.length(2)
      else expect(won.includes(hall) ? won.length : 0, 'a hall alone, or its halves').to.be.at.most(1)
      expect(answers.every(answer => [303, 409].includes(answer.status))).to.equal(true)
    }
    await expectSoundRooms(park, GRANTED)
  })

  it('gives the last free hour to one of a member and the front desk on its behalf', async () => {
    const { park, tenant, room, seats } = await scene({ rule: { price: 8_000, freeHours: true } })
    await Park.updateOne({ _id: park }, { 'settings.freeMinutes': { tenant: 60, student: 0 } })
    const desk = await seatsOf(park, 'reception')
    const behalf = fields(room, 720, 780, { for: 'tenant', tenant: String(tenant) })
    const answers = await Promise.all([book(seats[0]!, park, fields(room, 600, 660)), book(desk[1]!, park, behalf)])
    expect(answers.map(answer => answer.status)).to.deep.equal([303, 303])
    const costs = (await Booking.find({ park }).lean()).map(booking => booking.cost.total)
    expect(costs.sort()).to.deep.equal([0, 8_000])
    await expectSoundRooms(park, 60)
  })

  it('makes one booking of one form sent many times, to both', async () => {
    const { park, room, seats } = await scene()
    const form = fields(room, 600, 660)
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => book(seats[n % 2]!, park, form)))
    expect(new Set(answers.map(answer => `${answer.status} ${answer.headers['location']}`)).size).to.equal(1)
    expect(await Booking.countDocuments({ park })).to.equal(1)
  })

  it('gives a slot that is cancelled and wanted at once to one at most, and the room agrees', async () => {
    const { park, room, seats } = await scene()
    for (let round = 0; round < 6; round++) {
      const from = 480 + 60 * round
      const first = await book(seats[0]!, park, fields(room, from, from + 60))
      const cancel = seats[0]!.post(`${first.headers['location']}/cancellation`, { _key: new Types.ObjectId().toHexString() })
      const again = Array.from({ length: 6 }, (_, n) => book(seats[n % 2]!, park, fields(room, from, from + 60)))
      const [gone, ...answers] = await Promise.all([cancel, ...again])
      expect(gone!.status).to.equal(303)
      expect(answers.filter(answer => answer.status === 303).length).to.be.at.most(1)
      expect(await Booking.countDocuments({ park, from, state: 'confirmed' })).to.be.at.most(1)
    }
    await expectSoundRooms(park, GRANTED)
  })

  it('approves one of the requests for one slot, and tells the others', async () => {
    const { park, room, seats } = await scene({ rule: { approval: true } })
    for (let n = 0; n < 4; n++) expect((await book(seats[n % 2]!, park, fields(room, 540 + 30 * n, 690))).status).to.equal(303)
    const requests = await Booking.find({ park }).lean()
    const desk = await seatsOf(park, 'manager')
    const decide = (id: Types.ObjectId, n: number) => desk[n % 2]!.post(`/parks/${park}/bookings/${id}/approval`)
    const answers = await Promise.all(requests.map((request, n) => decide(request._id, n)))
    expect(answers.filter(answer => answer.status === 303)).to.have.length(1)
    const states = (await Booking.find({ park }).lean()).map(booking => booking.state).sort()
    expect(states).to.deep.equal(['confirmed', 'rejected', 'rejected', 'rejected'])
    await expectSoundRooms(park, GRANTED)
  })

  it('keeps what it acknowledged when it is killed in the middle, and nothing by halves', async () => {
    const { park, tenant } = await scene()
    const room = await buildRoom({ park, rule: { price: 6_000, freeHours: true, after: 30 } })
    const { email } = await buildUser('member', { park, tenant })
    const victim = await startServer(uri())
    const seat = await new Visitor(victim.url).signIn(email, PASSWORD)
    await seat.token()
    const gone = new Promise(resolve => victim.child.once('exit', resolve))
    const acknowledged: string[] = []
    const forms = Array.from({ length: 24 }, (_, n) => ({
      ...fields(room, 1380 - (n % 12) * 90, 1440 - (n % 12) * 90),
      day: inDays(5 + Math.floor(n / 12)),
    }))
    const todo = [...forms]
    const hand = async () => {
      for (let form = todo.shift(); form; form = todo.shift()) {
        const answer = await book(seat, park, form).catch(() => null)
        if (!answer) return
        expect(answer.status).to.equal(303)
        acknowledged.push(/[0-9a-f]{24}/.exec(answer.headers['location'] ?? '')![0])
        if (acknowledged.length === 5) victim.child.kill('SIGKILL')
      }
    }
    await Promise.all(Array.from({ length: 6 }, hand))
    await gone
    await giveUpOrphans()
    for (const id of acknowledged) expect(await Booking.exists({ park, _id: id, state: 'confirmed' }), id).not.to.equal(null)
    expect(acknowledged.length).to.be.within(5, 23)
    await expectSoundRooms(park, GRANTED)
    const next = await new Visitor(servers[0]!.url).signIn(email, PASSWORD)
    for (const form of forms) expect((await book(next, park, form)).status, 'pressed again').to.equal(303)
    expect(await Booking.countDocuments({ park, room: room._id })).to.equal(forms.length)
    expect(await RoomDay.countDocuments({ park, room: room._id })).to.equal(3)
    await expectSoundRooms(park, GRANTED)
  })
})
