import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { scopedFindAndUpdate } from '../lib/park-scope.ts'
import { conflict, notFound } from '../lib/rule-error.ts'
import { Tenant } from './tenant.ts'

/**
 * How the lists inside a tenant (contacts, qualifications, yearly figures, incubation) are changed: read, change and write in one
 * transaction. Each row has its own version, so that two people may work on two rows; on one row the second sees both values.
 */
interface Change {
  set: Partial<Tenant>
  before?: object | null
  after: object
  note?: string | null
}

export async function changeTenant(
  park: string,
  _id: Types.ObjectId,
  action: string,
  by: Actor,
  work: (tenant: Tenant) => Change,
): Promise<Tenant> {
  return transact(async () => {
    const tenant = (await Tenant.findOne({ park, _id, mergedInto: null }).lean()) as Tenant | null
    if (!tenant) throw notFound()
    const { set, ...entry } = work(tenant)
    const after = (await Tenant.findOneAndUpdate({ park, _id }, { $set: set }, { returnDocument: 'after' }).lean()) as Tenant
    await audit(by, action, { park, kind: 'tenant', ref: _id, label: tenant.name }, entry)
    return after
  })
}

/**
 * The tenant something is being tied to, inside the transaction that ties it; null when it is gone or merged. It is written, not
 * just read: a merge or a new name in the same moment would else leave the new record behind.
 */
export async function holdTenant(park: string, _id: Types.ObjectId): Promise<Tenant | null> {
  return (await Tenant.findOneAndUpdate({ park, _id, mergedInto: null }, { $inc: { ties: 1 } }).lean()) as Tenant | null
}

/** The same for what is made many times a minute: by the driver, and only what bookings ask of it. */
export const tieTenant = (park: string, _id: Types.ObjectId): Promise<Pick<Tenant, 'name' | 'founder'> | null> =>
  scopedFindAndUpdate(Tenant, { park, _id, mergedInto: null }, { $inc: { ties: 1 } }, { name: 1, founder: 1 })

/** A row of one of the lists, as the form that changes it knew it. */
export interface RowRef {
  _id: Types.ObjectId
  version: number
}

/** Finds the row a form began with: 404 when it is gone, stale when somebody saved it in between. */
export function rowOf<R extends { _id: Types.ObjectId; version?: number }>(rows: R[], { _id, version }: RowRef): R {
  const row = rows.find(one => one._id.equals(_id))
  if (!row) throw notFound()
  if ((row.version ?? 0) !== version) throw conflict('stale')
  return row
}
