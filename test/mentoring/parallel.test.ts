import { expect } from 'chai'
import fc from 'fast-check'
import type { Types } from 'mongoose'
import { bookSlot } from '../../src/mentoring/book.ts'
import { cancelSession } from '../../src/mentoring/cancel.ts'
import { MentorDay } from '../../src/mentoring/mentor-day.ts'
import { loadMentor, retireMentor } from '../../src/mentoring/mentors.ts'
import { Session } from '../../src/mentoring/session.ts'
import { openSlots } from '../../src/mentoring/slots.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant, inDays } from '../setup/factories.ts'
import { buildMentor, buildSlot, parkOf, someone, teamOf } from '../setup/mentoring.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { settled } from '../setup/settled.ts'
import { Visitor } from '../setup/visitor.ts'
import { expectSound } from './sound.ts'

describe('mentoring under many hands', function () {
  this.timeout(180_000)
  const uri = useDatabase()
  let second: Running
  before(async () => {
    second = await startServer(uri())
  })
  after(() => second?.stop())
  afterEach(expectSound)

  it('books a slot once, over two processes and eight companies', async () => {
    const park = (await buildPark())._id
    const slot = await buildSlot(await buildMentor(park))
    const people: Visitor[] = []
    for (let i = 0; i < 8; i++)
      people.push(await signedInAs('owner', { park, tenant: (await buildTenant(park))._id }, i % 2 ? new Visitor(second.url) : undefined))
    await Promise.all(people.map(who => who.token()))
    const path = `/parks/${park}/mentoring/slots/${slot._id}/booking`
    const answers = await Promise.all(people.map(who => who.post(path, { topic: 'A topic' })))
    expect(answers.map(answer => answer.status).sort()).to.deep.equal([303, 409, 409, 409, 409, 409, 409, 409])
    expect(await Session.countDocuments({ park })).to.equal(1)
  })

  it('keeps a team’s cap when its people book different slots at once', async () => {
    const park = (await buildPark())._id
    const tenant = (await buildTenant(park))._id
    const mentor = await buildMentor(park)
    const slots: Types.ObjectId[] = []
    for (let i = 0; i < 6; i++) slots.push((await buildSlot(mentor, { from: 540 + 30 * i, to: 570 + 30 * i }))._id)
    const people = [
      await signedInAs('owner', { park, tenant }),
      await signedInAs('member', { park, tenant }, new Visitor(second.url)),
      await signedInAs('manager', { park }),
    ]
    await Promise.all(people.map(who => who.token()))
    const answers = await Promise.all(
      slots.map((slot, i) =>
        people[i % 3]!.post(`/parks/${park}/mentoring/slots/${slot}/booking`, { topic: 'A topic', tenant: String(tenant) }),
      ),
    )
    expect(answers.filter(answer => answer.status === 303)).to.have.length(2)
    expect(answers.filter(answer => answer.status === 409)).to.have.length(4)
  })

  it('makes one booking of a form sent twice', async () => {
    const park = (await buildPark())._id
    const slot = await buildSlot(await buildMentor(park))
    const who = await signedInAs('owner', { park, tenant: (await buildTenant(park))._id })
    await who.token()
    const send = () => who.post(`/parks/${park}/mentoring/slots/${slot._id}/booking`, { topic: 'A topic', _key: 'one-time-key-1' })
    const answers = await Promise.all([send(), send(), send()])
    expect(new Set(answers.map(answer => `${answer.status} ${answer.headers['location']}`)).size).to.equal(1)
    expect(answers[0]!.status).to.equal(303)
  })

  it('opens slots that overlap for one of many', async () => {
    const mentor = await buildMentor()
    const park = await parkOf(mentor.park)
    const offer = (from: number) => ({ day: inDays(4), from, to: from + 60, place: 'Room', link: null, weeks: 3 })
    const done = await settled(Array.from({ length: 10 }, (_, i) => openSlots(park, mentor._id, offer(540 + i * 5), BY)))
    expect(done).to.equal(1)
  })

  it('cancels once, and a slot given back goes to one', async () => {
    const mentor = await buildMentor()
    const park = await parkOf(mentor.park)
    const slot = await buildSlot(mentor, { day: inDays(5) })
    const wish = () => ({ slot: slot._id, team: someone(), contact: null, topic: 'T', wish: null })
    const first = await bookSlot(park, wish(), BY)
    const cancel = () => cancelSession(park, first._id, { side: 'team', reason: null, reopen: false }, BY)
    const done = await settled([cancel(), cancel(), ...Array.from({ length: 5 }, () => bookSlot(park, wish(), BY))])
    expect(done).to.be.within(1, 2)
    expect(await Session.countDocuments({ park: park._id, state: 'booked' })).to.be.at.most(1)
    expect(await Session.countDocuments({ park: park._id, state: 'cancelled' })).to.equal(1)
  })

  it('retires a mentor or opens and books their slots, never both', async () => {
    const mentor = await buildMentor()
    const park = await parkOf(mentor.park)
    const slot = await buildSlot(mentor, { day: inDays(9) })
    const { version } = await loadMentor(park._id, mentor._id)
    const offer = { day: inDays(10), from: 600, to: 660, place: 'Room', link: null, weeks: 1 }
    await settled([
      retireMentor(park._id, mentor._id, version, inDays(6), BY),
      bookSlot(park, { slot: slot._id, team: someone(), contact: null, topic: 'T', wish: null }, BY).catch(error => {
        // Gone with the retirement.
        if (error.status !== 404) throw error
      }),
      openSlots(park, mentor._id, offer, BY),
    ])
  })

  it('stays sound whatever is done in whatever order', async () => {
    const mentor = await buildMentor()
    const park = await parkOf(mentor.park)
    const teams = [await teamOf(park._id), someone()]
    const step = fc.record({
      what: fc.constantFrom('open', 'book', 'cancel'),
      day: fc.integer({ min: 2, max: 3 }),
      from: fc.integer({ min: 0, max: 12 }),
      team: fc.integer({ min: 0, max: 1 }),
    })
    const run = async ({ what, day, from, team }: { what: string; day: number; from: number; team: number }) => {
      const start = 540 + from * 20
      if (what === 'open')
        return openSlots(park, mentor._id, { day: inDays(day), from: start, to: start + 40, place: 'Room', link: null, weeks: 1 }, BY)
      if (what === 'cancel') {
        const sessions = await Session.find({ park: park._id, state: 'booked' }).lean()
        const one = sessions[from % Math.max(1, sessions.length)]
        return one && cancelSession(park, one._id, { side: 'park', reason: 'x', reopen: from % 2 === 0 }, BY)
      }
      const found = await MentorDay.findOne({ park: park._id, mentor: mentor._id, day: inDays(day) }).lean()
      const slot = found?.slots[from % Math.max(1, found.slots.length)]
      return (
        slot &&
        bookSlot(park, { slot: slot._id, team: teams[team]!, contact: null, topic: 'T', wish: null }, BY).catch(error => {
          if (error.status !== 404) throw error
        })
      )
    }
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }), async rounds => {
        for (const round of rounds) await settled(round.map(run))
        await expectSound()
      }),
      { numRuns: 15 },
    )
  })
})
