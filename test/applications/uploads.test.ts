import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import { Application } from '../../src/applications/application.ts'
import { Sniff } from '../../src/files/content.ts'
import { filesOf } from '../../src/files/store.ts'
import { draftOf, loadApplication, registrationContent, serviceDocument } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, PASSWORD } from '../setup/factories.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { publishedService } from '../setup/services.ts'
import { Visitor } from '../setup/visitor.ts'

/** Papers of an application through the real server: large ones, many at once, with memory that stays flat. */
const MIB = 1024 * 1024
const pdf = (mib: number): Buffer => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(mib * MIB - 100, 7)])

/** Resident memory of a process in MiB; null where the kernel doesn't tell. */
function residentOf(pid: number): number | null {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
  } catch {
    return null
  }
}

/** The most a process needed while something was done, above what it needed before. */
async function growth(pid: number, work: () => Promise<unknown>): Promise<number> {
  const idle = residentOf(pid)!
  let peak = idle
  const watch = setInterval(() => {
    peak = Math.max(peak, residentOf(pid) ?? 0)
  }, 10)
  await work().finally(() => clearInterval(watch))
  return peak - idle
}

describe('papers handed in to the real server', function () {
  this.timeout(120_000)
  const uri = useDatabase()
  const servers: Running[] = []
  let park: string
  let code: string

  before(async () => {
    park = (await buildPark())._id
    const documents = [serviceDocument('paper', { most: 60 })]
    code = (await publishedService(park, registrationContent({ documents }))).code
    servers.push(...(await Promise.all([startServer(uri()), startServer(uri())])))
  })
  after(async () => {
    for (const server of servers) await server.stop()
  })

  async function applicant(server = servers[0]!) {
    const { application, user } = await draftOf(park, code)
    const visitor = await new Visitor(server.url).signIn(user.email, PASSWORD)
    const path = `/parks/${park}/applications/${application._id}/papers`
    const send = (...files: Buffer[]) =>
      visitor.upload(
        path,
        { document: 'paper' },
        files.map((data, i) => ({ field: 'papers', data, name: `paper ${i}.pdf` })),
      )
    return { application, send, papers: async () => (await loadApplication(park, application._id)).papers }
  }

  it('takes eight of 10 MiB at once, and needs no more than 30 MiB for it', async function () {
    const [server] = servers
    const pid = server!.child.pid!
    if (residentOf(pid) === null) this.skip()
    const { send, papers } = await applicant()
    // What a first upload loads and keeps is none of the next one's.
    expect((await send(pdf(10))).status).to.equal(303)
    await pause(500)
    const files = Array.from({ length: 8 }, () => pdf(10))
    for (const time of [1, 2]) {
      const needed = await growth(pid, async () => expect((await send(...files)).status).to.equal(303))
      expect(needed, `time ${time}`).to.be.at.most(30)
    }
    expect(await papers()).to.have.length(17)
  })

  it('takes fifty at once, by two processes, and links each to its own', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, (_, i) => applicant(servers[i % 2]!)))
    const answers = await Promise.all(people.flatMap(({ send }) => Array.from({ length: 5 }, () => send(pdf(1)))))
    expect(answers.map(answer => answer.status)).to.deep.equal(Array.from({ length: 50 }, () => 303))
    for (const { application, papers } of people) {
      const own = (await papers()).map(paper => String(paper.file))
      const linked = (await filesOf(park, 'applicationpaper', application._id)).map(file => String(file._id))
      expect(own.sort()).to.deep.equal(linked.sort())
      expect(new Set(own).size).to.equal(5)
    }
    expect(await Application.countDocuments({ park, 'papers.4': { $exists: true } })).to.be.at.least(10)
  })

  it('waits for who reads slowly: what is sniffed isn’t held', async () => {
    const sniff = new Sniff(['pdf'])
    const source = new PassThrough()
    source.pipe(sniff)
    source.write(pdf(1))
    for (let i = 0; i < 40; i++) {
      source.write(Buffer.alloc(MIB))
      await pause(1)
    }
    expect(sniff.readableLength, 'held for a reader who never comes').to.be.below(4 * MIB)
    let passed = 0
    sniff.on('data', (block: Buffer) => {
      passed += block.length
    })
    source.end()
    await once(sniff, 'end')
    expect(passed).to.equal(41 * MIB - 100 + 9)
  })
})
