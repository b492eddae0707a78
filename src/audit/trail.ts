import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { dayAfter, isDay, startOfDay } from '../lib/days.ts'
import { scopedCount, scopedFind, scopedStream } from '../lib/park-scope.ts'
import { translateAny } from '../locales/index.ts'
import { zh } from '../locales/zh-CN/index.ts'
import { mapped, sendExport } from '../web/export.ts'
import { readQuery } from '../web/forms.ts'
import { COUNT_LIMIT, linkWith, listOf, pageSchema, type Tag } from '../web/list.ts'
import { AuditEntry } from './entry.ts'
import { type HistoryRow, rowOf } from './history.ts'
import { maskAddress } from './values.ts'

/** The audit trail of a park (or of what belongs to none): filtered by person, kind, action and time; the export is the filtered list. */
const SIZE = 50
const EXPORT_LIMIT = 50_000

export const KINDS = Object.keys(zh.audit.kind)

/** “lease.handover.in”: every action there are words for. */
function leaves(tree: object, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([name, value]) => (typeof value === 'string' ? prefix + name : leaves(value, `${prefix}${name}.`)))
}
export const TRAIL_ACTIONS = leaves(zh.audit.action)

const query = z.object({
  by: z
    .string()
    .regex(/^([0-9a-f]{24}|system)$/)
    .optional(),
  kind: z.enum(KINDS as [string, ...string[]]).optional(),
  action: z.enum(TRAIL_ACTIONS as [string, ...string[]]).optional(),
  from: z.string().refine(isDay).optional(),
  to: z.string().refine(isDay).optional(),
  ...pageSchema,
})
export type TrailQuery = z.output<typeof query>

export interface TrailRow extends HistoryRow {
  by: string
  kind: string
  label: string
  path: string | null
  ip: string
}

interface Place {
  park: string
  zone: string
  /** The path of the park; empty for what belongs to none. */
  root: string
  people: { id: string; name: string }[]
}

const PAGES: Record<string, string> = {
  unit: '/units/',
  tenant: '/tenants/',
  lease: '/leases/',
  room: '/rooms/',
  booking: '/bookings/',
  series: '/bookings/series/',
  mentoring: '/mentoring/sessions/',
  application: '/applications/',
  notice: '/notices/',
  offer: '/leads/offers/',
  // Of the company it is of.
  listing: '/tenants/',
}

function pathOf({ kind, ref }: AuditEntry, root: string): string | null {
  if (!root) return null
  if (kind === 'park') return `${root}/settings`
  if (kind === 'calendar') return `${root}/settings/calendar`
  if (kind === 'user') return `${root}/people`
  return PAGES[kind] && ref instanceof Types.ObjectId ? `${root}${PAGES[kind]}${ref}` : null
}

function filterOf({ by, kind, action, from, to }: TrailQuery, { park, zone }: Place) {
  const at = { ...(from ? { $gte: startOfDay(from, zone) } : {}), ...(to ? { $lt: startOfDay(dayAfter(to), zone) } : {}) }
  return {
    park,
    ...(by ? { 'by.id': by } : {}),
    ...(kind ? { kind } : {}),
    ...(action ? { action } : {}),
    ...(from || to ? { at } : {}),
  }
}

function tagsOf(req: Request, asked: TrailQuery, people: Place['people']): Tag[] {
  const tags: Tag[] = []
  if (asked.by) tags.push({ names: ['by'], text: people.find(one => one.id === asked.by)?.name ?? asked.by })
  if (asked.kind) tags.push({ names: ['kind'], text: translateAny(req.lang, `audit.kind.${asked.kind}`) })
  if (asked.action) tags.push({ names: ['action'], text: translateAny(req.lang, `audit.action.${asked.action}`) })
  if (asked.from || asked.to) tags.push({ names: ['from', 'to'], text: `${asked.from ?? '…'} – ${asked.to ?? '…'}` })
  return tags
}

/** An entry as a row, with the page of its record. */
export const rowFor = (req: Request, entry: AuditEntry, { zone, root }: Pick<Place, 'zone' | 'root'>): TrailRow => ({
  ...rowOf(req, entry, zone),
  by: entry.by.id,
  kind: entry.kind,
  label: entry.label,
  path: pathOf(entry, root),
  ip: maskAddress(entry.ip),
})

function sendRows(req: Request, res: Response, format: 'xlsx' | 'csv', rows: AsyncIterable<TrailRow>): Promise<void> {
  const changes = (row: TrailRow) => row.changes.map(({ field, before, after }) => `${field}: ${before} → ${after}`).join('\n')
  return sendExport<TrailRow>(req, res, {
    format,
    name: req.t('audit.title'),
    columns: [
      { label: req.t('audit.at'), value: row => row.at },
      { label: req.t('audit.person'), value: row => row.who },
      { label: req.t('audit.actionLabel'), value: row => row.what },
      { label: req.t('audit.kindLabel'), value: row => translateAny(req.lang, `audit.kind.${row.kind}`) },
      { label: req.t('audit.record'), value: row => row.label },
      { label: req.t('audit.what'), value: changes },
      { label: req.t('form.note'), value: row => row.note },
      { label: req.t('audit.address'), value: row => row.ip },
    ],
    rows,
  })
}

/** The page or the export, for a place the caller may read. */
export async function showTrail(req: Request, res: Response, place: Place): Promise<void> {
  const asked = readQuery(req, query)
  const filter = filterOf(asked, place)
  const sort = { at: -1 } as const
  if (asked.format) {
    const found = scopedStream<AuditEntry>(AuditEntry, filter, { sort, limit: EXPORT_LIMIT })
    return sendRows(
      req,
      res,
      asked.format,
      mapped(found, entry => rowFor(req, entry, place)),
    )
  }
  const [found, total] = await Promise.all([
    scopedFind<AuditEntry>(AuditEntry, filter, { sort, skip: (asked.page - 1) * SIZE, limit: SIZE }),
    scopedCount(AuditEntry, filter, COUNT_LIMIT),
  ])
  const items = found.map(entry => rowFor(req, entry, place))
  // Somebody who works here no longer is still in the trail.
  const people = [...place.people]
  for (const row of items) if (!people.some(one => one.id === row.by)) people.push({ id: row.by, name: row.who })
  const list = listOf(req, { items, total, page: asked.page, size: SIZE, tags: tagsOf(req, asked, people) })
  const link = (change: Record<string, string | null>) => linkWith(req, change)
  res.page('overview/audit', { list, asked, people, kinds: KINDS, actions: TRAIL_ACTIONS, link, inPark: Boolean(place.root) })
}
