import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { linkFiles } from '../files/store.ts'
import { type Day, dayBefore, today } from '../lib/days.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { advanceLease, endLease, markClaims } from '../spaces/claims.ts'
import { Tenant } from '../tenants/tenant.ts'
import { subject } from './draft.ts'
import { checkFollows } from './follows.ts'
import { happened } from './hooks.ts'
import { Lease } from './lease.ts'
import { addedUnits, loadLease, moveOn, underWay } from './review.ts'

export interface Signing {
  on: Day
  /** The scanned lease, stored and not linked yet. */
  scans: Types.ObjectId[]
}

/** Units of the version before that the newest one no longer has. */
function returnedUnits(lease: Lease): Types.ObjectId[] {
  if (lease.versions.length < 2) return []
  const kept = lease.versions.at(-1)!.lines.map(line => String(line.unit))
  return lease.versions
    .at(-2)!
    .lines.map(line => line.unit)
    .filter(unit => !kept.includes(String(unit)))
}

/**
 * A renewal that is signed carries on in the units both leases have: no handover between them, and the deposit goes with it. Only
 * one lease may renew another.
 */
async function continueOld(renewal: Lease, units: Types.ObjectId[]): Promise<void> {
  const { park, renewalOf } = renewal
  const { matchedCount } = await Lease.updateOne(
    { park, _id: renewalOf, renewedBy: null },
    { $set: { renewedBy: renewal._id }, $inc: { version: 1 } },
  )
  if (!matchedCount) throw conflict('lease.renewedAlready', { number: renewal.number })
  const old = await loadLease(park, renewalOf!)
  // As when it was drafted: which units it carries on in stands only once the old lease does.
  if (old.amending) throw conflict('renewal.amending', { number: old.number })
  const shared = old.occupied.filter(unit => units.some(one => one.equals(unit)))
  await Lease.updateOne({ park, _id: old._id }, { $pull: { occupied: { $in: shared } } })
  await markClaims(park, old._id, shared, { continued: true })
  await markClaims(park, renewal._id, shared, { movedInOn: renewal.from })
}

/** Undoes continueOld() when a signed renewal is called off before it begins. */
export async function releaseOld(renewal: Lease): Promise<void> {
  const { park, renewalOf } = renewal
  if (!renewalOf) return
  const old = await loadLease(park, renewalOf)
  const units = old.versions.flatMap(version => version.lines.map(line => [String(line.unit), line.unit] as const))
  const back = [...new Map(units).values()].filter(unit => !old.handovers.some(one => one.kind === 'out' && one.unit.equals(unit)))
  await Lease.updateOne({ park, _id: old._id }, { $set: { renewedBy: null, occupied: back }, $inc: { version: 1 } })
  await markClaims(park, old._id, back, { continued: false })
}

/** Approved → signed: from here the units are let. An amendment's returned units are free from its first day. */
export async function signLease(park: string, _id: Types.ObjectId, { on, scans }: Signing, by: Actor): Promise<Lease> {
  if (on > today()) throw new RuleError('dayFuture', {}, { field: 'on' })
  return transact(async () => {
    const lease = await loadLease(park, _id)
    const version = underWay(lease, 'approved')
    const units = version.lines.map(line => line.unit)
    const returned = returnedUnits(lease)
    // An amendment takes on what it adds: a unit that was handed back meanwhile doesn't come back.
    const occupied = [...new Map([...lease.occupied, ...addedUnits(lease)].map(unit => [String(unit), unit])).values()]
    const first = lease.versions.length === 1
    if (first) await checkFollows(lease)
    const scan = scans.length || lease.hasScan ? { hasScan: true } : {}
    await moveOn(lease, 'approved', 'signed', { signedOn: on }, { occupied, ...scan, ...(first ? { signedOn: on } : {}) })
    await advanceLease(park, _id, 'signed')
    if (returned.length) await endLease(park, _id, dayBefore(version.from), returned)
    if (first && lease.renewalOf) await continueOld(lease, units)
    await Tenant.updateOne(
      { park, _id: lease.tenant, $or: [{ enteredOn: null }, { enteredOn: { $gt: lease.from } }] },
      { $set: { enteredOn: lease.from } },
    )
    await linkFiles(park, scans, { kind: 'lease', ref: _id, slot: 'scan' })
    await audit(by, 'lease.sign', subject(lease), { before: { stage: 'approved' }, after: { stage: 'signed', signedOn: on } })
    if (first) await happened('signed', lease, by)
    return lease
  })
}

/** Adds files to a lease: the scan that came later, or anything that belongs to it. */
export async function attachToLease(
  park: string,
  _id: Types.ObjectId,
  files: Types.ObjectId[],
  slot: 'scan' | 'attachment',
  by: Actor,
): Promise<void> {
  await transact(async () => {
    const lease = await loadLease(park, _id)
    await linkFiles(park, files, { kind: 'lease', ref: _id, slot })
    if (slot === 'scan') await Lease.updateOne({ park, _id }, { $set: { hasScan: true } })
    await audit(by, 'lease.attach', subject(lease), { after: { files: files.length, slot } })
  })
}
