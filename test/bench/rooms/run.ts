import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Db, MongoClient } from 'mongodb'
import { config } from '../../../src/config.ts'
import { serveTemporary } from '../../../src/db/embedded/serve.ts'
import { addDays, monthStart, today } from '../../../src/lib/days.ts'
import { inTurn, percentile } from '../measure.ts'
import { memoryOf, type Started, startApp, startFloor } from '../processes.ts'
import { type Measured, type Report, rowsOf, show, workRow } from '../report.ts'
import { databaseOf, PASSWORD, seedOne } from '../seed.ts'
import { BenchVisitor } from '../visitor.ts'
import { type BenchRoom, fillDays, HISTORY, holdersOf, MEASURED, seedBookings, seedRooms } from './data.ts'
import { type HallTimes, measureHall } from './hall.ts'
import { measureWork } from './work.ts'

/**
 * `npm run bench:rooms [-- --json] [-- --short]`: rooms and bookings beside their floor. ×1 keeps 20,000 bookings, ×100 two million;
 * ends with 64 clients at one hall for a minute. `--once` leaves ×100 out; `--short` looks at ×1 for a moment and judges only that
 * nothing is taken twice.
 */
const args = new Set(process.argv.slice(2))
const short = args.has('--short')
const only = process.argv.find(arg => arg.startsWith('--only='))?.slice(7)
const PLAN = short
  ? { sizes: [1] as const, warm: 0.5, seconds: 0.5, rounds: 1, connections: [8], work: 8, hall: 3 }
  : {
      sizes: args.has('--once') ? ([1] as const) : ([1, 100] as const),
      warm: 2,
      seconds: 1,
      rounds: 6,
      connections: [1, 8],
      work: 120,
      hall: 60,
    }
const FLOOR = 'test/bench/rooms/floor.ts'
const TARGETS = { 'day grid': 0.5 }
const CREATE = 0.5
const CANCEL = 0.4
const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

const SHOWN = addDays(today(), 7)
const root = `/parks/${MEASURED}/rooms`
const between = (path: string, from: string, to: string) => `${path}?park=${MEASURED}&from=${from}&to=${to}`
const monday = addDays(SHOWN, -((new Date(`${SHOWN}T00:00Z`).getUTCDay() + 6) % 7))
const month = monthStart(SHOWN)
export const ROOM_PAGES = [
  { name: 'day grid', path: `${root}?on=${SHOWN}`, floor: between('/grid', SHOWN, SHOWN) },
  { name: 'week of all rooms', path: `${root}/week?on=${monday}`, floor: between('/grid', monday, addDays(monday, 6)) },
  { name: 'month', path: `${root}/month?on=${month}`, floor: between('/month', addDays(month, -6), addDays(month, 36)) },
  { name: 'find a room', path: `${root}/find?on=${SHOWN}&from=10:30&minutes=30&people=4`, floor: between('/grid', SHOWN, SHOWN) },
]

interface Side {
  size: 1 | 100
  db: Db
  app: Started
  floor: Started
  visitor: BenchVisitor
  rooms: BenchRoom[]
}

const MEMBER = 'member.dongxin@example.com'
const signedIn = (url: string, email = 'manager.dongxin@example.com') => new BenchVisitor(url).signIn(email, PASSWORD)

/** The other nine parks of ×100 are there for their records alone: the measured one's rooms and people under another name. */
async function fillOthers(db: Db): Promise<void> {
  const holders = await holdersOf(db, MEASURED)
  for (let i = 1; i < 10; i++) {
    const park = `bench-${i}`
    await fillDays(db, park, await seedRooms(db, park), holders, addDays(today(), -HISTORY[100]), Math.floor(HISTORY[100]))
    say(`  park ${i + 1} of 10`)
  }
}

async function open(size: 1 | 100, uri: string, client: MongoClient, folder: string): Promise<Side> {
  await seedOne(uri)
  const db = client.db(new URL(uri).pathname.slice(1))
  const rooms = await seedBookings(db, MEASURED, size)
  if (size === 100) await fillOthers(db)
  const app = await startApp(uri, join(folder, `app${size}.log`))
  const floor = await startFloor(uri, join(folder, `floor${size}.log`), FLOOR)
  return { size, db, app, floor, rooms, visitor: await signedIn(app.url) }
}

async function measurePage(page: (typeof ROOM_PAGES)[number], sides: Side[], connections: number): Promise<Measured[]> {
  const pairs = sides.map(side => ({
    app: { url: side.app.url, path: page.path, headers: side.visitor.headers },
    floor: { url: side.floor.url, path: page.floor, headers: { 'x-session': side.visitor.session } },
  }))
  const samples = await inTurn(pairs, connections, PLAN)
  return samples.map((sample, i) => ({ page: page.name, size: sides[i]!.size, connections, ...sample }))
}

async function measure(sides: Side[]): Promise<Report> {
  const measured: Measured[] = []
  const report: Report = { pages: [], memory: [], loop: null, skipped: [] }
  for (const page of ROOM_PAGES) {
    if (only && !page.name.includes(only)) continue
    for (const connections of PLAN.connections) {
      say(`  ${page.name}, ${connections} connection${connections > 1 ? 's' : ''}`)
      measured.push(...(await measurePage(page, sides, connections)))
    }
  }
  report.pages.push(...rowsOf(measured, TARGETS))
  for (const { size, app } of sides) report.memory.push({ size, ...(memoryOf(app.pid) ?? { now: 0, peak: 0 }) })
  if (only && !'create cancel'.includes(only)) return report
  say('  make and cancel bookings')
  for (const { size, db, app, floor, rooms } of sides) {
    const { create, cancel } = await measureWork(db, await signedIn(app.url, MEMBER), MEMBER, floor.url, rooms, PLAN.work)
    report.pages.push(workRow('make a booking', CREATE, size, create, report.pages))
    report.pages.push(workRow('cancel a booking', CANCEL, size, cancel, report.pages))
  }
  return report
}

function showHall({ seconds, booked, cancelled, refused, times, doubles, lost }: HallTimes): boolean {
  const all = booked + refused
  process.stdout.write(
    `64 clients at one hall for ${seconds} s: ${(all / seconds).toFixed(0)} requests/s (${booked} booked, ${cancelled} of them cancelled, ` +
      `${refused} refused), p50 ${percentile(times, 0.5).toFixed(0)} ms, p99 ${percentile(times, 0.99).toFixed(0)} ms; ` +
      `${doubles.length} double bookings, ${lost.length} lost\n`,
  )
  return !doubles.length && !lost.length && booked > 0
}

async function main(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'zhigu-bench-rooms-'))
  const args_ = ['--wiredTigerCacheSizeGB', '1']
  const mongod = await serveTemporary({
    dbPath: join(folder, 'db'),
    cacheDir: config.cacheDir,
    binary: config.MONGOD_BINARY,
    say,
    args: args_,
  })
  const client = await new MongoClient(mongod.uri).connect()
  const sides: Side[] = []
  let second: Started | null = null
  try {
    for (const size of PLAN.sizes) {
      say(`Seeding ×${size} …`)
      sides.push(await open(size, databaseOf(mongod.uri, `rooms${size}`), client, folder))
    }
    say('Measuring …')
    const report = await measure(sides)
    const [small] = sides as [Side]
    if (!only || only === 'hall') {
      say('  64 clients at one hall')
      second = await startApp(databaseOf(mongod.uri, 'rooms1'), join(folder, 'second.log'))
    }
    const hall = second && (await measureHall(small.db, [small.visitor, await signedIn(second.url)], small.rooms, PLAN.hall))
    const safe = !hall || showHall(hall)
    const ok = show(report, { json: args.has('--json'), judged: !short })
    return safe && (ok || short) ? 0 : 1
  } finally {
    for (const started of [...sides.flatMap(({ app, floor }) => [app, floor]), ...(second ? [second] : [])]) await started.stop()
    await client.close()
    await mongod.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

process.exit(await main())
