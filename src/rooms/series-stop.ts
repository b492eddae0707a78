import type { Request, Response } from 'express'
import { isDay } from '../lib/days.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { freeText, whenText } from './booking-words.ts'
import { cancellationNow } from './cancel.ts'
import { seriesPath } from './series.ts'
import { cancellable, cancelSeries, dayOf } from './series-cancel.ts'
import { cancelForm, SCOPES, type Scope, scopeQuery } from './series-form.ts'
import { findSeries, readBookings } from './series-reach.ts'

/** Cancelling dates of a series: what it would cost, date by date and together, before it is done. */
export async function cancelPage(req: Request, res: Response): Promise<void> {
  const series = await findSeries(req)
  const typed = req.failed?.values ?? {}
  const query = readQuery(req, scopeQuery)
  const at = isDay(typed['at']) ? typed['at'] : (query.at ?? null)
  const asked = SCOPES.find(name => name === typed['scope']) ?? query.scope ?? (at ? 'one' : 'all')
  const scope: Scope = at ? asked : 'all'
  const bookings = await readBookings(series)
  const rows = cancellable(bookings, scope, at).map(booking => {
    const { fee, kept } = cancellationNow(booking)
    return { booking, day: dayOf(booking), when: whenText(req, booking), fee, kept: freeText(req, kept) }
  })
  const counts = Object.fromEntries(SCOPES.map(name => [name, cancellable(bookings, name, at).length]))
  const fee = rows.reduce((sum, row) => sum + row.fee, 0)
  res.page('bookings/series-cancel', {
    form: formState(req, { scope, reason: '' }),
    series,
    scope,
    at,
    rows,
    counts,
    fee,
    scopes: at ? SCOPES : ['all'],
  })
}

export async function cancelDates(req: Request, res: Response): Promise<void> {
  const series = await findSeries(req)
  const form = readForm(req, cancelForm)
  await commit(req, res, async () => {
    await cancelSeries(req.park, series._id, form, actor(req))
    flash(res, 'series.done.cancelled')
    return seriesPath(series)
  })
}
