import type { Types } from 'mongoose'
import type { Actor } from '../../accounts/identity.ts'
import { draftAmendment } from '../../leases/amendment.ts'
import { draftLease } from '../../leases/draft.ts'
import { recordHandover } from '../../leases/handover.ts'
import type { LeaseInput } from '../../leases/input.ts'
import type { Lease } from '../../leases/lease.ts'
import { draftRenewal, proposeRenewal } from '../../leases/renewal.ts'
import { approveLease, loadLease, returnLease, submitLease } from '../../leases/review.ts'
import { signLease } from '../../leases/signing.ts'
import { terminateLease } from '../../leases/termination.ts'
import { setClock } from '../../lib/clock.ts'
import { addDays, addMonths, type Day, dayBefore, today } from '../../lib/days.ts'
import { exact, roundHalfUp } from '../../lib/exact.ts'
import { zh } from '../../locales/zh-CN/index.ts'
import type { Unit } from '../../spaces/unit.ts'

/** Leases as they would have come about: each step through the product's own functions, at its own time. */
export interface Staff {
  promotion: Actor
  manager: Actor
}

export const at = (day: Day, hour = 2): void => setClock(new Date(`${day}T${String(hour).padStart(2, '0')}:00:00Z`))

/** Today, whatever the seeding clock says. */
export function realToday(): Day {
  setClock(null)
  return today()
}

export interface Plan {
  units: Unit[]
  tenant: Types.ObjectId
  from: Day
  months: number
  more?: Partial<LeaseInput>
  /** How far it comes; by default it is signed. */
  until?: 'draft' | 'returned' | 'review' | 'approved' | 'signed'
  /** Handed back on its last day? By default yes, where that has passed. */
  handedBack?: boolean
}

export function termsOf({ units, tenant, from, months, more }: Plan): LeaseInput {
  const desks = units.every(unit => unit.product === 'workstation')
  const area = units.reduce((sum, unit) => sum + unit.chargeable, 0)
  const monthly = desks
    ? 0
    : roundHalfUp(
        exact(area)
          .mul(exact(units[0]!.listRate ?? '2.00'))
          .mul(365)
          .div(1200),
      )
  return {
    tenant,
    from,
    to: dayBefore(addMonths(from, months)),
    basis: desks ? 'desk-month' : 'sqm-day',
    anchor: 'start',
    broken: 'actual',
    cycle: 3,
    purpose: null,
    lines: units.map(unit => ({ unit: unit._id, rate: unit.listRate ?? '2.00', desks: unit.desks })),
    rentFree: [],
    escalation: months > 12 ? [{ from: addMonths(from, 12), percent: '5' }] : [],
    reductions: [],
    deposit: Math.round((monthly * 2) / 100) * 10_000,
    ...more,
  }
}

const earlierOf = (a: Day, b: Day): Day => (a < b ? a : b)

async function sign(park: string, lease: Lease, from: Day, staff: Staff, until: Plan['until']): Promise<void> {
  const now = realToday()
  const day = (before: number) => earlierOf(addDays(from, -before), addDays(now, -Math.max(1, Math.round(before / 8))))
  at(day(24))
  await submitLease(park, lease._id, staff.promotion)
  if (until === 'review') return
  at(day(20))
  if (until === 'returned') {
    await returnLease(park, lease._id, '请补充递增条款后再提交。', staff.manager)
    return
  }
  await approveLease(park, lease._id, staff.manager)
  if (until === 'approved') return
  at(day(14))
  await signLease(park, lease._id, { on: day(14), scans: [] }, staff.manager)
}

const CHECKS = Object.values(zh.leaseLife.items).slice(0, 6)

export async function handOver(park: string, lease: Lease, kind: 'in' | 'out', on: Day, staff: Staff): Promise<void> {
  at(on, 6)
  for (const [i, unit] of lease.versions.at(-1)!.lines.entries()) {
    const meter = 1200 + i * 37 + (kind === 'out' ? 5400 : 0)
    const checklist = CHECKS.map(item => ({ item, ok: true, note: null }))
    const input = {
      kind,
      unit: unit.unit,
      on,
      checklist,
      electricity: String(meter),
      water: String(Math.round(meter / 40)),
      keys: 2,
      note: null,
    }
    await recordHandover(park, lease._id, input, staff.manager)
  }
}

/** One lease and what has happened to it up to today. */
export async function seedLease(park: string, plan: Plan, staff: Staff): Promise<Lease> {
  const now = realToday()
  const until = plan.until ?? 'signed'
  at(earlierOf(addDays(plan.from, -26), addDays(now, -4)))
  const drafted = await draftLease(park, termsOf(plan), staff.promotion)
  if (until !== 'draft') await sign(park, drafted, plan.from, staff, until)
  if (until === 'signed' && plan.from <= now) await handOver(park, await loadLease(park, drafted._id), 'in', plan.from, staff)
  const lease = await loadLease(park, drafted._id)
  if (until === 'signed' && lease.end < now && plan.handedBack !== false) await handOver(park, lease, 'out', lease.end, staff)
  setClock(null)
  return loadLease(park, drafted._id)
}

/** The same tenant stays on: a new lease linked to the old. */
export async function seedRenewal(park: string, old: Lease, staff: Staff, until: Plan['until'] = 'signed'): Promise<Lease> {
  const now = realToday()
  const from = addDays(old.end, 1)
  at(earlierOf(addDays(from, -40), addDays(now, -5)))
  const input = proposeRenewal(await loadLease(park, old._id))
  const lease = await draftRenewal(park, old._id, input, staff.promotion)
  if (until !== 'draft') await sign(park, lease, from, staff, until)
  setClock(null)
  return loadLease(park, lease._id)
}

export async function seedTermination(park: string, lease: Lease, on: Day, staff: Staff, handedBack: boolean): Promise<void> {
  at(addDays(on, -10))
  await terminateLease(park, lease._id, { on, reason: '企业搬迁至自有场地（示例）' }, staff.manager)
  if (handedBack) await handOver(park, await loadLease(park, lease._id), 'out', on, staff)
  setClock(null)
}

/** A unit more from `from` on. */
export async function seedAmendment(park: string, lease: Lease, unit: Unit, from: Day, staff: Staff, until: Plan['until']): Promise<void> {
  const now = realToday()
  const { lines, rentFree, escalation, reductions, deposit } = lease.versions.at(-1)!
  const kept = lines.map(line => ({ unit: line.unit, rate: line.rate, desks: line.desks }))
  const input = {
    from,
    lines: [...kept, { unit: unit._id, rate: unit.listRate ?? '2.00', desks: unit.desks }],
    rentFree,
    escalation,
    reductions,
    deposit,
    note: '扩租一间（示例）',
  }
  at(earlierOf(addDays(from, -20), addDays(now, -3)))
  await draftAmendment(park, lease._id, lease.version, input, staff.promotion)
  await sign(park, lease, from, staff, until)
  if (until === 'signed' && from <= now) {
    at(from, 6)
    const handover = { kind: 'in' as const, unit: unit._id, on: from, checklist: [], electricity: '900', water: '20', keys: 2, note: null }
    await recordHandover(park, lease._id, handover, staff.manager)
  }
  setClock(null)
}
