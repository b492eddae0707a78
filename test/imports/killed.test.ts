import { expect } from 'chai'
import { AuditEntry } from '../../src/audit/entry.ts'
import { Import, ImportRun } from '../../src/imports/import.ts'
import { Lead } from '../../src/leads/lead.ts'
import { SearchEntry } from '../../src/search/entry.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildBuilding, buildPark } from '../setup/factories.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { Visitor } from '../setup/visitor.ts'
import { importOf, importsPath, leadBook, unitBook, uploadAndCheck, uploadFile } from './files.ts'

const ROWS = 6000
const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

async function until<T>(what: string, look: () => Promise<T | null | false>, seconds = 120): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await wait(20)) {
    const found = await look()
    if (found) return found
  }
  throw new Error(`waited ${seconds} s for ${what}`)
}

describe('an import whose server is killed (CASES 31, 32)', function () {
  this.timeout(300_000)
  const uri = useDatabase()
  const servers: Running[] = []
  const start = async (env: NodeJS.ProcessEnv = {}) => {
    const server = await startServer(uri(), env)
    servers.push(server)
    return server
  }
  after(() => Promise.all(servers.map(server => server.stop())))

  const KINDS = [
    { kind: 'units', found: 'unit', book: () => unitBook(ROWS), model: Unit, own: 'code' },
    { kind: 'leads', found: 'lead', book: () => leadBook(ROWS), model: Lead as unknown as typeof Unit, own: 'number' },
  ] as const
  for (const { kind, found, book, model, own } of KINDS)
    it(`leaves nothing of ${kind} half, goes on with the next server, and duplicates nothing`, async () => {
      const park = (await buildPark())._id
      await buildBuilding(park)
      const first = await start()
      const there = await signedInAs('manager', { park }, new Visitor(first.url))
      const { id } = await uploadFile(there, park, kind, await book())
      const { mapping } = await importOf(park, id)
      const columns = Object.fromEntries(Object.entries(mapping).map(([name, at]) => [name, at === null ? '' : String(at)]))
      expect((await there.post(importsPath(park, `/${id}/mapping`), columns)).status).to.equal(303)
      const inState = (state: string) => async () => (await Import.exists({ park, _id: id, state: state as 'done' })) !== null
      await until('the dry run', inState('checked'))
      expect((await there.post(importsPath(park, `/${id}/commit`))).status).to.equal(303)

      // Well into its transaction, a third of the rows sent to the database.
      await until('rows', async () => ((await ImportRun.findOne({ park, import: id }).lean())?.done ?? 0) >= ROWS / 3)
      first.child.kill('SIGKILL')
      expect((await importOf(park, id)).state).to.equal('committing')
      expect(await model.countDocuments({ park })).to.equal(0)
      expect(await SearchEntry.countDocuments({ park, kind: found })).to.equal(0)
      expect(await AuditEntry.countDocuments({ park, action: `${found}.create` })).to.equal(0)

      const second = await start({ JOBS: '1' })
      const manager = await signedInAs('manager', { park }, new Visitor(second.url))
      await until('the second server', inState('done'))
      expect(await model.countDocuments({ park })).to.equal(ROWS)
      expect(await model.distinct(own, { park })).to.have.length(ROWS)
      expect(await SearchEntry.countDocuments({ park, kind: found })).to.equal(ROWS)
      expect(await AuditEntry.countDocuments({ park, action: `${found}.create` })).to.equal(ROWS)
      expect((await manager.get(importsPath(park, `/${id}`))).status).to.equal(200)

      const here = await signedInAs('manager', { park })
      const again = await uploadAndCheck(here, park, kind, await book())
      expect(again.counts).to.deep.equal({ created: 0, updated: 0, same: ROWS, bad: 0 })
    })

  it('says that it was interrupted, and goes on when somebody asks for it', async () => {
    const park = (await buildPark())._id
    await buildBuilding(park)
    const manager = await signedInAs('manager', { park })
    const { id } = await uploadFile(manager, park, 'units', Buffer.from('Floor,Unit,Area\n1F,1,10\n'), 'a.csv')
    const [long, change] = [new Date(Date.now() - 60_000), { state: 'checking' as const }]
    await Import.updateOne({ park, _id: id }, { $set: { ...change, updatedAt: long } }, { timestamps: false })
    const page = await manager.get(importsPath(park, `/${id}`))
    expect(page.text).to.include(`${id}/resumption`)
    await manager.post(importsPath(park, `/${id}/resumption`))
    await until('the dry run', async () => Import.exists({ park, _id: id, state: 'checked' }))
  })
})
