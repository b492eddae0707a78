import { expect } from 'chai'
import type { Types } from 'mongoose'
import { AuditEntry } from '../../src/audit/entry.ts'
import { Lease } from '../../src/leases/lease.ts'
import { draftRenewal } from '../../src/leases/renewal.ts'
import { approveLease, loadLease, submitLease } from '../../src/leases/review.ts'
import { today } from '../../src/lib/days.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildTenant, buildUnit, buildUser, inDays, OTHER, PASSWORD, termsFor } from '../setup/factories.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { Visitor } from '../setup/visitor.ts'
import { giveUpOrphans } from './orphans.ts'
import { buildSoundPark, expectSound, leaseStep } from './soundness.ts'

/** kill -9 of a real server in the middle of steps that change many records each (CASES 32); submissions alone are in processes.test.ts. */
const GROUPS = 6
const UNITS = 3
const HANDS = 6
// How many answers there are when it is killed, and how long after the last of them: within its other requests.
const KILLS = [
  [1, 0],
  [7, 4],
] as const
const MORE_KILLS = Array.from({ length: 12 }, (_, i) => [1 + ((i * 5) % 11), (i * 7) % 12] as const)

interface Step {
  lease: Types.ObjectId
  step: 'signing' | 'termination' | 'submission'
  fields: Record<string, string>
}
const ACTION = { signing: 'lease.sign', termination: 'lease.terminate', submission: 'lease.submit' } as const

const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** In each group of units: a renewal to be signed, a lease to be ended early, a draft to be submitted, one after the other in time. */
async function buildSteps(park: string): Promise<Step[]> {
  const tenant = await buildTenant(park)
  const steps: Step[] = []
  for (let group = 0; group < GROUPS; group++) {
    const units: Unit[] = []
    for (let i = 0; i < UNITS; i++) units.push(await buildUnit({ park }))
    const unit = units[0]!
    const more = { lines: units.map(one => ({ unit: one._id, rate: '2.00' })), deposit: 100_000 }
    const old = (await buildLease({ unit, tenant, from: inDays(-300), to: inDays(20), more })).lease
    const renewal = await draftRenewal(park, old._id, termsFor(unit, tenant, { from: inDays(21), to: inDays(300), more }), BY)
    await submitLease(park, renewal._id, BY)
    await approveLease(park, renewal._id, OTHER)
    const ended = (await buildLease({ unit, tenant, from: inDays(400), to: inDays(700), more })).lease
    const draft = (await buildLease({ unit, tenant, from: inDays(800), to: inDays(900), stage: 'draft', more })).lease
    steps.push({ lease: renewal._id, step: 'signing', fields: { on: today() } })
    steps.push({ lease: ended._id, step: 'termination', fields: { on: inDays(500), reason: 'moves' } })
    steps.push({ lease: draft._id, step: 'submission', fields: {} })
  }
  return steps
}

/** Whether a step was done, by its lease alone: what else belongs to it, the units must say. */
function isDone({ step }: Step, lease: Lease): boolean {
  if (step === 'signing') return lease.state === 'signed'
  return step === 'termination' ? lease.terminated !== null : lease.state === 'review'
}

const timesDone = (park: string, { lease, step }: Step): Promise<number> =>
  AuditEntry.countDocuments({ park, ref: lease, action: ACTION[step], 'by.id': { $nin: [BY.id, OTHER.id] } })

/** The units of a lease say what the lease says, all of them or none. */
async function expectWhole(park: string, step: Step): Promise<boolean> {
  const lease = await loadLease(park, step.lease)
  const done = isDone(step, lease)
  const units = await Unit.find({ park, 'claims.lease': lease._id }).lean()
  const claims = units.map(unit => unit.claims.find(claim => claim.lease?.equals(lease._id))!)
  const told = `${step.step} of ${lease.number}`
  expect(claims, told).to.have.length(step.step === 'submission' && !done ? 0 : UNITS)
  for (const claim of claims) expect([claim.stage, claim.to], told).to.deep.equal([lease.state, lease.end])
  if (step.step === 'termination') expect(lease.end).to.equal(inDays(done ? 500 : 700))
  if (step.step === 'signing') {
    const old = await loadLease(park, lease.renewalOf!)
    expect([old.renewedBy !== null, old.occupied.length, lease.occupied.length], told).to.deep.equal(
      done ? [true, 0, UNITS] : [false, UNITS, 0],
    )
    expect(
      claims.every(claim => claim.movedInOn === (done ? lease.from : null)),
      told,
    ).to.equal(true)
  }
  expect(await timesDone(park, step), `${told} in the trail`).to.equal(done ? 1 : 0)
  return done
}

describe('a server killed in the middle of signings, terminations and submissions (CASES 32)', function () {
  this.timeout(process.env['LONG'] ? 900_000 : 240_000)
  const uri = useDatabase()
  const servers: Running[] = []
  const start = async () => {
    const server = await startServer(uri())
    servers.push(server)
    return server
  }
  after(() => Promise.all(servers.map(server => server.stop())))

  const send = async (seat: Visitor, park: string, { lease, step, fields }: Step): Promise<number> => {
    const answer = await seat.post(leaseStep({ park, _id: lease }, step), { _key: `${step}-${lease}`, ...fields })
    return answer.status
  }

  /** Many hands work on the steps until the server is gone; answers what it had acknowledged. */
  async function workUntilKilled(victim: Running, email: string, park: string, steps: Step[], [after, pause]: readonly [number, number]) {
    const seats = await Promise.all(Array.from({ length: HANDS }, () => new Visitor(victim.url).signIn(email, PASSWORD)))
    for (const seat of seats) await seat.token()
    const acknowledged = new Set<Step>()
    const gone = new Promise(resolve => victim.child.once('exit', resolve))
    let killed = false
    const todo = [...steps]
    const hand = async (seat: Visitor) => {
      for (let step = todo.shift(); step && !killed; step = todo.shift()) {
        const status = await send(seat, park, step).catch(() => null)
        if (status === null) continue
        expect(status, step.step).to.equal(303)
        acknowledged.add(step)
        if (acknowledged.size !== after) continue
        await wait(pause)
        killed = true
        victim.child.kill('SIGKILL')
      }
    }
    await Promise.all(seats.map(hand))
    expect(killed, 'it was killed').to.equal(true)
    await gone
    return acknowledged
  }

  async function killAndGoOn(kill: readonly [number, number]): Promise<void> {
    const park = await buildSoundPark()
    const steps = await buildSteps(park)
    const { email } = await buildUser('manager', { park })
    const acknowledged = await workUntilKilled(await start(), email, park, steps, kill)
    const done = new Set<Step>()
    for (const step of steps) if (await expectWhole(park, step)) done.add(step)
    expect([...acknowledged].filter(step => !done.has(step))).to.deep.equal([])
    expect(done.size, 'killed before the end').to.be.below(steps.length)
    await expectSound(park, `killed after ${kill}`)

    // People see an error and press the button again: what was done stays done once, what wasn't is done now.
    await giveUpOrphans()
    const next = await start()
    const seat = await new Visitor(next.url).signIn(email, PASSWORD)
    for (const step of steps) expect(await send(seat, park, step), `${step.step} again`).to.equal(303)
    for (const step of steps) expect(await expectWhole(park, step), `${step.step} at last`).to.equal(true)
    expect(await Lease.countDocuments({ park, state: 'signed' })).to.equal(3 * GROUPS)
    await expectSound(park, `after ${kill} and again`)
    await next.stop()
  }

  for (const kill of process.env['LONG'] ? MORE_KILLS : KILLS)
    it(`leaves all or nothing of each, and all it acknowledged: ${kill[0]} answers and ${kill[1]} ms`, () => killAndGoOn(kill))
})
