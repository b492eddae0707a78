import type { Request, Response } from 'express'
import { z } from 'zod'
import { addDays, daysIn, later, today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { textIn } from '../lib/text.ts'
import { inHours } from '../lib/wall.ts'
import { type Column, sendExport } from '../web/export.ts'
import { f } from '../web/fields.ts'
import { readQuery } from '../web/forms.ts'
import { linkWith } from '../web/list.ts'
import { routes } from '../web/router.ts'
import { type Asked, type HolderUse, type RoomReport, type RoomUse, roomReport, type Use, usualPeriod } from './report.ts'
import { CLASSES, Room } from './room.ts'

/** The report on rooms: the period and filters live in the address, and each table can be exported as it stands. */
const MAX_DAYS = 366

const query = z.object({
  from: f.optionalDay(),
  to: f.optionalDay(),
  room: f.optionalId(),
  class: z.enum(CLASSES).optional(),
  table: z.enum(['rooms', 'holders']).default('rooms'),
  format: z.enum(['xlsx', 'csv']).optional(),
})

/** A year at most: the end stays, the beginning moves. */
function periodOf(given: { from: string | null; to: string | null }, zone: string): { from: string; to: string } {
  const usual = usualPeriod(today(zone))
  const to = given.to ?? (given.from && given.from > usual.to ? given.from : usual.to)
  const from = given.from ?? (to === usual.to ? usual.from : addDays(to, -29))
  if (from > to) return { from: to, to }
  return { from: later(from, addDays(to, -(MAX_DAYS - 1))), to }
}

const percent = (share: number | null): number | null => (share === null ? null : Math.round(share * 1000) / 10)

function sumColumns<T extends Use>(req: Request): Column<T>[] {
  return [
    { label: req.t('roomReport.bookings'), value: row => row.bookings, kind: 'number' },
    { label: `${req.t('roomReport.hours')} (h)`, value: row => inHours(row.minutes) },
    { label: req.t('roomReport.noShows'), value: row => row.noShows, kind: 'number' },
    { label: req.t('roomReport.cancelled'), value: row => row.cancelled, kind: 'number' },
    { label: req.t('roomReport.revenue'), value: row => row.fen, kind: 'money' },
    { label: `${req.t('roomReport.free')} (h)`, value: row => inHours(row.free) },
  ]
}

function send(req: Request, res: Response, format: 'xlsx' | 'csv', table: 'rooms' | 'holders', report: RoomReport, asked: Asked) {
  const name = `${req.t('roomReport.title')} ${asked.from} ${asked.to}`
  if (table === 'holders') {
    const columns: Column<HolderUse>[] = [
      { label: req.t('roomReport.holder'), value: row => row.name },
      { label: req.t('roomReport.class'), value: row => req.t(`room.class.${row.class}`) },
      ...sumColumns<HolderUse>(req),
    ]
    return sendExport(req, res, { format, name, columns, rows: report.holders })
  }
  const columns: Column<RoomUse>[] = [
    { label: req.t('roomReport.code'), value: row => row.code },
    { label: req.t('roomReport.room'), value: row => textIn(row.name, req.lang).text },
    { label: `${req.t('roomReport.open')} (h)`, value: row => inHours(row.open) },
    { label: `${req.t('roomReport.share')} (%)`, value: row => percent(row.share) },
    ...sumColumns<RoomUse>(req),
  ]
  return sendExport(req, res, { format, name, columns, rows: report.rooms })
}

/** Hours in which nothing is ever open are left out at both ends. */
function shownHours(heat: RoomReport['heat']): number[] {
  const open = Array.from({ length: 24 }, (_, hour) => heat.slice(1).some(row => row[hour] !== null))
  const first = Math.max(0, open.indexOf(true))
  const last = open.lastIndexOf(true)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
}

async function index(req: Request, res: Response): Promise<void> {
  const given = readQuery(req, query)
  const asked: Asked = { ...periodOf(given, req.park.zone), room: given.room, class: given.class ?? null }
  const report = await roomReport(req.park, asked)
  if (given.format) return send(req, res, given.format, given.table, report, asked)
  const rooms = await scopedFind<Room>(Room, { park: req.park._id }, { projection: { name: 1 }, sort: { order: 1, code: 1 } })
  const export_ = (table: string, format: string) => linkWith(req, { table, format })
  res.page('rooms/report', {
    report,
    asked,
    days: daysIn(asked.from, asked.to),
    rooms,
    classes: CLASSES,
    hours: shownHours(report.heat),
    exports: { rooms: export_('rooms', 'xlsx'), roomsCsv: export_('rooms', 'csv'), holders: export_('holders', 'xlsx') },
    inHours,
  })
}

export const roomReportRoutes = routes(({ get }) => {
  get('/rooms', 'room.report', index)
})
