import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { transact } from '../db/transact.ts'
import { linkFiles } from '../files/store.ts'
import { type Day, today } from '../lib/days.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import type { Industry, Park } from '../parks/park.ts'
import { type Criterion, entryProblem, type Incubation, incubationRule, limitFor } from './incubation.ts'
import { changeTenant } from './records.ts'
import type { Tenant } from './tenant.ts'

/** Entering, graduating from and leaving incubation, by the rule the park works by on the day of entry (FACTS, CASES 11). */
const shown = ({ enteredOn, limitMonths, graduatedOn, criterion, evidence, leftOn }: Incubation) => ({
  incubatedOn: enteredOn,
  limitMonths,
  graduatedOn,
  criterion,
  evidence,
  leftOn,
})

function refuseFuture(on: Day, zone: string): void {
  if (on > today(zone)) throw new RuleError('dayFuture', {}, { field: 'on' })
}

/** The record that is still running, or why there is none: notEntered, closed, before. */
function running(tenant: Tenant, on: Day): Incubation {
  const record = tenant.incubation
  if (!record) throw new RuleError('incubation.notEntered')
  if (record.graduatedOn || record.leftOn) throw conflict('incubation.closed')
  if (on < record.enteredOn) throw new RuleError('incubation.before', { from: record.enteredOn }, { field: 'on' })
  return record
}

/**
 * Opens the record. Throws incubation.founded without a founding date, incubation.tooOld past the rule's age on entry, and
 * incubation.entered where there is a record already.
 */
export async function enterIncubation(park: Park, tenant: Types.ObjectId, { on }: { on: Day }, by: Actor): Promise<void> {
  refuseFuture(on, park.zone)
  const rule = incubationRule(park.settings.incubationRule)
  await changeTenant(park._id, tenant, 'tenant.incubation.enter', by, ({ incubation, foundedOn, industry }) => {
    if (incubation) throw conflict('incubation.entered')
    if (foundedOn && on < foundedOn) throw new RuleError('incubation.beforeFounding', { on: foundedOn }, { field: 'on' })
    const problem = entryProblem(rule, foundedOn, on)
    if (problem === 'founded') throw new RuleError('incubation.founded', {}, { field: 'on' })
    if (problem) throw new RuleError('incubation.tooOld', { months: rule.entryMonths }, { field: 'on' })
    const limitMonths = limitFor(rule, industry as Industry)
    const record = { rule: rule.key, enteredOn: on, limitMonths, graduatedOn: null, criterion: null, evidence: null, leftOn: null }
    return { set: { incubation: record }, after: shown(record) }
  })
}

export interface Graduation {
  on: Day
  criterion: Criterion
  evidence: string | null
  /** Stored proofs, not linked yet. */
  files: Types.ObjectId[]
}

/** Closes the record as graduated. Asks for a criterion and evidence: a text, a file or both. */
export async function graduate(park: Park, tenant: Types.ObjectId, input: Graduation, by: Actor): Promise<void> {
  const { on, criterion, evidence, files } = input
  refuseFuture(on, park.zone)
  if (!evidence && !files.length) throw new RuleError('incubation.evidence', {}, { field: 'evidence' })
  await transact(async () => {
    await changeTenant(park._id, tenant, 'tenant.incubation.graduate', by, found => {
      const record = running(found, on)
      const fresh = { ...record, graduatedOn: on, criterion, evidence }
      return { set: { incubation: fresh }, before: shown(record), after: shown(fresh) }
    })
    await linkFiles(park._id, files, { kind: 'tenant', ref: tenant, slot: 'graduation' })
  })
}

/** Closes the record of a tenant that left without graduating. */
export async function leaveIncubation(
  park: Park,
  tenant: Types.ObjectId,
  { on, note }: { on: Day; note: string | null },
  by: Actor,
): Promise<void> {
  refuseFuture(on, park.zone)
  await changeTenant(park._id, tenant, 'tenant.incubation.leave', by, found => {
    const record = running(found, on)
    const fresh = { ...record, leftOn: on }
    return { set: { incubation: fresh }, before: shown(record), after: shown(fresh), note }
  })
}
