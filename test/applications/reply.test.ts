import { expect } from 'chai'
import type { Types } from 'mongoose'
import { saveStudies, submit } from '../../src/applications/apply.ts'
import { eraseApplications } from '../../src/applications/erase.ts'
import { rate, reopen, reopenUntil } from '../../src/applications/reply.ts'
import { AuditEntry } from '../../src/audit/entry.ts'
import { Charge } from '../../src/billing/charge.ts'
import { addDays, addMonths } from '../../src/lib/days.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { refused } from '../mentoring/refused.ts'
import { actorOf, type Drafted, draftOf, filledDraft, NO_STUDENT, STUDYING, serviceStep, submitted } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildTenant, buildUser } from '../setup/factories.ts'
import { publishedService } from '../setup/services.ts'
import { ask, buildScene, expectSound, finish, goOnAnyway, licenceOf, refuseIt, reload, reply, setDay, takeBack, walkTo } from './scene.ts'

const again = async (one: Drafted, reason = 'The seal is wrong') =>
  reopen(one.park, one.application._id, (await reload(one)).version, reason, actorOf(one.user))
const give = (one: Drafted, stars: number, words: string | null = null) =>
  rate(one.park, one.application._id, { stars, words }, actorOf(one.user))
const told = async (user: Types.ObjectId, key: string): Promise<number> => Notification.countDocuments({ user, key: `application.${key}` })
const sumOf = async ({ park, application }: Drafted): Promise<number> =>
  ((await Charge.find({ park: park._id, 'source.ref': application._id }).lean()) as Charge[]).reduce((sum, one) => sum + one.fen, 0)

describe('what the applicant does', function () {
  this.timeout(60_000)
  useDatabase()

  it('answers what was asked, in the same place; who asked hears of it', async () => {
    const scene = await buildScene()
    const one = await submitted(scene.park._id, scene.code)
    await refused(reply(one), 'application.state', 409)
    const asked = await ask(one, 'Which street?')
    expect(asked).to.include({ state: 'asked', dueOn: null, step: 0 })
    expect(asked.owner!.equals(scene.people.reception._id)).to.equal(true)
    await refused(ask(one), 'application.state', 409)
    await refused(finish(one), 'application.state', 409)
    const answered = await reply(one, 'Xihu street')
    expect(answered).to.include({ state: 'running', step: 0, dueOn: one.application.dueOn })
    expect(answered.asks.map(({ text, answer, step }) => [text, answer, step])).to.deep.equal([['Which street?', 'Xihu street', 0]])
    expect(await told(one.user._id, 'asked')).to.equal(1)
    expect(await told(scene.people.reception._id, 'answered')).to.equal(1)
    await refused(reply(one), 'application.state', 409)
    await expectSound(scene.park._id)
  })

  it('is not waited for for ever: who asked goes on without an answer, or refuses', async () => {
    const scene = await buildScene({ steps: [serviceStep('check'), serviceStep('rest')] })
    const one = await submitted(scene.park._id, scene.code)
    await refused(goOnAnyway(one), 'application.state', 409)
    await ask(one, 'Which street?')
    const gone = await goOnAnyway(one)
    expect(gone).to.include({ state: 'running', step: 0, dueOn: one.application.dueOn })
    expect(gone.asks.map(({ answer, answeredAt }) => [answer, answeredAt !== null])).to.deep.equal([[null, true]])
    await refused(reply(one), 'application.state', 409)
    // Its step decides nothing: only who doesn't answer can be refused there.
    await refused(refuseIt(one), 'application.state', 409)
    await ask(one, 'Still: which street?')
    expect(await refuseIt(one)).to.include({ state: 'refused', owner: null, dueOn: null })
    await expectSound(scene.park._id)
  })

  it('keeps the class it was handed in with, however long the park takes', async () => {
    const fees = [{ class: 'student' as const, fen: 0 }]
    for (const scene of [await buildScene(), await buildScene({ fees })]) {
      setDay('2026-03-15')
      const studies = { status: 'graduated', school: 'X', graduatedOn: '2021-03-15' } as const
      const one = await submitted(scene.park._id, scene.code, { studies })
      await ask(one)
      setDay('2026-03-20')
      const { version, _id } = await reload(one)
      await saveStudies(one.park, _id, version, { ...studies, school: 'Y' }, BY)
      expect(await reply(one)).to.include({ state: 'running', class: 'student', fee: 0 })
    }
  })

  it('may turn out to be no student: the fee is another with the answer, but not once it was charged', async () => {
    const scene = await buildScene()
    const one = await submitted(scene.park._id, scene.code)
    const { _id } = await ask(one)
    await saveStudies(one.park, _id, (await reload(one)).version, NO_STUDENT, BY)
    expect(await reply(one)).to.include({ class: 'founder', fee: 80_000, fullFee: 80_000 })
    await finish(one)
    await ask(one)
    await saveStudies(one.park, _id, (await reload(one)).version, STUDYING, BY)
    expect(await reply(one)).to.include({ class: 'founder', fee: 80_000, charged: true })
    expect(await sumOf(one)).to.equal(80_000)
    await expectSound(scene.park._id)
  })

  it('can’t be a student as a company of the park', async () => {
    const scene = await buildScene()
    const fees = [
      { class: 'student' as const, fen: 0 },
      { class: 'tenant' as const, fen: 500 },
    ]
    const { code } = await publishedService(scene.park._id, { fees, documents: [] })
    const tenant = (await buildTenant(scene.park._id))._id
    const one = await draftOf(scene.park._id, code, { tenant, user: await buildUser('owner', { park: scene.park._id, tenant }) })
    const status = await saveStudies(one.park, one.application._id, one.application.version, STUDYING, BY).then(
      () => 200,
      error => error.status,
    )
    expect(status).to.equal(404)
    expect(await reload(one)).to.include({ class: 'tenant', fee: 500, studies: null })
  })

  it('takes it back with a reason, while it is open and no company is founded', async () => {
    const scene = await buildScene()
    const draft = await filledDraft(scene.park._id, scene.code)
    await refused(takeBack(draft), 'application.state', 409)
    const one = await submitted(scene.park._id, scene.code)
    await ask(one)
    const ended = await takeBack(one, 'Another park')
    expect(ended).to.include({ state: 'withdrawn', owner: null, dueOn: null, reason: 'Another park' })
    expect(await told(scene.people.reception._id, 'withdrawn')).to.equal(1)
    for (const late of [takeBack, reply, finish, ask, refuseIt, again]) await refused(late(one), 'application.state', 409)
    await refused(give(one, 5), 'application.tooLate')

    const founded = await submitted(scene.park._id, scene.code)
    await walkTo(founded, 3)
    await refused(takeBack(founded), 'application.state', 409)
    await expectSound(scene.park._id)
  })

  it('is told of a refusal and its reason', async () => {
    const scene = await buildScene()
    const one = await submitted(scene.park._id, scene.code)
    const ended = await refuseIt(one, 'Not a business')
    expect(ended).to.include({ state: 'refused', reason: 'Not a business', step: 0 })
    const notice = await Notification.findOne({ user: one.user._id, key: 'application.refused' }).lean()
    expect(notice!.params['text']).to.equal('Not a business')
  })

  it('rates what is done, anew in place of the first, for thirty days', async () => {
    const scene = await buildScene()
    setDay('2026-06-01')
    const one = await submitted(scene.park._id, scene.code)
    await refused(give(one, 5), 'application.tooLate')
    const done = await walkTo(one, 4)
    expect(reopenUntil(done)).to.equal('2026-07-01')
    await give(one, 2, 'Slow')
    setDay('2026-07-01')
    expect((await give(one, 4)).rating).to.include({ stars: 4, words: null })
    setDay('2026-07-02')
    await refused(give(one, 1), 'application.tooLate')
    const entries = await AuditEntry.find({ park: one.park._id, action: 'application.rate' }).sort({ _id: 1 }).lean()
    expect(entries.map(({ changes }) => changes.map(({ before, after }) => [before ?? null, after]))).to.deep.equal([[[null, 2]], [[2, 4]]])
  })

  it('has what is done worked on again within thirty days: its last step, by somebody, due anew', async () => {
    const scene = await buildScene()
    setDay('2026-06-01')
    const one = await submitted(scene.park._id, scene.code)
    await walkTo(one, 4)
    setDay('2026-07-01')
    const open = await again(one)
    expect(open).to.include({ state: 'running', step: 3, endedOn: null, endedAt: null, eraseOn: null, dueOn: '2026-07-03' })
    expect(open.owner!.equals(scene.people.reception._id)).to.equal(true)
    expect(open.legs.map(({ step }) => step)).to.deep.equal([0, 1, 2, 3, 3])
    expect(await told(scene.people.reception._id, 'again')).to.equal(1)
    const charged = await sumOf(one)
    await refused(takeBack(one), 'application.state', 409)
    setDay('2026-07-02')
    const done = await finish(one)
    expect(done).to.include({ state: 'done', endedOn: '2026-07-02', eraseOn: '2027-01-02' })
    expect(await sumOf(one)).to.equal(charged)
    expect(await told(one.user._id, 'done')).to.equal(2)
    setDay('2026-08-02')
    await refused(again(one), 'application.tooLate')
    await expectSound(scene.park._id)
  })

  it('founds nothing twice when the founding step was the last one', async () => {
    const steps = [serviceStep('check', { effect: 'prepare' }), serviceStep('licence', { effect: 'found', result: 'required' })]
    const scene = await buildScene({ steps })
    const one = await submitted(scene.park._id, scene.code)
    await finish(one)
    const founded = await finish(one, await licenceOf(scene.park._id))
    await again(one, 'The licence is unreadable')
    await expectSound(scene.park._id, 'reopened')
    await refused(takeBack(one), 'application.state', 409)
    const { files } = await licenceOf(scene.park._id)
    const done = await finish(one, { files: files! })
    expect(done).to.include({ state: 'done', name: founded.name, foundedOn: founded.foundedOn })
    expect(await AuditEntry.countDocuments({ park: one.park._id, action: 'tenant.edit' })).to.equal(1)
    await expectSound(scene.park._id, 'done again')
  })

  it('takes nobody in twice when that was the last step', async () => {
    const scene = await buildScene({ steps: [serviceStep('check', { effect: 'prepare', outcome: 'decision' })] })
    const one = await submitted(scene.park._id, scene.code)
    await finish(one)
    await again(one)
    await expectSound(scene.park._id, 'reopened')
    await finish(one)
    await again(one)
    // Who had it keeps it, and what it cost.
    await refused(refuseIt(one), 'application.state', 409)
    await finish(one)
    await expectSound(scene.park._id, 'done')
  })

  it('can be reopened after papers were erased, and they go again', async () => {
    // February is shorter than the thirty days.
    const scene = await buildScene({ keep: 1 })
    setDay('2026-02-02')
    const one = await submitted(scene.park._id, scene.code)
    const { eraseOn } = await walkTo(one, 4)
    expect(eraseOn).to.equal(addMonths('2026-02-02', 1))
    setDay('2026-03-03')
    await eraseApplications()
    expect((await reload(one)).erasedAt).not.to.equal(null)
    await again(one)
    await expectSound(scene.park._id, 'reopened')
    expect(await finish(one)).to.include({ state: 'done', erasedAt: null, eraseOn: addMonths('2026-03-03', 1) })
    await expectSound(scene.park._id, 'done')
  })

  it('is one thing at a time: what was changed from an old page is refused', async () => {
    const scene = await buildScene()
    const one = await filledDraft(scene.park._id, scene.code)
    const { version, _id } = one.application
    await submit(one.park, _id, version, actorOf(one.user))
    await refused(submit(one.park, _id, version, actorOf(one.user)), 'stale', 409)
    await walkTo(one, 4)
    const old = (await reload(one)).version
    await give(one, 5)
    await refused(reopen(one.park, _id, old, 'x', BY), 'stale', 409)
    expect(addDays((await reload(one)).endedOn!, 30)).to.equal(reopenUntil(await reload(one)))
  })
})
