import type { Request, Response } from 'express'
import type { Types } from 'mongoose'
import { z } from 'zod'
import { reachOf } from '../accounts/identity.ts'
import { addDays, type Day, daysBetween, isDay, today as todayIn } from '../lib/days.ts'
import { scopedCount, scopedFind, scopedStream } from '../lib/park-scope.ts'
import { within } from '../parks/scope.ts'
import { refsOf } from '../search/entry.ts'
import { mapped, sendExport } from '../web/export.ts'
import { readQuery } from '../web/forms.ts'
import { COUNT_LIMIT, linkWith, listOf, pageSchema, sortOf, type Tag } from '../web/list.ts'
import { Lease } from './lease.ts'
import { STATUSES, type Status, statusOn, TONES } from './status.ts'

/** The list of leases: filters live in the address, and the export is exactly the filtered list. */
const SIZE = 20
const EXPORT_LIMIT = 50_000
const WITHIN = [30, 60, 90]
const UNSIGNED: Status[] = ['draft', 'review', 'approved', 'cancelled']

const query = z.object({
  q: z.string().trim().max(60).optional(),
  status: z.enum(STATUSES).optional(),
  expiring: z.coerce.number().int().min(1).max(730).optional(),
  from: z.string().refine(isDay).optional(),
  to: z.string().refine(isDay).optional(),
  sort: z.string().max(20).optional(),
  ...pageSchema,
})
type Asked = z.output<typeof query>

const SORTS = {
  end: { end: 1, _id: 1 },
  start: { from: 1, _id: 1 },
  number: { number: 1 },
  tenant: { tenantName: 1, _id: 1 },
  area: { area: 1, _id: 1 },
} as const

/** What a status of status.ts means to the database: the same rule, as a filter. */
export function statusFilter(status: Status, on: Day, expiringDays: number): Record<string, unknown> {
  const signed = { state: 'signed' }
  const over = { ...signed, end: { $lt: on } }
  const gone = { ...over, 'occupied.0': { $exists: false } }
  const soon = addDays(on, expiringDays)
  const filters: Record<Status, Record<string, unknown>> = {
    draft: { state: 'draft' },
    review: { state: 'review' },
    approved: { state: 'approved' },
    cancelled: { state: 'cancelled' },
    upcoming: { ...signed, from: { $gt: on } },
    active: { ...signed, from: { $lte: on }, $or: [{ end: { $gt: soon } }, { end: { $gte: on }, renewedBy: { $ne: null } }] },
    expiring: { ...signed, from: { $lte: on }, end: { $gte: on, $lte: soon }, renewedBy: null },
    holding: { ...over, 'occupied.0': { $exists: true } },
    renewed: { ...gone, renewedBy: { $ne: null } },
    terminated: { ...gone, renewedBy: null, terminated: { $ne: null } },
    ended: { ...gone, renewedBy: null, terminated: null },
  }
  return filters[status]
}

/** An amendment on its way waits as its lease did: who looks for what is to be approved or signed finds both. */
const withAmendments = (status: Status, filter: Record<string, unknown>): Record<string, unknown> =>
  ['draft', 'review', 'approved'].includes(status) ? { $or: [filter, { amending: status }] } : filter

async function filterOf(req: Request, asked: Asked, on: Day): Promise<{ park: string } & Record<string, unknown>> {
  const filter = within(req)
  const and: Record<string, unknown>[] = []
  if (asked.status) and.push(withAmendments(asked.status, statusFilter(asked.status, on, req.park.settings.expiringDays)))
  if (asked.expiring) and.push(statusFilter('expiring', on, asked.expiring))
  if (asked.from) and.push({ end: { $gte: asked.from } })
  if (asked.to) and.push({ from: { $lte: asked.to } })
  if (asked.q) and.push({ _id: { $in: await refsOf(req.park._id, 'lease', asked.q) } })
  // A person who is not staff sees no drafts in the making.
  if (req.reach?.tenants) and.push({ state: 'signed' })
  return and.length ? { ...filter, $and: and } : filter
}

function tagsOf(req: Request, asked: Asked): Tag[] {
  const tags: Tag[] = []
  if (asked.q) tags.push({ names: ['q'], text: asked.q })
  if (asked.status) tags.push({ names: ['status'], text: req.t(`lease.status.${asked.status}`) })
  if (asked.expiring) tags.push({ names: ['expiring'], text: req.t('lease.list.within', { days: asked.expiring }) })
  if (asked.from || asked.to) tags.push({ names: ['from', 'to'], text: `${asked.from ?? '…'} – ${asked.to ?? '…'}` })
  return tags
}

export type Row = Pick<
  Lease,
  | 'number'
  | 'tenant'
  | 'tenantName'
  | 'unitCodes'
  | 'area'
  | 'from'
  | 'to'
  | 'end'
  | 'state'
  | 'occupied'
  | 'terminated'
  | 'renewedBy'
  | 'amending'
> & { _id: Types.ObjectId; status: Status }

const FIELDS = {
  number: 1,
  tenant: 1,
  tenantName: 1,
  unitCodes: 1,
  area: 1,
  from: 1,
  to: 1,
  end: 1,
  state: 1,
  occupied: 1,
  terminated: 1,
  renewedBy: 1,
  amending: 1,
}

function sendRows(req: Request, res: Response, format: 'xlsx' | 'csv', rows: AsyncIterable<Row>): Promise<void> {
  const column = (label: string, value: (row: Row) => string | number | null, kind?: 'area') => ({ label, value, kind })
  return sendExport(req, res, {
    format,
    name: `${req.t('nav.leases')} ${todayIn(req.park.zone)}`,
    columns: [
      column(req.t('lease.field.number'), row => row.number),
      column(req.t('lease.field.tenant'), row => row.tenantName),
      column(req.t('lease.field.units'), row => row.unitCodes.join(', ')),
      column(req.t('lease.field.area'), row => row.area, 'area'),
      column(req.t('lease.field.from'), row => row.from),
      column(req.t('lease.field.end'), row => row.end),
      column(req.t('lease.field.status'), row => req.t(`lease.status.${row.status}`)),
    ],
    rows,
  })
}

export async function leaseList(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, query)
  const on = todayIn(req.park.zone)
  // What ends next comes first where the end is what is asked for; the index gives it in this order.
  const ending = asked.status === 'expiring' || asked.expiring !== undefined
  const { name, sort } = sortOf(asked.sort, SORTS, ending ? 'end' : '-start')
  const filter = await filterOf(req, asked, on)
  const rowOf = (row: Row): Row => ({ ...row, status: statusOn(row, on, req.park.settings.expiringDays) })
  const read = { projection: FIELDS, sort }
  if (asked.format)
    return sendRows(req, res, asked.format, mapped(scopedStream<Row>(Lease, filter, { ...read, limit: EXPORT_LIMIT }), rowOf))
  const [found, total] = await Promise.all([
    scopedFind<Row>(Lease, filter, { ...read, skip: (asked.page - 1) * SIZE, limit: SIZE }),
    scopedCount(Lease, filter, COUNT_LIMIT),
  ])
  const list = listOf(req, { items: found.map(rowOf), total, page: asked.page, size: SIZE, tags: tagsOf(req, asked) })
  res.page('leases/index', {
    list,
    asked,
    sort: name,
    statuses: req.reach?.tenants ? STATUSES.filter(status => !UNSIGNED.includes(status)) : STATUSES,
    tones: TONES,
    inner: reachOf(req.me, 'tenant.read', req.park)?.tenants === null,
    within: WITHIN,
    daysLeft: (row: Row) => daysBetween(on, row.end),
    link: (change: Record<string, string | null>) => linkWith(req, change),
  })
}
