import { expect } from 'chai'
import { Token } from '../../src/accounts/token.ts'
import { Membership } from '../../src/accounts/user.ts'
import { Application } from '../../src/applications/application.ts'
import { AuditEntry } from '../../src/audit/entry.ts'
import { Charge } from '../../src/billing/charge.ts'
import { today } from '../../src/lib/days.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { type Drafted, filledDraft, founder, picture, registrationAnswers, submitted } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { buildUser } from '../setup/factories.ts'
import { buildScene, creditCode, expectSound, finish, person, reload, setDay, walkTo } from './scene.ts'
import type { Asked, Work } from './worker.ts'
import { startWorker, type Worker } from './workers.ts'

const ROUNDS = process.env['LONG'] ? 60 : 6

const named = (name: string) => registrationAnswers({ names: { first: name, second: `${name} 2`, third: `${name} 3` } })
const atOf = ({ park, application }: Drafted): Asked => ({ park: park._id, id: String(application._id), version: application.version })
/** How often each answer came. */
const tally = (answers: string[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1
  return counts
}

describe('applications over two processes', function () {
  this.timeout(process.env['LONG'] ? 900_000 : 120_000)
  const uri = useDatabase()
  const workers: Worker[] = []
  before(async () => {
    workers.push(...(await Promise.all([startWorker(uri()), startWorker(uri())])))
  })
  after(() => {
    for (const worker of workers) worker.stop()
  })
  /** Everything at once, by turns in the one process and the other. */
  const atOnce = (work: [Work, Asked][]): Promise<string[]> =>
    Promise.all(work.map(([name, asked], i) => workers[i % workers.length]!.ask(name, asked)))
  const times = (count: number, name: Work, asked: Asked): [Work, Asked][] => Array.from({ length: count }, () => [name, asked])

  it('begins one draft however often it is pressed', async () => {
    const scene = await buildScene()
    const user = await buildUser('applicant')
    const answers = await atOnce(times(10, 'begin', { park: scene.park._id, id: String(user._id), code: scene.code }))
    expect(tally(answers)).to.deep.equal({ done: 10 })
    expect(await Application.countDocuments({ park: scene.park._id })).to.equal(1)
    expect(await AuditEntry.countDocuments({ park: scene.park._id, action: 'application.begin' })).to.equal(1)
  })

  it('hands in once, with one number', async () => {
    const scene = await buildScene()
    const one = await filledDraft(scene.park._id, scene.code)
    expect(tally(await atOnce(times(10, 'submit', atOf(one))))).to.deep.equal({ done: 1, stale: 9 })
    const next = await submitted(scene.park._id, scene.code)
    expect([(await reload(one)).number, next.application.number].map(number => number!.slice(-4))).to.deep.equal(['0001', '0002'])
    await expectSound(scene.park._id)
  })

  it('numbers many one after the other, and shares them out', async () => {
    const scene = await buildScene()
    await person(scene.park._id)
    const all: Drafted[] = []
    for (let i = 0; i < 6; i++) all.push(await filledDraft(scene.park._id, scene.code))
    expect(tally(await atOnce(all.map(one => ['submit', atOf(one)])))).to.deep.equal({ done: 6 })
    const saved = await Promise.all(all.map(reload))
    const numbers = saved.map(({ number }) => Number(number!.slice(-4)))
    expect(numbers.sort((a, b) => a - b)).to.deep.equal([1, 2, 3, 4, 5, 6])
    // Who has least to do is counted while nobody else is given any: three and three.
    expect(Object.values(tally(saved.map(({ ownerName }) => ownerName!)))).to.deep.equal([3, 3])
    await expectSound(scene.park._id)
  })

  it('finishes a step, refuses it or is withdrawn: one of them', async () => {
    const scene = await buildScene()
    for (let i = 0; i < 6; i++) {
      const one = await submitted(scene.park._id, scene.code, { answers: named(`Either ${i}`) })
      const at = atOf(one)
      const work: [Work, Asked][] = [
        ['finish', at],
        ['withdraw', at],
        ['refuse', at],
        ['finish', at],
      ]
      expect(tally(await atOnce([...work.slice(i % 4), ...work.slice(0, i % 4)]))).to.deep.equal({ done: 1, stale: 3 })
      const { state, step, tenant } = await reload(one)
      expect([state === 'running', tenant !== null]).to.deep.equal([step === 1, step === 1])
    }
    await expectSound(scene.park._id)
  })

  it('founds a company once though it is pressed eight times', async () => {
    const scene = await buildScene()
    const founders = [founder('founder-1', { share: 600_000 }), founder('founder-2', { share: 400_000, email: 'two@example.com' })]
    const one = await submitted(scene.park._id, scene.code, { answers: registrationAnswers({ founders }) })
    const { version, tenant } = await walkTo(one, 2)
    const licence = { name: 'Founded once', creditCode: creditCode(), foundedOn: today() }
    const work: [Work, Asked][] = []
    for (let i = 0; i < 8; i++) work.push(['finish', { ...atOf(one), version, licence, file: String((await picture(scene.park._id)).id) }])
    expect(tally(await atOnce(work))).to.deep.equal({ done: 1, stale: 7 })
    expect(await Membership.countDocuments({ tenant: tenant!, role: 'owner', user: one.user._id })).to.equal(1)
    expect(await Token.countDocuments({ tenant: tenant!, email: 'two@example.com' })).to.equal(1)
    expect(await AuditEntry.countDocuments({ park: scene.park._id, action: 'tenant.edit' })).to.equal(1)
    expect((await reload(one)).legs[2]!.files).to.have.length(1)
    await expectSound(scene.park._id)
  })

  it('gives a credit code to one of two companies founded at once', async () => {
    const scene = await buildScene()
    const code = creditCode()
    const work: [Work, Asked][] = []
    for (const name of ['One Ltd', 'Two Ltd']) {
      const one = await submitted(scene.park._id, scene.code, { answers: named(name) })
      const { version } = await walkTo(one, 2)
      const licence = { name, creditCode: code, foundedOn: today() }
      work.push(['finish', { ...atOf(one), version, licence, file: String((await picture(scene.park._id)).id) }])
    }
    const answers = await atOnce(work)
    expect(answers.filter(answer => answer === 'done')).to.have.length(1)
    expect(answers.filter(answer => answer.startsWith('creditCode.'))).to.have.length(1)
    expect(await Tenant.countDocuments({ park: scene.park._id, creditCode: code })).to.equal(1)
    await expectSound(scene.park._id)
  })

  it('charges and reverses once', async () => {
    const scene = await buildScene()
    const one = await submitted(scene.park._id, scene.code)
    const { version } = await finish(one)
    expect(tally(await atOnce(times(6, 'withdraw', { ...atOf(one), version })))).to.deep.equal({ done: 1, stale: 5 })
    expect(await Charge.countDocuments({ park: scene.park._id, 'source.ref': one.application._id })).to.equal(4)
    await expectSound(scene.park._id)
  })

  it('links an upload once, and no more than a document may have', async () => {
    const scene = await buildScene()
    const one = await filledDraft(scene.park._id, scene.code)
    const slot = { document: 'plan', founder: null }
    const file = String((await picture(scene.park._id)).id)
    const same = await atOnce(times(6, 'addPaper', { ...atOf(one), slot, file }))
    expect(same.filter(answer => answer === 'done')).to.have.length(1)
    const many: [Work, Asked][] = []
    for (let i = 0; i < 6; i++) many.push(['addPaper', { ...atOf(one), slot, file: String((await picture(scene.park._id)).id) }])
    expect(tally(await atOnce(many))).to.deep.equal({ done: 1, 'application.tooMany': 5 })
    const standing = (await reload(one)).papers.filter(({ document }) => document === 'plan')
    expect(standing.map(paper => String(paper.file)))
      .to.include(file)
      .and.have.length(2)
    await expectSound(scene.park._id)
  })

  it('never leaves one with an owner who can’t do it: roles go and come back while applications come, go on and are handed over', async () => {
    const scene = await buildScene({ documents: [] })
    const { _id: park } = scene.park
    const two = await person(park)
    const people = [scene.people.reception, two]
    const moved: Drafted[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const gone = people[round % 2]!
      const drafts: Drafted[] = []
      for (let i = 0; i < 2; i++) drafts.push(await filledDraft(park, scene.code, { answers: named(`Round ${round} ${i}`), papers: false }))
      const leave: [Work, Asked] = [round % 3 === 2 ? 'disable' : 'revoke', { park, id: String(gone._id), role: 'reception' }]
      const work: [Work, Asked][] = drafts.map(one => ['submit', atOf(one)])
      const known = moved.at(-1)
      if (known) {
        const { version } = await reload(known)
        work.push(['handOver', { ...atOf(known), version, to: String(gone._id) }])
      }
      // Sometimes before, sometimes amid the others.
      work.splice(round % work.length, 0, leave)
      const answers = await atOnce(work)
      for (const [i, answer] of answers.entries())
        if (work[i]![0] === 'handOver') expect(['done', 'application.owner', 'stale']).to.include(answer)
        else expect(answer, work[i]![0]).to.equal('done')
      await expectSound(park, `round ${round}`)
      const open = await Application.countDocuments({ park, owner: gone._id, state: { $in: ['running', 'asked'] } })
      expect(open, `left with who went in round ${round}`).to.equal(0)
      const back: Work = leave[0] === 'disable' ? 'enable' : 'grant'
      expect(await workers[0]!.ask(back, { park, id: String(gone._id), role: 'reception' })).to.equal('done')
      moved.push(...drafts)
    }
    expect(await Application.countDocuments({ park, state: 'running' })).to.equal(2 * ROUNDS)
  })

  it('erases once what two jobs find due, and nothing that is reopened in the same moment by half', async () => {
    const scene = await buildScene({ keep: 1 })
    setDay('2026-02-02')
    const one = await submitted(scene.park._id, scene.code)
    const other = await submitted(scene.park._id, scene.code, { answers: named('Reopened') })
    await walkTo(one, 4)
    const { version } = await walkTo(other, 4)
    const at = new Date('2026-03-03T12:00:00+08:00').getTime()
    for (const worker of workers) await worker.ask('clock', { park: '', id: '', at })
    setDay('2026-03-03')
    const answers = await atOnce([
      ['erase', atOf(one)],
      ['erase', atOf(one)],
      ['reopen', { ...atOf(other), version }],
    ])
    for (const worker of workers) await worker.ask('clock', { park: '', id: '' })
    expect(answers.slice(0, 2)).to.deep.equal(['done', 'done'])
    expect(['done', 'stale']).to.include(answers[2])
    expect(await AuditEntry.countDocuments({ park: scene.park._id, ref: one.application._id, action: 'application.erase' })).to.equal(1)
    await expectSound(scene.park._id)
  })
})
