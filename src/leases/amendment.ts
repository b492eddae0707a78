import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import type { Day } from '../lib/days.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { firstVersion, shown, subject } from './draft.ts'
import { buildLines, checkVersion, summary, type VersionInput } from './input.ts'
import { Lease, type LeaseVersion } from './lease.ts'
import { loadLease } from './review.ts'

/** An amendment is a dated new version of a signed lease: other units, rates, reductions or deposit from its first day on. */
export type AmendmentInput = VersionInput & { from: Day }

const before = <T extends { from: Day }>(list: T[], day: Day): string =>
  JSON.stringify(list.filter(item => item.from < day).map(item => Object.entries(JSON.parse(JSON.stringify(item))).sort()))

/** What is over can't be agreed anew: rent-free days, steps and reductions that began before the amendment stay. */
function refuseRewriting(old: LeaseVersion, input: AmendmentInput): void {
  const refuse = (field: string) => new RuleError('amendment.past', { from: input.from }, { field })
  if (before(old.rentFree, input.from) !== before(input.rentFree, input.from)) throw refuse('rentFree')
  if (before(old.escalation, input.from) !== before(input.escalation, input.from)) throw refuse('escalation')
}

async function buildVersion(lease: Lease, agreed: LeaseVersion, input: AmendmentInput, no: number): Promise<LeaseVersion> {
  if (input.from <= agreed.from || input.from > lease.end)
    throw new RuleError('amendment.date', { from: agreed.from, to: lease.end }, { field: 'from' })
  checkVersion(input, { from: lease.from, to: lease.end })
  refuseRewriting(agreed, input)
  const lines = await buildLines(lease.park, { lines: input.lines, basis: lease.basis }, input.from, agreed.lines)
  const { from, rentFree, escalation, reductions, deposit, note } = input
  return firstVersion({ no, from, lines, rentFree, escalation, reductions, deposit, note })
}

async function save(lease: Lease, versions: LeaseVersion[], amending: Lease['amending'], action: string, by: Actor): Promise<void> {
  const fields = { versions, amending, ...summary(versions.at(-1)!.lines) }
  const { matchedCount } = await Lease.updateOne(
    { park: lease.park, _id: lease._id, version: lease.version },
    { $set: fields, $inc: { version: 1 } },
  )
  if (!matchedCount) throw conflict('stale')
  await audit(by, action, subject(lease), { before: shown(lease), after: shown({ ...lease, versions }) })
}

/** Starts an amendment, or changes the one that is still a draft. `version` is the one the form showed. */
export async function draftAmendment(park: string, _id: Types.ObjectId, version: number, input: AmendmentInput, by: Actor): Promise<void> {
  await transact(async () => {
    const lease = await loadLease(park, _id)
    if (lease.state !== 'signed' || lease.renewedBy) throw new RuleError('amendment.notSigned')
    if (lease.version !== version) throw conflict('stale')
    if (lease.amending && lease.amending !== 'draft')
      throw conflict('lease.stage', { number: lease.number, stage: `key:lease.status.${lease.amending}` })
    const agreed = lease.versions.filter(one => one.stage === 'signed')
    const fresh = await buildVersion(lease, agreed.at(-1)!, input, agreed.length + 1)
    fresh.comment = lease.amending ? lease.versions.at(-1)!.comment : null
    await save(lease, [...agreed, fresh], 'draft', lease.amending ? 'lease.amendment.edit' : 'lease.amendment.draft', by)
  })
}

/** Drops the draft of an amendment; what was agreed stays. */
export async function discardAmendment(park: string, _id: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const lease = await loadLease(park, _id)
    if (lease.amending !== 'draft')
      throw conflict('lease.stage', { number: lease.number, stage: `key:lease.status.${lease.amending ?? lease.state}` })
    await save(lease, lease.versions.slice(0, -1), null, 'lease.amendment.discard', by)
  })
}
