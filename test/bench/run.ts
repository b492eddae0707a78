import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { config } from '../../src/config.ts'
import { serveTemporary } from '../../src/db/embedded/serve.ts'
import { measureLoop } from './loop.ts'
import { inTurn, type Target } from './measure.ts'
import { floorHeaders, PAGES } from './pages.ts'
import { memoryOf, type Started, startApp, startFloor } from './processes.ts'
import { type Measured, type Report, rowsOf, show, submitRow } from './report.ts'
import { databaseOf, PASSWORD, seedHundred, seedOne } from './seed.ts'
import { measureSubmit } from './submit.ts'
import { BenchVisitor } from './visitor.ts'

/**
 * `npm run bench [-- --json] [-- --short]`: the product beside its floor (DESIGN §8), at ×1 and ×100, all of it interleaved in one
 * run. Prints ratios; ends with an error when a target is missed. `--short` looks at ×1 for a moment and judges nothing.
 */
const args = new Set(process.argv.slice(2))
const short = args.has('--short')
const only = process.argv.find(arg => arg.startsWith('--only='))?.slice(7)
const PLAN = short
  ? { sizes: [1], warm: 0.5, seconds: 0.5, rounds: 1, connections: [8], submits: 10 }
  : { sizes: [1, 100], warm: 2, seconds: 1, rounds: 6, connections: [1, 8], submits: 120 }
const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

interface Side {
  size: number
  uri: string
  app: Started
  floor: Started
  visitor: BenchVisitor
  submitter: BenchVisitor
}

async function open(size: number, uri: string, folder: string): Promise<Side> {
  const app = await startApp(uri, join(folder, `app${size}.log`))
  const floor = await startFloor(uri, join(folder, `floor${size}.log`))
  const visitor = await new BenchVisitor(app.url).signIn('manager.dongxin@example.com', PASSWORD)
  const submitter = await new BenchVisitor(app.url).signIn('promotion.dongxin@example.com', PASSWORD)
  return { size, uri, app, floor, visitor, submitter }
}

type Page = (typeof PAGES)[number]

function targetsOf(side: Side, page: Page): { app: Target; floor: Target } {
  const anonymous = { 'x-forwarded-proto': 'https' }
  const session = page.signedIn ? side.visitor.session : ''
  return {
    app: { url: side.app.url, path: page.path, headers: page.signedIn ? side.visitor.headers : anonymous },
    floor: { url: side.floor.url, path: page.floor, headers: floorHeaders(session) },
  }
}

async function measurePage(page: Page, sides: Side[], connections: number): Promise<Measured[]> {
  const pairs = sides.map(side => targetsOf(side, page))
  const samples = await inTurn(pairs, connections, PLAN)
  return samples.map((sample, i) => ({ page: page.name, size: sides[i]!.size, connections, ...sample }))
}

async function measure(sides: Side[]): Promise<Report> {
  const measured: Measured[] = []
  const report: Report = { pages: [], memory: [], loop: null, skipped: [] }
  for (const page of PAGES) {
    if (only && !page.name.includes(only)) continue
    const { status } = await sides[0]!.visitor.get(page.path)
    if (status !== 200) {
      report.skipped.push(`${page.name} (${status})`)
      continue
    }
    for (const connections of PLAN.connections) {
      say(`  ${page.name}, ${connections} connection${connections > 1 ? 's' : ''}`)
      measured.push(...(await measurePage(page, sides, connections)))
    }
  }
  report.pages.push(...rowsOf(measured))
  for (const { size, app } of sides) report.memory.push({ size, ...(memoryOf(app.pid) ?? { now: 0, peak: 0 }) })
  if (only) return report
  say('  submit a lease')
  const list = await sides[0]!.visitor.get(PAGES.find(page => page.name === 'lease list')!.path)
  if (list.status !== 200) report.skipped.push('submit a lease')
  for (const side of list.status === 200 ? sides : []) {
    const times = await measureSubmit(side.uri, side.submitter, side.floor.url, PLAN.submits)
    report.pages.push(submitRow(side.size, times, report.pages))
  }
  const large = sides.at(-1)!
  if (!short) {
    say('  20 PDFs and a 50,000-row export')
    report.loop = await measureLoop(large.uri, large.visitor)
  }
  return report
}

async function main(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'zhigu-bench-'))
  const mongod = await serveTemporary({
    dbPath: join(folder, 'db'),
    cacheDir: config.cacheDir,
    binary: config.MONGOD_BINARY,
    say,
    args: ['--wiredTigerCacheSizeGB', '1'],
  })
  const sides: Side[] = []
  try {
    say('Seeding ×1 …')
    const one = databaseOf(mongod.uri, 'bench1')
    await seedOne(one)
    const uris: Record<number, string> = { 1: one, 100: databaseOf(mongod.uri, 'bench100') }
    if (PLAN.sizes.includes(100)) {
      say('Seeding ×100 …')
      await seedHundred(uris[100]!, one)
    }
    for (const size of PLAN.sizes) sides.push(await open(size, uris[size]!, folder))
    say('Measuring …')
    const report = await measure(sides)
    const ok = show(report, { json: args.has('--json'), judged: !short })
    return ok || short ? 0 : 1
  } finally {
    for (const { app, floor } of sides) await Promise.all([app.stop(), floor.stop()])
    await mongod.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

process.exit(await main())
