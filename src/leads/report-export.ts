import type { Request, Response } from 'express'
import type { Day } from '../lib/days.ts'
import { translateAny } from '../locales/index.ts'
import type { leadReport as words } from '../locales/zh-CN/leads-report.ts'
import { type Column, sendExport } from '../web/export.ts'
import { type AgeCounts, type Ageing, type AgeOwner, type AgeStage, BUCKETS } from './ageing.ts'
import type { Forecast, ForecastMonth } from './forecast.ts'
import { type Counts, type Funnel, rateOf, type StageRow } from './funnel.ts'
import { LOST_REASONS } from './lead.ts'
import type { LostMonth, LostReport, ReasonRow } from './lost-report.ts'
import type { Dimension, Period } from './report-filter.ts'
import { stageName } from './stage-names.ts'

/** The tables of the reports on leads as sheets: the same rows and columns as on the page. */
type Format = 'xlsx' | 'csv'
type Word = { [K in keyof typeof words]: (typeof words)[K] extends string ? K : never }[keyof typeof words]

const wordsOf = (req: Request) => (name: Word) => translateAny(req.lang, `leadReport.${name}`)
const percent = (share: number | null): number | null => (share === null ? null : Math.round(share * 1000) / 10)
const number = <T>(label: string, value: (row: T) => number | null): Column<T> => ({ label, value, kind: 'number' })
const plain = <T>(label: string, value: (row: T) => string | number | null): Column<T> => ({ label, value })

interface Funnelled {
  found: Funnel
  rows: (Counts & { name: string })[]
  span: Period
  by: Dimension
}

export function sendFunnel(req: Request, res: Response, format: Format, table: 'stages' | 'values', of: Funnelled): Promise<void> {
  const R = wordsOf(req)
  const { found, rows, span, by } = of
  const name = `${R('title')} ${span.from} ${span.to}`
  if (table === 'values') {
    const columns: Column<Counts & { name: string }>[] = [
      plain(req.t(`leadReport.by.${by}`), row => row.name),
      number(R('came'), row => row.came),
      number(R('open'), row => row.open),
      number(R('pool'), row => row.pool),
      number(R('converted'), row => row.converted),
      number(R('moved'), row => row.moved),
      number(R('lost'), row => row.lost),
      plain(`${R('rate')} (%)`, row => percent(rateOf(row, row.converted))),
    ]
    return sendExport(req, res, { format, name, columns, rows })
  }
  const columns: Column<StageRow>[] = [
    plain(R('stage'), row => stageName(req, row.stage)),
    number(R('reached'), row => row.reached),
    plain(`${R('ofBefore')} (%)`, row => percent(row.ofBefore)),
    plain(`${R('ofAll')} (%)`, row => percent(row.ofAll)),
    number(R('here'), row => row.here),
    number(R('lostHere'), row => row.lost),
    number(R('measured'), row => row.times.count),
    plain(R('median'), row => row.times.median),
    plain(R('p90'), row => row.times.p90),
  ]
  return sendExport(req, res, { format, name, columns, rows: found.stages })
}

export function sendLost(req: Request, res: Response, format: Format, table: 'reasons' | 'months', report: LostReport, span: Period) {
  const R = wordsOf(req)
  const name = `${R('lostTitle')} ${span.from} ${span.to}`
  const reason = (code: string) => translateAny(req.lang, `lead.lostReason.${code}`)
  if (table === 'months') {
    const columns: Column<LostMonth>[] = [
      plain(R('month'), row => row.month),
      number(R('lost'), row => row.total),
      ...LOST_REASONS.map((code, i) => number<LostMonth>(reason(code), row => row.byReason[i]!)),
    ]
    return sendExport(req, res, { format, name, columns, rows: report.months })
  }
  const stages = [...report.stages.map(stage => stageName(req, stage)), ...(report.former ? [R('former')] : [])]
  const columns: Column<ReasonRow>[] = [
    plain(R('reason'), row => reason(row.reason)),
    number(R('lost'), row => row.total),
    plain(`${R('ofLost')} (%)`, row => percent(report.total ? row.total / report.total : null)),
    ...stages.map((label, i) => number<ReasonRow>(label, row => row.byStage[i]!)),
  ]
  return sendExport(req, res, { format, name, columns, rows: report.reasons })
}

/** What a bucket holds: from the day after the one before to its own. */
export function bucketName(req: Request, i: number): string {
  const from = i ? BUCKETS[i - 1]! + 1 : 0
  const to = BUCKETS[i]
  return to === undefined ? req.t('leadReport.longer', { from }) : req.t('leadReport.bucket', { from, to })
}

type Aged = Omit<Ageing, 'owners'> & { owners: (AgeOwner & { name: string })[] }

export function sendAgeing(req: Request, res: Response, format: Format, table: 'stages' | 'owners', report: Aged, today: Day) {
  const R = wordsOf(req)
  const name = `${R('ageingTitle')} ${today}`
  const counts = <T extends AgeCounts>(): Column<T>[] => [
    number(R('open'), row => row.open),
    ...[...BUCKETS, 0].map((_, i) => number<T>(bucketName(req, i), row => row.buckets[i]!)),
    number(R('oldest'), row => row.oldest),
    number(R('overdue'), row => row.overdue),
    number(req.t('leadReport.idle', { days: report.idleFrom }), row => row.idle),
    number(R('pool'), row => row.pool),
  ]
  if (table === 'owners') {
    const columns = [plain<Aged['owners'][number]>(req.t('leadReport.by.owner'), row => row.name), ...counts<Aged['owners'][number]>()]
    return sendExport(req, res, { format, name, columns, rows: report.owners })
  }
  const columns = [plain<AgeStage>(R('stage'), row => (row.stage ? stageName(req, row.stage) : R('former'))), ...counts<AgeStage>()]
  return sendExport(req, res, { format, name, columns, rows: report.stages })
}

export function sendForecast(req: Request, res: Response, format: Format, { months }: Forecast, today: Day): Promise<void> {
  const R = wordsOf(req)
  const area = (name: Word, value: (row: ForecastMonth) => number): Column<ForecastMonth> => ({
    label: `${R(name)} (\u33a1)`,
    value,
    kind: 'area',
  })
  const columns: Column<ForecastMonth>[] = [
    plain(R('month'), row => row.day.slice(0, 7)),
    area('lettable', row => row.lettable),
    area('let', row => row.let),
    area('ending', row => row.ending),
    area('weighted', row => row.weighted),
    area('both', row => row.let + row.weighted),
    plain(`${R('share')} (%)`, row => percent(row.lettable ? row.let / row.lettable : null)),
    plain(`${R('bothShare')} (%)`, row => percent(row.lettable ? (row.let + row.weighted) / row.lettable : null)),
  ]
  return sendExport(req, res, { format, name: `${R('forecastTitle')} ${today}`, columns, rows: months })
}
