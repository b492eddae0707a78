import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { reachOf } from '../accounts/identity.ts'
import { isDay, today as todayIn } from '../lib/days.ts'
import { isMonth, monthOf } from '../lib/months.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { within } from '../parks/scope.ts'
import { type Column, sendExport } from '../web/export.ts'
import { readQuery, seeOther } from '../web/forms.ts'
import { listOf, pageSchema, type Tag } from '../web/list.ts'
import { routes } from '../web/router.ts'
import { Agreement, agreementPath } from './agreement.ts'
import { type Board, type BoardRow, boardOf, type Cell } from './board.ts'
import { STEPS } from './state.ts'

/** The board of the park's people; a tenant's people are led to their own agreement. */
const SIZE = 25

const query = z.object({
  q: z.string().trim().max(60).optional(),
  on: z.string().refine(isDay).optional(),
  month: z.string().refine(isMonth).optional(),
  mine: z.literal('1').optional(),
  late: z.literal('1').optional(),
  step: z.enum(STEPS).optional(),
  ...pageSchema,
})
type Asked = z.output<typeof query>

function tagsOf(req: Request, { q, on, month, mine, late, step }: Asked): Tag[] {
  const tags: Tag[] = []
  if (q) tags.push({ names: ['q'], text: q })
  if (mine) tags.push({ names: ['mine'], text: req.t('trustee.board.mine') })
  if (late && !step) tags.push({ names: ['late'], text: req.t('trustee.board.late') })
  if (step) tags.push({ names: ['step', 'late'], text: req.t(`trustee.late.${step}`) })
  if (month) tags.push({ names: ['month'], text: req.t('trustee.board.until', { month }) })
  if (on) tags.push({ names: ['on'], text: req.t('trustee.board.on', { on }) })
  return tags
}

/** A cell in words: how far it is, and what it is late with. */
export function cellText(req: Request, { state, late }: Cell): string {
  if (!state) return ''
  const words = req.t(`trustee.state.${state}`)
  return late ? `${words} · ${req.t(`trustee.late.${late.step}`)} ${req.t('trustee.lateDays', { count: late.days })}` : words
}

function sendRows(req: Request, res: Response, format: 'xlsx' | 'csv', { months, rows }: Board): Promise<void> {
  const columns: Column<BoardRow>[] = [
    { label: req.t('trustee.field.tenant'), value: row => row.agreement.tenantName },
    { label: req.t('trustee.field.number'), value: row => row.agreement.number },
    { label: req.t('trustee.field.staff'), value: row => row.agreement.staffName },
    { label: req.t('trustee.board.older'), value: row => row.older.map(cell => `${cell.month} ${cellText(req, cell)}`).join('; ') },
    ...months.map((month, i) => ({ label: month, value: (row: BoardRow) => cellText(req, row.cells[i]!) })),
  ]
  return sendExport(req, res, { format, name: `${req.t('trustee.title')} ${months.at(-1)}`, columns, rows })
}

async function board(req: Request, res: Response): Promise<void> {
  if (req.reach?.tenants) return own(req, res)
  const asked = readQuery(req, query)
  const today = todayIn(req.park.zone)
  const on = asked.on ?? today
  const last = asked.month ?? monthOf(on)
  const mine = asked.mine ? new Types.ObjectId(req.me!.id) : null
  const late = Boolean(asked.late)
  const found = await boardOf(req.park, { on, today, last, mine, q: asked.q ?? null, late, step: asked.step ?? null })
  if (asked.format) return sendRows(req, res, asked.format, found)
  const items = found.rows.slice((asked.page - 1) * SIZE, asked.page * SIZE)
  const list = listOf(req, { items, total: found.rows.length, page: asked.page, size: SIZE, tags: tagsOf(req, asked) })
  res.page('trusteeship/board', { list, board: found, asked, on, last, may: reachOf(req.me, 'trustee.edit', req.park) !== undefined })
}

/** A company mostly has one agreement: its page is the company's own. */
async function own(req: Request, res: Response): Promise<void> {
  type Own = Pick<Agreement, '_id' | 'park' | 'number' | 'tenantName' | 'from' | 'end'>
  const projection = { park: 1, number: 1, tenantName: 1, from: 1, end: 1 }
  const agreements = await scopedFind<Own>(Agreement, within(req), { projection, sort: { from: -1 }, limit: 50 })
  const [only] = agreements
  if (only && agreements.length === 1) return seeOther(res, agreementPath(only))
  res.page('trusteeship/own', { agreements, agreementPath })
}

export const boardRoutes = routes(({ get }) => {
  get('/', 'trustee.read', board)
})
