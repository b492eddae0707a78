import { expect } from 'chai'
import { Collection } from 'mongodb'
import type { Types } from 'mongoose'
import { Application } from '../../src/applications/application.ts'
import { saveAnswers, submit } from '../../src/applications/apply.ts'
import { eraseApplications } from '../../src/applications/erase.ts'
import type { Founder } from '../../src/applications/founders.ts'
import { AuditEntry } from '../../src/audit/entry.ts'
import { findFile, sweepFiles } from '../../src/files/store.ts'
import { setClock } from '../../src/lib/clock.ts'
import { Park } from '../../src/parks/park.ts'
import { type Drafted, filledDraft, handInPapers, submitted } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { BY } from '../setup/factories.ts'
import { buildScene, expectSound, refuseIt, reload, setDay, takeBack, walkTo } from './scene.ts'
import { wholeState } from './state-of.ts'

const filesOf = async (one: Drafted, document?: string): Promise<Types.ObjectId[]> =>
  (await reload(one)).papers.flatMap(paper => (document && paper.document !== document ? [] : (paper.file ?? [])))
const areThere = async ({ park }: Drafted, files: Types.ObjectId[]): Promise<boolean[]> =>
  Promise.all(files.map(async file => (await findFile(park._id, file)) !== null))
const proofsOf = async ({ park, application }: Drafted) =>
  AuditEntry.find({ park: park._id, ref: application._id, action: { $in: ['application.erase', 'application.discard'] } }).lean()

describe('erasing identity papers', function () {
  this.timeout(60_000)
  useDatabase()

  it('happens months after the end, not a day before: papers and numbers go, all else stays, and the trail is the proof', async () => {
    const scene = await buildScene({ keep: 3 })
    setDay('2026-03-02')
    const draft = await filledDraft(scene.park._id, scene.code)
    await handInPapers({ ...draft, application: await reload(draft) }, true)
    const one = {
      ...draft,
      application: await submit(draft.park, draft.application._id, (await reload(draft)).version, { id: 'x', name: 'X' }),
    }
    const done = await walkTo(one, 4)
    expect(done.eraseOn).to.equal('2026-06-02')
    const plan = await filesOf(one, 'plan')
    const personal = (await filesOf(one)).filter(file => !plan.some(one => one.equals(file)))
    expect([personal.length, plan.length]).to.deep.equal([6, 1])
    const result = done.legs[2]!.files.map(({ file }) => file)

    setDay('2026-06-01')
    const before = await wholeState()
    expect(await eraseApplications()).to.equal(0)
    expect(await wholeState()).to.deep.equal(before)

    setDay('2026-06-02')
    expect(await eraseApplications()).to.equal(1)
    expect(await areThere(one, personal)).to.deep.equal(Array(6).fill(false))
    expect(await areThere(one, [...plan, ...result])).to.deep.equal([true, true])
    const after = await reload(one)
    expect([after.eraseOn, after.erasedAt !== null]).to.deep.equal([null, true])
    expect((after.answers['founders'] as Founder[]).map(({ name, idNumber, share }) => [name, idNumber, share])).to.deep.equal([
      ['Founder founder-1', null, 600_000],
      ['Founder founder-2', null, 400_000],
    ])
    const { founders: _gone, ...others } = done.answers
    const { founders: _kept, ...kept } = after.answers
    expect(kept).to.deep.equal(others)
    expect(after.papers.map(({ document, file, name, state }) => [document, file !== null, name, state])).to.deep.include([
      'plan',
      true,
      '证件.png',
      'given',
    ])
    for (const paper of after.papers.filter(({ document }) => document !== 'plan')) expect(paper).to.include({ file: null, name: '' })
    const proof = await proofsOf(one)
    expect(proof.map(({ action, by, changes }) => [action, by.id, changes.map(({ after: to }) => to)])).to.deep.equal([
      ['application.erase', 'system', [6]],
    ])
    expect(proof[0]!.label).to.contain(done.number)
    await expectSound(scene.park._id)

    const text = JSON.stringify(await wholeState())
    for (const { idNumber } of done.answers['founders'] as Founder[]) expect(text).not.to.contain(idNumber)
    const same = await wholeState()
    expect(await eraseApplications()).to.equal(0)
    expect(await wholeState()).to.deep.equal(same)
  })

  it('comes to what was refused and withdrawn too, and to nothing that is open', async () => {
    const scene = await buildScene({ keep: 1 })
    setDay('2026-03-31')
    const [refused, withdrawn, open] = [
      await submitted(scene.park._id, scene.code),
      await submitted(scene.park._id, scene.code),
      await submitted(scene.park._id, scene.code),
    ]
    expect((await refuseIt(refused)).eraseOn).to.equal('2026-04-30')
    await takeBack(withdrawn)
    const kept = await filesOf(open)
    setDay('2026-04-30')
    expect(await eraseApplications()).to.equal(2)
    for (const one of [refused, withdrawn]) expect(await filesOf(one)).to.deep.equal([])
    setDay('2030-01-01')
    expect(await eraseApplications()).to.equal(0)
    expect(await areThere(open, kept)).to.deep.equal([true, true, true])
    await expectSound(scene.park._id)
  })

  it('takes drafts nobody touched, whole; each change begins their time anew', async () => {
    const scene = await buildScene({ keep: 2 })
    setDay('2026-01-10')
    const one = await filledDraft(scene.park._id, scene.code)
    const other = await filledDraft(scene.park._id, scene.code)
    expect(one.application.eraseOn).to.equal('2026-03-10')
    const files = await filesOf(one)
    setDay('2026-03-09')
    await saveAnswers(other.park, other.application._id, other.application.version, { scope: 'Another' }, BY)
    expect((await reload(other)).eraseOn).to.equal('2026-05-09')
    setDay('2026-03-10')
    expect(await eraseApplications()).to.equal(1)
    expect(await Application.countDocuments({ park: scene.park._id })).to.equal(1)
    expect(await areThere(one, files)).to.deep.equal([false, false, false])
    expect((await proofsOf(one)).map(({ action, changes }) => [action, changes[0]!.after])).to.deep.equal([['application.discard', 3]])
    await expectSound(scene.park._id)
  })

  it('goes by each park’s own day', async () => {
    const [here, there] = [await buildScene({ keep: 1 }), await buildScene({ keep: 1 })]
    await Park.updateOne({ _id: there.park._id }, { zone: 'America/Los_Angeles' })
    for (const { park, code } of [here, there]) {
      setDay('2026-03-15')
      await refuseIt(await submitted(park._id, code))
    }
    const zoned = await Application.findOne({ park: there.park._id }).lean()
    // Noon in Shanghai is the evening before in California.
    expect(zoned!.eraseOn).to.equal('2026-04-14')
    setClock(new Date('2026-04-15T00:00:00+08:00'))
    expect(await eraseApplications()).to.equal(2)
  })

  it('leaves files that a killed run had cut off to the sweep', async () => {
    const scene = await buildScene({ keep: 1 })
    setDay('2026-03-02')
    const one = await submitted(scene.park._id, scene.code)
    await refuseIt(one)
    const files = await filesOf(one)
    setDay('2026-04-02')
    const remove = Collection.prototype.deleteMany
    Collection.prototype.deleteMany = () => Promise.reject(new Error('killed'))
    const failed = await eraseApplications().finally(() => {
      Collection.prototype.deleteMany = remove
    })
    expect(failed, 'it is logged, and keeps none of the others').to.equal(0)
    expect((await reload(one)).erasedAt).not.to.equal(null)
    expect(await areThere(one, files)).to.deep.equal([true, true, true])
    for (const file of files) expect((await findFile(scene.park._id, file))!.metadata.link).to.equal(null)
    await expectSound(scene.park._id)
    expect(await eraseApplications()).to.equal(0)
    setDay('2026-04-04')
    await sweepFiles()
    expect(await areThere(one, files)).to.deep.equal([false, false, false])
  })
})
