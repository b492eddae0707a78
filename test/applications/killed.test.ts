import { expect } from 'chai'
import { Membership } from '../../src/accounts/user.ts'
import { Application } from '../../src/applications/application.ts'
import { eraseApplications } from '../../src/applications/erase.ts'
import { AuditEntry } from '../../src/audit/entry.ts'
import { filesOf, findFile, sweepFiles } from '../../src/files/store.ts'
import { Lease } from '../../src/leases/lease.ts'
import { today } from '../../src/lib/days.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { buildSoundPark, expectSound as expectWholeSound } from '../concurrency/soundness.ts'
import { type Drafted, filledDraft, picture, registrationAnswers, submitted } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { buildUnit } from '../setup/factories.ts'
import { buildScene, creditCode, expectSound, reload, type Scene, setDay, walkTo } from './scene.ts'
import type { Asked, Work } from './worker.ts'
import { startWorker, type Worker } from './workers.ts'

/** kill -9 of a process in the middle of what changes many records each (CASES 32). How many answers there are when it is killed. */
const KILLS = process.env['LONG'] ? Array.from({ length: 9 }, (_, i) => i + 1) : [1, 2]
const EACH = process.env['LONG'] ? 4 : 2

interface Piece {
  one: Drafted
  name: Work
  asked: Asked
  kind: 'submit' | 'prepare' | 'found'
}

const named = (name: string) => ({ first: name, second: `${name} 2`, third: `${name} 3` })

/** Some to be handed in, some whose founders are to be taken in with a draft lease, some whose company is to be founded. */
async function buildPieces(scene: Scene): Promise<Piece[]> {
  const { _id: park } = scene.park
  const pieces: Piece[] = []
  for (let i = 0; i < EACH; i++)
    for (const kind of ['submit', 'prepare', 'found'] as const) {
      const unit = await buildUnit({ park })
      const answers = registrationAnswers({ names: named(`${kind} ${i}`), address: { unit: unit._id, code: unit.code } })
      const one = await (kind === 'submit' ? filledDraft : submitted)(park, scene.code, { answers })
      const { version } = kind === 'found' ? await walkTo(one, 2) : one.application
      const at = { park, id: String(one.application._id), version }
      const licence = { name: `Founded ${i}`, creditCode: creditCode(), foundedOn: today() }
      const founding = kind === 'found' ? { licence, file: String((await picture(park)).id) } : {}
      pieces.push({ one, kind, name: kind === 'submit' ? 'submit' : 'finish', asked: { ...at, ...founding } })
    }
  return pieces
}

/** Whether a piece was done: all of it, or nothing of it. */
async function isDone({ one, kind, asked }: Piece): Promise<boolean> {
  const application = await reload(one)
  const { _id: park } = one.park
  const done = application.version > asked.version!
  const trail = await AuditEntry.countDocuments({ park, ref: application._id, 'by.id': 'worker' })
  expect(trail, `${kind} in the trail`).to.equal(done ? 1 : 0)
  if (kind === 'submit') expect([application.state, application.number !== null]).to.deep.equal([done ? 'running' : 'draft', done])
  if (kind === 'prepare') {
    const name = (one.application.answers['names'] as { first: string }).first
    expect(await Tenant.countDocuments({ park, name })).to.equal(done ? 1 : 0)
    expect(await Lease.countDocuments({ park, tenantName: name })).to.equal(done ? 1 : 0)
  }
  if (kind === 'found') {
    const { creditCode: code, name } = asked.licence!
    expect(await Tenant.countDocuments({ park, creditCode: code, name, incubation: { $ne: null } })).to.equal(done ? 1 : 0)
    expect(await Membership.countDocuments({ user: one.user._id, role: 'owner' })).to.equal(done ? 1 : 0)
    expect(await filesOf(park, 'applicationresult', application._id)).to.have.length(done ? 1 : 0)
  }
  return done
}

describe('a process killed in the middle of applications (CASES 32)', function () {
  this.timeout(process.env['LONG'] ? 900_000 : 120_000)
  const uri = useDatabase()
  const started: Worker[] = []
  const start = async (): Promise<Worker> => {
    const worker = await startWorker(uri())
    started.push(worker)
    return worker
  }
  after(() => {
    for (const worker of started) worker.stop()
  })

  for (const answers of KILLS)
    it(`leaves all or nothing of submits, takings-in and foundings, and all it acknowledged: ${answers} answers`, async () => {
      const scene = await buildScene({}, await buildSoundPark())
      const pieces = await buildPieces(scene)
      const victim = await start()
      const acknowledged = new Set<Piece>()
      let gone: Promise<void> | null = null
      await Promise.all(
        pieces.map(async piece => {
          const answer = await victim.ask(piece.name, piece.asked)
          expect(['done', 'killed'], piece.kind).to.include(answer)
          if (answer === 'done') acknowledged.add(piece)
          if (acknowledged.size >= answers) gone ??= victim.kill()
        }),
      )
      await gone
      const done = new Set<Piece>()
      for (const piece of pieces) if (await isDone(piece)) done.add(piece)
      expect([...acknowledged].filter(piece => !done.has(piece))).to.deep.equal([])
      expect(done.size, 'killed before the end').to.be.within(answers, pieces.length - 1)
      await expectSound(scene.park._id, 'killed')

      // They press again somewhere else: what was done stays done once, what wasn't is done now.
      const other = await start()
      for (const piece of pieces) expect(await other.ask(piece.name, piece.asked)).to.equal(done.has(piece) ? 'stale' : 'done')
      for (const piece of pieces) expect(await isDone(piece)).to.equal(true)
      await expectWholeSound(scene.park._id, 'and again')
    })

  it('erases whole applications or nothing of them; the rest comes with the next run, and its files with the sweep', async () => {
    const scene = await buildScene({ keep: 1 })
    const { _id: park } = scene.park
    const all: Drafted[] = []
    setDay('2026-02-02')
    for (let i = 0; i < 8; i++) {
      const one = await submitted(park, scene.code, { answers: registrationAnswers({ names: named(`Erased ${i}`) }) })
      await walkTo(one, 4)
      all.push(one)
    }
    const personal = all.flatMap(({ application }) => application.papers.flatMap(paper => paper.file ?? []))
    expect(personal).to.have.length(24)
    const at = '2026-03-02'
    const victim = await start()
    await victim.ask('clock', { park, id: '', at: new Date(`${at}T12:00:00+08:00`).getTime() })
    const answer = victim.ask('erase', { park, id: '' })
    while (!(await Application.exists({ park, erasedAt: { $ne: null } })));
    await victim.kill()
    expect(await answer).to.equal('killed')
    const erased = await Application.countDocuments({ park, erasedAt: { $ne: null } })
    expect(erased).to.be.within(1, all.length - 1)
    expect(await AuditEntry.countDocuments({ park, action: 'application.erase' })).to.equal(erased)
    setDay(at)
    await expectSound(park, 'killed')
    expect(await eraseApplications()).to.equal(all.length - erased)
    setDay('2026-03-04')
    await sweepFiles()
    for (const file of personal) expect(await findFile(park, file)).to.equal(null)
    expect(await AuditEntry.countDocuments({ park, action: 'application.erase' })).to.equal(all.length)
    await expectSound(park, 'at last')
  })
})
