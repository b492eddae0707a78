import type { Request, Response } from 'express'
import { z } from 'zod'
import { today as todayIn } from '../lib/days.ts'
import { textIn } from '../lib/text.ts'
import type { applicationReport as words } from '../locales/zh-CN/applications-report.ts'
import { type Column, sendExport } from '../web/export.ts'
import { f } from '../web/fields.ts'
import { readQuery } from '../web/forms.ts'
import { linkWith } from '../web/list.ts'
import { averageStars, reportPeriod } from '../web/report-period.ts'
import { routes } from '../web/router.ts'
import { servicesOf } from './list.ts'
import { applicationReport, type MonthRow, type Report, type ServiceRow, type StepRow, type Sums } from './report.ts'

/** The report on applications: the period lives in the address, and each table can be exported as it stands. */
const TABLES = ['months', 'services', 'steps'] as const

const query = z.object({
  from: f.optionalDay(),
  to: f.optionalDay(),
  service: z.string().max(41).optional(),
  table: z.enum(TABLES).default('months'),
  format: z.enum(['xlsx', 'csv']).optional(),
})

function send(req: Request, res: Response, format: 'xlsx' | 'csv', name: string, table: (typeof TABLES)[number], report: Report) {
  const R = (key: keyof typeof words) => req.t(`applicationReport.${key}` as 'applicationReport.title')
  const count = <T>(key: keyof typeof words, value: (row: T) => number | null): Column<T> => ({ label: R(key), value, kind: 'number' })
  const sums = <T extends Sums>(): Column<T>[] => [
    count('handedIn', row => row.handedIn),
    count('done', row => row.done),
    count('refused', row => row.refused),
    count('withdrawn', row => row.withdrawn),
    count('founded', row => row.founded),
    count('free', row => row.free),
    { label: R('value'), value: row => row.value, kind: 'money' },
    { label: R('stars'), value: row => averageStars(row) },
    count('rated', row => row.rated),
  ]
  const times = <T extends { times: StepRow['times'] }>(): Column<T>[] => [
    count('measured', row => row.times.count),
    count('median', row => row.times.median),
    count('p90', row => row.times.p90),
  ]
  const common = { format, name }
  if (table === 'services') {
    const columns: Column<ServiceRow>[] = [
      { label: R('service'), value: row => textIn(row.name, req.lang).text },
      ...sums<ServiceRow>(),
      count('open', row => row.open),
      count('late', row => row.late),
      ...times<ServiceRow>(),
    ]
    return sendExport(req, res, { ...common, columns, rows: report.services })
  }
  if (table === 'steps') {
    const columns: Column<StepRow>[] = [
      { label: R('service'), value: row => textIn(row.service, req.lang).text },
      { label: R('step'), value: row => textIn(row.name, req.lang).text },
      count('open', row => row.open),
      count('waiting', row => row.waiting),
      count('late', row => row.late),
      ...times<StepRow>(),
      count('over', row => row.over),
    ]
    return sendExport(req, res, { ...common, columns, rows: report.steps })
  }
  const columns: Column<MonthRow>[] = [{ label: R('month'), value: row => row.month }, ...sums<MonthRow>()]
  return sendExport(req, res, { ...common, columns, rows: report.months })
}

async function index(req: Request, res: Response): Promise<void> {
  const given = readQuery(req, query)
  const today = todayIn(req.park.zone)
  const period = reportPeriod(given, today)
  const [report, services] = await Promise.all([
    applicationReport(req.park._id, period, today, given.service ?? null),
    servicesOf(req.park._id),
  ])
  const title = `${req.t('applicationReport.title')} ${period.from} ${period.to}`
  if (given.format) return send(req, res, given.format, title, given.table, report)
  const link = (table: string, format: string) => linkWith(req, { table, format })
  res.page('applications/report', {
    ...{ report, period, services, averageOf: averageStars, service: given.service ?? '' },
    most: Math.max(1, ...report.months.map(month => month.handedIn)),
    exports: Object.fromEntries(TABLES.map(table => [table, { xlsx: link(table, 'xlsx'), csv: link(table, 'csv') }])),
  })
}

export const applicationReportRoutes = routes(({ get }) => {
  get('/applications', 'application.report', index)
})
