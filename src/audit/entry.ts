import { model, Schema, type Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { now } from '../lib/clock.ts'
import { type ParkOwned, parkOwned, scopedInsert } from '../lib/park-scope.ts'

/** Who did what to which record, with what it changed: written in the same transaction as the change itself. */
export interface AuditEntry extends ParkOwned {
  at: Date
  by: { id: string; name: string }
  /** “lease.submit”: module and verb; the page translates it. */
  action: string
  kind: string
  ref: Types.ObjectId | string
  label: string
  changes: { field: string; before: unknown; after: unknown }[]
  note: string | null
  ip?: string
  request?: string
}

const schema = parkOwned<AuditEntry>(
  {
    at: { type: Date, required: true },
    by: { id: String, name: String },
    action: { type: String, required: true },
    kind: { type: String, required: true },
    ref: { type: Schema.Types.Mixed, required: true },
    label: { type: String, default: '' },
    changes: { type: [{ _id: false, field: String, before: Object, after: Object }], default: [] },
    note: { type: String, default: null },
    ip: String,
    request: String,
  },
  { timestamps: false, versionKey: false },
)
schema.index({ park: 1, at: -1 })
schema.index({ park: 1, action: 1, at: -1 })
schema.index({ park: 1, kind: 1, ref: 1, at: -1 })
schema.index({ park: 1, 'by.id': 1, at: -1 })

/** Where entries stand that belong to no park: users, districts, the mail outbox. No park can have this name. */
export const NO_PARK = '-'

export const AuditEntry = model('AuditEntry', schema, 'audit')

interface Subject {
  park: string
  kind: string
  ref: Types.ObjectId | string
  label: string
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** The fields in which two states of a record differ. */
export function changesBetween(before: object | null, after: object): AuditEntry['changes'] {
  const old = (before ?? {}) as Record<string, unknown>
  const fresh = after as Record<string, unknown>
  return Object.keys(fresh)
    .filter(field => !same(old[field], fresh[field]))
    .map(field => ({ field, before: old[field] ?? null, after: fresh[field] ?? null }))
}

/** Writes an entry; call it inside the transaction of the change. Never pass ID numbers, passwords or tokens as values. */
export async function audit(
  by: Actor,
  action: string,
  subject: Subject,
  { before = null, after = {}, note = null }: { before?: object | null; after?: object; note?: string | null } = {},
): Promise<void> {
  const from = { ...(by.ip ? { ip: by.ip } : {}), ...(by.request ? { request: by.request } : {}) }
  const entry = { ...subject, at: now(), by: { id: by.id, name: by.name }, action, note, ...from }
  await scopedInsert<AuditEntry>(AuditEntry, [{ ...entry, changes: changesBetween(before, after) }])
}

/** The same for many records at once, each with what was recorded of it. */
export async function auditAll(
  by: Actor,
  action: string,
  records: (Subject & { before?: object | null; after: object; note?: string | null })[],
): Promise<void> {
  const common = { at: now(), by: { id: by.id, name: by.name }, action, ip: by.ip, request: by.request }
  await AuditEntry.insertMany(
    records.map(({ before = null, after, note = null, ...subject }) => ({
      ...subject,
      ...common,
      note,
      changes: changesBetween(before, after),
    })),
    // Whole as they are: casting thousands again would cost more than writing them.
    { lean: true },
  )
}
