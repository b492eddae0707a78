import type { Request, Response } from 'express'
import { z } from 'zod'
import { today } from '../lib/days.ts'
import { textIn } from '../lib/text.ts'
import { inHours } from '../lib/wall.ts'
import { type Column, sendExport } from '../web/export.ts'
import { f } from '../web/fields.ts'
import { readQuery } from '../web/forms.ts'
import { linkWith } from '../web/list.ts'
import { averageStars, reportPeriod } from '../web/report-period.ts'
import { routes } from '../web/router.ts'
import { eventPath } from './event.ts'
import { type EventUse, eventReport, type MonthUse, type Sums, type TenantUse } from './report.ts'

/** The report on the programme: the period lives in the address, and each table can be exported as it stands. */
const TABLES = ['months', 'events', 'tenants'] as const

const query = z.object({
  from: f.optionalDay(),
  to: f.optionalDay(),
  table: z.enum(TABLES).default('months'),
  format: z.enum(['xlsx', 'csv']).optional(),
})

async function index(req: Request, res: Response): Promise<void> {
  const given = readQuery(req, query)
  const period = reportPeriod(given, today(req.park.zone))
  const report = await eventReport(req.park._id, period)
  const R = (name: string) => req.t(`eventReport.${name}` as 'eventReport.title')
  if (given.format) {
    const common = { format: given.format, name: `${R('title')} ${period.from} ${period.to}` }
    const sums = <T extends Sums>(): Column<T>[] => [
      { label: R('sessions'), value: row => row.sessions, kind: 'number' },
      { label: R('signUps'), value: row => row.signUps, kind: 'number' },
      { label: R('came'), value: row => row.came, kind: 'number' },
      { label: R('noShows'), value: row => row.noShows, kind: 'number' },
      { label: R('checkIns'), value: row => row.checkIns, kind: 'number' },
      { label: `${R('hours')} (h)`, value: row => inHours(row.minutes) },
      { label: R('stars'), value: row => averageStars(row) },
      { label: R('rated'), value: row => row.rated, kind: 'number' },
    ]
    if (given.table === 'tenants') {
      const columns: Column<TenantUse>[] = [
        { label: R('tenant'), value: row => row.name },
        { label: R('people'), value: row => row.people, kind: 'number' },
        { label: R('checkIns'), value: row => row.checkIns, kind: 'number' },
        { label: `${R('hours')} (h)`, value: row => inHours(row.minutes) },
      ]
      return sendExport(req, res, { ...common, columns, rows: report.tenants })
    }
    if (given.table === 'events') {
      const columns: Column<EventUse>[] = [
        { label: R('event'), value: row => textIn(row.event.title, req.lang).text },
        { label: R('kind'), value: row => req.t(`event.kinds.${row.event.kind}`) },
        { label: R('begins'), value: row => row.event.sessions[0]!.day },
        ...sums<EventUse>(),
      ]
      return sendExport(req, res, { ...common, columns, rows: report.events })
    }
    const columns: Column<MonthUse>[] = [
      { label: R('month'), value: row => row.month },
      { label: R('events'), value: row => row.events, kind: 'number' },
      ...sums<MonthUse>(),
    ]
    return sendExport(req, res, { ...common, columns, rows: report.months })
  }
  const link = (table: string, format: string) => linkWith(req, { table, format })
  res.page('events/report', {
    report,
    period,
    most: Math.max(1, ...report.months.map(month => month.minutes)),
    inHours,
    averageOf: averageStars,
    eventPath,
    exports: Object.fromEntries(TABLES.map(table => [table, { xlsx: link(table, 'xlsx'), csv: link(table, 'csv') }])),
  })
}

export const eventReportRoutes = routes(({ get }) => {
  get('/events', 'event.report', index)
})
