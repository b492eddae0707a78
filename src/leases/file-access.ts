import { Types } from 'mongoose'
import { onFileAccess } from '../files/access.ts'
import { Lease } from './lease.ts'

/** A tenant's people read the files of their own signed leases, and the photographs of their handovers. */
const own = (tenants: string[]) => ({ state: 'signed' as const, tenant: { $in: tenants.map(id => new Types.ObjectId(id)) } })

onFileAccess('lease', async (park, _id, tenants) => Boolean(await Lease.exists({ park, _id, ...own(tenants) })))
onFileAccess('handover', async (park, ref, tenants) => Boolean(await Lease.exists({ park, 'handovers._id': ref, ...own(tenants) })))
