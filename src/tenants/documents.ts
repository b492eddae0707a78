import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { onFileAccess } from '../files/access.ts'
import { findLinked, linkFiles, unlinkFiles } from '../files/store.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import { holdTenant } from './records.ts'
import type { Tenant } from './tenant.ts'

/** Papers of a tenant: files linked to it, sorted into slots. */
export const DOCUMENT_SLOTS = ['licence', 'identity', 'agreement', 'certificate', 'report', 'graduation', 'other'] as const
export type DocumentSlot = (typeof DOCUMENT_SLOTS)[number]

onFileAccess('tenant', async (_park, ref, tenants) => tenants.includes(String(ref)))

const subject = (tenant: Tenant) => ({ park: tenant.park, kind: 'tenant', ref: tenant._id, label: tenant.name })

async function loaded(park: string, _id: Types.ObjectId): Promise<Tenant> {
  const tenant = await holdTenant(park, _id)
  if (!tenant) throw notFound()
  return tenant
}

/** Links stored files to a tenant. Throws fileMissing when there are none. */
export async function attachDocuments(
  park: string,
  _id: Types.ObjectId,
  slot: DocumentSlot,
  files: { id: Types.ObjectId; name: string }[],
  by: Actor,
): Promise<void> {
  if (!files.length) throw new RuleError('fileMissing', {}, { field: 'documents' })
  await transact(async () => {
    const tenant = await loaded(park, _id)
    await linkFiles(
      park,
      files.map(file => file.id),
      { kind: 'tenant', ref: _id, slot },
    )
    await audit(by, 'tenant.document.add', subject(tenant), { after: { slot }, note: files.map(file => file.name).join('\n') })
  })
}

/** Takes a paper off a tenant; the file itself is swept a day later. */
export async function removeDocument(park: string, _id: Types.ObjectId, file: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const tenant = await loaded(park, _id)
    const found = await findLinked(park, new Types.ObjectId(file), 'tenant', _id)
    if (!found) throw notFound()
    await unlinkFiles(park, [found._id])
    await audit(by, 'tenant.document.remove', subject(tenant), { note: found.metadata.name })
  })
}
