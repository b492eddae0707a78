import type { Lease } from '../../src/leases/lease.ts'
import { addDays, type Day, dayAfter, FOREVER, today } from '../../src/lib/days.ts'
import { RuleError } from '../../src/lib/rule-error.ts'
import { holdUnit } from '../../src/spaces/blocks.ts'
import { isActive } from '../../src/spaces/state.ts'
import type { Unit } from '../../src/spaces/unit.ts'
import { takenUntil } from '../../src/spaces/unit-forms.ts'
import { BY } from '../setup/factories.ts'
import { unitFields } from '../setup/steps.ts'
import type { Visitor } from '../setup/visitor.ts'
import { leaseStep } from './soundness.ts'

/** Random things people do to units and leases: each is one request, chosen by what the records look like when the round begins. */
export interface Operation {
  told: string
  /** Who asks: 0 drafts and submits, 1 decides. Nobody approves what they submitted. */
  who: 0 | 1
  send(seat: Visitor): Promise<number>
}

/** Numbers by seed (mulberry32): `pick(n)` is 0 … n − 1. */
export function numbers(seed: number): (max: number) => number {
  let state = seed >>> 0
  return max => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * max)
  }
}

type Pick = (max: number) => number
type Fields = Record<string, string>
export interface Scene {
  park: string
  tenants: string[]
  leases: Lease[]
  units: Unit[]
}

const post = (told: string, path: string, fields: Fields = {}, who: 0 | 1 = 0): Operation => ({
  told: `${told} ${Object.values(fields).join(' ')}`,
  who,
  send: async seat => (await seat.post(path, fields)).status,
})

const some = <T>(pick: Pick, list: T[]): T => list[pick(list.length)]!
const aDay = (pick: Pick): Day => addDays(today(), pick(360) - 60)

const lines = (units: string[]): Fields =>
  Object.fromEntries(
    units.flatMap((unit, i) => [
      [`lines[${i}][unit]`, unit],
      [`lines[${i}][rate]`, '2.00'],
    ]),
  )
const term = { basis: 'sqm-day', anchor: 'start', broken: 'actual', cycle: '1', deposit: '100' }

function someUnits(pick: Pick, { units }: Scene, on: Day): string[] {
  const there = units.filter(unit => isActive(unit, on)).map(unit => String(unit._id))
  const wanted = Array.from({ length: 1 + pick(2) }, () => some(pick, there))
  return [...new Set(wanted)]
}

function draft(pick: Pick, scene: Scene): Operation {
  const from = aDay(pick)
  const fields = { tenant: some(pick, scene.tenants), from, to: addDays(from, 5 + pick(40)), ...term }
  return post('draft', `/parks/${scene.park}/leases`, { ...fields, ...lines(someUnits(pick, scene, from)) })
}

/** Every step that leads a lease or its amendment from where it is; now and then one that doesn't fit. */
function stepsFrom(lease: Lease, pick: Pick): string[] {
  const all = ['submission', 'withdrawal', 'approval', 'return', 'signing', 'termination', 'renewal', 'amendment', 'in', 'out']
  if (pick(12) === 0) return all
  const stage = lease.amending ?? lease.state
  if (stage === 'draft') return ['submission', 'submission', 'submission', lease.amending ? 'discard' : 'cancellation']
  if (stage === 'review') return ['approval', 'approval', 'withdrawal', 'return']
  if (stage === 'approved') return ['signing', 'signing', 'signing', 'withdrawal', 'return']
  return ['termination', 'renewal', 'amendment', 'in', 'out']
}

function leaseOperation(pick: Pick, lease: Lease, scene: Scene): Operation {
  const step = some(pick, stepsFrom(lease, pick))
  const told = `${step} ${lease.number}`
  const kept = lease.versions.at(-1)!.lines.map(line => String(line.unit))
  if (step === 'approval') return post(told, leaseStep(lease, step), {}, 1)
  if (step === 'return') return post(told, leaseStep(lease, step), { comment: 'once more' }, 1)
  if (step === 'signing') return post(told, leaseStep(lease, step), { on: today() }, 1)
  if (step === 'termination') {
    const on = pick(3) ? addDays(lease.end, -1 - pick(40)) : addDays(lease.from, -1)
    return post(told, leaseStep(lease, step), { on, reason: 'moves' }, 1)
  }
  if (step === 'renewal') {
    const to = addDays(lease.end, 5 + pick(40))
    return post(told, leaseStep(lease, step), { ...term, from: '', to, ...lines(pick(2) ? kept : kept.slice(0, 1)) })
  }
  if (step === 'amendment') {
    const from = addDays(lease.from, 1 + pick(30))
    const wanted = [...new Set([...kept.slice(pick(2)), ...someUnits(pick, scene, from)])]
    return post(told, leaseStep(lease, step), { version: String(lease.version), from, deposit: '100', ...lines(wanted) })
  }
  if (step === 'discard') return post(told, leaseStep(lease, 'amendment/discard'))
  if (step === 'in' || step === 'out')
    return post(told, leaseStep(lease, `handover/${step}`), { on: today(), ...unitFields(0, some(pick, lease.units)) })
  return post(told, leaseStep(lease, step))
}

/** A hold for a fraction of a second: it runs out while others ask for the unit, in a third process and by nobody's doing. */
const shortHold = (unit: Unit, from: Day, pick: Pick): Operation => {
  const period = { from, to: pick(2) ? null : addDays(from, 30), label: 'short' }
  const expiresAt = new Date(Date.now() + 50 + pick(1500))
  const work = () => holdUnit(unit.park, unit._id, { ...period, expiresAt }, BY)
  const answer = (error: unknown) => {
    if (error instanceof RuleError) return error.status
    throw error
  }
  return { told: `hold for a moment ${unit.code}`, who: 0, send: () => work().then(() => 303, answer) }
}

/** The first day a change of the unit may have, or just some day. */
function changeDay(pick: Pick, units: Unit[]): Day {
  const last = units.map(takenUntil).sort().at(-1)!
  return last === FOREVER || pick(6) === 0 ? aDay(pick) : [dayAfter(last), addDays(today(), 1 + pick(60))].sort().at(-1)!
}

// Few codes, so that two changes at once want the same one.
const code = (pick: Pick): string => `X${pick(24)}`
const area = (hundredths: number): string => (hundredths / 100).toFixed(2)

function split(pick: Pick, unit: Unit): Operation {
  const first = Math.floor((unit.gross * (1 + pick(3))) / 4)
  const parts = [first, unit.gross - first].map((gross, i): Fields => {
    const name = (field: string) => `parts[${i}][${field}]`
    return { [name('code')]: code(pick), [name('product')]: 'office', [name('gross')]: area(gross), [name('chargeable')]: area(gross) }
  })
  return post(`split ${unit.code}`, `/parks/${unit.park}/units/${unit._id}/split`, {
    on: changeDay(pick, [unit]),
    ...parts[0],
    ...parts[1],
  })
}

function merge(pick: Pick, units: Unit[]): Operation {
  const fields = { on: changeDay(pick, units), code: code(pick), product: 'office' }
  const ids = units.map(unit => String(unit._id))
  const told = `merge ${units.map(unit => unit.code)} ${Object.values(fields).join(' ')}`
  return { told, who: 0, send: async seat => (await seat.post(`/parks/${units[0]!.park}/units/merge`, { ...fields, units: ids })).status }
}

function unitOperation(pick: Pick, unit: Unit, { units }: Scene): Operation {
  const path = `/parks/${unit.park}/units/${unit._id}`
  const from = aDay(pick)
  const period = { from, to: addDays(from, pick(40)), label: 'X' }
  const open = unit.claims.filter(claim => claim.kind !== 'lease')
  const kind = pick(8)
  if (kind === 0) return split(pick, unit)
  if (kind === 1)
    return merge(pick, [
      unit,
      some(
        pick,
        units.filter(one => one !== unit),
      ),
    ])
  if (kind === 2) return post(`works ${unit.code}`, `${path}/blocks`, { ...period, kind: 'works' })
  if (kind === 3) return post(`hold ${unit.code}`, `${path}/holds`, { ...period, keptUntil: addDays(today(), 3) })
  if (kind < 6 || !open.length) return shortHold(unit, from, pick)
  const claim = some(pick, open)
  if (claim.kind === 'hold') return post(`release ${unit.code}`, `${path}/holds/${claim._id}/release`)
  return post(`end works ${unit.code}`, `${path}/blocks/${claim._id}/end`, { on: addDays(claim.from, pick(6) - 2) })
}

/** Most of a round is about few leases and units, so that its operations meet. */
export function operations(pick: Pick, scene: Scene, count: number): Operation[] {
  const living = scene.leases.filter(lease => lease.state !== 'cancelled' && !lease.terminated)
  const leases = living.length ? Array.from({ length: 4 }, () => some(pick, living)) : []
  const present = scene.units.filter(unit => unit.activeTo > today())
  const units = Array.from({ length: 2 }, () => some(pick, present))
  return Array.from({ length: count }, () => {
    const kind = pick(10)
    if (kind === 0 || !leases.length) return draft(pick, scene)
    if (kind < 7) return leaseOperation(pick, some(pick, pick(5) ? leases : living), scene)
    return unitOperation(pick, some(pick, units), scene)
  })
}
