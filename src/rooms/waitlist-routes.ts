import type { Request, Response } from 'express'
import { now } from '../lib/clock.ts'
import { scopedFind, scopedOne } from '../lib/park-scope.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import { clockOf, wallAt } from '../lib/wall.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { quoteFor } from './book.ts'
import { bookingPath } from './booking.ts'
import { bookingForm } from './booking-form.ts'
import { demandBooker } from './booking-holder.ts'
import { newBooking } from './booking-new.ts'
import { slotOf } from './booking-times.ts'
import { freeText, whenText } from './booking-words.ts'
import { ownFilter, viewerOf } from './viewer.ts'
import { WaitEntry, type WaitState, waitPath, waitStatus } from './waitlist.ts'
import { acceptOffer, joinWaitlist, leaveWaitlist } from './waitlist-steps.ts'

/** The waitlist as its people see it: what is offered to them, what they wait for, what came of it. The desk sees all that is open. */
const EARLIER = 20
const OPEN_LIMIT = 200

const TONES: Record<WaitState, string> = {
  waiting: 'badge-info',
  offered: 'badge-good',
  taken: 'badge-good',
  lapsed: '',
  withdrawn: '',
  closed: 'badge-bad',
}

/** What accepting would cost now; nothing where it can't be had any more. */
async function priceOf(req: Request, entry: WaitEntry): Promise<string> {
  try {
    const { room, day, from, to, holder, people, extras } = entry
    const { cost, rule } = await quoteFor(req.park, { room, slot: { day, from, to }, holder, people, extras }, { desk: entry.desk })
    const price = cost.total ? req.fmt.money(cost.total) : req.t('room.words.free')
    return [price, freeText(req, cost.free), rule.approval ? req.t('waitlist.approval') : ''].filter(Boolean).join(' · ')
  } catch (error) {
    if (error instanceof RuleError) return ''
    throw error
  }
}

function rowOf(req: Request, entry: WaitEntry) {
  const status = waitStatus(entry)
  return {
    entry,
    status,
    tone: TONES[status],
    when: whenText(req, entry),
    until: entry.offer ? clockOf(wallAt(entry.offer.until, req.park.zone).minute) : '',
    left: entry.offer ? Math.max(1, Math.ceil((entry.offer.until.getTime() - now().getTime()) / 60_000)) : 0,
    booking: entry.booking ? bookingPath({ park: entry.park, _id: entry.booking }) : null,
  }
}

async function index(req: Request, res: Response): Promise<void> {
  const viewer = viewerOf(req)
  const own = ownFilter(req.park._id, viewer)
  const open = { state: { $in: ['waiting', 'offered'] }, startsAt: { $gt: now() } }
  const [live, late] = await Promise.all([
    scopedFind<WaitEntry>(WaitEntry, { ...own, ...open }, { sort: { startsAt: 1, at: 1 }, limit: OPEN_LIMIT }),
    scopedFind<WaitEntry>(
      WaitEntry,
      { ...ownFilter(req.park._id, { ...viewer, desk: false }), $nor: [open] },
      { sort: { at: -1 }, limit: EARLIER },
    ),
  ])
  const rows = live.map(entry => rowOf(req, entry))
  const offered = rows.filter(row => row.status === 'offered')
  const prices = await Promise.all(offered.map(row => priceOf(req, row.entry)))
  res.page('bookings/waitlist', {
    offered: offered.map((row, i) => ({ ...row, price: prices[i] })),
    waiting: rows.filter(row => row.status === 'waiting'),
    earlier: [...rows.filter(row => row.status === 'lapsed'), ...late.map(entry => rowOf(req, entry))],
    desk: viewer.desk,
    form: formState(req),
  })
}

async function join(req: Request, res: Response): Promise<void> {
  const form = readForm(req, bookingForm)
  const viewer = viewerOf(req)
  const slot = slotOf(form)
  const { room, title, private: closed, people, note, attendees, extras } = form
  await commit(req, res, async () => {
    const { holder, contact } = await demandBooker(req, viewer, form)
    const wish = { room, slot, holder, contact, title, private: closed, people, note, attendees, extras }
    await joinWaitlist(req.park, wish, actor(req), { desk: viewer.desk })
    flash(res, 'waitlist.joined')
    return waitPath(req.park._id)
  })
}

/** The entry of an address: one's own or one's company's, at the desk anybody's. */
async function findEntry(req: Request): Promise<WaitEntry> {
  const own = ownFilter(req.park._id, viewerOf(req))
  const entry = await scopedOne<WaitEntry>(WaitEntry, { ...own, _id: idParam(req, 'wait') })
  if (!entry) throw notFound()
  return entry
}

async function accept(req: Request, res: Response): Promise<void> {
  const { _id } = await findEntry(req)
  await commit(req, res, async () => {
    const booking = await acceptOffer(req.park, _id, actor(req), { desk: viewerOf(req).desk })
    flash(res, booking.state === 'pending' ? 'waitlist.requested' : 'waitlist.accepted')
    return bookingPath(booking)
  })
}

async function leave(req: Request, res: Response): Promise<void> {
  const { _id } = await findEntry(req)
  await commit(req, res, async () => {
    await leaveWaitlist(req.park, _id, actor(req))
    flash(res, 'waitlist.left')
    return waitPath(req.park._id)
  })
}

export const waitlistRoutes = routes(({ get, post }) => {
  get('/waitlist', 'booking.make', index)
  post('/waitlist', 'booking.make', join, { again: newBooking })
  post('/waitlist/:wait/acceptance', 'booking.make', accept, { again: index })
  post('/waitlist/:wait/refusal', 'booking.make', leave, { again: index })
  post('/waitlist/:wait/withdrawal', 'booking.make', leave, { again: index })
})
