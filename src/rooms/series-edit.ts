import type { Request, Response } from 'express'
import { isDay } from '../lib/days.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { textIn } from '../lib/text.ts'
import { clockOf, DAY_MINUTES } from '../lib/wall.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { FormError, formState, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import type { Booking } from './booking.ts'
import { minuteOf, rawForm } from './booking-form.ts'
import { timesOf, withTime } from './booking-times.ts'
import { spanText } from './booking-words.ts'
import { ruleText } from './recurrence-text.ts'
import { ruleFor } from './room.ts'
import { type BookingSeries, daysOfSeries, seriesPath, startOf } from './series.ts'
import { dayOf } from './series-cancel.ts'
import { changeSeries, concerned, inOrder, type SeriesEdit, splitDay } from './series-change.ts'
import { carried, type EditForm, editForm, SCOPES, scopeQuery } from './series-form.ts'
import { judge, unsettled } from './series-plan.ts'
import { datedOf, linesOf, type Previewed, previewOf, roomIn, roomsOf } from './series-preview.ts'
import { findSeries, readBookings } from './series-reach.ts'
import { viewerOf } from './viewer.ts'

/** Changing a series: what is asked for, what it comes to for each date, and doing it. */
interface Draft extends Previewed {
  series: BookingSeries
  form: EditForm
  edit: SeriesEdit
}

function minuteIn(text: string, field: string): number {
  const minute = minuteOf(text)
  if (minute === null) throw new RuleError('booking.clock', {}, { field })
  return minute
}

function editOf({ room, from: begin, to: finish, title, private: closed, people }: EditForm): SeriesEdit {
  const [from, to] = [minuteIn(begin, 'from'), minuteIn(finish, 'to')]
  if (from >= DAY_MINUTES) throw new RuleError('booking.clock', {}, { field: 'from' })
  return { room, from, to: to > from ? to : to + DAY_MINUTES, title, private: closed, people }
}

async function draftOf(req: Request): Promise<Draft> {
  const series = await findSeries(req)
  const form = readForm(req, editForm)
  const edit = editOf(form)
  if (form.scope !== 'all' && !daysOfSeries(series).includes(form.at ?? '')) throw notFound()
  const rooms = await roomsOf(req.park._id)
  const room = roomIn(rooms, edit.room)
  const bookings = concerned(await readBookings(series), form.scope, form.at)
  if (form.scope === 'one' && !bookings.length) throw conflict('series.over')
  const asker = { by: actor(req), holder: series.holder, people: edit.people, extras: [], desk: viewerOf(req).desk }
  const slot = (booking: Booking) => ({ day: booking.day, from: edit.from, to: edit.to })
  const usual = bookings.map(booking => ({ day: dayOf(booking), room, slot: slot(booking), booking }))
  // In the order they will be written, for free hours go to the first.
  const dates = inOrder(await judge(req.park, inOrder(linesOf(usual, form.dates, rooms), series, edit), asker), series, edit)
  return { series, form, edit, dates, choices: form.dates, rooms, asker, open: form.open }
}

export async function editSeriesPage(req: Request, res: Response): Promise<void> {
  const series = await findSeries(req)
  const typed = req.failed?.values ?? {}
  const query = readQuery(req, scopeQuery)
  const at = isDay(typed['at']) ? typed['at'] : (query.at ?? null)
  const bookings = await readBookings(series)
  const own = at ? bookings.find(one => dayOf(one) === at && one.apart) : undefined
  const { from, to, room, title, private: closed, people } = own ?? series
  const rooms = [...(await roomsOf(req.park._id)).values()].filter(one => one._id.equals(room) || ruleFor(one, series.holder.class))
  const times = timesOf(rooms.flatMap(one => ruleFor(one, series.holder.class) ?? []))
  const values = {
    room: String(room),
    from: clockOf(from),
    to: clockOf(to > DAY_MINUTES ? to - DAY_MINUTES : to),
    title,
    private: closed,
    people: people ?? '',
  }
  const form = formState(req, { ...values, scope: query.scope ?? (at ? 'one' : 'all'), version: series.version })
  if (req.failed) form.values['private'] = typed['private'] ?? false
  res.page('bookings/series-edit', {
    form,
    series,
    at,
    span: spanText(req, series),
    rule: ruleText(startOf(series), series.rule, req.lang),
    rooms: rooms.map(one => [String(one._id), `${textIn(one.name, req.lang).text} · ${req.t('room.people', { count: one.capacity })}`]),
    times: {
      from: withTime(times.from, from).map(clockOf),
      to: withTime(times.to, to > DAY_MINUTES ? to - DAY_MINUTES : to).map(clockOf),
    },
    counts: Object.fromEntries(SCOPES.map(name => [name, concerned(bookings, name, at).length])),
    scopes: at ? SCOPES : ['all'],
  })
}

async function showPreview(req: Request, res: Response, draft: Draft): Promise<void> {
  const { series, edit, form, rooms, dates } = draft
  const split = form.scope === 'one' ? null : splitDay(req.park, series, { scope: form.scope, at: form.at, edit })
  res.page('bookings/series-change', {
    form: formState(req),
    preview: await previewOf(req, draft),
    series,
    edit,
    scope: form.scope,
    at: form.at,
    split,
    room: roomIn(rooms, edit.room),
    span: spanText(req, { day: series.day, from: edit.from, to: edit.to }),
    before: dates.reduce((sum, one) => sum + (one.choice !== 'skip' && !one.problem ? (one.booking?.cost.total ?? 0) : 0), 0),
    carried: carried(readForm(req, rawForm)),
  })
}

export async function previewEdit(req: Request, res: Response): Promise<void> {
  await showPreview(req, res, await draftOf(req))
}

export async function editSeries(req: Request, res: Response): Promise<void> {
  const { series, form, edit, dates, asker } = await draftOf(req)
  await commit(req, res, async () => {
    const open = unsettled(dates)
    if (open.length) throw conflict('series.unsettled', { count: open.length })
    const { scope, at, version, shown } = form
    const change = { scope, at, version, edit, dates: datedOf(dates), shown, desk: asker.desk }
    const target = await changeSeries(req.park, series._id, change, actor(req))
    flash(res, 'series.done.changed')
    return seriesPath(target)
  })
}

/** What was refused, shown where it can be mended: the dates, or the form where that is wrong or older than the series. */
export async function editAgain(req: Request, res: Response): Promise<void> {
  if (req.failed?.stale) return editSeriesPage(req, res)
  let draft: Draft
  try {
    draft = await draftOf(req)
  } catch (error) {
    if (error instanceof FormError || error instanceof RuleError) return editSeriesPage(req, res)
    throw error
  }
  await showPreview(req, res, draft)
}
