import { expect } from 'chai'
import { setClock } from '../../src/lib/clock.ts'
import { FOREVER } from '../../src/lib/days.ts'
import { cancelSession } from '../../src/mentoring/cancel.ts'
import { MentorDay } from '../../src/mentoring/mentor-day.ts'
import { createMentor, editMentor, loadMentor, retireMentor } from '../../src/mentoring/mentors.ts'
import { closeSlot } from '../../src/mentoring/slots.ts'
import { addEntry } from '../../src/parks/calendar-change.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, inDays } from '../setup/factories.ts'
import { buildMentor, buildSession, buildSlot, parkOf } from '../setup/mentoring.ts'
import { refused } from './refused.ts'

import { expectSoundAndForget } from './sound.ts'

describe('slots of a mentor', () => {
  afterEach(expectSoundAndForget)
  useDatabase()

  it('never overlap; those that touch are fine; another mentor’s don’t matter', async () => {
    const mentor = await buildMentor()
    await buildSlot(mentor, { from: 840, to: 900 })
    await refused(buildSlot(mentor, { from: 870, to: 930 }), 'mentoring.overlap', 409)
    await refused(buildSlot(mentor, { from: 800, to: 841 }), 'mentoring.overlap', 409)
    await buildSlot(mentor, { from: 900, to: 960 })
    await buildSlot(await buildMentor(mentor.park), { from: 840, to: 900 })
    const day = await MentorDay.findOne({ park: mentor.park, mentor: mentor._id }).lean().orFail()
    expect(day.slots.map(slot => slot.from)).to.deep.equal([840, 900])
  })

  it('repeat weekly, leave out the park’s days off, and are all or none', async () => {
    const mentor = await buildMentor()
    const first = '2027-03-02'
    setClock(new Date('2027-02-20T02:00:00Z'))
    await addEntry(mentor.park, { from: '2027-03-09', to: '2027-03-09', kind: 'holiday', name: { zh: 'Closed' } }, BY)
    await buildSlot(mentor, { day: first, weeks: 4 })
    const days = await MentorDay.find({ park: mentor.park, mentor: mentor._id }).sort({ day: 1 }).lean()
    expect(days.map(({ day }) => day)).to.deep.equal([first, '2027-03-16', '2027-03-23'])
    await refused(buildSlot(mentor, { day: '2027-03-01', weeks: 1, from: 900, to: 890 }), 'mentoring.order')
    await refused(buildSlot(mentor, { day: '2027-03-16', weeks: 3, from: 870, to: 960 }), 'mentoring.overlap', 409)
    expect(await MentorDay.countDocuments({ park: mentor.park, mentor: mentor._id })).to.equal(3)
  })

  it('have an end after their beginning, a place or link, and lie ahead', async () => {
    const mentor = await buildMentor()
    await refused(buildSlot(mentor, { from: 840, to: 845 }), 'mentoring.length')
    await refused(buildSlot(mentor, { place: null }), 'mentoring.noPlace')
    await refused(buildSlot(mentor, { day: inDays(-1) }), 'mentoring.past')
    await refused(buildSlot(mentor, { day: inDays(400) }), 'mentoring.horizon')
    await retireMentor(mentor.park, mentor._id, mentor.version, inDays(5), BY)
    await refused(buildSlot(mentor, { day: inDays(6) }), 'mentoring.notActive', 409)
    await buildSlot(mentor, { day: inDays(5) })
  })

  it('are taken away while they are open, not once they are booked', async () => {
    const mentor = await buildMentor()
    const slot = await buildSlot(mentor)
    const session = await buildSession({ mentor, from: 600, to: 660 })
    await refused(closeSlot(mentor.park, mentor, session.slot, BY), 'mentoring.slotBooked', 409)
    await closeSlot(mentor.park, mentor, slot._id, BY)
    const other = await buildMentor(mentor.park)
    const theirs = await buildSlot(other)
    const gone = await closeSlot(mentor.park, mentor, theirs._id, BY).catch(error => error)
    expect(gone.status, 'another mentor’s').to.equal(404)
  })

  it('go with the mentor’s last day; a booking stands in the way', async () => {
    const mentor = await buildMentor()
    await buildSlot(mentor, { day: inDays(10) })
    const session = await buildSession({ mentor, day: inDays(8) })
    await refused(retireMentor(mentor.park, mentor._id, mentor.version, inDays(7), BY), 'mentoring.stillBooked', 409)
    await cancelSession(await parkOf(mentor.park), session._id, { side: 'park', reason: 'Ill', reopen: true }, BY)
    const { version } = await loadMentor(mentor.park, mentor._id)
    await retireMentor(mentor.park, mentor._id, version, inDays(7), BY)
    const days = await MentorDay.find({ park: mentor.park, mentor: mentor._id }).lean()
    expect(days.flatMap(day => day.slots)).to.deep.equal([])
    await retireMentor(mentor.park, mentor._id, version + 1, FOREVER, BY)
    await buildSlot(mentor, { day: inDays(10) })
  })

  it('belong to mentors with codes of their own, changed by one at a time', async () => {
    const { park, _id, version, code } = await buildMentor()
    const same = { code, name: 'Other', title: null, intro: null, fields: [], email: null, activeFrom: inDays(0) }
    await refused(createMentor(park, same, BY), 'mentoring.codeTaken', 409)
    await retireMentor(park, _id, version, inDays(100), BY)
    await refused(retireMentor(park, _id, version, inDays(50), BY), 'stale', 409)
    await buildSlot({ park, _id })
    await refused(editMentor(park, _id, version + 1, { ...same, code, activeFrom: inDays(4) }, BY), 'mentoring.slotsBefore', 409)
    await editMentor(park, _id, version + 1, { ...same, code, activeFrom: inDays(3) }, BY)
  })
})
