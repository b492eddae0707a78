import { expect } from 'chai'
import { AuditEntry } from '../../src/audit/entry.ts'
import type { Event, EventFacts } from '../../src/events/event.ts'
import '../../src/events/follow-rooms.ts'
import { cancelEvent, createEvent, editEvent, publishEvent, setRoom } from '../../src/events/programme.ts'
import { setClock } from '../../src/lib/clock.ts'
import type { RuleError } from '../../src/lib/rule-error.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { makeBlackout } from '../../src/rooms/blackout-make.ts'
import { Booking } from '../../src/rooms/booking.ts'
import { cancelBooking } from '../../src/rooms/cancel.ts'
import { moveBooking } from '../../src/rooms/change.ts'
import { approveBooking, rejectBooking } from '../../src/rooms/decide.ts'
import { releaseNoShows } from '../../src/rooms/release.ts'
import type { Room } from '../../src/rooms/room.ts'
import { RoomDay } from '../../src/rooms/room-day.ts'
import { useDatabase } from '../setup/database.ts'
import { eventNow, factsOf, findings, joinEvent, roomWishes, sessionOn } from '../setup/events.ts'
import { BY, buildUser, inDays, OTHER } from '../setup/factories.ts'
import { parkOf } from '../setup/mentoring.ts'
import { buildBooking, buildRoom, type RoomOptions } from '../setup/rooms.ts'

/** The room of a session: booked, moved and given back with it, in one transaction. */
describe('rooms of events', () => {
  useDatabase()
  afterEach(async () => {
    setClock(null)
    expect(await findings()).to.deep.equal([])
  })

  async function withRoom(facts: Partial<EventFacts> = {}, options: RoomOptions = {}) {
    const room = await buildRoom(options)
    const park = await parkOf(room.park)
    const given = factsOf({ sessions: [sessionOn(3, { place: null })], ...facts })
    const draft = await createEvent(park, `with-${room.code.toLowerCase()}`, given, BY, roomWishes([given.sessions[0]!, room._id]))
    return { room, park, draft, event: await publishEvent(park, draft.code, draft.version, BY) }
  }

  const bookingsOf = (event: Event): Promise<Booking[]> =>
    Booking.find({ park: event.park, 'event.ref': event._id }).sort({ createdAt: 1, _id: 1 }).lean() as unknown as Promise<Booking[]>
  const claims = async (room: Room) =>
    (await RoomDay.find({ park: room.park }).lean()).flatMap(day => day.claims.map(one => [day.day, one.start, one.end]))
  const refused = (work: Promise<unknown>): Promise<RuleError> =>
    work.then(
      () => expect.fail('was not refused'),
      error => error,
    )

  it('books a room with the session, names the place after it, and shows the title once it is published', async () => {
    const { room, draft, event } = await withRoom()
    const [booking] = await bookingsOf(event)
    expect([booking!.state, booking!.room, booking!.day, booking!.from, booking!.to]).to.deep.equal([
      'confirmed',
      room._id,
      inDays(3),
      840,
      960,
    ])
    expect([draft.sessions[0]!.place?.zh, String(event.sessions[0]!.booking)]).to.deep.equal([room.name.zh, String(booking!._id)])
    expect([booking!.title, booking!.private, booking!.event!.code]).to.deep.equal([event.title.zh, false, event.code])
    expect(await claims(room)).to.deep.equal([[inDays(3), 840, 960]])
  })

  it('moves the booking with the session, and gives it back with the session or the event', async () => {
    const { room, park, event } = await withRoom()
    const [session] = event.sessions
    const moved = await editEvent(
      park,
      event.code,
      event.version,
      { ...event, sessions: [{ ...session!, day: inDays(5), from: 600, to: 690 }] },
      BY,
    )
    expect(await claims(room)).to.deep.equal([[inDays(5), 600, 690]])
    expect((await bookingsOf(event)).map(one => [one.state, one.day, one.from])).to.deep.equal([['confirmed', inDays(5), 600]])
    const other = sessionOn(9)
    const dropped = await editEvent(park, event.code, moved.version, { ...moved, sessions: [other] }, BY)
    expect([await claims(room), (await bookingsOf(event))[0]!.state]).to.deep.equal([[], 'cancelled'])
    const again = await editEvent(park, event.code, dropped.version, { ...dropped }, BY, roomWishes([other, room._id]))
    expect(await claims(room)).to.deep.equal([[inDays(9), 840, 960]])
    await cancelEvent(park, event.code, again.version, 'Snow', BY)
    expect(await claims(room)).to.deep.equal([])
    expect((await bookingsOf(event)).map(one => [one.state, one.cancelled?.reason])).to.deep.equal([
      ['cancelled', null],
      ['cancelled', 'Snow'],
    ])
  })

  it('leaves everything as it was where the room is taken, and says so at the row', async () => {
    const { room, park, event } = await withRoom()
    await joinEvent(event)
    await buildBooking({ room, day: inDays(5), from: 600, to: 660 })
    const [before, held, mails] = [await eventNow(event), await claims(room), await Mail.countDocuments()]
    const facts = {
      ...event,
      title: { zh: 'Another', en: null },
      sessions: [{ ...event.sessions[0]!, day: inDays(5), from: 630, to: 690 }],
    }
    const error = await refused(editEvent(park, event.code, event.version, facts, BY, roomWishes([event.sessions[0]!, room._id])))
    expect([error.problem.key, error.problem.field, error.status]).to.deep.equal(['error.room.taken', 'sessions[0][room]', 409])
    expect([await eventNow(event), await claims(room), await Mail.countDocuments()]).to.deep.equal([before, held, mails])
    const fresh = factsOf({ sessions: [sessionOn(5, { from: 600, to: 660 })] })
    await refused(createEvent(park, 'never-made', fresh, BY, roomWishes([fresh.sessions[0]!, room._id])))
    expect(await AuditEntry.countDocuments({ park: park._id, action: 'event.create' })).to.equal(1)
  })

  it('lets sessions change places with each other', async () => {
    const sessions = [sessionOn(3, { from: 600, to: 660 }), sessionOn(3, { from: 660, to: 720 })]
    const room = await buildRoom()
    const park = await parkOf(room.park)
    const event = await createEvent(park, 'two', factsOf({ sessions }), BY, roomWishes([sessions[0]!, room._id], [sessions[1]!, room._id]))
    const turned = [
      { ...event.sessions[0]!, from: 660, to: 720 },
      { ...event.sessions[1]!, from: 600, to: 660 },
    ]
    await editEvent(park, event.code, event.version, { ...event, sessions: turned }, BY)
    const rows = (await bookingsOf(event)).map(one => [String(one.event!.session), one.from]).sort()
    expect(rows).to.deep.equal(
      [
        [String(sessions[0]!._id), 660],
        [String(sessions[1]!._id), 600],
      ].sort(),
    )
  })

  it('asks for approval like any booking, and hears of it when it is declined', async () => {
    const { park, event } = await withRoom({}, { rule: { approval: true } })
    const manager = await buildUser('manager', { park: park._id })
    const [asked] = await bookingsOf(event)
    expect(asked!.state).to.equal('pending')
    await rejectBooking(park, asked!._id, 'Painting', OTHER)
    const after = await eventNow(event)
    expect([after.sessions[0]!.booking, after.sessions[0]!.lostRoom]).to.deep.equal([null, asked!.roomName.zh])
    expect(await Notification.countDocuments({ user: manager._id, key: 'event.roomLost' })).to.equal(1)
    const again = await setRoom(park, event.code, after.sessions[0]!._id, { version: after.version, room: asked!.room, desk: false }, BY)
    expect(again.sessions[0]!.lostRoom).to.equal(null)
    await approveBooking(park, again.sessions[0]!.booking!, OTHER)
  })

  it('hears of a booking cancelled or closed over on the side of the rooms, in the same step', async () => {
    const { room, park, event } = await withRoom()
    await buildUser('promotion', { park: park._id })
    const [first] = await bookingsOf(event)
    await cancelBooking(park, first!._id, { reason: 'Needed', shown: null }, OTHER)
    const lost = await eventNow(event)
    expect([lost.sessions[0]!.booking, lost.sessions[0]!.lostRoom, lost.version]).to.deep.equal([null, room.name.zh, event.version + 1])
    const again = await setRoom(park, event.code, lost.sessions[0]!._id, { version: lost.version, room: room._id, desk: false }, BY)
    const slot = { day: inDays(3), from: 0, to: 1440 }
    await makeBlackout(
      park,
      { rooms: [room._id], slot, rule: null, reason: { zh: 'Works', en: null } },
      [String(again.sessions[0]!.booking)],
      OTHER,
    )
    expect((await eventNow(event)).sessions[0]!.lostRoom).to.equal(room.name.zh)
    expect(await Notification.countDocuments({ key: 'event.roomLost', park: park._id })).to.equal(2)
    const waived = await setRoom(
      park,
      event.code,
      event.sessions[0]!._id,
      { version: (await eventNow(event)).version, room: null, desk: false },
      BY,
    )
    expect(waived.sessions[0]!.lostRoom).to.equal(null)
  })

  it('lets the desk change the room or add time, not take the time away from under the session', async () => {
    const { room, park, event } = await withRoom()
    const { attendee } = await joinEvent(event)
    const other = await buildRoom({ park: park._id })
    const [booking] = await bookingsOf(event)
    const at = (from: number, to: number, to_: Room = room) => ({
      room: to_._id,
      slot: { day: inDays(3), from, to },
      version: null,
      desk: true,
    })
    const error = await refused(moveBooking(park, booking!._id, at(900, 1020), OTHER))
    expect(error.problem.key).to.equal('error.event.roomFollows')
    expect(await claims(room)).to.deep.equal([[inDays(3), 840, 960]])
    await moveBooking(park, booking!._id, at(780, 990, other), OTHER)
    const after = await eventNow(event)
    expect(after.sessions[0]!.place?.zh).to.equal(other.name.zh)
    expect(await Mail.countDocuments({ to: attendee.email!, key: 'notice.event.changed' })).to.equal(1)
    // The time for setting up, which the desk gave it, comes along.
    await editEvent(park, event.code, after.version, { ...after, sessions: [{ ...after.sessions[0]!, from: 900, to: 1020 }] }, BY)
    expect((await bookingsOf(event)).map(one => [one.from, one.to])).to.deep.equal([[840, 1050]])
  })

  it('isn’t given back because nobody checked in at the room', async () => {
    const { event } = await withRoom({}, { release: 15 })
    setClock(new Date(event.startsAt.getTime() + 1_800_000))
    await releaseNoShows()
    expect((await bookingsOf(event))[0]!.state).to.equal('confirmed')
  })

  it('counts seats only of those who sit there', async () => {
    const sessions = [sessionOn(3)]
    const error = await refused(withRoom({ sessions, capacity: 50 }))
    expect(error.problem.key).to.equal('error.room.tooMany')
    const online = [sessionOn(3, { online: 'https://meet.example.com/x' })]
    expect((await bookingsOf((await withRoom({ sessions: online, capacity: 50 })).event)).length).to.equal(1)
  })
})
