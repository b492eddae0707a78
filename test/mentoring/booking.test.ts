import { expect } from 'chai'
import { AuditEntry } from '../../src/audit/entry.ts'
import { setClock } from '../../src/lib/clock.ts'
import { addDays } from '../../src/lib/days.ts'
import { addFollowUp, FollowUp, tickFollowUp } from '../../src/mentoring/actions.ts'
import { bookSlot } from '../../src/mentoring/book.ts'
import { cancelSession } from '../../src/mentoring/cancel.ts'
import { MentorDay } from '../../src/mentoring/mentor-day.ts'
import { asksConsent, setConsent, writeNote } from '../../src/mentoring/notes.ts'
import { markOutcome, rateSession } from '../../src/mentoring/outcome.ts'
import { remindOfMentoring } from '../../src/mentoring/reminders.ts'
import { Session } from '../../src/mentoring/session.ts'
import { editSetup, setupOf } from '../../src/mentoring/setup.ts'
import { openCount, TeamLoad } from '../../src/mentoring/team.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { mergeTenants } from '../../src/overview/merge-tenants.ts'
import { editTenant } from '../../src/tenants/profile.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant, buildUser, inDays } from '../setup/factories.ts'
import { begin, buildMentor, buildSession, parkOf, sessionNow, someone, teamOf } from '../setup/mentoring.ts'
import { refused } from './refused.ts'

import { expectSoundAndForget } from './sound.ts'

describe('booking a mentor', () => {
  afterEach(expectSoundAndForget)
  useDatabase()

  it('takes the slot, counts for the team and tells both sides, each with the event', async () => {
    const park = (await buildPark())._id
    const tenant = await buildTenant(park)
    const owner = await buildUser('owner', { park, tenant: tenant._id })
    const mentor = await buildMentor(park, { email: 'mentor-one@example.com' })
    const session = await buildSession({ mentor, team: await teamOf(park, tenant._id), contact: owner._id })
    expect(session.team.name).to.equal(tenant.name)
    const mails = await Mail.find({ 'params.code': session.code }).sort({ key: 1 }).lean()
    expect(mails.map(({ to, key }) => [to, key])).to.deep.equal([
      ['mentor-one@example.com', 'notice.mentoring.mentor.booked'],
      [owner.email, 'notice.mentoring.team.booked'],
    ])
    for (const { calendar } of mails) {
      expect(calendar!.method).to.equal('REQUEST')
      expect(calendar!.text).to.include(`UID:mentoring-${session._id}@zhigu`)
    }
    expect(await openCount(park, session.team)).to.equal(1)
    const slot = { slot: session.slot, team: await teamOf(park), contact: null, topic: 'T', wish: null }
    await refused(bookSlot(await parkOf(park), slot, BY), 'mentoring.slotTaken', 409)
  })

  it('is refused over the team’s cap, until one is over, marked or cancelled', async () => {
    const mentor = await buildMentor()
    const park = await parkOf(mentor.park)
    const team = someone()
    const book = (from: number, day = inDays(3)) => buildSession({ mentor, team, day, from, to: from + 30 })
    const [first] = [await book(480), await book(510)]
    await refused(book(540), 'mentoring.cap', 409)
    await cancelSession(park, first._id, { side: 'team', reason: null, reopen: false }, BY)
    await book(570)
    await refused(book(600), 'mentoring.cap', 409)
    await buildSession({ mentor, team: someone(), from: 630, to: 660 })
    setClock(new Date(Date.now() + 5 * 86_400_000))
    await book(480, inDays(8))
    expect(await openCount(park._id, team)).to.equal(1)
  })

  it('keeps the cap of a park’s settings', async () => {
    const mentor = await buildMentor()
    const { fields, version } = await setupOf(mentor.park)
    await editSetup(mentor.park, version, { fields, cap: 1, cancelHours: 0 }, BY)
    await refused(editSetup(mentor.park, version, { fields, cap: 3, cancelHours: 0 }, BY), 'stale', 409)
    await refused(editSetup(mentor.park, 1, { fields: fields.slice(0, 1), cap: 3, cancelHours: 0 }, BY), 'mentoring.fieldUsed')
    const team = someone()
    const session = await buildSession({ mentor, team })
    expect(session.terms).to.deep.equal({ cap: 1, cancelHours: 0 })
    await refused(buildSession({ mentor, team, from: 600, to: 660 }), 'mentoring.cap', 409)
  })

  it('is cancelled by the team until its deadline, by others at any time with a reason', async () => {
    const mentor = await buildMentor(undefined, { email: 'told@example.com' })
    const park = await parkOf(mentor.park)
    const session = await buildSession({ mentor })
    const by = (side: 'team' | 'mentor', reason: string | null) => cancelSession(park, session._id, { side, reason, reopen: false }, BY)
    setClock(new Date(session.startsAt.getTime() - 24 * 3_600_000 + 1000))
    await refused(by('team', null), 'mentoring.tooLate')
    await refused(by('mentor', null), 'required')
    await by('mentor', 'Ill')
    await refused(by('mentor', 'Ill'), 'mentoring.over', 409)
    const day = await MentorDay.findOne({ park: park._id, mentor: mentor._id }).lean().orFail()
    expect(day.slots, 'not offered again').to.deep.equal([])
    const mail = await Mail.findOne({ to: 'told@example.com', key: /cancelled/ })
      .lean()
      .orFail()
    expect([mail.calendar!.method, mail.params['reason']]).to.deep.equal(['CANCEL', 'Ill'])
  })

  it('opens the slot again when the team cancels, and it can be booked again', async () => {
    const session = await buildSession()
    const park = await parkOf(session.park)
    setClock(new Date(session.startsAt.getTime() - 24 * 3_600_000 - 5000))
    await cancelSession(park, session._id, { side: 'team', reason: null, reopen: false }, BY)
    const again = await bookSlot(park, { slot: session.slot, team: someone(), contact: null, topic: 'T', wish: null }, BY)
    expect(again._id.equals(session._id)).to.equal(false)
    begin(again)
    await refused(cancelSession(park, again._id, { side: 'park', reason: 'x', reopen: true }, BY), 'mentoring.over', 409)
    const late = { slot: session.slot, team: someone(), contact: null, topic: 'T', wish: null }
    await refused(bookSlot(park, late, BY), 'mentoring.slotTaken', 409)
  })
})

describe('after a session', () => {
  afterEach(expectSoundAndForget)
  useDatabase()

  it('is marked once it has begun, put right, rated only when held', async () => {
    const session = await buildSession()
    const { park, _id } = session
    await refused(markOutcome(park, _id, 'held', BY), 'mentoring.notYet')
    begin(session)
    await refused(rateSession(park, _id, { stars: 5, text: null }, BY), 'mentoring.notHeld', 409)
    expect((await markOutcome(park, _id, 'missedMentor', BY)).missedBy).to.equal('mentor')
    await markOutcome(park, _id, 'held', BY)
    await rateSession(park, _id, { stars: 5, text: 'Good' }, BY)
    await refused(markOutcome(park, _id, 'missedTeam', BY), 'mentoring.rated', 409)
    const load = await TeamLoad.findOne({ park }).lean().orFail()
    expect(load.open).to.deep.equal([])
  })

  it('asks the team before the park reads anything, and keeps notes out of the trail', async () => {
    const park = (await buildPark())._id
    const tenant = await buildTenant(park)
    const owner = await buildUser('owner', { park, tenant: tenant._id })
    const session = await buildSession({ mentor: await buildMentor(park), team: await teamOf(park, tenant._id), contact: owner._id })
    const { _id } = session
    await refused(writeNote(park, _id, { text: 'Too early', audience: 'pair' }, BY), 'mentoring.notYet')
    begin(session)
    const told = () => Mail.countDocuments({ to: owner.email, key: 'notice.mentoring.team.consentAsked' })
    expect(asksConsent(await writeNote(park, _id, { text: 'SECRET one', audience: 'pair' }, BY))).to.equal(false)
    expect(asksConsent(await writeNote(park, _id, { text: 'SECRET two', audience: 'park' }, BY))).to.equal(true)
    expect(await told()).to.equal(1)
    await setConsent(park, _id, true, BY)
    await setConsent(park, _id, true, BY)
    await writeNote(park, _id, { text: 'SECRET three', audience: 'park' }, BY)
    expect(await told(), 'not asked again').to.equal(1)
    await setConsent(park, _id, false, BY)
    expect((await sessionNow(session)).consent!.given).to.equal(false)
    const trail = await AuditEntry.find({ park, ref: _id }).sort({ _id: 1 }).lean()
    const consents = trail.map(({ action }) => action).filter(action => action.includes('consent'))
    expect(consents).to.deep.equal(['mentoring.consent.give', 'mentoring.consent.withdraw'])
    expect(JSON.stringify(trail)).to.not.include('SECRET')
    expect(JSON.stringify(await Mail.find({ to: owner.email }).lean())).to.not.include('SECRET')
  })

  it('has actions that are ticked once, and reminders that go out once', async () => {
    const park = (await buildPark())._id
    const tenant = await buildTenant(park)
    const owner = await buildUser('owner', { park, tenant: tenant._id })
    const mentor = await buildMentor(park, { email: 'mentor-two@example.com' })
    const session = await buildSession({ mentor, team: await teamOf(park, tenant._id), contact: owner._id })
    setClock(new Date(session.startsAt.getTime() - 30 * 3_600_000))
    expect(await remindOfMentoring()).to.equal(1)
    expect(await remindOfMentoring()).to.equal(0)
    expect(await Mail.countDocuments({ key: /reminder$/, 'params.code': session.code })).to.equal(2)
    await refused(addFollowUp(park, session._id, { text: 'Early', who: 'team', due: inDays(9) }, BY), 'mentoring.notYet')
    begin(session)
    const one = await addFollowUp(park, session._id, { text: 'Write a plan', who: 'mentor', due: addDays(session.day, 7) }, BY)
    const two = await addFollowUp(park, session._id, { text: 'Ask ten users', who: 'team', due: addDays(session.day, 7) }, BY)
    await tickFollowUp(session, one._id, true, BY)
    await refused(tickFollowUp(session, one._id, true, BY), 'mentoring.changed', 409)
    setClock(new Date(session.startsAt.getTime() + 6 * 86_400_000))
    expect(await remindOfMentoring()).to.equal(1)
    expect(await remindOfMentoring()).to.equal(0)
    expect((await FollowUp.findOne({ park, _id: two._id }).lean().orFail()).remindedAt).to.be.instanceOf(Date)
    const due = await Mail.find({ key: 'notice.mentoring.actionDue' }).lean()
    expect(due.map(({ to }) => to)).to.deep.equal([owner.email])
  })

  it('follows its tenant’s new name, and a merge with all that is open', async () => {
    const park = (await buildPark())._id
    const [kept, gone] = [await buildTenant(park), await buildTenant(park)]
    const mentor = await buildMentor(park)
    const of = async (tenant: typeof kept, from: number) =>
      buildSession({ mentor, team: await teamOf(park, tenant._id), from, to: from + 30 })
    const sessions = [await of(kept, 480), await of(kept, 510), await of(gone, 540), await of(gone, 570)]
    await editTenant(park, gone._id, gone.version ?? 0, { name: 'Renamed 示例', creditCode: null }, {}, BY)
    expect((await sessionNow(sessions[2]!)).team.name).to.equal('Renamed 示例')
    await mergeTenants(park, kept._id, gone._id, BY)
    expect(await Session.countDocuments({ park, 'team.tenant': kept._id, 'team.name': kept.name })).to.equal(4)
    expect(await openCount(park, { tenant: kept._id, user: null })).to.equal(4)
    await refused(of(kept, 600), 'mentoring.cap', 409)
  })
})
