import type { Request, Response } from 'express'
import { z } from 'zod'
import { now } from '../lib/clock.ts'
import { today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { askedHolds, lapsedHolds, liveHolds } from '../spaces/holds.ts'
import { type Column, sendExport } from '../web/export.ts'
import { readQuery } from '../web/forms.ts'
import { linkWith, listOf, pageSchema, type Tag } from '../web/list.ts'
import { routes } from '../web/router.ts'
import { byEnd, type HoldRow, rightsOf, rowOf } from './hold-words.ts'
import { Lead } from './lead.ts'

/** What is held in a park: one's own, all, what waits for approval, and what has run out lately. */
const SIZE = 25
/** Days for which a hold that has run out is listed. */
const LATELY = 30
const DAY_MS = 86_400_000
const TABS = ['mine', 'all', 'asked', 'lapsed'] as const
type Tab = (typeof TABS)[number]
const SORTS = ['until', 'unit', 'label'] as const

const query = z.object({
  tab: z.enum(TABS).optional(),
  q: z.string().trim().max(60).optional(),
  holder: z.string().max(40).optional(),
  sort: z.string().max(20).optional(),
  ...pageSchema,
})
type Asked = z.output<typeof query>

/** Whose lead each is for: a colleague's hold for one's own lead is one's own matter too. */
async function ownersOfHeld(park: string, rows: HoldRow[]): Promise<Map<string, string>> {
  const ids = rows.flatMap(({ hold }) => hold.lead ?? [])
  if (!ids.length) return new Map()
  const leads = await scopedFind<Pick<Lead, '_id' | 'owner'>>(Lead, { park, _id: { $in: ids } }, { projection: { owner: 1 } })
  return new Map(leads.map(lead => [String(lead._id), String(lead.owner)]))
}

async function rowsOf(req: Request, tab: Tab): Promise<HoldRow[]> {
  const { _id: park, zone } = req.park
  const since = new Date(now().getTime() - LATELY * DAY_MS)
  const found = await (tab === 'asked' ? askedHolds(park) : tab === 'lapsed' ? lapsedHolds(park, since) : liveHolds(park))
  const rows = found.map(holding => rowOf(zone, holding))
  if (tab !== 'mine') return rows
  const [me, owners] = [req.me!.id, await ownersOfHeld(park, rows)]
  return rows.filter(({ hold }) => hold.holder === me || owners.get(String(hold.lead)) === me)
}

function narrowed(rows: HoldRow[], { q, holder }: Asked): HoldRow[] {
  const wanted = q?.toLowerCase()
  const fits = ({ unit, hold }: HoldRow) =>
    !wanted || [unit.code, `${unit.floor} ${unit.code}`, hold.label, hold.by].some(text => text?.toLowerCase().includes(wanted))
  return rows.filter(row => fits(row) && (!holder || row.hold.holder === holder))
}

const COMPARE: Record<(typeof SORTS)[number], (a: HoldRow, b: HoldRow) => number> = {
  until: byEnd,
  unit: (a, b) => a.unit.code.localeCompare(b.unit.code, 'en', { numeric: true }),
  label: (a, b) => (a.hold.label ?? '').localeCompare(b.hold.label ?? '', 'zh-CN'),
}

function sorted(rows: HoldRow[], given: string): HoldRow[] {
  const compare = COMPARE[given.replace('-', '') as keyof typeof COMPARE]
  const way = given.startsWith('-') ? -1 : 1
  return rows.toSorted((a, b) => way * compare(a, b) || COMPARE.unit(a, b))
}

const sortOf = (asked: Asked, tab: Tab): string =>
  SORTS.some(name => name === asked.sort?.replace(/^-/, '')) ? asked.sort! : tab === 'lapsed' ? '-until' : 'until'

export const stateOf = (row: HoldRow): 'asked' | 'live' | 'lapsed' => (row.asked ? 'asked' : row.live ? 'live' : 'lapsed')

function sendHolds(req: Request, res: Response, format: 'xlsx' | 'csv', rows: HoldRow[]): Promise<void> {
  const column = (name: string, value: Column<HoldRow>['value'], kind?: Column<HoldRow>['kind']): Column<HoldRow> => ({
    label: req.t(`hold.field.${name}` as 'hold.field.unit'),
    value,
    ...(kind ? { kind } : {}),
  })
  const columns = [
    column('unit', ({ unit }) => unit.code),
    column('floor', ({ unit }) => unit.floor),
    column('area', ({ unit }) => unit.gross, 'area'),
    column('label', ({ hold }) => hold.label),
    column('from', ({ hold }) => hold.from),
    column('to', ({ hold }) => req.fmt.day(hold.to)),
    column('until', ({ until }) => until),
    column('askedUntil', ({ askedUntil }) => askedUntil),
    column('state', row => req.t(`hold.state.${stateOf(row)}`)),
    column('by', ({ hold }) => hold.by),
  ]
  return sendExport(req, res, { format, name: `${req.t('hold.list.title')} ${today(req.park.zone)}`, columns, rows })
}

async function list(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, query)
  const rights = rightsOf(req)
  const tab = asked.tab ?? (rights.approves ? 'all' : 'mine')
  const all = await rowsOf(req, tab)
  const sort = sortOf(asked, tab)
  const rows = sorted(narrowed(all, asked), sort)
  if (asked.format) return sendHolds(req, res, asked.format, rows)
  const holders = new Map(all.flatMap(({ hold }) => (hold.holder ? [[hold.holder, hold.by ?? '\u2013'] as const] : [])))
  const tags: Tag[] = [
    ...(asked.q ? [{ names: ['q'], text: asked.q }] : []),
    ...(asked.holder ? [{ names: ['holder'], text: holders.get(asked.holder) ?? '\u2013' }] : []),
  ]
  const items = rows.slice((asked.page - 1) * SIZE, asked.page * SIZE)
  const shown = listOf(req, { items, total: rows.length, page: asked.page, size: SIZE, tags })
  res.page('leads/holds', {
    // Every row is known here: the total is no estimate.
    list: { ...shown, capped: false, next: asked.page * SIZE < rows.length ? shown.next : null },
    asked,
    tab,
    tabs: TABS,
    sort,
    holders: [...holders],
    stateOf,
    lately: LATELY,
    waiting: tab === 'asked' ? all.length : (await askedHolds(req.park._id)).length,
    link: (change: Record<string, string | null>) => linkWith(req, change),
  })
}

export const holdListRoutes = routes(({ get }) => {
  get('/holds', 'lead.read', list)
})
