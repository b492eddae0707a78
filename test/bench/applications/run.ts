import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Db, MongoClient } from 'mongodb'
import { config } from '../../../src/config.ts'
import { serveTemporary } from '../../../src/db/embedded/serve.ts'
import { inTurn } from '../measure.ts'
import { memoryOf, type Started, startApp, startFloor } from '../processes.ts'
import { type Report, rowsOf, show, workRow } from '../report.ts'
import { databaseOf, PASSWORD, seedOne } from '../seed.ts'
import { BenchVisitor } from '../visitor.ts'
import { MEASURED, seedApplications, shownOf } from './data.ts'
import { measureUpload } from './upload.ts'

/**
 * `npm run bench:applications [-- --json] [-- --short]`: work lists over 100,000 applications of one park, the page of one, and papers
 * handed in, beside their floor. `--short` looks at a thousand for a moment and judges nothing.
 */
const args = new Set(process.argv.slice(2))
const short = args.has('--short')
const PLAN = short
  ? { count: 1000, warm: 0.5, seconds: 0.5, rounds: 1, connections: [8], uploads: 4 }
  : { count: 100_000, warm: 2, seconds: 1, rounds: 6, connections: [1, 8], uploads: 40 }
const SHARE = 0.4
const EMAIL = 'founder4.dongxin@example.com'
const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

async function pagesOf(db: Db, email: string) {
  const owner = (await db.collection('users').findOne({ email }))!._id
  const shown = await shownOf(db)
  const base = `/parks/${MEASURED}/applications`
  const floor = (path: string, more = '') => `${path}?park=${MEASURED}${more}`
  return [
    { name: 'all open applications', path: `${base}?tab=open`, floor: floor('/work') },
    { name: 'one’s own work', path: base, floor: floor('/mine', `&owner=${owner}`) },
    { name: 'late applications', path: `${base}?tab=late`, floor: floor('/late') },
    { name: 'an application', path: `${base}/${shown}`, floor: floor('/application', `&id=${shown}`) },
  ]
}

async function measure(db: Db, app: Started, floor: Started): Promise<Report> {
  const email = 'reception.dongxin@example.com'
  const visitor = await new BenchVisitor(app.url).signIn(email, PASSWORD)
  const report: Report = { pages: [], memory: [], loop: null, skipped: [] }
  for (const page of await pagesOf(db, email)) {
    const pair = {
      app: { url: app.url, path: page.path, headers: visitor.headers },
      floor: { url: floor.url, path: page.floor, headers: { 'x-session': visitor.session } },
    }
    for (const connections of PLAN.connections) {
      say(`  ${page.name}, ${connections} connection${connections > 1 ? 's' : ''}`)
      const [sample] = await inTurn([pair], connections, PLAN)
      report.pages.push(...rowsOf([{ page: page.name, size: 1, connections, ...sample! }]))
    }
  }
  report.memory.push({ size: 1, ...(memoryOf(app.pid) ?? { now: 0, peak: 0 }) })
  const founder = await new BenchVisitor(app.url).signIn(EMAIL, PASSWORD)
  for (const mib of [1, 8]) {
    say(`  a paper of ${mib} MiB`)
    const times = await measureUpload(db, founder, { email: EMAIL, floor: floor.url, mib, rounds: PLAN.uploads })
    report.pages.push(workRow(`a paper of ${mib} MiB`, SHARE, 1, times, report.pages))
  }
  return report
}

async function main(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'zhigu-bench-applications-'))
  const started: Started[] = []
  const mongod = await serveTemporary({
    dbPath: join(folder, 'db'),
    cacheDir: config.cacheDir,
    binary: config.MONGOD_BINARY,
    say,
    args: ['--wiredTigerCacheSizeGB', '1'],
  })
  const client = await new MongoClient(mongod.uri).connect()
  try {
    say(`Seeding ${PLAN.count} applications …`)
    const uri = databaseOf(mongod.uri, 'applications')
    await seedOne(uri)
    const db = client.db('applications')
    await seedApplications(db, PLAN.count)
    const app = await startApp(uri, join(folder, 'app.log'))
    started.push(app)
    const floor = await startFloor(uri, join(folder, 'floor.log'), 'test/bench/applications/floor.ts')
    started.push(floor)
    say('Measuring …')
    const ok = show(await measure(db, app, floor), { json: args.has('--json'), judged: !short })
    return ok || short ? 0 : 1
  } finally {
    for (const one of started) await one.stop()
    await client.close()
    await mongod.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

process.exit(await main())
