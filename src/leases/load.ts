import type { Request } from 'express'
import { notFound } from '../lib/rule-error.ts'
import { within } from '../parks/scope.ts'
import { idParam } from '../web/forms.ts'
import { Lease } from './lease.ts'

/** The lease of this address, if the person reaches it: staff any of the park, a tenant's people their own signed ones. */
export async function findLease(req: Request): Promise<Lease> {
  const own = req.reach?.tenants ? { state: 'signed' as const } : {}
  const lease = await Lease.findOne({ ...within(req), ...own, _id: idParam(req, 'lease') }).lean()
  if (!lease) throw notFound()
  return lease as Lease
}
