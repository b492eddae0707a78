import type { Request, Response } from 'express'
import { z } from 'zod'
import { today } from '../lib/days.ts'
import { addToMonth, isMonth, type Month, monthOf, monthsFrom } from '../lib/months.ts'
import { inHours } from '../lib/wall.ts'
import { type Column, sendExport } from '../web/export.ts'
import { readQuery } from '../web/forms.ts'
import { linkWith } from '../web/list.ts'
import { routes } from '../web/router.ts'
import { type Line, mentoringHours, sumBy } from './report.ts'

/** The report on mentoring: months live in the address; the export has a line for each month, mentor and team. Hours of what was held. */
const MAX_MONTHS = 24
const USUAL_MONTHS = 6
const month = z.string().refine(isMonth).optional()
const query = z.object({ from: month, to: month, format: z.enum(['xlsx', 'csv']).optional() })

/** The first of the months that end with one. */
const back = (end: Month, count: number): Month => addToMonth(end, 1 - count)

/** Half a year up to this month where nothing is asked; two years at most: the end stays, the beginning moves. */
function periodOf({ from, to }: { from?: Month | undefined; to?: Month | undefined }, now: Month): { from: Month; to: Month } {
  const end = to ?? (from && from > now ? from : now)
  const start = from && from <= end ? from : from ? end : back(end, USUAL_MONTHS)
  const first = back(end, MAX_MONTHS)
  return { from: start < first ? first : start, to: end }
}

/** The months one can choose: two years back, and those that were asked for. */
function choicesOf({ from, to }: { from: string; to: string }, now: string): string[] {
  const first = back(now, MAX_MONTHS)
  return monthsFrom(from < first ? from : first, to > now ? to : now).reverse()
}

function send(req: Request, res: Response, format: 'xlsx' | 'csv', lines: Line[], period: { from: string; to: string }): Promise<void> {
  const columns: Column<Line>[] = [
    { label: req.t('mentoring.report.month'), value: line => line.month },
    { label: req.t('mentoring.field.mentor'), value: line => line.mentorName },
    { label: req.t('mentoring.field.team'), value: line => line.team },
    { label: req.t('mentoring.report.sessions'), value: line => line.sessions, kind: 'number' },
    { label: `${req.t('mentoring.report.hours')} (h)`, value: line => String(inHours(line.minutes)) },
    { label: req.t('mentoring.report.missed'), value: line => line.missed, kind: 'number' },
  ]
  return sendExport(req, res, { format, name: `${req.t('mentoring.report.title')} ${period.from} ${period.to}`, columns, rows: lines })
}

async function index(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, query)
  const on = monthOf(today(req.park.zone))
  const period = periodOf(asked, on)
  const lines = await mentoringHours(req.park._id, period.from, period.to)
  if (asked.format) return send(req, res, asked.format, lines, period)
  const months = sumBy(lines, ({ month: key }) => ({ key, name: key, tenant: null }))
  const byMonth = monthsFrom(period.from, period.to).map(
    key => months.find(sum => sum.key === key) ?? { key, name: key, tenant: null, sessions: 0, minutes: 0, missed: 0 },
  )
  const mentors = sumBy(lines, line => ({ key: String(line.mentor), name: line.mentorName, tenant: null }))
  const teams = sumBy(lines, ({ tenant, team }) => ({ key: String(tenant ?? team), name: team, tenant }))
  const [total] = sumBy(lines, () => ({ key: '', name: '', tenant: null }))
  res.page('mentoring/report', {
    period,
    months: choicesOf(period, on),
    byMonth,
    most: Math.max(1, ...byMonth.map(sum => sum.minutes)),
    tables: [
      ['byMentor', mentors],
      ['byTeam', teams],
    ],
    total: total ?? { sessions: 0, minutes: 0, missed: 0 },
    counts: { mentors: mentors.filter(sum => sum.sessions).length, teams: teams.filter(sum => sum.sessions).length },
    exports: { xlsx: linkWith(req, { format: 'xlsx' }), csv: linkWith(req, { format: 'csv' }) },
    inHours,
  })
}

export const mentoringReportRoutes = routes(({ get }) => {
  get('/mentoring', 'mentoring.edit', index)
})
