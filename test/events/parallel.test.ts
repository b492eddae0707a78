import { expect } from 'chai'
import fc from 'fast-check'
import { Attendee } from '../../src/events/attendee.ts'
import { giveCertificate } from '../../src/events/certificate.ts'
import { checkIn } from '../../src/events/check-in.ts'
import { cancelEvent, editEvent } from '../../src/events/programme.ts'
import { giveUpPlace } from '../../src/events/sign-up.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { attendeeNow, buildEvent, eventNow, factsOf, findings, joinEvent, sessionOn, someone } from '../setup/events.ts'
import { BY } from '../setup/factories.ts'
import { parkOf } from '../setup/mentoring.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { settled } from '../setup/settled.ts'
import { Visitor } from '../setup/visitor.ts'

describe('events under many hands', function () {
  this.timeout(180_000)
  const uri = useDatabase()
  let second: Running
  before(async () => {
    second = await startServer(uri())
  })
  after(() => second?.stop())
  afterEach(async () => expect(await findings()).to.deep.equal([]))

  it('gives each place once, over two processes, and a number in line to everybody else', async () => {
    const event = await buildEvent({ capacity: 5 })
    const people = Array.from({ length: 16 }, (_, i) => (i % 2 ? new Visitor(second.url) : visitor()))
    await Promise.all(people.map(who => who.token()))
    const path = `/parks/${event.park}/events/${event.code}/attendees`
    const answers = await Promise.all(
      people.map(who => {
        const { name, phone, email } = someone()
        return who.post(path, { name, phone: phone!, email: email!, consent: 'on' })
      }),
    )
    expect(new Set(answers.map(answer => answer.status))).to.deep.equal(new Set([303]))
    const line = await Attendee.find({ park: event.park, event: event._id, state: 'waiting' }).sort({ turn: 1 }).lean()
    expect(line.map(one => one.turn)).to.deep.equal(Array.from({ length: 11 }, (_, i) => i + 1))
    const { taken, waiting } = await eventNow(event)
    expect([taken, waiting]).to.deep.equal([5, 11])
  })

  it('signs one phone up once, and makes one record of a form sent twice', async () => {
    const event = await buildEvent({ capacity: 5 })
    const path = `/parks/${event.park}/events/${event.code}/attendees`
    const people = Array.from({ length: 6 }, (_, i) => (i % 2 ? new Visitor(second.url) : visitor()))
    await Promise.all(people.map(who => who.token()))
    const same = { name: 'One', phone: '13912345678', email: 'same@example.com', consent: 'on' }
    const answers = await Promise.all(people.map(who => who.post(path, same)))
    expect(answers.map(answer => answer.status).sort()).to.deep.equal([303, 409, 409, 409, 409, 409])
    const who = visitor()
    await who.token()
    const twice = { name: 'Two', phone: '13912345679', email: 'two@example.com', consent: 'on', _key: 'one-time-key-event' }
    const twins = await Promise.all([who.post(path, twice), who.post(path, twice), who.post(path, twice)])
    expect(twins.map(answer => answer.status)).to.deep.equal([303, 303, 303])
    expect(await Attendee.countDocuments({ park: event.park, event: event._id })).to.equal(2)
    // Each of the three was led to the one place there is.
    const place = await who.get((await who.get(twins[0]!.headers['location']!)).headers['location']!)
    expect([place.status, place.text.includes('Two')]).to.deep.equal([200, true])
  })

  it('checks in once at two desks, and numbers certificates without a gap', async () => {
    const event = await buildEvent({ sessions: [sessionOn(0, { from: 0, to: 1440 })], certificateFrom: 1, signUpUntil: '2099-01-01' })
    const people = []
    for (let i = 0; i < 6; i++) people.push((await joinEvent(event)).attendee)
    const desks = [
      await signedInAs('reception', { park: event.park }),
      await signedInAs('promotion', { park: event.park }, new Visitor(second.url)),
    ]
    await Promise.all(desks.map(who => who.token()))
    const session = String(event.sessions[0]!._id)
    const presses = people.flatMap(one =>
      desks.map(who => who.post(`/parks/${event.park}/programme/pass/${one.pass}/check-in`, { session })),
    )
    for (const answer of await Promise.all(presses)) expect(answer.status).to.equal(303)
    for (const one of people) expect((await attendeeNow(one)).checkIns).to.have.length(1)
    const park = await parkOf(event.park)
    const given = await Promise.all(people.flatMap(({ _id }) => [giveCertificate(park, _id, BY), giveCertificate(park, _id, BY)]))
    expect([...new Set(given.map(one => one.number.slice(-4)))].sort()).to.deep.equal(['0001', '0002', '0003', '0004', '0005', '0006'])
  })

  it('calls off or signs up, and tells whoever got in', async () => {
    const event = await buildEvent({ capacity: 3 })
    const park = await parkOf(event.park)
    const people = Array.from({ length: 6 }, () => someone())
    await settled([...people.map(one => joinEvent(event, one)), cancelEvent(park, event.code, event.version, 'Snow', BY)])
    const inside = await Attendee.find({ park: park._id, event: event._id }).lean()
    const told = await Mail.countDocuments({ key: 'notice.event.calledOff', to: { $in: inside.map(one => one.email!) } })
    expect(told).to.equal((await eventNow(event)).state === 'cancelled' ? inside.length : 0)
  })

  it('stays sound whatever is done in whatever order: nobody lost, the line kept, never more than places', async () => {
    const step = fc.record({
      what: fc.constantFrom('join', 'join', 'leave', 'capacity', 'check'),
      n: fc.integer({ min: 0, max: 30 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 8 }), async rounds => {
        const event = await buildEvent({ capacity: 3, sessions: [sessionOn(0, { from: 1, to: 1440 })], signUpUntil: '2099-01-01' })
        const park = await parkOf(event.park)
        let joined = 0
        const all = () => Attendee.find({ park: park._id, event: event._id }).sort({ _id: 1 }).lean() as unknown as Promise<Attendee[]>
        const run = async ({ what, n }: { what: string; n: number }) => {
          if (what === 'join') return joinEvent(event).then(() => (joined += 1))
          if (what === 'capacity') {
            const { version, sessions } = await eventNow(event)
            const facts = factsOf({ sessions, capacity: 1 + (n % 6), signUpUntil: '2099-01-01' })
            return editEvent(park, event.code, version, facts, BY)
          }
          const people = await all()
          const one = people[n % Math.max(1, people.length)]
          if (!one) return null
          if (what === 'check') return checkIn(park, { attendee: one._id, session: event.sessions[0]!._id }, BY)
          return giveUpPlace(park, one._id, BY)
        }
        for (const round of rounds) {
          const before = new Map((await all()).map(one => [String(one._id), one]))
          await settled(round.map(run))
          expect(await findings()).to.deep.equal([])
          const after = await all()
          expect(after, 'nobody lost').to.have.length(joined)
          // Who waited and waits on keeps the number; whoever moved up stood before all of them.
          const waiting = after.filter(one => one.state === 'waiting')
          for (const one of waiting) if (before.has(String(one._id))) expect(one.turn).to.equal(before.get(String(one._id))!.turn)
          const moved = after.filter(one => one.state === 'going').flatMap(one => before.get(String(one._id))?.turn ?? [])
          if (moved.length && waiting.length) expect(Math.max(...moved)).to.be.below(Math.min(...waiting.map(one => one.turn!)))
        }
      }),
      { numRuns: 12 },
    )
  })
})
