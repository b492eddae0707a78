import type { Request, Response } from 'express'
import { z } from 'zod'
import { addDays, type Day, FOREVER, isDay, today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { parseClock } from '../lib/wall.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { FollowUp, isOverdue } from './actions.ts'
import type { Mentor } from './mentor.ts'
import { MentorDay } from './mentor-day.ts'
import { loadMentor } from './mentors.ts'
import { Session, type Status, statusOf, whenText } from './session.ts'
import { TONES } from './session-list.ts'
import { viewerOf } from './sides.ts'
import { closeSlot, type Dates, MAX_WEEKS, openSlots } from './slots.ts'

/** A mentor's slots, as they and the park's staff open them; and the mentor's own page. */
const SLOT_DAYS = 200

/** The mentor of an address, for themselves and for staff; to anybody else there is none. */
async function ownMentor(req: Request): Promise<Mentor> {
  const viewer = await viewerOf(req)
  const _id = idParam(req, 'mentor')
  if (!viewer.staff && !viewer.mentors.some(id => id.equals(_id))) throw notFound()
  return loadMentor(req.park._id, _id)
}

const sessionsOf = async (park: string, days: MentorDay[]): Promise<Map<string, Session & { status: Status }>> => {
  const ids = days.flatMap(day => day.slots.flatMap(slot => slot.session ?? []))
  const found = ids.length ? await scopedFind<Session>(Session, { park, _id: { $in: ids } }, { projection: { notes: 0 } }) : []
  return new Map(found.map(session => [String(session._id), { ...session, status: statusOf(session) }]))
}

const skippedIn = z.object({ skipped: z.string().max(300).optional(), opened: z.coerce.number().int().min(1).max(MAX_WEEKS).optional() })

async function slotsPage(req: Request, res: Response): Promise<void> {
  const mentor = await ownMentor(req)
  const park = req.park._id
  const on = today(req.park.zone)
  const filter = { park, mentor: mentor._id, day: { $gte: on, $lte: addDays(on, SLOT_DAYS) } }
  const days = (await scopedFind<MentorDay>(MentorDay, filter, { sort: { day: 1 } })).filter(day => day.slots.length)
  const { skipped, opened } = readQuery(req, skippedIn)
  res.page('mentoring/slots', {
    mentor,
    days,
    sessions: await sessionsOf(park, days),
    tones: TONES,
    opened: opened ?? null,
    skipped: (skipped ?? '').split(',').filter(isDay),
    maxWeeks: MAX_WEEKS,
    minDay: on,
    maxDay: mentor.activeTo === FOREVER ? '' : mentor.activeTo,
    form: formState(req, { day: addDays(on, 1), from: '14:00', to: '15:00', weeks: '1', place: '', link: '' }),
  })
}

const clock = f.text(5).transform((text, ctx) => {
  const minute = parseClock(text)
  if (minute === null) ctx.addIssue({ code: 'custom', message: 'error.booking.clock' })
  return minute ?? 0
})

/** A link that is opened from a page and from mails: the web's, nothing else. */
const webLink = f.optionalText(500).transform((text, ctx) => {
  if (text && !(/^https?:\/\/\S+$/i.test(text) && URL.canParse(text))) ctx.addIssue({ code: 'custom', message: 'error.mentoring.link' })
  return text
})

const slotForm = z.object({
  day: f.day(),
  from: clock,
  to: clock,
  place: f.optionalText(120),
  link: webLink,
  weeks: f.whole(1, MAX_WEEKS),
})

/** What was opened and left out goes on to the page in its address: it can be read again, and no session holds it. */
const told = ({ open, skipped }: Dates): string => {
  const dates: Day[] = skipped
  return `?opened=${open.length}${dates.length ? `&skipped=${dates.join(',')}` : ''}`
}

async function open(req: Request, res: Response): Promise<void> {
  const mentor = await ownMentor(req)
  const form = readForm(req, slotForm)
  await commit(req, res, async () => {
    const dates = await openSlots(req.park, mentor._id, form, actor(req))
    return `/parks/${req.park._id}/mentoring/mentors/${mentor._id}/slots${told(dates)}`
  })
}

async function close(req: Request, res: Response): Promise<void> {
  const mentor = await ownMentor(req)
  const slot = idParam(req, 'slot')
  await commit(req, res, async () => {
    await closeSlot(req.park._id, mentor, slot, actor(req))
    flash(res, 'mentoring.done.slotClosed')
    return `/parks/${req.park._id}/mentoring/mentors/${mentor._id}/slots`
  })
}

/** Where a mentor lands: who comes next, what waits to be marked, what they promised. */
async function own(req: Request, res: Response): Promise<void> {
  const park = req.park._id
  const { mentors } = await viewerOf(req)
  const [_id] = mentors
  const on = today(req.park.zone)
  if (!_id) return res.page('mentoring/own', { mentor: null })
  const [mentor, sessions, actions, days] = await Promise.all([
    loadMentor(park, _id),
    scopedFind<Session>(Session, { park, mentor: _id, state: 'booked' }, { sort: { startsAt: 1 }, limit: 100, projection: { notes: 0 } }),
    scopedFind<FollowUp>(FollowUp, { park, mentor: _id, done: null, who: 'mentor' }, { sort: { due: 1 }, limit: 50 }),
    scopedFind<MentorDay>(MentorDay, { park, mentor: _id, day: { $gte: on } }, { sort: { day: 1 } }),
  ])
  const rows = sessions.map(session => ({ ...session, when: whenText(session), status: statusOf(session) }))
  res.page('mentoring/own', {
    mentor,
    tones: TONES,
    waiting: rows.filter(row => row.status === 'unmarked'),
    coming: rows.filter(row => row.status !== 'unmarked'),
    actions: actions.map(action => ({ ...action, overdue: isOverdue(action, on) })),
    open: days.flatMap(day => day.slots).filter(slot => !slot.session).length,
  })
}

export const slotRoutes = routes(({ get, post }) => {
  get('/own', 'mentoring.own', own)
  get('/mentors/:mentor/slots', 'mentoring.read', slotsPage)
  post('/mentors/:mentor/slots', 'mentoring.read', open, { again: slotsPage })
  post('/mentors/:mentor/slots/:slot/removal', 'mentoring.read', close, { again: slotsPage })
})
