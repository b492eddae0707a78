import { expect } from 'chai'
import { Lease } from '../../src/leases/lease.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { useDatabase } from '../setup/database.ts'
import { buildBuilding, buildLease, buildTenant, buildUnit, inDays } from '../setup/factories.ts'
import { type Running, startServer } from '../setup/processes.ts'
import type { Visitor } from '../setup/visitor.ts'
import { numbers, operations } from './operations.ts'
import { buildSoundPark, expectSound, seatedAt } from './soundness.ts'

/**
 * Random operations from two servers and this process at once, on a handful of units. The short form takes seconds; `LONG=1`
 * (`npm run test:long`) goes on for minutes. A failure names its seed and what was asked; `SEED=n` asks for the same again.
 */
const LONG = Boolean(process.env['LONG'])
const [SEEDS, ROUNDS, AT_ONCE] = LONG ? [12, 12, 16] : [2, 6, 14]
const UNITS = 5
const AREA = 10_000
const FIRST_SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000)

describe('random operations from two server processes', function () {
  this.timeout(LONG ? 3_600_000 : 180_000)
  const uri = useDatabase()
  let servers: Running[] = []
  before(async () => {
    servers = await Promise.all([startServer(uri()), startServer(uri())])
  })
  after(() => Promise.all(servers.map(server => server.stop())))

  /** A park with leases at every stage: one runs, one has run out and is held over, one waits for its signature, some are drafts. */
  async function buildScene(): Promise<{ park: string; tenants: string[] }> {
    const park = await buildSoundPark()
    await buildBuilding(park, { area: UNITS * AREA })
    const units: Unit[] = []
    for (let i = 0; i < UNITS; i++) units.push(await buildUnit({ park, gross: AREA }))
    const [one, two] = [await buildTenant(park), await buildTenant(park)]
    const pair = (i: number) => [units[i]!, units[(i + 1) % UNITS]!].map(unit => ({ unit: unit._id, rate: '2.00' }))
    await buildLease({ unit: units[0]!, tenant: one, from: inDays(-50), to: inDays(20), more: { lines: pair(0) } })
    await buildLease({ unit: units[2]!, tenant: two, from: inDays(-90), to: inDays(-20) })
    await buildLease({ unit: units[3]!, tenant: two, from: inDays(10), to: inDays(60), stage: 'approved', more: { lines: pair(3) } })
    for (const start of [-5, 15, 25, 40])
      await buildLease({
        unit: units[2]!,
        tenant: one,
        from: inDays(start),
        to: inDays(start + 30),
        stage: 'draft',
        more: { lines: pair(start % UNITS < 0 ? 1 : start % UNITS) },
      })
    return { park, tenants: [String(one._id), String(two._id)] }
  }

  async function storm(seed: number, answers: Map<string, number>): Promise<void> {
    const pick = numbers(seed)
    const { park, tenants } = await buildScene()
    const people: Visitor[][] = [await seatedAt(servers, park), await seatedAt(servers, park)]
    for (let round = 0; round < ROUNDS; round++) {
      const leases = (await Lease.find({ park }).sort({ number: 1 }).lean()) as Lease[]
      const units = (await Unit.find({ park }).sort({ code: 1, activeFrom: 1 }).lean()) as unknown as Unit[]
      const asked = operations(pick, { park, tenants, leases, units }, AT_ONCE)
      const statuses = await Promise.all(asked.map(({ who, send }) => send(people[who]![pick(2)]!)))
      const told = `SEED=${seed}, round ${round}:\n${asked.map((one, i) => `${statuses[i]} ${one.told}`).join('\n')}\n`
      for (const [i, status] of statuses.entries()) {
        // The page of a claim that somebody else ended is gone.
        const allowed = asked[i]!.told.startsWith('end works') ? [303, 404, 409, 422] : [303, 409, 422]
        expect(allowed, `${told}answered ${asked[i]!.told}`).to.include(status)
        const key = `${asked[i]!.told.split(' ')[0]} ${status}`
        answers.set(key, (answers.get(key) ?? 0) + 1)
      }
      await expectSound(park, told, UNITS * AREA)
    }
  }

  it('never claim a day twice, lose an area, or let leases and claims disagree', async () => {
    const answers = new Map<string, number>()
    for (let i = 0; i < SEEDS; i++) await storm(FIRST_SEED + i, answers)
    if (process.env['SHOW']) process.stdout.write(`${[...answers].sort().join('\n')}\n`)
    // What is always refused tests nothing.
    const all = [...answers.values()].reduce((sum, count) => sum + count, 0)
    const done = [...answers].filter(([key]) => key.endsWith(' 303')).reduce((sum, [, count]) => sum + count, 0)
    expect(done / all, `SEED=${FIRST_SEED}: the share that worked`).to.be.above(0.15)
    if (!LONG) return
    for (const step of ['draft', 'submission', 'approval', 'signing', 'termination', 'renewal', 'amendment', 'split', 'merge', 'hold'])
      expect(answers.get(`${step} 303`) ?? 0, `SEED=${FIRST_SEED}: ${step} never worked`).to.be.above(0)
  })
})
