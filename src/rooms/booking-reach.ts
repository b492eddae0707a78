import type { Request } from 'express'
import { reachOf } from '../accounts/identity.ts'
import { scopedOne } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { idParam } from '../web/forms.ts'
import { Booking } from './booking.ts'
import { isOwn, ownFilter, type Viewer, viewerOf } from './viewer.ts'

/** Which bookings a person reaches. The desk: all of the park. Anybody else: their own and their company's. */
type Filter = { park: string } & Record<string, unknown>

/** Whoever keeps the books reads what is payable too, but not what private meetings are about. */
export const keepsBooks = (req: Request): boolean => Boolean(reachOf(req.me, 'charge.read', req.park))

export const PAYABLE = [{ 'cost.total': { $gt: 0 } }, { 'cancelled.fee': { $gt: 0 } }]

export function readFilter(req: Request, viewer: Viewer): Filter {
  const own = ownFilter(req.park._id, viewer)
  if (viewer.desk || !keepsBooks(req)) return own
  const { park, ...mine } = own
  return { park, $or: [mine, ...PAYABLE] }
}

/** The title, note and attendees of somebody else's private booking are nobody's business but the desk's. */
export const mayReadTitle = (
  viewer: Viewer,
  { private: closed, holder, contact }: Pick<Booking, 'private' | 'holder' | 'contact'>,
): boolean => viewer.desk || !closed || isOwn(viewer, holder, contact)

async function find(req: Request, filter: Filter): Promise<Booking> {
  const booking = await scopedOne<Booking>(Booking, { ...filter, _id: idParam(req, 'booking') })
  if (!booking) throw notFound()
  return booking
}

/** The booking of an address, to read. Somebody else's is a 404. */
export const readBooking = (req: Request): Promise<Booking> => find(req, readFilter(req, viewerOf(req)))

/** The booking of an address, to change. */
export const findBooking = (req: Request): Promise<Booking> => find(req, ownFilter(req.park._id, viewerOf(req)))
