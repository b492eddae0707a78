import { renameClaims } from '../spaces/claims.ts'
import { onRenamed } from '../tenants/hooks.ts'
import { indexLease } from './draft.ts'
import { Lease } from './lease.ts'

/** A tenant's new name reaches its leases, their claims and what the search finds, in the renaming's own transaction. */
onRenamed(async ({ park, _id, name }) => {
  await Lease.updateMany({ park, tenant: _id }, { $set: { tenantName: name } })
  await renameClaims(park, _id, name)
  for (const lease of await Lease.find({ park, tenant: _id }).lean()) await indexLease(lease)
})
