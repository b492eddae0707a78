import { expect } from 'chai'
import type { Types } from 'mongoose'
import { type Application, PAPER_LINK } from '../../src/applications/application.ts'
import { saveAnswers, submit } from '../../src/applications/apply.ts'
import { contentOf } from '../../src/applications/change.ts'
import { addPapers, judgePaper, removePaper } from '../../src/applications/paper-change.ts'
import { missingPapers, refusedSlots, slotsOf } from '../../src/applications/papers.ts'
import { AuditEntry } from '../../src/audit/entry.ts'
import { findFile, type Upload } from '../../src/files/store.ts'
import { RuleError } from '../../src/lib/rule-error.ts'
import { refused } from '../mentoring/refused.ts'
import {
  actorOf,
  type Drafted,
  filledDraft,
  founder,
  NO_STUDENT,
  picture,
  registrationAnswers,
  registrationContent,
  submitted,
} from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, newId } from '../setup/factories.ts'
import { ask, buildScene, expectSound, finish, reload, reply, walkTo } from './scene.ts'

const at = (document: string, of: string | null = null) => ({ document, founder: of })
const give = async (one: Drafted, slot: ReturnType<typeof at>, files?: Upload[]): Promise<void> =>
  addPapers(one.park, one.application._id, slot, files ?? [await picture(one.park._id)], actorOf(one.user))
const judge = (one: Drafted, paper: Types.ObjectId, reason: string | null = null): Promise<void> =>
  judgePaper(one.park._id, one.application._id, paper, { accepted: reason === null, reason }, BY)
const linkOf = async ({ park }: Drafted, file: Types.ObjectId) => (await findFile(park._id, file))?.metadata.link ?? null
const lastOf = ({ papers }: Application, document: string) => papers.findLast(paper => paper.document === document)!
const openSlots = async (application: Application, find: typeof missingPapers): Promise<string[]> =>
  find(application, await contentOf(application)).map(({ document, founder: of }) => [document.key, of?.key].filter(Boolean).join(' '))

/** Not there, for who asks: a 404. */
const missing = async (work: Promise<unknown>) =>
  expect(
    await work.then(
      () => 200,
      (error: { status?: number }) => error.status,
    ),
  ).to.equal(404)

describe('papers of an application', function () {
  this.timeout(60_000)
  useDatabase()

  it('are asked of each founder, and of students what shows that they study', async () => {
    const scene = await buildScene()
    const { application } = await filledDraft(scene.park._id, scene.code, { papers: false })
    const content = await contentOf(application)
    const slots = (klass: Application['class']) =>
      slotsOf({ ...application, class: klass }, content).map(({ document, founder: of }) =>
        [document.key, of?.key].filter(Boolean).join(' '),
      )
    const all = ['identity founder-1', 'identity founder-2', 'student-proof', 'plan']
    expect(slots('student')).to.deep.equal(all)
    expect(slots(null)).to.deep.equal(all)
    expect(slots('founder')).to.deep.equal(['identity founder-1', 'identity founder-2', 'plan'])
    expect(await openSlots(application, missingPapers)).to.deep.equal(all.slice(0, 3))
  })

  it('are linked to it with their names, and unlinked when they are taken back', async () => {
    const scene = await buildScene()
    const one = await filledDraft(scene.park._id, scene.code, { papers: false })
    const file = await picture(scene.park._id, '学生证.jpg')
    await give(one, at('student-proof'), [file])
    const paper = lastOf(await reload(one), 'student-proof')
    expect(paper).to.include({ name: '学生证.jpg', size: file.size, type: 'image/png', state: 'given', founder: null })
    expect(await linkOf(one, file.id)).to.deep.include({ kind: PAPER_LINK })
    await removePaper(scene.park, one.application._id, paper._id, actorOf(one.user))
    expect((await reload(one)).papers).to.deep.equal([])
    expect(await linkOf(one, file.id)).to.equal(null)
  })

  it('may be so many and no more, of those that stand', async () => {
    const scene = await buildScene()
    const one = await filledDraft(scene.park._id, scene.code)
    const slot = at('identity', 'founder-1')
    const three = await Promise.all([1, 2].map(() => picture(scene.park._id)))
    await refused(give(one, slot, three), 'application.tooMany')
    await give(one, slot)
    await refused(give(one, slot), 'application.tooMany')
    await give(one, at('identity', 'founder-2'))
    await refused(give(one, slot, []), 'fileMissing')
    for (const file of three) expect(await linkOf(one, file.id)).to.equal(null)
    // One that is taken back makes room for another.
    const { papers } = await reload(one)
    await removePaper(one.park, one.application._id, papers.find(paper => paper.founder === 'founder-1')!._id, actorOf(one.user))
    await give(one, slot)
    await expectSound(scene.park._id)
  })

  it('belong where they are asked for: no other document, founder, class, application or park', async () => {
    const scene = await buildScene()
    const one = await filledDraft(scene.park._id, scene.code, { studies: NO_STUDENT })
    for (const slot of [at('nothing'), at('identity'), at('identity', 'founder-9'), at('plan', 'founder-1'), at('student-proof')])
      await missing(give(one, slot))
    const other = (await buildScene()).park._id
    const foreign = await picture(other)
    const linked = (await reload(one)).papers[0]!
    for (const file of [foreign, { id: linked.file!, name: 'x', size: 1, type: 'image/png' }]) {
      const failed = await give(one, at('plan'), [file]).catch((error: Error) => error)
      expect(failed).to.be.instanceOf(Error).and.not.instanceOf(RuleError)
    }
    expect((await reload(one)).papers).to.have.length(2)
    const two = await filledDraft(scene.park._id, scene.code, { papers: false })
    await missing(removePaper(scene.park, two.application._id, linked._id, BY))
    await missing(removePaper({ ...scene.park, _id: other }, one.application._id, linked._id, BY))
    await missing(removePaper(scene.park, one.application._id, newId(), BY))
    await expectSound(scene.park._id)
  })

  it('go with the founder who is taken off the list; the others’ stay', async () => {
    const scene = await buildScene()
    const one = await filledDraft(scene.park._id, scene.code)
    const gone = one.application.papers.find(paper => paper.founder === 'founder-2')!
    const only = registrationAnswers({ founders: [founder('founder-1')] })
    const { version, _id } = one.application
    const saved = await saveAnswers(one.park, _id, version, only, BY)
    expect(saved.papers.map(paper => [paper.document, paper.founder])).to.deep.equal([
      ['identity', 'founder-1'],
      ['student-proof', null],
    ])
    expect(await linkOf(one, gone.file!)).to.equal(null)
    expect(await linkOf(one, saved.papers[0]!.file!)).not.to.equal(null)
    await expectSound(scene.park._id)
  })

  it('of a founder taken off after handing in leave a trace in the history, no file and no name', async () => {
    const scene = await buildScene()
    const one = await submitted(scene.park._id, scene.code)
    const { version, _id } = await ask(one)
    const saved = await saveAnswers(one.park, _id, version, registrationAnswers({ founders: [founder('founder-1')] }), BY)
    const gone = saved.papers.find(paper => paper.founder === 'founder-2')!
    expect([gone.state, gone.file, gone.name]).to.deep.equal(['gone', null, ''])
    await reply(one)
    await expectSound(scene.park._id)
  })

  it('can’t be changed while they are looked at, nor once they were judged', async () => {
    const documents = registrationContent().documents!.map(one => ({ ...one, name: { zh: `Paper ${one.key}`, en: null } }))
    const scene = await buildScene({ documents })
    const one = await submitted(scene.park._id, scene.code)
    const [first, second] = one.application.papers
    const remove = (paper = first!) => removePaper(one.park, one.application._id, paper._id, actorOf(one.user))
    await refused(give(one, at('plan')), 'application.state', 409)
    await refused(remove(), 'application.state', 409)
    await judge(one, first!._id)
    await ask(one)
    await refused(remove(), 'application.judged', 409)
    await remove(second)
    await remove(second)
    const { papers } = await reload(one)
    expect(papers.find(paper => paper._id.equals(second!._id))).to.include({ state: 'gone', file: null })
    await refused(judge(one, first!._id, 'Too late'), 'application.state', 409)
    const about = await AuditEntry.find({ park: one.park._id, ref: one.application._id, action: /paper/ }).sort({ _id: 1 }).lean()
    expect(about.map(entry => entry.action)).to.deep.equal(['application.paper.accept', 'application.paper.remove'])
    // By the names people know them by.
    expect(about.map(entry => entry.changes)).to.deep.equal([
      [{ field: 'document', before: null, after: 'Paper identity' }],
      [{ field: 'document', before: 'Paper identity', after: null }],
    ])
  })

  it('are refused with a reason, once; what was accepted may be refused later, not the other way round', async () => {
    const scene = await buildScene()
    const one = await submitted(scene.park._id, scene.code)
    const [paper] = one.application.papers
    const bare = { accepted: false, reason: null }
    await refused(judgePaper(one.park._id, one.application._id, paper!._id, bare, BY), 'required')
    await judge(one, paper!._id)
    await judge(one, paper!._id)
    await judge(one, paper!._id, 'Blurred')
    await judge(one, paper!._id, 'Blurred')
    await refused(judge(one, paper!._id, 'Dark'), 'application.judged', 409)
    await refused(judge(one, paper!._id), 'application.judged', 409)
    expect((await reload(one)).papers[0]).to.include({ state: 'refused', reason: 'Blurred' })
    const about = await AuditEntry.find({ park: one.park._id, ref: one.application._id, action: /paper/ }).sort({ _id: 1 }).lean()
    expect(about.map(entry => entry.action)).to.deep.equal(['application.paper.accept', 'application.paper.refuse'])
    // What an identity paper is called may say whose it is.
    expect(about[1]!.note).to.equal('Blurred')
  })

  it('that were refused keep a step from deciding until another stands in their place', async () => {
    const scene = await buildScene()
    const one = await submitted(scene.park._id, scene.code)
    const bad = one.application.papers.find(paper => paper.founder === 'founder-1')!
    await judge(one, bad._id, 'Blurred')
    expect(await openSlots(await reload(one), refusedSlots)).to.deep.equal(['identity founder-1'])
    await refused(finish(one), 'application.papersOpen')
    await ask(one, 'A better picture, please')
    await refused(reply(one), 'application.incomplete')
    await give(one, at('identity', 'founder-1'))
    const answered = await reply(one)
    expect([answered.state, answered.papers.length]).to.deep.equal(['running', 4])
    expect((await finish(one)).step).to.equal(1)
    await expectSound(scene.park._id)
  })

  it('that needn’t be there must be replaced too once they were refused', async () => {
    const scene = await buildScene()
    const one = await filledDraft(scene.park._id, scene.code)
    await give(one, at('plan'))
    await submit(one.park, one.application._id, (await reload(one)).version, actorOf(one.user))
    await judge(one, lastOf(await reload(one), 'plan')._id, 'Whose plan is this?')
    await refused(finish(one), 'application.papersOpen')
    await ask(one)
    await refused(reply(one), 'application.papersOpen')
    await give(one, at('plan'))
    await reply(one)
    await finish(one)
  })

  it('matter to steps that decide only', async () => {
    const scene = await buildScene()
    const one = await submitted(scene.park._id, scene.code)
    await walkTo(one, 1)
    await judge(one, one.application.papers[0]!._id, 'Looked at again')
    expect((await finish(one)).step).to.equal(2)
  })
})
