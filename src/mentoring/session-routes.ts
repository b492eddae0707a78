import type { Request, Response } from 'express'
import { z } from 'zod'
import { historyOf } from '../audit/history.ts'
import { now } from '../lib/clock.ts'
import { addDays, today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { addFollowUp, DOERS, FollowUp, isOverdue, tickFollowUp } from './actions.ts'
import { cancelSession, cancelUntil } from './cancel.ts'
import { asksConsent, setConsent, writeNote } from './notes.ts'
import { readableNotes } from './notes-rule.ts'
import { markOutcome, rateSession } from './outcome.ts'
import { OUTCOMES, type Session, sessionPath, statusOf, whenText } from './session.ts'
import { sessionList, TONES } from './session-list.ts'
import { demand, openSession, reachFilter, type Sides, sidesOf, viewerOf } from './sides.ts'

/** One session: what was agreed, what became of it, notes, follow-up actions, the team's word. What each side may do is said here. */
export interface Can {
  cancel: boolean
  tooLate: boolean
  mark: boolean
  note: boolean
  act: boolean
  consent: boolean
  rate: boolean
}

function canOf(session: Session, { team, mentor, staff }: Sides): Can {
  const at = now()
  const begun = session.startsAt <= at && session.state !== 'cancelled'
  const ahead = session.startsAt > at && session.state === 'booked'
  const late = cancelUntil(session) < at
  return {
    cancel: ahead && (mentor || staff || (team && !late)),
    tooLate: ahead && team && late && !mentor && !staff,
    mark: begun && (mentor || staff),
    note: begun && mentor,
    act: begun,
    consent: team && begun,
    rate: team && session.state === 'held',
  }
}

const stepNamed = (req: Request): string | null => (req.failed ? (req.path.split('/').slice(3)[0] ?? null) : null)

async function show(req: Request, res: Response): Promise<void> {
  const { session, sides } = await openSession(req)
  const { park, _id } = session
  const on = today(req.park.zone)
  const [actions, history] = await Promise.all([
    scopedFind<FollowUp>(FollowUp, { park, session: _id }, { sort: { due: 1, _id: 1 } }),
    sides.staff ? historyOf(req, 'mentoring', _id) : null,
  ])
  const notes = readableNotes(session, sides)
  const { feedback, notes: _all, ...rest } = session
  res.page('mentoring/session', {
    session: rest,
    sides,
    steps: canOf(session, sides),
    when: whenText(session),
    status: statusOf(session),
    tones: TONES,
    outcomes: OUTCOMES,
    until: cancelUntil(session),
    notes,
    // Staff aren’t told whether there are none or none for them; that something was written is in the trail, not what.
    notShared: sides.staff && !sides.team && !sides.mentor && !notes.length,
    asked: sides.team && asksConsent(session),
    feedback: sides.team || sides.staff ? feedback : null,
    actions: actions.map(action => ({ ...action, overdue: isOverdue(action, on) })),
    doers: DOERS,
    history,
    failedStep: stepNamed(req),
    form: formState(req, {
      due: addDays(on, 14),
      who: 'team',
      audience: 'pair',
      stars: feedback?.stars ?? '',
      comment: feedback?.text ?? '',
    }),
  })
}

/** A step of a session: who may, what is done, what is said then. */
const step =
  (allowed: (keyof Sides)[], done: Parameters<typeof flash>[1], work: (session: Session, sides: Sides, req: Request) => Promise<unknown>) =>
  async (req: Request, res: Response): Promise<void> => {
    const { session, sides } = await openSession(req)
    demand(sides, ...allowed)
    await commit(req, res, async () => {
      await work(session, sides, req)
      flash(res, done)
      return sessionPath(session)
    })
  }

const cancelForm = z.object({ reason: f.optionalText(300), reopen: f.check() })
const cancel = step(['team', 'mentor', 'staff'], 'mentoring.done.cancelled', ({ _id }, sides, req) => {
  const { reason, reopen } = readForm(req, cancelForm)
  const side = sides.staff ? 'park' : sides.mentor ? 'mentor' : 'team'
  return cancelSession(req.park, _id, { side, reason, reopen }, actor(req))
})

const outcomeForm = z.object({ outcome: f.choice(OUTCOMES) })
const mark = step(['mentor', 'staff'], 'mentoring.done.marked', ({ park, _id }, _sides, req) =>
  markOutcome(park, _id, readForm(req, outcomeForm).outcome, actor(req)),
)

const noteForm = z.object({ text: f.text(5000), audience: f.choice(['pair', 'park'] as const) })
const note = step(['mentor'], 'mentoring.done.noted', ({ park, _id }, _sides, req) =>
  writeNote(park, _id, readForm(req, noteForm), actor(req)),
)

const consent = (given: boolean) =>
  step(['team'], given ? 'mentoring.done.consented' : 'mentoring.done.withdrawn', ({ park, _id }, _sides, req) =>
    setConsent(park, _id, given, actor(req)),
  )

const actionForm = z.object({ action: f.text(300), who: f.choice(DOERS), due: f.day() })
const addAction = step(['team', 'mentor', 'staff'], 'mentoring.done.actionAdded', ({ park, _id }, _sides, req) => {
  const { action, who, due } = readForm(req, actionForm)
  return addFollowUp(park, _id, { text: action, who, due }, actor(req))
})
const tick = (done: boolean) =>
  step(['team', 'mentor', 'staff'], 'mentoring.done.ticked', (session, _sides, req) =>
    tickFollowUp(session, idParam(req, 'action'), done, actor(req)),
  )

const feedbackForm = z.object({ stars: f.whole(1, 5), comment: f.optionalText(1000) })
const rate = step(['team'], 'mentoring.done.rated', ({ park, _id }, _sides, req) => {
  const { stars, comment } = readForm(req, feedbackForm)
  return rateSession(park, _id, { stars, text: comment }, actor(req))
})

/** What is still to be done after sessions: a team's and a mentor's; for staff, all of the park. */
async function actionList(req: Request, res: Response): Promise<void> {
  const viewer = await viewerOf(req)
  const on = today(req.park.zone)
  const filter = { ...reachFilter(req.park._id, viewer), done: null }
  const actions = await scopedFind<FollowUp>(FollowUp, filter, { sort: { due: 1, _id: 1 }, limit: 200 })
  const mine = (action: FollowUp) => sidesOf(viewer, action)[action.who === 'park' ? 'staff' : action.who]
  res.page('mentoring/actions', {
    form: formState(req),
    actions: actions.map(action => ({ ...action, overdue: isOverdue(action, on), mine: mine(action) })),
  })
}

export const mentoringSessionRoutes = routes(({ get, post }) => {
  get('/sessions', 'mentoring.read', sessionList)
  get('/actions', 'mentoring.read', actionList)
  get('/sessions/:session', 'mentoring.read', show)
  post('/sessions/:session/cancellation', 'mentoring.read', cancel, { again: show })
  post('/sessions/:session/outcome', 'mentoring.read', mark, { again: show })
  post('/sessions/:session/notes', 'mentoring.own', note, { again: show })
  post('/sessions/:session/consent', 'mentoring.book', consent(true), { again: show })
  post('/sessions/:session/consent/withdrawal', 'mentoring.book', consent(false), { again: show })
  post('/sessions/:session/actions', 'mentoring.read', addAction, { again: show })
  post('/sessions/:session/actions/:action/completion', 'mentoring.read', tick(true), { again: show })
  post('/sessions/:session/actions/:action/reopening', 'mentoring.read', tick(false), { again: show })
  post('/sessions/:session/feedback', 'mentoring.book', rate, { again: show })
})
