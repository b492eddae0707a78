import type { Request, Response } from 'express'
import { today as todayIn } from '../lib/days.ts'
import { clockOf } from '../lib/wall.ts'
import { type Column, sendExport } from '../web/export.ts'
import type { Row } from './booking-list.ts'
import { endText } from './booking-words.ts'

/** The list of bookings as a file: exactly what the page would list, private titles as hidden as there. */
export function sendBookings(req: Request, res: Response, format: 'xlsx' | 'csv', rows: AsyncIterable<Row>): Promise<void> {
  const free = ({ cost }: Row) => cost.free.reduce((sum, one) => sum + one.minutes, 0)
  const column = (name: Parameters<Request['t']>[0], value: Column<Row>['value'], kind?: Column<Row>['kind']): Column<Row> => ({
    label: req.t(name),
    value,
    kind,
  })
  return sendExport(req, res, {
    format,
    name: `${req.t('booking.title')} ${todayIn(req.park.zone)}`,
    columns: [
      column('booking.field.code', row => row.code),
      column('booking.field.room', row => (req.lang === 'en' && row.roomName.en ? row.roomName.en : row.roomName.zh)),
      column('booking.field.day', row => row.day),
      column('booking.field.from', row => clockOf(row.from)),
      column('booking.field.to', row => endText(req, row)),
      column('booking.field.state', row => req.t(`booking.status.${row.status}`)),
      column('booking.field.class', row => req.t(`room.class.${row.holder.class}`)),
      column('booking.field.holder', row => row.holder.name),
      column('booking.field.title', row => row.shown),
      column('booking.field.people', row => row.people, 'number'),
      column('booking.field.minutes', row => row.cost.minutes, 'number'),
      column('booking.field.free', free, 'number'),
      column('booking.field.total', row => row.cost.total, 'money'),
      column('booking.field.due', row => row.due, 'money'),
      column('booking.field.paid', row => row.paid?.on ?? null),
      column('booking.field.by', row => row.by.name),
    ],
    rows,
  })
}
