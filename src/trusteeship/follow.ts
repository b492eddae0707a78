import type { Types } from 'mongoose'
import { RuleError } from '../lib/rule-error.ts'
import { onRenamed } from '../tenants/hooks.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { Agreement } from './agreement.ts'
import { Round } from './round.ts'

/** What follows a tenant: its name, and the tenant it is merged into. */
onRenamed(async ({ park, _id, name }) => {
  await Agreement.updateMany({ park, tenant: _id }, { $set: { tenantName: name } })
})

/**
 * Moves the agreements of a tenant to the one it is merged into, in the merging's transaction. Throws tenant.mergeBooks where both
 * would have one in the same month: one of the two must end first.
 */
export async function moveAgreements(park: string, gone: Types.ObjectId, kept: Pick<Tenant, '_id' | 'name'>): Promise<void> {
  const all = await Agreement.find({ park, tenant: { $in: [gone, kept._id] } }).lean()
  const [moved, own] = [all.filter(one => one.tenant.equals(gone)), all.filter(one => !one.tenant.equals(gone))]
  const clash = moved.find(one => own.some(other => one.from <= other.end && other.from <= one.end))
  if (clash) throw new RuleError('tenant.mergeBooks', { number: clash.number }, { field: 'other' })
  await Agreement.updateMany({ park, tenant: gone }, { $set: { tenant: kept._id, tenantName: kept.name }, $inc: { version: 1, ties: 1 } })
  await Round.updateMany({ park, tenant: gone }, { $set: { tenant: kept._id } })
}
