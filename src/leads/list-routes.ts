import type { Request, Response } from 'express'
import { today as todayIn } from '../lib/days.ts'
import { scopedCount, scopedFind, scopedStream } from '../lib/park-scope.ts'
import { textIn } from '../lib/text.ts'
import { type Column, mapped, sendExport } from '../web/export.ts'
import { formState, readQuery } from '../web/forms.ts'
import { COUNT_LIMIT, linkWith, listOf } from '../web/list.ts'
import { routes } from '../web/router.ts'
import { choicesOf, filterTags } from './filter-choices.ts'
import { Lead } from './lead.ts'
import { filterOf, LISTED, listQuery, orderOf, type Row, readerOf, TABS, tabOf } from './list.ts'
import { firstContact, ownLeft } from './ownership.ts'
import { viewsFor } from './saved-view.ts'
import { type SetupFacts, setupOf } from './setup.ts'
import { stageNames } from './stage-names.ts'
import { currentQuery } from './view-routes.ts'
import { mayLead } from './who.ts'
import { agesOf, contactWords, wishWords } from './words.ts'

/** Leads as a table: one's own, what is overdue, the pool. The export is exactly the filtered list. */
const SIZE = 25
const EXPORT_LIMIT = 100_000

const shownRow = (req: Request, today: string) => (row: Row) => ({
  ...row,
  ...agesOf(row, today, req.park.zone),
  contact: contactWords(row.contacts),
  wishText: wishWords(req, row.wish),
})

function sendRows(req: Request, res: Response, format: 'xlsx' | 'csv', found: AsyncIterable<Row>, setup: SetupFacts): Promise<void> {
  const today = todayIn(req.park.zone)
  const { t, fmt } = req
  const zone = req.park.zone
  const nameOf = stageNames(req, setup)
  type Sent = ReturnType<ReturnType<typeof shownRow>>
  const columns: Column<Sent>[] = [
    { label: t('lead.field.number'), value: row => row.number },
    { label: t('lead.field.name'), value: row => row.name },
    { label: t('lead.field.contact'), value: row => row.contact?.name ?? null },
    { label: t('lead.field.phone'), value: row => row.contact?.phone ?? null },
    { label: t('lead.field.state'), value: row => t(`lead.state.${row.state}`) },
    { label: t('lead.field.stage'), value: row => nameOf(row.stage) },
    { label: t('leadBoard.inStage'), value: row => row.inStage, kind: 'number' },
    { label: t('lead.field.source'), value: row => t(`lead.source.${row.source}`) },
    { label: t('lead.field.industry'), value: row => row.industry && t(`record.profile.industries.${row.industry}`) },
    { label: t('lead.field.origin'), value: row => row.origin },
    { label: t('lead.field.areaFrom'), value: row => row.wish.areaFrom, kind: 'area' },
    { label: t('lead.field.areaTo'), value: row => row.wish.areaTo, kind: 'area' },
    { label: t('lead.field.budget'), value: row => row.wish.budget, kind: 'money' },
    { label: t('lead.field.product'), value: row => row.wish.product && t(`space.product.${row.wish.product}`) },
    { label: t('lead.field.desks'), value: row => row.wish.desks, kind: 'number' },
    { label: t('lead.field.moveIn'), value: row => row.wish.from },
    { label: t('lead.field.owner'), value: row => row.ownerName ?? (row.pool && t('leadBoard.inPool')) },
    { label: t('lead.field.next'), value: row => row.next && (row.next.what || t('leadBoard.firstContact')) },
    { label: t('lead.field.nextOn'), value: row => row.next?.on ?? null },
    { label: t('leadBoard.lateDays'), value: row => row.late || null, kind: 'number' },
    { label: t('lead.field.touched'), value: row => fmt.moment(row.touchedAt, zone) },
    { label: t('leadBoard.cameOn'), value: row => fmt.moment(row.at, zone) },
    { label: t('lead.field.reason'), value: row => row.lost && t(`lead.lostReason.${row.lost.reason}`) },
  ]
  const name = `${t('lead.title')} ${textIn(req.park.shortName, req.lang).text} ${today}`
  return sendExport(req, res, { format, name, columns, rows: mapped(found, shownRow(req, today)) })
}

async function index(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, listQuery)
  const { _id: park, zone } = req.park
  const today = todayIn(zone)
  const filter = await filterOf(asked, readerOf(req, today))
  const { name, sort } = orderOf(asked)
  const projection = LISTED
  if (asked.format) {
    const found = scopedStream<Row>(Lead, filter, { projection, sort, limit: EXPORT_LIMIT })
    return sendRows(req, res, asked.format, found, await setupOf(park))
  }
  const tab = tabOf(asked)
  const [items, total, setup, views] = await Promise.all([
    scopedFind<Row>(Lead, filter, { projection, sort, skip: (asked.page - 1) * SIZE, limit: SIZE }),
    scopedCount(Lead, filter, COUNT_LIMIT),
    setupOf(park),
    viewsFor(park, req.me!.id),
  ])
  const [choices, left] = await Promise.all([choicesOf(req, setup), tab === 'pool' ? ownLeft(req, setup) : null])
  const nameOf = stageNames(req, setup)
  const tags = await filterTags(req, asked, choices, setup)
  res.page('leads/list', {
    list: listOf(req, { items: items.map(shownRow(req, today)), total, page: asked.page, size: SIZE, tags }),
    ...{ asked, tab, tabs: TABS, sort: name, choices, nameOf, left, views, setup },
    query: currentQuery(req, 'list'),
    leads: mayLead(req),
    claim: firstContact(req),
    form: formState(req),
    link: (change: Record<string, string | null>) => linkWith(req, change),
  })
}

export const leadListRoutes = routes(({ get }) => {
  get('/', 'lead.read', index)
})
