import { expect } from 'chai'
import { Types } from 'mongoose'
import { grantRole } from '../../src/accounts/memberships.ts'
import { Application } from '../../src/applications/application.ts'
import { saveAnswers, saveStudies } from '../../src/applications/apply.ts'
import { eraseApplications } from '../../src/applications/erase.ts'
import { addPapers, judgePaper } from '../../src/applications/paper-change.ts'
import { AuditEntry } from '../../src/audit/entry.ts'
import { Park } from '../../src/parks/park.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { actorOf, filledDraft, founder, idNumber, NO_STUDENT, picture, registrationAnswers, submitted } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildUser, PASSWORD } from '../setup/factories.ts'
import { ask, buildScene, expectSound, finish, goOnAnyway, reload, reply, setDay } from './scene.ts'

/** What is changed while more is asked for, and by whom: recorded, judged anew, and taken back where nobody answers. */
describe('changes while more is asked for', function () {
  this.timeout(60_000)
  useDatabase()

  const swapped = () => registrationAnswers({ founders: [founder('founder-1', { name: 'Somebody else', idNumber: idNumber(77) })] })

  it('are recorded by the field, never by what it says, with class and fee before and after', async () => {
    const scene = await buildScene()
    const one = await submitted(scene.park._id, scene.code)
    const { version, _id } = await ask(one)
    const by = actorOf(one.user)
    const saved = await saveAnswers(one.park, _id, version, swapped(), by)
    await saveStudies(one.park, _id, saved.version, NO_STUDENT, by)
    const entries = await AuditEntry.find({ park: one.park._id, ref: _id, action: 'application.change' }).sort({ _id: 1 }).lean()
    expect(entries.map(({ note, changes }) => [note, changes.map(({ field, before, after }) => [field, before, after])])).to.deep.equal([
      ['founders', []],
      [
        null,
        [
          ['class', 'student', 'founder'],
          ['fee', 0, 80_000],
        ],
      ],
    ])
    expect(JSON.stringify(entries)).to.not.include(idNumber(77))
    await expectSound(scene.park._id)
  })

  it('of who a founder is have their papers judged anew', async () => {
    const scene = await buildScene()
    const one = await submitted(scene.park._id, scene.code)
    const { _id } = one.application
    for (const paper of one.application.papers) await judgePaper(one.park._id, _id, paper._id, { accepted: true, reason: null }, BY)
    const { version } = await ask(one)
    const saved = await saveAnswers(one.park, _id, version, swapped(), actorOf(one.user))
    const states = saved.papers.map(({ document, founder: of, state }) => [document, of, state])
    expect(states).to.deep.include(['identity', 'founder-1', 'given']).and.deep.include(['student-proof', null, 'accepted'])
  })

  it('stand for nothing where who asked goes on without an answer', async () => {
    const scene = await buildScene()
    const one = await submitted(scene.park._id, scene.code)
    const { version, _id } = await ask(one)
    const saved = await saveAnswers(one.park, _id, version, { 'legal-rep': null, capital: 5 }, actorOf(one.user))
    await saveStudies(one.park, _id, saved.version, NO_STUDENT, actorOf(one.user))
    const gone = await goOnAnyway(one)
    const { answers, studies, class: klass, fee } = one.application
    expect(gone).to.deep.include({ answers, studies, class: klass, fee, before: null })
    await ask(one)
    await reply(one)
    expect((await reload(one)).before).to.equal(null)
    await expectSound(scene.park._id)
  })

  it('of the class leave no paper behind that is asked of nobody like them', async () => {
    const scene = await buildScene()
    const { park, application, user } = await filledDraft(scene.park._id, scene.code)
    expect(application.papers.map(paper => paper.document)).to.include('student-proof')
    const saved = await saveStudies(park, application._id, application.version, NO_STUDENT, actorOf(user))
    expect(saved.papers.map(paper => paper.document)).to.not.include('student-proof')
    await expectSound(scene.park._id)
  })

  it('of a draft begin the time anew after which it goes, papers as answers', async () => {
    const scene = await buildScene({ keep: 1 })
    setDay('2026-03-02')
    const { park, application, user } = await filledDraft(scene.park._id, scene.code, { papers: false })
    setDay('2026-03-30')
    const slot = { document: 'identity', founder: 'founder-1' }
    await addPapers(park, application._id, slot, [await picture(park._id)], actorOf(user))
    setDay('2026-04-03')
    expect(await eraseApplications()).to.equal(0)
    setDay('2026-04-30')
    expect(await eraseApplications()).to.equal(1)
    expect(await Application.countDocuments({ park: park._id })).to.equal(0)
  })

  it('are nobody’s own to decide on: another does the step where there is one, and the park may allow it', async () => {
    const scene = await buildScene()
    const { _id: park } = scene.park
    const clerk = await buildUser('applicant')
    await grantRole(clerk._id, { role: 'reception', park }, BY)
    const one = await submitted(park, scene.code, { user: clerk })
    expect(String(one.application.owner)).to.not.equal(String(clerk._id))
    await Application.updateOne({ park, _id: one.application._id }, { $set: { owner: clerk._id, ownerName: clerk.name } })
    const page = `/parks/${park}/applications/${one.application._id}`
    const who = await visitor().signIn(clerk.email, PASSWORD)
    const [paper] = one.application.papers
    expect((await who.post(`${page}/papers/${paper!._id}/acceptance`)).status).to.equal(422)
    expect((await who.post(`${page}/finish`, { version: String(one.application.version) })).status).to.equal(422)
    await Park.updateOne({ _id: park }, { 'settings.selfApproval': true })
    expect((await who.post(`${page}/papers/${paper!._id}/acceptance`)).status).to.equal(303)
  })

  it('are refused to who had the work when it is with another by then', async () => {
    const scene = await buildScene()
    const { _id: park } = scene.park
    const manager = await signedInAs('manager', { park })
    const one = await submitted(park, scene.code)
    const [paper] = one.application.papers
    const page = `/parks/${park}/applications/${one.application._id}`
    await Application.updateOne({ park, _id: one.application._id }, { $set: { owner: new Types.ObjectId(manager.userId) } })
    expect((await manager.post(`${page}/papers/${paper!._id}/acceptance`)).status).to.equal(303)
    await Application.updateOne({ park, _id: one.application._id }, { $set: { owner: scene.people.reception._id } })
    expect((await manager.post(`${page}/papers/${paper!._id}/refusal`, { reason: 'x' })).status).to.equal(409)
    await finish(one)
  })
})
