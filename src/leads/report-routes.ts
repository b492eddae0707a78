import type { Request, Response } from 'express'
import { z } from 'zod'
import { today as todayIn } from '../lib/days.ts'
import { INDUSTRIES } from '../parks/park.ts'
import { f } from '../web/fields.ts'
import { readQuery } from '../web/forms.ts'
import { linkWith } from '../web/list.ts'
import { reportPeriod } from '../web/report-period.ts'
import { routes } from '../web/router.ts'
import { ageingOf, BUCKETS } from './ageing.ts'
import { parkForecast } from './forecast.ts'
import { type Funnel, funnelOf } from './funnel.ts'
import { LOST_REASONS, SOURCES } from './lead.ts'
import { lostReport } from './lost-report.ts'
import { ownersOf } from './pool.ts'
import { BOX, countChart, forecastChart } from './report-charts.ts'
import { sendAgeing, sendForecast, sendFunnel, sendLost } from './report-export.ts'
import { DIMENSIONS, type Dimension, listLink, type Narrow, namesOf, narrowOf, narrowSchema, seesLeads, tagsOf } from './report-filter.ts'
import { setupOf } from './setup.ts'
import { stageName } from './stage-names.ts'

/** The reports on leads. Period and filters live in the address; each table can be exported as it stands. */
const format = z.enum(['xlsx', 'csv']).optional()
const period = { from: f.optionalDay(), to: f.optionalDay() }

/** Values that a dimension shows; the rest stand together in one last row. */
const MOST_ROWS = 100

/** Officials don't see who works on what: people are no dimension of theirs. */
const dimensionsFor = (req: Request): Dimension[] => DIMENSIONS.filter(by => by !== 'owner' || seesLeads(req))

async function common(req: Request, narrow: Narrow, page: string) {
  const owners = seesLeads(req) ? await ownersOf(req.park._id) : []
  return {
    ...{ page, sources: SOURCES, industries: INDUSTRIES },
    asked: { ...narrow, owner: narrow.owner && String(narrow.owner), event: narrow.event && String(narrow.event) },
    owners: owners.map(({ _id, name }): [string, string] => [String(_id), name]).sort((a, b) => a[1].localeCompare(b[1])),
    tags: await tagsOf(req, narrow),
    base: `/parks/${req.park._id}/reports/leads`,
    stageName: (stage: Parameters<typeof stageName>[1]) => stageName(req, stage),
    exports: (table: string) => ({ xlsx: linkWith(req, { table, format: 'xlsx' }), csv: linkWith(req, { table, format: 'csv' }) }),
  }
}

const funnelQuery = z.object({
  ...period,
  ...narrowSchema,
  by: z.enum(DIMENSIONS).default('source'),
  table: z.enum(['stages', 'values']).default('stages'),
  format,
})

/** Where a report has thousands of values (districts are plain words), the smaller ones become one. */
function rowsOf({ rows }: Funnel) {
  const shown = rows.length > MOST_ROWS ? rows.slice(0, MOST_ROWS - 1) : rows
  const rest = rows.slice(shown.length)
  const sum = (name: 'came' | 'open' | 'pool' | 'converted' | 'moved' | 'lost') => rest.reduce((all, row) => all + row[name], 0)
  const last = {
    came: sum('came'),
    open: sum('open'),
    pool: sum('pool'),
    converted: sum('converted'),
    moved: sum('moved'),
    lost: sum('lost'),
  }
  return { shown, rest: rest.length ? { ...last, count: rest.length } : null }
}

async function funnel(req: Request, res: Response): Promise<void> {
  const given = readQuery(req, funnelQuery)
  const span = reportPeriod(given, todayIn(req.park.zone))
  const narrow = narrowOf(req, given)
  const by = dimensionsFor(req).includes(given.by) ? given.by : 'source'
  const setup = await setupOf(req.park._id)
  const found = await funnelOf(req.park, span, narrow, by, setup)
  const { shown, rest } = rowsOf(found)
  const name = await namesOf(
    req,
    by,
    shown.map(row => row.value),
  )
  const rows = [
    ...shown.map(row => ({ ...row, name: name(row.value) })),
    ...(rest ? [{ ...rest, value: undefined, name: req.t('leadReport.rest', { count: rest.count }) }] : []),
  ]
  if (given.format) return sendFunnel(req, res, given.format, given.table, { found, rows, span, by })
  const link = listLink(req, narrow, span)
  res.page('leads/reports/funnel', {
    ...(await common(req, narrow, 'funnel')),
    ...{ funnel: found, rows, by, period: span, link, dimensions: dimensionsFor(req) },
    narrowLink: (value: string) => linkWith(req, { [by]: value }),
    byLink: (other: Dimension) => linkWith(req, { by: other === 'source' ? null : other }),
  })
}

const lostQuery = z.object({ ...period, ...narrowSchema, table: z.enum(['reasons', 'months']).default('reasons'), format })

async function lost(req: Request, res: Response): Promise<void> {
  const given = readQuery(req, lostQuery)
  const span = reportPeriod(given, todayIn(req.park.zone))
  const narrow = narrowOf(req, given)
  const report = await lostReport(req.park, span, narrow, await setupOf(req.park._id))
  if (given.format) return sendLost(req, res, given.format, given.table, report, span)
  res.page('leads/reports/lost', {
    ...(await common(req, narrow, 'lost')),
    ...{ report, period: span, all: LOST_REASONS, chart: countChart(report.months), box: BOX },
  })
}

const ageingQuery = z.object({ ...narrowSchema, table: z.enum(['stages', 'owners']).default('stages'), format })

async function ageing(req: Request, res: Response): Promise<void> {
  const given = readQuery(req, ageingQuery)
  const today = todayIn(req.park.zone)
  const narrow = narrowOf(req, given)
  const report = await ageingOf(req.park._id, today, narrow, await setupOf(req.park._id))
  const sees = seesLeads(req)
  const name = sees
    ? await namesOf(
        req,
        'owner',
        report.owners.map(row => row.owner),
      )
    : () => ''
  const owners = sees ? report.owners.map(row => ({ ...row, name: name(row.owner) })) : []
  if (given.format) return sendAgeing(req, res, given.format, sees ? given.table : 'stages', { ...report, owners }, today)
  res.page('leads/reports/ageing', {
    ...(await common(req, narrow, 'ageing')),
    ...{ report: { ...report, owners }, sees, buckets: BUCKETS, link: listLink(req, narrow, null) },
  })
}

async function forecast(req: Request, res: Response): Promise<void> {
  const given = readQuery(req, z.object({ format }))
  const today = todayIn(req.park.zone)
  const setup = await setupOf(req.park._id)
  const found = await parkForecast(req.park._id, setup, today)
  if (given.format) return sendForecast(req, res, given.format, found, today)
  res.page('leads/reports/forecast', {
    ...{ page: 'forecast', base: `/parks/${req.park._id}/reports/leads`, box: BOX, forecast: found, setup },
    chart: found.months.some(month => month.lettable || month.weighted) ? forecastChart(found.months) : null,
    stageName: (stage: Parameters<typeof stageName>[1]) => stageName(req, stage),
    exports: { xlsx: linkWith(req, { format: 'xlsx' }), csv: linkWith(req, { format: 'csv' }) },
  })
}

export const leadReportRoutes = routes(({ get }) => {
  get('/leads', 'lead.report', funnel)
  get('/leads/lost', 'lead.report', lost)
  get('/leads/ageing', 'lead.report', ageing)
  get('/leads/forecast', 'lead.report', forecast)
})
