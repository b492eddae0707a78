import type { Request, Response } from 'express'
import { rowsIn } from '../leases/form.ts'
import { forbidden } from '../lib/rule-error.ts'
import type { Key } from '../locales/index.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { type Booking, bookingPath } from './booking.ts'
import { editDetails } from './booking-details.ts'
import { approveForm, cancelForm, detailsForm, extendForm, paymentForm, rejectForm } from './booking-form.ts'
import { findBooking, keepsBooks, readBooking } from './booking-reach.ts'
import { whenText } from './booking-words.ts'
import { cancelBooking } from './cancel.ts'
import { endEarly, extendBooking } from './change.ts'
import { checkIn } from './check-in.ts'
import { approveBooking, rejectBooking } from './decide.ts'
import { notePayment } from './payment.ts'
import { viewerOf } from './viewer.ts'

/** What can be done with a booking, one verb each: told more of, cancelled, decided, ended, lengthened, checked in, paid. */
const SPARE = 2

/** Does a step of the booking of this address and goes back to its page. */
export async function step(
  req: Request,
  res: Response,
  booking: Booking,
  done: Key,
  work: (booking: Booking) => Promise<unknown>,
): Promise<void> {
  await commit(req, res, async () => {
    await work(booking)
    flash(res, done)
    return bookingPath(booking)
  })
}

export async function editPage(req: Request, res: Response): Promise<void> {
  const booking = await findBooking(req)
  const { title, private: closed, people, note, attendees, version } = booking
  const form = formState(req, { title, private: closed, people: people ?? '', note: note ?? '', version })
  // Nothing ticked posts nothing: what was refused must not come back ticked.
  if (req.failed) form.values['private'] = req.failed.values['private'] ?? false
  const rows = rowsIn(req.failed ? req.failed.values : { attendees }, 'attendees')
  res.page('bookings/edit', {
    booking,
    form,
    when: whenText(req, booking),
    attendees: [...rows, ...Array.from({ length: SPARE }, () => ({}))],
  })
}

export async function saveDetails(req: Request, res: Response): Promise<void> {
  const booking = await findBooking(req)
  const { version, ...details } = readForm(req, detailsForm)
  await step(req, res, booking, 'app.saved', ({ _id }) => editDetails(req.park, _id, version, details, actor(req)))
}

export async function cancel(req: Request, res: Response): Promise<void> {
  const booking = await findBooking(req)
  const { reason, fee, kept } = readForm(req, cancelForm)
  const asked = { reason, shown: fee, kept }
  await step(req, res, booking, 'booking.done.cancelled', ({ _id }) => cancelBooking(req.park, _id, asked, actor(req)))
}

export async function approve(req: Request, res: Response): Promise<void> {
  const booking = await findBooking(req)
  const { version } = readForm(req, approveForm)
  await step(req, res, booking, 'booking.done.approved', ({ _id }) => approveBooking(req.park, _id, actor(req), version))
}

export async function reject(req: Request, res: Response): Promise<void> {
  const booking = await findBooking(req)
  const { comment, version } = readForm(req, rejectForm)
  await step(req, res, booking, 'booking.done.rejected', ({ _id }) => rejectBooking(req.park, _id, comment, actor(req), version))
}

export async function end(req: Request, res: Response): Promise<void> {
  await step(req, res, await findBooking(req), 'booking.done.ended', ({ _id }) => endEarly(req.park, _id, actor(req)))
}

export async function extend(req: Request, res: Response): Promise<void> {
  const booking = await findBooking(req)
  const { to } = readForm(req, extendForm)
  await step(req, res, booking, 'booking.done.extended', ({ _id }) => extendBooking(req.park, _id, to, actor(req)))
}

export async function checkInAtDesk(req: Request, res: Response): Promise<void> {
  await step(req, res, await findBooking(req), 'booking.done.checkedIn', ({ _id }) => checkIn(req.park, _id, actor(req)))
}

/** At the desk, or by whoever keeps the books. */
export async function pay(req: Request, res: Response): Promise<void> {
  const booking = await readBooking(req)
  if (!viewerOf(req).desk && !keepsBooks(req)) throw forbidden()
  const form = readForm(req, paymentForm)
  await step(req, res, booking, 'booking.done.paid', ({ _id }) => notePayment(req.park._id, _id, form, actor(req)))
}
