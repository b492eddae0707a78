import type { Request, Response } from 'express'
import { addDays, today as todayIn } from '../lib/days.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import { clockOf, DAY_MINUTES } from '../lib/wall.ts'
import { actor } from '../web/context.ts'
import { formState, problemText, readForm, readQuery } from '../web/forms.ts'
import { leftIn, monthsOf } from './allowance.ts'
import { type Around, around, busyFor } from './alternatives.ts'
import type { Booking, Cost } from './booking.ts'
import { moveForm, rawForm, startQuery } from './booking-form.ts'
import { choicesFor, ELSEWHERE, EMPTY, type QuoteView } from './booking-quote.ts'
import { findBooking } from './booking-reach.ts'
import { step } from './booking-steps.ts'
import { slotOf, slotValues, timesOf, withTime } from './booking-times.ts'
import { cancelText, whenText } from './booking-words.ts'
import { moveBooking, stateAfter } from './change.ts'
import { costOf, extrasAfter, minutesIn } from './cost.ts'
import { type Room, type RoomRule, ruleFor } from './room.ts'
import { takenBy } from './room-day.ts'
import { durationText } from './room-words.ts'
import { lengthOf, type Slot, startsAt } from './slot.ts'
import { checkPeople, checkTerms, freeze, ruleOf, usesFree } from './terms.ts'
import { viewerOf } from './viewer.ts'

/** Moving a booking: where and when it may go, and what that would cost, before it is done. */
async function freeFor(req: Request, { holder, cost }: Booking, slot: Slot): Promise<Cost['free']> {
  const free: Cost['free'] = []
  for (const { month, minutes } of monthsOf(slot, req.park.zone)) {
    // What it uses now comes back first.
    const back = cost.free.find(one => one.month === month)?.minutes ?? 0
    const given = Math.min(minutes, back + (await leftIn(req.park, holder, month)))
    if (given > 0) free.push({ month, minutes: given })
  }
  return free
}

async function linesOf(req: Request, booking: Booking, room: Room, rule: RoomRule, slot: Slot): Promise<QuoteView['lines']> {
  const terms = room._id.equals(booking.room) ? booking.terms : freeze(room, rule)
  const free = usesFree(terms) ? await freeFor(req, booking, slot) : []
  const minutes = lengthOf(slot, req.park.zone)
  const { total } = costOf(terms, minutes, free, extrasAfter(booking, room, minutes))
  const price = (fen: number) => (fen ? req.fmt.money(fen) : req.t('room.words.free'))
  const used = minutesIn(free)
  return [
    { label: req.t('booking.quote.length'), text: durationText(req, minutes) },
    ...(used ? [{ label: req.t('booking.quote.free'), text: durationText(req, used) }] : []),
    { label: req.t('booking.move.before'), text: price(booking.cost.total) },
    { label: req.t('booking.quote.total'), text: price(total), strong: true },
    { label: req.t('booking.quote.cancelling'), text: cancelText(req, terms, startsAt(slot, req.park.zone)) },
  ]
}

/** What the rule says to the new time; null: nothing against it. */
function refusedBy(room: Room, rule: RoomRule, slot: Slot, state: Around, desk: boolean, people: number | null): RuleError | null {
  try {
    checkTerms(room, rule, slot, { zone: state.zone, kindOf: state.kindOf, desk })
    checkPeople(room, people, 'room')
    return null
  } catch (error) {
    if (error instanceof RuleError) return error
    throw error
  }
}

async function quoteOf(req: Request, booking: Booking, values: Record<string, unknown>): Promise<QuoteView> {
  const parsed = moveForm.safeParse({ ...values, version: undefined })
  if (!parsed.success) return EMPTY
  const view: QuoteView = { ...EMPTY, hint: false }
  const { desk } = viewerOf(req)
  try {
    const slot = slotOf(parsed.data)
    view.when = whenText(req, slot)
    const state = await around(req.park, slot)
    const room = state.rooms.find(one => one._id.equals(parsed.data.room ?? booking.room))
    if (!room) return view
    const rule = ruleOf(room, booking.holder.class)
    const refused = refusedBy(room, rule, slot, state, desk, booking.people)
    const busy = refused ? undefined : busyFor(state, room, rule, slot, booking._id)[0]
    const approval = stateAfter(req.park, booking, rule, { room: room._id, slot, desk }, actor(req)) === 'pending'
    if (!refused && !busy) return { ...view, approval, lines: await linesOf(req, booking, room, rule, slot) }
    view.problems = [problemText(req, (refused ?? takenBy(room, slot.day, busy!)).problem)]
    if (refused && !ELSEWHERE.test(refused.problem.key)) return view
    const asked = { slot, class: booking.holder.class, people: booking.people, desk, own: booking._id }
    const choices = choicesFor(req, state, room, asked)
    return { ...view, ...choices, none: !choices.times.length && !choices.rooms.length }
  } catch (error) {
    if (!(error instanceof RuleError)) throw error
    return { ...view, problems: [problemText(req, error.problem)] }
  }
}

export async function movePage(req: Request, res: Response): Promise<void> {
  const booking = await findBooking(req)
  const { on, from = booking.from, to = from + booking.to - booking.from, room } = readQuery(req, startQuery)
  const wanted = slotValues({ day: on ?? booking.day, from, to })
  const form = formState(req, { room: String(room ?? booking.room), ...wanted, version: booking.version })
  if (form.values['on']) form.values['day'] = form.values['on']
  const state = await around(req.park, booking)
  const rooms = state.rooms.filter(one => one._id.equals(booking.room) || ruleFor(one, booking.holder.class))
  if (!rooms.length) throw notFound()
  const times = timesOf(rooms.flatMap(one => ruleFor(one, booking.holder.class) ?? []))
  const horizon = Math.max(0, ...rooms.map(one => ruleFor(one, booking.holder.class)?.horizon ?? 0))
  res.page('bookings/move', {
    booking,
    form,
    when: whenText(req, booking),
    rooms,
    times: {
      from: withTime(times.from, booking.from).map(clockOf),
      to: withTime(times.to, booking.to % DAY_MINUTES || DAY_MINUTES).map(clockOf),
    },
    long: times.long || Boolean(form.values['until']),
    last: addDays(todayIn(req.park.zone), horizon),
    quote: await quoteOf(req, booking, form.values),
    scripts: ['booking-form.js'],
  })
}

export async function move(req: Request, res: Response): Promise<void> {
  const booking = await findBooking(req)
  const { room, version, ...typed } = readForm(req, moveForm)
  const slot = slotOf(typed)
  await step(req, res, booking, 'booking.done.moved', ({ _id }) =>
    moveBooking(req.park, _id, { room, slot, version, desk: viewerOf(req).desk }, actor(req)),
  )
}

/** The new price, while the new time is being chosen. */
export async function movePrice(req: Request, res: Response): Promise<void> {
  const booking = await findBooking(req)
  res.page('bookings/quote-panel', { quote: await quoteOf(req, booking, readForm(req, rawForm)), room: null, booking })
}
