import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { addDays, addMonths, type Day, dayAfter, dayBefore, daysBetween } from '../lib/days.ts'
import { exact } from '../lib/exact.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { draftLease } from './draft.ts'
import type { LeaseInput } from './input.ts'
import type { Lease } from './lease.ts'
import { loadLease } from './review.ts'

/** A renewal is a new lease linked to the old one; it begins the day after. */
function checkRenewal(lease: Lease): void {
  if (lease.state !== 'signed' || lease.terminated) throw new RuleError('renewal.notSigned')
  if (lease.renewedBy) throw conflict('lease.renewedAlready', { number: lease.number })
  if (lease.amending) throw conflict('termination.amending')
}

/** The rate as escalated by the end of the old lease, to the 4 places a rate has. */
function rateAtEnd(lease: Lease, line: Lease['versions'][number]['lines'][number]): string {
  const { escalation } = lease.versions.at(-1)!
  const steps = escalation.filter(step => step.from > line.since && step.from <= lease.end)
  const rate = steps.reduce((value, step) => value.mul(exact(step.percent).div(100).add(1)), exact(line.rate))
  return Number(rate.valueOf())
    .toFixed(4)
    .replace(/0{1,2}$/, '')
}

function sameLength(lease: Lease, from: Day): Day {
  const next = dayAfter(lease.to)
  for (const months of [12, 24, 36, 60, 6, 3, 1, 48]) if (addMonths(lease.from, months) === next) return dayBefore(addMonths(from, months))
  return addDays(from, daysBetween(lease.from, lease.to))
}

/** What a renewal would say if nothing but the dates changed: the form starts with it. */
export function proposeRenewal(lease: Lease): LeaseInput {
  checkRenewal(lease)
  const from = dayAfter(lease.end)
  const { lines, deposit } = lease.versions.at(-1)!
  const { tenant, basis, anchor, broken, cycle, purpose } = lease
  const again = lines.map(line => ({ unit: line.unit, desks: line.desks, rate: rateAtEnd(lease, line) }))
  return {
    tenant,
    from,
    to: sameLength(lease, from),
    basis,
    anchor,
    broken,
    cycle,
    purpose,
    lines: again,
    rentFree: [],
    escalation: [],
    reductions: [],
    deposit,
  }
}

/** Drafts the renewal. Its tenant and first day are given by the old lease; the deposit held is carried over when it is signed. */
export async function draftRenewal(park: string, _id: Types.ObjectId, input: LeaseInput, by: Actor): Promise<Lease> {
  const old = await loadLease(park, _id)
  checkRenewal(old)
  const linked = { renewalOf: old._id, depositCarried: old.versions.at(-1)!.deposit }
  return draftLease(park, { ...input, tenant: old.tenant, from: dayAfter(old.end) }, by, linked)
}
