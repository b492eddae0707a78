import { expect } from 'chai'
import { type Event, eventPath } from '../../src/events/event.ts'
import { Booking, bookingPath } from '../../src/rooms/booking.ts'
import { giveUpOrphans } from '../concurrency/orphans.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { eventNow, findings } from '../setup/events.ts'
import { buildPark, inDays } from '../setup/factories.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { buildBooking, buildRoom } from '../setup/rooms.ts'
import { Visitor } from '../setup/visitor.ts'

const session = (i: number, more: Record<string, string>) =>
  Object.fromEntries(
    Object.entries({ day: inDays(4), from: '14:00', to: '16:00', ...more }).map(([name, value]) => [`sessions[${i}][${name}]`, value]),
  )

/** The form of an event books, moves and refuses rooms, with what there is instead. */
describe('pages of rooms for events', function () {
  this.timeout(120_000)
  const uri = useDatabase()
  const servers: Running[] = []
  after(() => Promise.all(servers.map(server => server.stop())))
  afterEach(async () => expect(await findings()).to.deep.equal([]))

  const made = async (park: string, code: string): Promise<Event> => eventNow({ park, code })

  it('books with the form, shows what is free where it can’t, and takes that at a press', async () => {
    const park = (await buildPark())._id
    const [hall, other] = [await buildRoom({ park }), await buildRoom({ park })]
    await buildBooking({ room: hall, day: inDays(4), from: 840, to: 900 })
    const who = await signedInAs('promotion', { park })
    const path = `/parks/${park}/programme`
    const fields = {
      kind: 'briefing',
      audience: 'public',
      titleZh: 'Briefing',
      code: 'briefing-one',
      ...session(0, { room: String(hall._id) }),
    }
    const refused = await who.post(path, fields)
    expect(refused.status).to.equal(409)
    const offers = [...refused.text.matchAll(/name="choose" value="([^"]+)"/g)].map(match => match[1]!)
    expect(
      offers.some(offer => offer.includes(String(other._id))),
      'another room',
    ).to.equal(true)
    expect(
      offers.some(offer => offer.startsWith(`0 ${hall._id}`)),
      'another time',
    ).to.equal(true)
    expect(refused.text).to.include('Briefing').and.include('id="sessions[0][room]"')
    const taken = await who.post(path, { ...fields, choose: offers.find(offer => offer.includes(String(other._id)))! })
    expect(taken.status).to.equal(303)
    const event = await made(park, 'briefing-one')
    expect(event.sessions[0]!.place?.zh).to.equal(other.name.zh)
    const booking = (await Booking.findOne({ park, 'event.ref': event._id }).lean().orFail()) as Booking
    expect((await who.get(bookingPath(booking))).text).to.include(eventPath(event))
    const page = await who.get(eventPath(event))
    expect([page.text.includes(bookingPath(booking)), page.text.includes('/room"')]).to.deep.equal([true, true])
    // The form shows the room, and saving it unchanged changes nothing of it.
    const edit = await who.get(`${eventPath(event)}/edit`)
    expect(edit.text).to.match(new RegExp(`value="${other._id}" selected`))
    const same = {
      ...fields,
      version: String(event.version),
      ...session(0, { id: String(event.sessions[0]!._id), room: String(other._id) }),
    }
    expect((await who.post(`${eventPath(event)}/edit`, { ...same, textZh: 'More' })).status).to.equal(303)
    expect((await Booking.findOne({ park, _id: booking._id }).lean().orFail()).version).to.equal(booking.version)
    // A form without rooms, of another program, leaves them alone.
    const { 'sessions[0][room]': _, ...bare } = same as Record<string, string>
    expect((await who.post(`${eventPath(event)}/edit`, { ...bare, version: String(event.version + 1) })).status).to.equal(303)
    expect((await Booking.findOne({ park, _id: booking._id }).lean().orFail()).state).to.equal('confirmed')
  })

  it('books, changes and gives back from the event’s page', async () => {
    const park = (await buildPark())._id
    const [hall, other] = [await buildRoom({ park }), await buildRoom({ park, capacity: 2 })]
    const who = await signedInAs('manager', { park })
    const fields = { kind: 'forum', audience: 'public', titleZh: 'Forum', code: 'forum-one', capacity: '5', ...session(0, {}) }
    expect((await who.post(`/parks/${park}/programme`, fields)).status).to.equal(303)
    const event = await made(park, 'forum-one')
    const here = `${eventPath(event)}/sessions/${event.sessions[0]!._id}/room`
    const page = await who.get(here)
    expect((page.text.match(/name="room" value=/g) ?? []).length, 'too small is not offered').to.equal(1)
    expect((await who.post(here, { version: String(event.version), room: String(other._id) })).status).to.equal(422)
    expect((await who.post(here, { version: String(event.version), room: String(hall._id) })).status).to.equal(303)
    expect((await who.post(here, { version: String(event.version), room: String(hall._id) })).status, 'stale').to.equal(409)
    const { version } = await made(park, 'forum-one')
    expect((await who.post(`${here}/cancellation`, { version: String(version) })).status).to.equal(303)
    expect((await Booking.find({ park }).lean()).map(one => one.state)).to.deep.equal(['cancelled'])
    expect((await who.get(`${eventPath(event)}/sessions/${hall._id}/room`)).status).to.equal(404)
  })

  it('is killed in the middle: an event with its room, or neither (CASES 32)', async () => {
    const park = (await buildPark())._id
    const rooms = []
    for (let i = 0; i < 6; i++) rooms.push(await buildRoom({ park }))
    const victim = await startServer(uri())
    servers.push(victim)
    const who = await signedInAs('manager', { park }, new Visitor(victim.url))
    await who.token()
    const gone = new Promise(resolve => victim.child.once('exit', resolve))
    let answered = 0
    const acknowledged = await Promise.all(
      rooms.map((room, i) =>
        who
          .post(`/parks/${park}/programme`, {
            ...{ kind: 'forum', audience: 'public', titleZh: `F${i}`, code: `killed-${i}` },
            ...session(0, { room: String(room._id) }),
            ...session(1, { day: inDays(5), room: String(room._id) }),
          })
          .then(
            answer => {
              answered += 1
              if (answered === 2) victim.child.kill('SIGKILL')
              return answer.status === 303
            },
            () => false,
          ),
      ),
    )
    await gone
    await giveUpOrphans()
    for (const [i, room] of rooms.entries()) {
      const event = await made(park, `killed-${i}`).catch(() => null)
      if (acknowledged[i]) expect(event).to.not.equal(null)
      const bookings = await Booking.countDocuments({ park, room: room._id })
      expect(bookings).to.equal(event ? 2 : 0)
    }
  })
})
