import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { indexPerson } from '../accounts/index-people.ts'
import { refreshSessions } from '../accounts/sessions.ts'
import { Token } from '../accounts/token.ts'
import { Membership } from '../accounts/user.ts'
import { mergeApplications } from '../applications/follow.ts'
import { audit } from '../audit/entry.ts'
import { mergeClub } from '../club/follow.ts'
import { transact } from '../db/transact.ts'
import { mergeAttendees } from '../events/own-place.ts'
import { relinkFiles } from '../files/store.ts'
import { mergeLeadTenants } from '../leads/convert.ts'
import { indexLease } from '../leases/draft.ts'
import { Lease } from '../leases/lease.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { mergeMentoring } from '../mentoring/renamed.ts'
import { mergeBookings } from '../rooms/renamed.ts'
import { dropEntry, SearchEntry } from '../search/entry.ts'
import { renameClaims } from '../spaces/claims.ts'
import { Unit } from '../spaces/unit.ts'
import { indexTenant } from '../tenants/index-tenant.ts'
import { Tenant } from '../tenants/tenant.ts'
import { moveAgreements } from '../trusteeship/follow.ts'
import { mergedRecords } from './merged-records.ts'

/**
 * Makes one tenant of two records of the same company. What points at the other one points at the kept one afterwards; the other
 * one stays as a signpost. This reaches into every module, so it stands above all of them.
 */
type Pair = { kept: Tenant; other: Tenant }

async function loadPair(park: string, keep: Types.ObjectId, gone: Types.ObjectId): Promise<Pair> {
  if (keep.equals(gone)) throw new RuleError('tenant.mergeSelf', {}, { field: 'other' })
  const kept = (await Tenant.findOne({ park, _id: keep }).lean()) as Tenant | null
  const other = (await Tenant.findOne({ park, _id: gone }).lean()) as Tenant | null
  if (!kept || !other) throw notFound()
  if (kept.mergedInto || other.mergedInto) throw conflict('tenant.merged', {}, 'other')
  if (kept.creditCode && other.creditCode && kept.creditCode !== other.creditCode)
    throw new RuleError('tenant.mergeCodes', { one: kept.creditCode, other: other.creditCode }, { field: 'other' })
  return { kept, other }
}

async function moveLeases({ kept, other }: Pair): Promise<number> {
  const { park } = kept
  const leases = (await Lease.find({ park, tenant: other._id }).lean()) as Lease[]
  for (const lease of leases) {
    // The version goes up: a form somebody has open names the tenant that is gone.
    const set = { tenant: kept._id, tenantName: kept.name }
    await Lease.updateOne({ park, _id: lease._id }, { $set: set, $inc: { version: 1 } })
    await indexLease({ ...lease, ...set })
  }
  await renameClaims(park, other._id, kept.name)
  await Unit.updateMany(
    { park, 'claims.tenant': other._id },
    { $set: { 'claims.$[claim].tenant': kept._id } },
    { arrayFilters: [{ 'claim.tenant': other._id }] },
  )
  return leases.length
}

async function movePeople({ kept, other }: Pair): Promise<void> {
  const { park } = kept
  const rows = await Membership.find({ park, tenant: other._id }).lean()
  for (const { _id, user, role } of rows) {
    if (await Membership.exists({ user, role, park, tenant: kept._id })) await Membership.deleteOne({ _id })
    else await Membership.updateOne({ _id }, { tenant: kept._id })
    await refreshSessions(user)
    await indexPerson(park, user)
  }
  await Token.updateMany({ kind: 'invite', park, tenant: other._id }, { tenant: kept._id })
}

/**
 * Merges `gone` into `keep`, in one transaction. Throws tenant.mergeSelf, tenant.merged (409) and, for two different credit codes,
 * tenant.mergeCodes.
 */
export async function mergeTenants(park: string, keep: Types.ObjectId, gone: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const pair = await loadPair(park, keep, gone)
    const { kept, other } = pair
    // The code is unique in the park: the signpost gives it up before the kept one takes it.
    await Tenant.updateOne({ park, _id: gone }, { $set: { mergedInto: keep, creditCode: null }, $inc: { version: 1, ties: 1 } })
    await Tenant.updateMany({ park, mergedInto: gone }, { mergedInto: keep })
    const set = mergedRecords(kept, other)
    const after = (await Tenant.findOneAndUpdate(
      { park, _id: keep },
      { $set: set, $inc: { version: 1, ties: 1 } },
      { returnDocument: 'after' },
    ).lean()) as Tenant
    const leases = await moveLeases({ kept: after, other })
    await mergeBookings(park, gone, after)
    await mergeMentoring(park, gone, after)
    await moveAgreements(park, gone, after)
    await mergeApplications(park, gone, after)
    await mergeAttendees(park, gone, keep)
    await mergeClub(park, gone, after)
    await mergeLeadTenants(park, gone, keep)
    await relinkFiles(park, 'tenant', gone, keep)
    await movePeople(pair)
    await dropEntry(park, gone)
    await SearchEntry.updateMany({ park, tenant: gone }, { tenant: keep })
    await indexTenant(after)
    const names = `${other.name} → ${kept.name}`
    const { creditCode } = after
    await audit(
      by,
      'tenant.merge',
      { park, kind: 'tenant', ref: keep, label: kept.name },
      { before: { creditCode: kept.creditCode }, after: { creditCode, leases }, note: names },
    )
    await audit(by, 'tenant.mergedInto', { park, kind: 'tenant', ref: gone, label: other.name }, { note: names })
  })
}
