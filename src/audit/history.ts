import type { Request } from 'express'
import type { Types } from 'mongoose'
import { scopedFind } from '../lib/park-scope.ts'
import { translateAny } from '../locales/index.ts'
import { AuditEntry } from './entry.ts'
import { valueText } from './values.ts'

/** What has happened to a record, newest first, as its page shows it. */
export interface HistoryRow {
  at: string
  who: string
  what: string
  note: string | null
  changes: { field: string; before: string; after: string }[]
}

const LIMIT = 50

/** A word of the texts, or the plain name where there is none: an old entry may name a field that is gone. */
function word(req: Request, prefix: string, name: string): string {
  const key = `${prefix}.${name}`
  const text = translateAny(req.lang, key)
  return text === key ? name : text
}

export const rowOf = (req: Request, entry: AuditEntry, zone: string): HistoryRow => ({
  at: req.fmt.moment(entry.at, zone),
  who: entry.by.id === 'system' || !entry.by.name ? req.t('audit.system') : entry.by.name,
  what: word(req, 'audit.action', entry.action),
  note: entry.note,
  changes: entry.changes.map(({ field, before, after }) => ({
    field: word(req, 'audit.field', field),
    before: valueText(req, field, before),
    after: valueText(req, field, after),
  })),
})

export async function historyOf(req: Request, kind: string, ref: Types.ObjectId | string): Promise<HistoryRow[]> {
  const filter = { park: req.park._id, kind, ref }
  const rows = await scopedFind<AuditEntry>(AuditEntry, filter, { sort: { at: -1 }, limit: LIMIT })
  return rows.map(entry => rowOf(req, entry, req.park.zone))
}
