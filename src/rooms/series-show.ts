import type { Request, Response } from 'express'
import { historyOf } from '../audit/history.ts'
import { now } from '../lib/clock.ts'
import type { Day } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { textIn } from '../lib/text.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { formState, problemText, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import type { Booking } from './booking.ts'
import { spanText, statusOf, TONES, whenText } from './booking-words.ts'
import { isAhead } from './change.ts'
import { ruleText } from './recurrence-text.ts'
import type { Room } from './room.ts'
import { BookingSeries, daysOfSeries, type SkipReason, seriesPath, startOf } from './series.ts'
import { cancellable, dayOf } from './series-cancel.ts'
import { concerned } from './series-change.ts'
import { addForm } from './series-form.ts'
import { addDates } from './series-make.ts'
import { type Judged, judge } from './series-plan.ts'
import { roomIn, roomsOf } from './series-preview.ts'
import { findSeries, readBookings } from './series-reach.ts'
import { startsAt } from './slot.ts'
import { viewerOf } from './viewer.ts'

/** The page of a series: its rule in words, every date and what became of it, and what can be done. */
export interface DateRow {
  day: Day
  weekday: string
  /** When and where it is, where that isn't as its series says. */
  elsewhere: string | null
  span: string
  booking: Booking | null
  badge: string
  tone: string
  price: string
  /** Why it can't be booked now. */
  problem: string | null
  canAdd: boolean
  canEdit: boolean
  canCancel: boolean
}

const GONE = ['cancelled', 'rejected', 'released']
const SKIP_TONES: Record<SkipReason, string> = {
  chosen: '',
  taken: 'badge-bad',
  closed: 'badge-warn',
  later: 'badge-info',
  refused: 'badge-bad',
}

/** The days that could be booked again, judged each on its own: whoever adds one needn't add the others. */
async function addable(req: Request, series: BookingSeries, room: Room, days: Day[]): Promise<Map<Day, Judged>> {
  const { from, to, holder, people, extras } = series
  const lines = days.map(day => ({ day, room, slot: { day, from, to }, choice: 'book' as const, booking: null }))
  const judged = await judge(req.park, lines, { by: actor(req), holder, people, extras, desk: viewerOf(req).desk }, true)
  return new Map(judged.map(one => [one.day, one]))
}

function elsewhereText(req: Request, series: BookingSeries, booking: Booking, day: Day): string | null {
  const { from, to, room } = series
  if (booking.day === day && booking.from === from && booking.to === to && booking.room.equals(room)) return null
  const parts = [booking.room.equals(room) ? '' : textIn(booking.roomName, req.lang).text, whenText(req, booking)]
  return parts.filter(Boolean).join(' · ')
}

interface Known {
  bookings: Map<Day, Booking>
  again: Map<Day, Judged>
  editable: Set<Booking>
  cancellable: Set<Booking>
}

function rowOf(req: Request, series: BookingSeries, day: Day, { bookings, again, ...can }: Known): DateRow {
  const booking = bookings.get(day) ?? null
  const reason = series.skipped.find(one => one.occurrence.slice(0, 10) === day)?.reason ?? 'chosen'
  const plan = again.get(day)
  // Of what was called off: what it would cost now.
  const fen = plan?.cost?.total ?? booking?.cost.total ?? null
  const status = booking && statusOf(booking)
  // What couldn’t be booked yet may be by now.
  const open = reason === 'later' && plan && plan.reason !== 'later'
  return {
    day,
    weekday: req.fmt.weekday(day),
    elsewhere: booking && elsewhereText(req, series, booking, day),
    span: spanText(req, { day, from: series.from, to: series.to }),
    booking,
    badge: status
      ? req.t(`booking.status.${status}`)
      : open
        ? req.t(`series.verdict.${plan.reason ?? 'free'}`)
        : req.t(`series.skip.${reason}`),
    tone: status ? TONES[status] : open ? (plan.reason ? 'badge-bad' : 'badge-good') : SKIP_TONES[reason],
    price: fen === null ? '' : fen ? req.fmt.money(fen) : req.t('room.words.free'),
    problem: plan?.problem ? problemText(req, plan.problem) : null,
    canAdd: Boolean(plan && !plan.problem),
    canEdit: booking !== null && can.editable.has(booking),
    canCancel: booking !== null && can.cancellable.has(booking),
  }
}

export async function showSeries(req: Request, res: Response): Promise<void> {
  const series = await findSeries(req)
  const [list, rooms, history] = await Promise.all([readBookings(series), roomsOf(req.park._id), historyOf(req, 'series', series._id)])
  const kin = await scopedFind<BookingSeries>(
    BookingSeries,
    { park: req.park._id, follows: series._id },
    { projection: { park: 1, title: 1 } },
  )
  const room = roomIn(rooms, series.room)
  const bookings = new Map(list.map(one => [dayOf(one), one]))
  const days = daysOfSeries(series)
  const at = now()
  const { from, to } = series
  const free = days.filter(day => {
    const booking = bookings.get(day)
    return (!booking || GONE.includes(booking.state)) && startsAt({ day, from, to }, req.park.zone) > at
  })
  const known = {
    bookings,
    again: await addable(req, series, room, free),
    editable: new Set(concerned(list, 'all', null)),
    cancellable: new Set(cancellable(list, 'all', null)),
  }
  const rows = days.map(day => rowOf(req, series, day, known))
  res.page('bookings/series-show', {
    form: formState(req, { days: [] }),
    series,
    room,
    rows,
    rule: ruleText(startOf(series), series.rule, req.lang),
    span: spanText(req, series),
    kin,
    history,
    left: list.filter(isAhead).length,
    canAdd: rows.some(row => row.canAdd),
    canEdit: known.editable.size > 0,
    canCancel: known.cancellable.size > 0,
    picked: new Set([req.failed?.values['days'] ?? []].flat()),
  })
}

export async function addToSeries(req: Request, res: Response): Promise<void> {
  const series = await findSeries(req)
  const { days, shown } = readForm(req, addForm)
  await commit(req, res, async () => {
    await addDates(req.park, series._id, days, actor(req), { desk: viewerOf(req).desk, shown })
    flash(res, 'series.done.added')
    return seriesPath(series)
  })
}
