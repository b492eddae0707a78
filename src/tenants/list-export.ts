import type { Request, Response } from 'express'
import { today } from '../lib/days.ts'
import { type Column, sendExport } from '../web/export.ts'
import { MONEY_FIGURES } from './figures.ts'
import type { TenantRow } from './list.ts'
import { FIGURES, type YearFigures } from './tenant.ts'

/** The list as a table: who they are, where they sit, and what the torch statistics ask of the latest year recorded (FACTS). */
const latest = ({ tenant }: TenantRow): YearFigures | null =>
  tenant.figures.reduce<YearFigures | null>((a, b) => (a && a.year > b.year ? a : b), null)

function figureColumns(req: Request): Column<TenantRow>[] {
  const thousand = new Set<string>(MONEY_FIGURES)
  return FIGURES.map(name => ({
    label:
      req.t(`record.figures.name.${name}`) +
      (thousand.has(name) ? req.t('app.inBrackets', { text: req.t('record.figures.thousand') }) : ''),
    value: row => latest(row)?.[name] ?? null,
    kind: 'number',
  }))
}

function profileColumns(req: Request): Column<TenantRow>[] {
  const p = 'record.profile'
  return [
    { label: req.t(`${p}.name`), value: row => row.tenant.name },
    { label: req.t(`${p}.shortName`), value: row => row.tenant.shortName },
    { label: req.t(`${p}.creditCode`), value: row => row.tenant.creditCode ?? req.t('record.preparing') },
    { label: req.t(`${p}.kind`), value: row => req.t(`${p}.kinds.${row.tenant.kind}`) },
    { label: req.t(`${p}.industry`), value: row => req.t(`${p}.industries.${row.tenant.industry}`) },
    { label: req.t(`${p}.field`), value: row => row.tenant.field },
    { label: req.t(`${p}.foundedOn`), value: row => row.tenant.foundedOn },
    { label: req.t(`${p}.enteredOn`), value: row => row.tenant.enteredOn },
    { label: req.t(`${p}.legalRep`), value: row => row.tenant.legalRep },
    {
      label: req.t(`${p}.capital`) + req.t('app.inBrackets', { text: req.t(`${p}.capitalUnit`) }),
      value: row => row.tenant.capital,
      kind: 'number',
    },
    { label: req.t(`${p}.address`), value: row => row.tenant.address },
    { label: req.t(`${p}.taxpayer`), value: row => row.tenant.taxpayer && req.t(`${p}.taxpayers.${row.tenant.taxpayer}`) },
    { label: req.t(`${p}.founder`), value: row => row.tenant.founder && req.t(`${p}.founders.${row.tenant.founder}`) },
  ]
}

function placeColumns(req: Request): Column<TenantRow>[] {
  const area = (row: TenantRow) => (row.seats.length ? row.seats.reduce((sum, seat) => sum + seat.gross, 0) : null)
  const record = (row: TenantRow) => row.tenant.incubation
  return [
    { label: req.t('tenant.field.units'), value: row => row.seats.map(seat => seat.code).join(', ') },
    { label: req.t('tenant.field.area'), value: area, kind: 'area' },
    { label: req.t('record.profile.incubation'), value: row => req.t(`record.incubation.state.${row.incubation}`) },
    { label: req.t('record.incubation.enteredOn'), value: row => record(row)?.enteredOn ?? null },
    { label: req.t('tenant.field.limit'), value: row => row.lastDay },
    { label: req.t('record.incubation.graduatedOn'), value: row => record(row)?.graduatedOn ?? null },
  ]
}

export function sendTenants(req: Request, res: Response, format: 'xlsx' | 'csv', rows: AsyncIterable<TenantRow>): Promise<void> {
  return sendExport(req, res, {
    format,
    name: `${req.t('nav.tenants')} ${today(req.park.zone)}`,
    columns: [
      ...profileColumns(req),
      ...placeColumns(req),
      { label: req.t('tenant.field.year'), value: row => latest(row)?.year.toString() ?? null },
      ...figureColumns(req),
    ],
    rows,
  })
}
