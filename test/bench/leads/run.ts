import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { config } from '../../../src/config.ts'
import { serveTemporary } from '../../../src/db/embedded/serve.ts'
import { inTurn } from '../measure.ts'
import { memoryOf, type Started, startApp, startFloor } from '../processes.ts'
import { type Report, rowsOf, show } from '../report.ts'
import { databaseOf, PASSWORD, seedOne } from '../seed.ts'
import { BenchVisitor } from '../visitor.ts'
import { seedLeads } from './data.ts'
import { LEAD_PAGES } from './pages.ts'

/**
 * `npm run bench:leads [-- --json] [-- --short] [-- --only=…]`: pages of leads beside their floor, in a park with 200,000 leads of one
 * year, 2,000 of them open, and 5,000 units. `--short` looks at a thousand for a moment and judges nothing.
 */
const args = new Set(process.argv.slice(2))
const short = args.has('--short')
const only = process.argv.find(arg => arg.startsWith('--only='))?.slice(7)
const PLAN = short
  ? { sizes: { leads: 1000, open: 200, units: 200 }, warm: 0.5, seconds: 1.5, rounds: 1, connections: [8] }
  : { sizes: { leads: 200_000, open: 2000, units: 5000 }, warm: 4, seconds: 8, rounds: 2, connections: [1, 8] }
/** Seconds of a slice of a page that reads all leads. */
const SLOW = 20
const EMAIL = 'manager.dongxin@example.com'
const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

async function measure(app: Started, floor: Started): Promise<Report> {
  const visitor = await new BenchVisitor(app.url).signIn(EMAIL, PASSWORD)
  const report: Report = { pages: [], memory: [], loop: null, skipped: [] }
  for (const page of LEAD_PAGES.filter(({ name }) => !only || name.includes(only))) {
    const pair = {
      app: { url: app.url, path: page.path, headers: visitor.headers },
      floor: { url: floor.url, path: page.floor, headers: { 'x-session': visitor.session } },
    }
    // Eight at a time would only wait for the same cores of the database.
    for (const connections of page.slow && !short ? [1] : PLAN.connections) {
      say(`  ${page.name}, ${connections} connection${connections > 1 ? 's' : ''}`)
      const [sample] = await inTurn([pair], connections, page.slow && !short ? { ...PLAN, seconds: SLOW } : PLAN)
      report.pages.push(...rowsOf([{ page: page.name, size: 1, connections, ...sample! }]))
    }
  }
  report.memory.push({ size: 1, ...(memoryOf(app.pid) ?? { now: 0, peak: 0 }) })
  return report
}

async function main(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'zhigu-bench-leads-'))
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
    say(`Seeding ${PLAN.sizes.leads} leads …`)
    const uri = databaseOf(mongod.uri, 'leads')
    await seedOne(uri)
    await seedLeads(client.db('leads'), PLAN.sizes)
    const app = await startApp(uri, join(folder, 'app.log'))
    started.push(app)
    const floor = await startFloor(uri, join(folder, 'floor.log'), 'test/bench/leads/floor.ts')
    started.push(floor)
    say('Measuring …')
    const ok = show(await measure(app, floor), { json: args.has('--json'), judged: !short })
    return ok || short ? 0 : 1
  } finally {
    for (const one of started) await one.stop()
    await client.close()
    await mongod.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

process.exit(await main())
