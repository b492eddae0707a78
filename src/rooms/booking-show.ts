import type { Request, Response } from 'express'
import { reachOf } from '../accounts/identity.ts'
import { historyOf } from '../audit/history.ts'
import { Charge } from '../billing/charge.ts'
import { capitalMoney } from '../leases/document.ts'
import { today as todayIn } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { textIn } from '../lib/text.ts'
import { formState } from '../web/forms.ts'
import { type Booking, isSubmitter } from './booking.ts'
import { keepsBooks, mayReadTitle, readBooking } from './booking-reach.ts'
import { cancelText, endText, freeText, statusOf, TONES, whenText } from './booking-words.ts'
import { cancellationNow } from './cancel.ts'
import { isAhead, isRunning } from './change.ts'
import { mayCheckIn } from './check-in.ts'
import { minutesIn } from './cost.ts'
import { balanceOf } from './payment.ts'
import { Room, type RoomRule, ruleFor } from './room.ts'
import { durationText, priceText } from './room-words.ts'
import { isOwn, type Viewer, viewerOf } from './viewer.ts'

/** The page of one booking: what was agreed, what it costs, what can be done with it now, what has happened. */
export interface Can {
  move: boolean
  edit: boolean
  cancel: boolean
  decide: boolean
  /** It is theirs: somebody else must decide. */
  ownRequest: boolean
  end: boolean
  extend: boolean
  checkIn: boolean
  pay: boolean
}

function canOf(req: Request, viewer: Viewer, booking: Booking): Can {
  const touches = viewer.desk || isOwn(viewer, booking.holder, booking.contact)
  const [ahead, running] = [isAhead(booking), isRunning(booking)]
  const own = isSubmitter(booking, viewer.id)
  const waits = booking.state === 'pending' && ahead && viewer.desk
  return {
    move: touches && ahead,
    edit: touches && (ahead || running),
    cancel: touches && ahead,
    decide: waits && (!own || req.park.settings.selfApproval),
    ownRequest: waits && own && !req.park.settings.selfApproval,
    end: touches && running && !booking.endedAt,
    extend: touches && running && !booking.endedAt,
    checkIn: viewer.desk && mayCheckIn(booking),
    pay: (viewer.desk || keepsBooks(req)) && balanceOf(booking).open > 0,
  }
}

const LATER = 12

/** Later ends to choose from: by the step it was agreed with. Whether the room is free and open till then is seen when it is done. */
function extensionsOf(req: Request, booking: Booking, rule: RoomRule | null): [number, string][] {
  const { step, max } = booking.terms
  const longest = Math.max(max, rule?.max ?? 0)
  const first = Math.floor(booking.to / step) * step + step
  return Array.from({ length: LATER }, (_, i) => first + i * step)
    .filter(to => to - booking.from <= longest)
    .map(to => [to, endText(req, { day: booking.day, to })])
}

/** Which of the page's forms was refused: what was typed goes back to that one. */
const stepNamed = (req: Request): string | null => (req.failed ? (req.path.split('/').at(-1) ?? null) : null)

/** What a booking costs in words: shown on its page and on the quote for outside parties. */
export function costLines(req: Request, booking: Booking): { label: string; text: string; fen: number }[] {
  const { cost, terms, extras } = booking
  const given = minutesIn(cost.free)
  const charged = Math.max(0, cost.minutes - given)
  const words = { duration: durationText(req, charged || cost.minutes), price: priceText(req, terms.price), free: durationText(req, given) }
  const used = !given ? 'booking.used' : charged ? 'booking.usedPart' : 'booking.usedFree'
  const rows = [{ label: req.t('booking.item.use'), text: req.t(used, words), fen: cost.room }]
  return [
    ...rows,
    ...extras.map(extra => ({ label: textIn(extra.name, req.lang).text, text: `× ${req.fmt.number(extra.count)}`, fen: extra.fen })),
  ]
}

async function partsOf(booking: Booking): Promise<{ room: Room | null; charges: Charge[] }> {
  const { park, _id } = booking
  const [[room = null], charges] = await Promise.all([
    scopedFind<Room>(Room, { park, _id: booking.room }),
    scopedFind<Charge>(Charge, { park, 'source.kind': 'booking', 'source.ref': _id }, { sort: { at: 1 } }),
  ])
  return { room, charges }
}

export async function showBooking(req: Request, res: Response): Promise<void> {
  const booking = await readBooking(req)
  const viewer = viewerOf(req)
  const open = mayReadTitle(viewer, booking)
  const [{ room, charges }, history] = await Promise.all([partsOf(booking), open ? historyOf(req, 'booking', booking._id) : []])
  const status = statusOf(booking)
  const { fee, kept } = cancellationNow(booking)
  const can = canOf(req, viewer, booking)
  res.page('bookings/show', {
    booking,
    room,
    open,
    status,
    tones: TONES,
    when: whenText(req, booking),
    hours: durationText(req, booking.cost.minutes),
    free: freeText(req, booking.cost.free),
    cost: costLines(req, booking),
    cancelling: cancelText(req, booking.terms, booking.startsAt),
    fee,
    kept: freeText(req, kept),
    keptMinutes: minutesIn(kept),
    balance: balanceOf(booking),
    charges,
    history,
    steps: can,
    some: Object.entries(can).some(([name, may]) => may && name !== 'ownRequest'),
    later: can.extend ? extensionsOf(req, booking, room && ruleFor(room, booking.holder.class)) : [],
    desk: viewer.desk,
    mine: viewer.desk || isOwn(viewer, booking.holder, booking.contact),
    books: viewer.desk || keepsBooks(req),
    mayTenant: reachOf(req.me, 'tenant.read', req.park)?.tenants === null,
    failedStep: stepNamed(req),
    form: formState(req, { on: todayIn(req.park.zone) }),
  })
}

/** A paper for an outside party: who, what, for how much, on what terms. */
export async function quotePaper(req: Request, res: Response): Promise<void> {
  const booking = await readBooking(req)
  const open = mayReadTitle(viewerOf(req), booking)
  const { cost, startsAt, terms } = booking
  res.page('bookings/quote', {
    booking,
    open,
    status: statusOf(booking),
    when: whenText(req, booking),
    hours: durationText(req, cost.minutes),
    free: freeText(req, cost.free),
    lines: costLines(req, booking),
    capital: req.lang === 'zh-CN' ? capitalMoney(cost.total) : null,
    cancelling: cancelText(req, terms, startsAt),
    lessor: req.park.operator ?? req.park.bureau.name,
    scripts: [],
  })
}
