import type { Request } from 'express'
import { scopedFind, scopedOne } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { idParam } from '../web/forms.ts'
import { Booking } from './booking.ts'
import { BookingSeries, ofSeries } from './series.ts'
import { ownFilter, viewerOf } from './viewer.ts'

/** The series of an address, as bookings are reached: the desk all of the park, anybody else their own and their company's. */
export async function findSeries(req: Request): Promise<BookingSeries> {
  const filter = { ...ownFilter(req.park._id, viewerOf(req)), _id: idParam(req, 'series') }
  const series = await scopedOne<BookingSeries>(BookingSeries, filter)
  if (!series) throw notFound()
  return series
}

/** Its bookings, for a page. */
export const readBookings = (series: Pick<BookingSeries, 'park' | '_id'>): Promise<Booking[]> =>
  scopedFind<Booking>(Booking, ofSeries(series), { sort: { occurrence: 1 } })
