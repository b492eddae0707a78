import type { Request, Response } from 'express'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { FormError, formState, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { rawForm } from './booking-form.ts'
import { demandBooker } from './booking-holder.ts'
import { makeBooking, newBooking } from './booking-new.ts'
import { spanText } from './booking-words.ts'
import { ruleText } from './recurrence-text.ts'
import { type Skipped, seriesPath, startOf } from './series.ts'
import { carried, isRepeating, repeatedIn, type SeriesForm, seriesForm } from './series-form.ts'
import { makeSeries, type SeriesWish, wallOf } from './series-make.ts'
import { type Judged, judge, unsettled } from './series-plan.ts'
import { datedOf, linesOf, type Previewed, previewOf, roomIn, roomsOf } from './series-preview.ts'
import { viewerOf } from './viewer.ts'

/** A new series: its dates with what each would be, and the booking of those that were chosen. */
interface Draft extends Previewed {
  form: SeriesForm
  wish: SeriesWish
}

async function draftOf(req: Request): Promise<Draft> {
  const form = readForm(req, seriesForm)
  const viewer = viewerOf(req)
  const { slot, rule, days } = repeatedIn(form)
  const { holder, contact } = await demandBooker(req, viewer, form)
  const rooms = await roomsOf(req.park._id)
  const room = roomIn(rooms, form.room)
  const { title, private: closed, people, note, attendees, extras } = form
  const wish = { room: room._id, slot, rule, holder, contact, title, private: closed, people, note, attendees, extras }
  const asker = { by: actor(req), holder, people, extras, desk: viewer.desk }
  const usual = days.map(day => ({ day, room, slot: { ...slot, day }, booking: null }))
  const dates = await judge(req.park, linesOf(usual, form.dates, rooms), asker)
  return { form, wish, dates, choices: form.dates, rooms, asker, open: form.open }
}

async function showPreview(req: Request, res: Response, draft: Draft): Promise<void> {
  const { wish, rooms } = draft
  const preview = await previewOf(req, draft)
  res.page('bookings/series-preview', {
    form: formState(req),
    preview,
    wish,
    room: roomIn(rooms, wish.room),
    rule: ruleText(startOf(wish.slot), wish.rule, req.lang),
    span: spanText(req, wish.slot),
    carried: carried(readForm(req, rawForm)),
  })
}

/** Every date and what it would be; nothing is written. */
export async function previewSeries(req: Request, res: Response): Promise<void> {
  await showPreview(req, res, await draftOf(req))
}

/** A booking form that says it repeats leads to its dates first. */
export const bookOrRepeat = (req: Request, res: Response): Promise<void> =>
  isRepeating(readForm(req, rawForm)) ? previewSeries(req, res) : makeBooking(req, res)

const skippedOf = (dates: Judged[], from: number): Skipped[] =>
  dates.filter(one => one.choice === 'skip').map(({ day, reason }) => ({ occurrence: wallOf(day, from), reason: reason ?? 'chosen' }))

export async function createSeries(req: Request, res: Response): Promise<void> {
  const { wish, dates, form, asker } = await draftOf(req)
  // A double submit finds its own dates taken: its key is looked at before its dates are.
  await commit(req, res, async () => {
    const open = unsettled(dates)
    if (open.length) throw conflict('series.unsettled', { count: open.length })
    const how = { desk: asker.desk, shown: form.shown }
    const series = await makeSeries(req.park, wish, datedOf(dates), skippedOf(dates, wish.slot.from), actor(req), how)
    flash(res, 'series.done.booked')
    return seriesPath(series)
  })
}

/** What was refused, shown where it can be mended: the dates, or the form where that itself is wrong. */
export async function createAgain(req: Request, res: Response): Promise<void> {
  let draft: Draft
  try {
    draft = await draftOf(req)
  } catch (error) {
    if (error instanceof FormError || error instanceof RuleError) return newBooking(req, res)
    throw error
  }
  await showPreview(req, res, draft)
}
