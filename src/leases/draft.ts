import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { nextNumber } from '../db/counter.ts'
import { transact } from '../db/transact.ts'
import { today, yearOf } from '../lib/days.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { putEntry } from '../search/entry.ts'
import { holdTenant } from '../tenants/records.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { happened } from './hooks.ts'
import { buildLines, checkVersion, type LeaseInput, summary } from './input.ts'
import { Lease, type LeaseVersion } from './lease.ts'

export const subject = (lease: Pick<Lease, 'park' | '_id' | 'number'>) => ({
  park: lease.park,
  kind: 'lease',
  ref: lease._id,
  label: lease.number,
})

/** What of a lease an audit entry shows. */
export function shown(lease: Pick<Lease, 'from' | 'to' | 'basis' | 'anchor' | 'broken' | 'cycle' | 'purpose' | 'tenantName' | 'versions'>) {
  const { from, to, basis, anchor, broken, cycle, purpose, tenantName } = lease
  const { lines, rentFree, escalation, reductions, deposit } = lease.versions.at(-1)!
  const units = lines.map(line => `${line.code} ${line.rate}`).join(', ')
  const plain = (list: object[]) => list.map(item => Object.values(JSON.parse(JSON.stringify(item))).join(' ')).join('; ')
  return {
    tenantName,
    from,
    to,
    basis,
    anchor,
    broken,
    cycle,
    purpose,
    units,
    rentFree: plain(rentFree),
    escalation: plain(escalation),
    reductions: plain(reductions),
    deposit,
  }
}

export const indexLease = (
  lease: Pick<Lease, 'park' | '_id' | 'number' | 'tenant' | 'tenantName' | 'unitCodes' | 'from' | 'to'>,
): Promise<void> =>
  putEntry({
    park: lease.park,
    kind: 'lease',
    ref: lease._id,
    title: lease.number,
    detail: `${lease.tenantName} · ${lease.unitCodes.join(', ')}`,
    path: `/leases/${lease._id}`,
    tenant: lease.tenant,
    texts: [lease.number, lease.tenantName, ...lease.unitCodes],
  })

export const firstVersion = (
  fields: Pick<LeaseVersion, 'no' | 'from' | 'lines' | 'rentFree' | 'escalation' | 'reductions' | 'deposit'> & { note?: string | null },
): LeaseVersion => ({
  note: null,
  ...fields,
  stage: 'draft',
  submittedBy: null,
  submittedAt: null,
  decidedBy: null,
  decidedAt: null,
  comment: null,
  signedOn: null,
})

async function findTenant(park: string, _id: Types.ObjectId): Promise<Tenant> {
  const tenant = await holdTenant(park, _id)
  if (!tenant) throw new RuleError('tenant.gone', {}, { field: 'tenant' })
  return tenant
}

async function fieldsOf(park: string, input: LeaseInput) {
  checkVersion(input, input)
  const tenant = await findTenant(park, input.tenant)
  const lines = await buildLines(park, input, input.from)
  const { from, to, basis, anchor, broken, cycle, purpose, rentFree, escalation, reductions, deposit, note } = input
  const version = firstVersion({ no: 1, from, lines, rentFree, escalation, reductions, deposit, note })
  return {
    tenant: tenant._id,
    tenantName: tenant.name,
    from,
    to,
    end: to,
    basis,
    anchor,
    broken,
    cycle,
    purpose,
    versions: [version],
    ...summary(lines),
  }
}

/** A new draft. It claims nothing: units are taken when it is submitted. */
export async function draftLease(
  park: string,
  input: LeaseInput,
  by: Actor,
  from: { renewalOf: Types.ObjectId; depositCarried: number } | { lead: Types.ObjectId } | null = null,
): Promise<Lease> {
  return transact(async () => {
    const fields = await fieldsOf(park, input)
    const year = yearOf(today())
    const number = `HT-${year}-${String(await nextNumber(park, `lease-${year}`)).padStart(4, '0')}`
    const [lease] = await Lease.create([{ park, number, ...fields, ...from, createdBy: by.id }])
    await indexLease(lease!)
    await audit(by, 'lease.draft', subject(lease!), { after: shown(lease!) })
    return lease!.toObject() as Lease
  })
}

/** Changes a draft from the version the form showed; error.stale when somebody saved in between (CASES 9). */
export async function editDraft(park: string, _id: Types.ObjectId, version: number, input: LeaseInput, by: Actor): Promise<Lease> {
  return transact(async () => {
    const before = await Lease.findOne({ park, _id }).lean()
    if (!before) throw notFound()
    if (before.state !== 'draft') throw conflict('lease.notDraft', { number: before.number })
    if (before.version !== version) throw conflict('stale')
    const fields = await fieldsOf(park, input)
    fields.versions[0]!.comment = before.versions[0]!.comment
    const after = (await Lease.findOneAndUpdate(
      { park, _id, version, state: 'draft' },
      { $set: fields, $inc: { version: 1 } },
      { returnDocument: 'after' },
    ).lean()) as Lease | null
    if (!after) throw conflict('stale')
    await indexLease(after)
    await audit(by, 'lease.edit', subject(after), { before: shown(before), after: shown(after) })
    return after
  })
}

/** A draft that leads nowhere. Only drafts: whatever was submitted has a history to keep. */
export async function cancelDraft(park: string, _id: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const lease = await Lease.findOneAndUpdate(
      { park, _id, state: 'draft' },
      { $set: { state: 'cancelled' }, $inc: { version: 1 } },
      { returnDocument: 'after' },
    ).lean()
    if (!lease) throw conflict('lease.notDraft', { number: '' })
    await audit(by, 'lease.cancel', subject(lease), { before: { state: 'draft' }, after: { state: 'cancelled' } })
    await happened('cancelled', lease as Lease, by)
  })
}
