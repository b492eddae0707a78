import { isObjectIdOrHexString, type Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { peopleOf, User } from '../accounts/user.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { notify } from '../notifications/notification.ts'
import { Park } from '../parks/park.ts'
import { advanceLease, claimUnit, releaseLease } from '../spaces/claims.ts'
import type { Claim } from '../spaces/unit.ts'
import { subject } from './draft.ts'
import { checkFollows } from './follows.ts'
import { Lease, type LeaseVersion, leasePath, type Stage } from './lease.ts'

/**
 * Draft → in review → approved (DESIGN §3). The units are claimed when a lease is *submitted*, so that two approvals can't
 * collide; withdrawing and returning release them. An amendment goes the same way with its own version.
 */
export async function loadLease(park: string, _id: Types.ObjectId): Promise<Lease> {
  const lease = (await Lease.findOne({ park, _id }).lean()) as Lease | null
  if (!lease) throw notFound()
  return lease
}

/** The version that is on its way, which must be at one of `stages`. */
export function underWay(lease: Lease, ...stages: Stage[]): LeaseVersion {
  const version = lease.versions.at(-1)!
  if (lease.state === 'cancelled' || !stages.includes(version.stage)) {
    throw conflict('lease.stage', {
      number: lease.number,
      stage: `key:lease.status.${lease.state === 'cancelled' ? 'cancelled' : version.stage}`,
    })
  }
  return version
}

/** Moves the newest version on; a parallel step on the same lease loses with lease.stage. */
export async function moveOn(
  lease: Lease,
  from: Stage,
  to: Stage,
  set: Partial<LeaseVersion>,
  more: Record<string, unknown> = {},
): Promise<void> {
  const at = lease.versions.length - 1
  const fields = Object.fromEntries(Object.entries({ ...set, stage: to }).map(([name, value]) => [`versions.${at}.${name}`, value]))
  const state = at === 0 ? { state: to } : { amending: to === 'signed' ? null : to }
  const { matchedCount } = await Lease.updateOne(
    { park: lease.park, _id: lease._id, version: lease.version, [`versions.${at}.stage`]: from },
    { $set: { ...fields, ...state, ...more }, $inc: { version: 1 } },
  )
  if (!matchedCount) throw conflict('lease.stage', { number: lease.number, stage: `key:lease.status.${from}` })
}

export const claimOf = (lease: Lease, version: LeaseVersion, stage: Claim['stage']) => ({
  kind: 'lease' as const,
  from: version.from,
  to: lease.end,
  lease: lease._id,
  number: lease.number,
  tenant: lease.tenant,
  tenantName: lease.tenantName,
  lead: lease.lead,
  stage,
})

/** Units of the newest version that no earlier version holds. */
export function addedUnits(lease: Lease): Types.ObjectId[] {
  const held = lease.versions.length > 1 ? lease.versions.at(-2)!.lines.map(line => String(line.unit)) : []
  return lease.versions
    .at(-1)!
    .lines.map(line => line.unit)
    .filter(unit => !held.includes(String(unit)))
}

/** Claims the units, in place of what was held for the lease's lead. Throws unit.taken (409) when one isn't free for the whole term. */
export async function submitLease(park: string, _id: Types.ObjectId, by: Actor): Promise<Lease> {
  return transact(async () => {
    const lease = await loadLease(park, _id)
    const version = underWay(lease, 'draft')
    if (lease.versions.length === 1) await checkFollows(lease)
    const own = lease.lead && { lead: lease.lead, by }
    for (const unit of addedUnits(lease)) await claimUnit(park, unit, claimOf(lease, version, 'review'), own)
    await moveOn(lease, 'draft', 'review', { submittedBy: by.id, submittedAt: now(), comment: null })
    await audit(by, 'lease.submit', subject(lease), { before: { stage: 'draft' }, after: { stage: 'review' } })
    await notify(
      await peopleOf(park, ['manager']),
      { park, key: 'leaseSubmitted', params: { number: lease.number, tenant: lease.tenantName }, path: leasePath(lease) },
      by.id,
    )
    return lease
  })
}

/** Back to draft, by whoever may draft. */
export async function withdrawLease(park: string, _id: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const lease = await loadLease(park, _id)
    const { stage } = underWay(lease, 'review', 'approved')
    await releaseLease(park, _id, by)
    await moveOn(lease, stage, 'draft', {})
    await audit(by, 'lease.withdraw', subject(lease), { before: { stage }, after: { stage: 'draft' } })
  })
}

/** Nobody approves what they submitted, in whichever role: judged by user. A park with one manager may switch it off, visibly. */
async function refuseOwn(park: string, version: LeaseVersion, by: Actor): Promise<void> {
  if (version.submittedBy !== by.id) return
  const { settings } = await Park.findById(park, { settings: 1 }).lean().orFail(notFound)
  if (!settings.selfApproval) throw new RuleError('lease.ownApproval', {}, { status: 403 })
}

async function tellAuthor(lease: Lease, version: LeaseVersion, key: string, by: Actor, params: Record<string, string> = {}): Promise<void> {
  // Jobs and imports submit too: they have no account to tell.
  if (!isObjectIdOrHexString(version.submittedBy)) return
  const authors = await User.find({ _id: version.submittedBy, disabled: false }).lean()
  await notify(
    authors,
    { park: lease.park, key, params: { number: lease.number, tenant: lease.tenantName, ...params }, path: leasePath(lease) },
    by.id,
  )
}

export async function approveLease(park: string, _id: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const lease = await loadLease(park, _id)
    const version = underWay(lease, 'review')
    await refuseOwn(park, version, by)
    await moveOn(lease, 'review', 'approved', { decidedBy: by.id, decidedAt: now() })
    await advanceLease(park, _id, 'approved')
    await audit(by, 'lease.approve', subject(lease), { before: { stage: 'review' }, after: { stage: 'approved' } })
    await tellAuthor(lease, version, 'leaseApproved', by)
  })
}

/** Back to draft with what has to change; the units are free again. */
export async function returnLease(park: string, _id: Types.ObjectId, comment: string, by: Actor): Promise<void> {
  await transact(async () => {
    const lease = await loadLease(park, _id)
    const version = underWay(lease, 'review', 'approved')
    await releaseLease(park, _id, by)
    await moveOn(lease, version.stage, 'draft', { comment, decidedBy: by.id, decidedAt: now() })
    await audit(by, 'lease.return', subject(lease), { before: { stage: version.stage }, after: { stage: 'draft' }, note: comment })
    await tellAuthor(lease, version, 'leaseReturned', by, { comment })
  })
}
