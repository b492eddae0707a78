import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { User } from '../accounts/user.ts'
import { today as todayIn } from '../lib/days.ts'
import { scopedCount, scopedFind, scopedStream } from '../lib/park-scope.ts'
import { forbidden } from '../lib/rule-error.ts'
import { textIn } from '../lib/text.ts'
import type { application as zh } from '../locales/zh-CN/applications.ts'
import { actor } from '../web/context.ts'
import { type Column, chunked, sendExport } from '../web/export.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm, readQuery } from '../web/forms.ts'
import { COUNT_LIMIT, linkWith, listOf } from '../web/list.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { Application } from './application.ts'
import { handOverAll, staffOf } from './hand-over.ts'
import { type Asked, daysLate, filterOf, LISTED, orderOf, query, type Row, servicesOf, TABS, tabOf, tagsOf, urgencyOf } from './list.ts'
import { isStaff, leads, ownFilter } from './sides.ts'
import { stepNames } from './step-names.ts'

/** Applications as a list: to the park's people their work, to everybody else their own. The export is exactly the filtered list. */
const SIZE = 25
const EXPORT_LIMIT = 100_000

/** Rows with the name of their step, read some hundreds at a time. */
async function* named({ park, lang }: Request, found: AsyncIterable<Row>): AsyncGenerator<Row & { stepName: string }> {
  for await (const rows of chunked(found, 500)) {
    const nameOf = await stepNames(park._id, rows)
    for (const row of rows) yield { ...row, stepName: textIn(nameOf(row), lang).text }
  }
}

function sendRows(req: Request, res: Response, format: 'xlsx' | 'csv', found: AsyncIterable<Row>): Promise<void> {
  const today = todayIn(req.park.zone)
  type Sent = Row & { stepName: string }
  const F = (name: keyof typeof zh.field) => req.t(`application.field.${name}`)
  const columns: Column<Sent>[] = [
    { label: F('number'), value: row => row.number },
    { label: F('service'), value: row => textIn(row.title, req.lang).text },
    { label: F('name'), value: row => row.name },
    { label: F('state'), value: row => req.t(`application.state.${row.state}`) },
    { label: F('step'), value: row => row.stepName },
    { label: F('owner'), value: row => row.ownerName },
    { label: F('due'), value: row => row.dueOn },
    { label: F('late'), value: row => daysLate(row, today) || null, kind: 'number' },
    { label: F('submitted'), value: row => row.submittedOn },
    { label: F('ended'), value: row => row.endedOn },
    { label: F('stars'), value: row => row.rating?.stars ?? null, kind: 'number' },
  ]
  return sendExport(req, res, { format, name: `${req.t('application.title')} ${today}`, columns, rows: named(req, found) })
}

async function work(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, query)
  const park = req.park._id
  const today = todayIn(req.park.zone)
  const filter = await filterOf(req, asked, today)
  const { name, sort } = orderOf(asked)
  const projection = LISTED
  if (asked.format) {
    const found = scopedStream<Row>(Application, filter, { projection, sort, limit: EXPORT_LIMIT })
    return sendRows(req, res, asked.format, found)
  }
  const lead = leads(req)
  const [items, total, services, staff] = await Promise.all([
    scopedFind<Row>(Application, filter, { projection, sort, skip: (asked.page - 1) * SIZE, limit: SIZE }),
    scopedCount(Application, filter, COUNT_LIMIT),
    servicesOf(park),
    lead || asked.owner ? staffOf(park) : [],
  ])
  const stepName = await stepNames(park, items)
  const rows = items.map(row => ({ ...row, stepName: stepName(row), urgency: urgencyOf(row, today), late: daysLate(row, today) }))
  const tags = tagsOf(req, asked, services, await ownerName(asked, staff))
  res.page('applications/work', {
    list: listOf(req, { items: rows, total, page: asked.page, size: SIZE, tags }),
    asked,
    tab: tabOf(asked),
    tabs: TABS,
    sort: name,
    services,
    staff,
    lead,
    link: (change: Record<string, string | null>) => linkWith(req, change),
  })
}

async function ownerName({ owner }: Asked, staff: Awaited<ReturnType<typeof staffOf>>): Promise<string | null> {
  if (!owner) return null
  const known = staff.find(one => String(one._id) === owner)
  return known?.name ?? (await User.findById(owner, { name: 1 }).lean())?.name ?? null
}

/** What is one's own, the newest first: drafts go on, running ones tell how far they are. */
async function own(req: Request, res: Response): Promise<void> {
  const items = await scopedFind<Row>(Application, ownFilter(req), { projection: LISTED, sort: { updatedAt: -1 }, limit: 200 })
  const stepName = await stepNames(req.park._id, items)
  res.page('applications/own', { items: items.map(row => ({ ...row, stepName: stepName(row) })) })
}

/** Staff may have applied for something too: theirs is behind `?own=1`. */
const ownQuery = z.object({ own: z.literal('1').optional() })
const index = (req: Request, res: Response): Promise<void> =>
  isStaff(req) && !readQuery(req, ownQuery).own ? work(req, res) : own(req, res)

async function showHandOver(req: Request, res: Response): Promise<void> {
  if (!leads(req)) throw forbidden()
  const staff = await staffOf(req.park._id)
  res.page('applications/hand-over', { form: formState(req), staff, busy: staff.filter(one => one.count > 0) })
}

const handOverForm = z.object({ from: f.id(), to: f.optionalId(), note: f.optionalText(300) })

async function handOver(req: Request, res: Response): Promise<void> {
  if (!leads(req)) throw forbidden()
  const { from, to, note } = readForm(req, handOverForm)
  await commit(req, res, async () => {
    await handOverAll(req.park._id, { from: new Types.ObjectId(from), to, note }, actor(req))
    flash(res, 'application.done.moved')
    return `/parks/${req.park._id}/applications?tab=open`
  })
}

export const applicationListRoutes = routes(({ get, post }) => {
  get('/', 'signed-in', index)
  get('/hand-over', 'application.work', showHandOver)
  post('/hand-over', 'application.work', handOver, { again: showHandOver })
})
