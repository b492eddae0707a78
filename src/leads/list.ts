import type { Request } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { parseArea } from '../lib/area.ts'
import { addDays, type Day, dayAfter, isDay } from '../lib/days.ts'
import { instantAt } from '../lib/wall.ts'
import { INDUSTRIES } from '../parks/park.ts'
import { refsOf } from '../search/entry.ts'
import { pageSchema, sortOf } from '../web/list.ts'
import { LEAD_STATES, type Lead, LOST_REASONS, POOL_REASONS, SOURCES } from './lead.ts'

/** What the table and the board can be asked, and what that means to the database on a day of the park. */
export const TABS = ['mine', 'overdue', 'today', 'pool', 'open', 'converted', 'lost'] as const
export type Tab = (typeof TABS)[number]

const area = z
  .string()
  .max(16)
  .transform(text => parseArea(text))
  .pipe(z.number().positive())
const day = z.string().refine(isDay)
const record = z.string().regex(/^[0-9a-f]{24}$/)

/** What both the table and the board are asked; all of it lives in the address. */
export const filterShape = {
  q: z.string().trim().max(60).optional(),
  stage: z.string().max(40).optional(),
  source: z.enum(SOURCES).optional(),
  /** `me` is whoever looks: a view that is shared means each of them. */
  owner: z.union([z.enum(['me', 'all']), record]).optional(),
  industry: z.enum(INDUSTRIES).optional(),
  origin: z.string().trim().max(60).optional(),
  event: record.optional(),
  areaFrom: area.optional(),
  areaTo: area.optional(),
  from: day.optional(),
  to: day.optional(),
  /** Nothing has happened for so many days. */
  idle: z.coerce.number().int().min(1).max(999).optional(),
}

export const listQuery = z.object({
  tab: z.enum(TABS).optional(),
  ...filterShape,
  state: z.enum(LEAD_STATES).optional(),
  reason: z.enum(LOST_REASONS).optional(),
  why: z.enum(POOL_REASONS).optional(),
  sort: z.string().max(20).optional(),
  ...pageSchema,
})
export type Asked = z.output<typeof listQuery>
export type Filters = Pick<Asked, keyof typeof filterShape>

/** A search looks at everything, unless a tab is chosen. */
export function tabOf({ tab, page: _page, format: _format, sort: _sort, ...rest }: Asked): Tab | null {
  return tab ?? (Object.values(rest).some(value => value !== undefined) ? null : 'mine')
}

/** The first instant of a day of the park. */
const begins = (on: Day, zone: string): Date => instantAt(on, 0, zone)

/** Idle for at least `days`: by the park's calendar, so that all of a day counts alike. */
export const idleBefore = (today: Day, days: number, zone: string): Date => begins(addDays(today, 1 - days), zone)

/** What is wished for and what is asked for have an area in common; who wishes for nothing in particular isn't found. */
function areaFilter({ areaFrom, areaTo }: Filters): Record<string, unknown>[] {
  const and: Record<string, unknown>[] = []
  if (areaTo) and.push({ $or: [{ 'wish.areaFrom': null }, { 'wish.areaFrom': { $lte: areaTo } }] })
  if (areaFrom) and.push({ $or: [{ 'wish.areaTo': null }, { 'wish.areaTo': { $gte: areaFrom } }] })
  if (and.length) and.push({ $or: [{ 'wish.areaFrom': { $gt: 0 } }, { 'wish.areaTo': { $gt: 0 } }] })
  return and
}

interface Reader {
  park: { _id: string; zone: string }
  me: string
  today: Day
}

export const readerOf = (req: Request, today: Day): Reader => ({ park: req.park, me: req.me!.id, today })

/** The filters as conditions that all hold. */
export async function conditionsOf(asked: Filters, { park, me, today }: Reader): Promise<Record<string, unknown>[]> {
  const and: Record<string, unknown>[] = areaFilter(asked)
  const { zone } = park
  if (asked.stage) and.push({ stage: asked.stage })
  if (asked.source) and.push({ source: asked.source })
  if (asked.owner && asked.owner !== 'all') and.push({ owner: new Types.ObjectId(asked.owner === 'me' ? me : asked.owner) })
  if (asked.industry) and.push({ industry: asked.industry })
  if (asked.origin) and.push({ origin: asked.origin })
  if (asked.event) and.push({ event: new Types.ObjectId(asked.event) })
  if (asked.from) and.push({ at: { $gte: begins(asked.from, zone) } })
  if (asked.to) and.push({ at: { $lt: begins(dayAfter(asked.to), zone) } })
  if (asked.idle) and.push({ touchedAt: { $lt: idleBefore(today, asked.idle, zone) } })
  if (asked.q) and.push({ _id: { $in: await refsOf(park._id, 'lead', asked.q) } })
  return and
}

function tabFilter(tab: Tab | null, me: string, today: Day): Record<string, unknown> {
  const filters: Record<Tab, Record<string, unknown>> = {
    mine: { owner: new Types.ObjectId(me), state: 'open' },
    overdue: { state: 'open', 'next.on': { $lt: today } },
    today: { state: 'open', 'next.on': today },
    pool: { state: 'open', owner: null, 'pool.at': { $type: 'date' } },
    open: { state: 'open' },
    converted: { state: 'converted' },
    lost: { state: 'lost' },
  }
  // What was merged into another lead is that lead now.
  return tab ? filters[tab] : { state: { $in: ['open', 'converted', 'lost'] } }
}

export async function filterOf(asked: Asked, reader: Reader): Promise<{ park: string } & Record<string, unknown>> {
  const and = await conditionsOf(asked, reader)
  if (asked.state) and.push({ state: asked.state })
  if (asked.reason) and.push({ 'lost.reason': asked.reason })
  if (asked.why) and.push({ 'pool.why': asked.why })
  const tab = tabOf(asked)
  const base = tab || !asked.state ? tabFilter(tab, reader.me, reader.today) : {}
  return { park: reader.park._id, ...base, ...(and.length ? { $and: and } : {}) }
}

const SORTS = {
  next: { 'next.on': 1, _id: 1 },
  age: { at: -1, _id: -1 },
  touched: { touchedAt: 1, _id: 1 },
  area: { 'wish.areaFrom': 1, 'wish.areaTo': 1, _id: 1 },
  pool: { 'pool.at': 1, _id: 1 },
} as const satisfies Record<string, Record<string, 1 | -1>>

const USUAL: Record<Tab, string> = {
  ...{ mine: 'next', overdue: 'next', today: 'next' },
  pool: '-pool',
  ...{ open: '-touched', converted: '-touched', lost: '-touched' },
}

export const orderOf = (asked: Asked) => {
  const tab = tabOf(asked)
  return sortOf(asked.sort, SORTS, tab ? USUAL[tab] : '-touched')
}

export const LISTED = {
  ...{ park: 1, number: 1, name: 1, source: 1, industry: 1, origin: 1, wish: 1, state: 1, stage: 1, path: 1, owner: 1, ownerName: 1 },
  ...{ pool: 1, next: 1, touchedAt: 1, at: 1, 'lost.reason': 1 },
  ...{ 'contacts.name': 1, 'contacts.title': 1, 'contacts.phone': 1 },
}
export type Row = Pick<
  Lead,
  '_id' | 'park' | 'number' | 'name' | 'source' | 'industry' | 'origin' | 'wish' | 'state' | 'stage' | 'path' | 'owner' | 'ownerName'
> &
  Pick<Lead, 'pool' | 'next' | 'touchedAt' | 'at' | 'contacts'> & { lost: Pick<NonNullable<Lead['lost']>, 'reason'> | null }
