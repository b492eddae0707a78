import type { Request, Response } from 'express'
import { historyOf } from '../audit/history.ts'
import { today } from '../lib/days.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { leadPath } from './lead.ts'
import { headsOf, visitPath, visitWhen } from './visit.ts'
import './visit-feed.ts'
import './visit-follow.ts'
import { cancelForm, factsFrom, freshValues, moveForm, planForm, visitFormPage, visitValues } from './visit-form.ts'
import { findVisit, mayShow, ownLead, ownVisit, unitsThen } from './visit-page.ts'
import { calendarFile } from './visit-tell.ts'
import { cancelVisit, moveVisit, planVisit } from './visits.ts'

/** One visit: planned from its lead, shown, changed, called off, and taken into one's own calendar. */
async function create(req: Request, res: Response): Promise<void> {
  const lead = await ownLead(req)
  res.page('leads/visit-form', { visit: null, lead, ...(await visitFormPage(req, freshValues(req, lead))) })
}

async function add(req: Request, res: Response): Promise<void> {
  const lead = await ownLead(req)
  const facts = factsFrom(readForm(req, planForm))
  await commit(req, res, async () => {
    const visit = await planVisit(req.park, lead._id, facts, actor(req))
    flash(res, 'visit.flash.planned')
    return visitPath(visit)
  })
}

async function show(req: Request, res: Response): Promise<void> {
  const { visit, lead } = await findVisit(req)
  const [units, history] = await Promise.all([unitsThen(req.park, visit), historyOf(req, 'visit', visit._id)])
  res.page('leads/visit', {
    visit,
    lead,
    leadPath: leadPath(lead),
    units,
    history,
    heads: headsOf(visit),
    when: visitWhen(visit),
    begun: visit.day <= today(req.park.zone),
    may: mayShow(req, visit, lead),
    form: formState(req, { version: visit.version }),
  })
}

async function edit(req: Request, res: Response): Promise<void> {
  const { visit, lead } = await ownVisit(req)
  const current = { when: visitWhen(visit), units: visit.units.map(one => one.code), guests: visit.guests.map(one => one.name) }
  res.page('leads/visit-form', { visit, lead, current, ...(await visitFormPage(req, visitValues(visit))) })
}

async function save(req: Request, res: Response): Promise<void> {
  const { visit } = await ownVisit(req)
  const { version, ...typed } = readForm(req, moveForm)
  await commit(req, res, async () => {
    await moveVisit(req.park, visit._id, version, factsFrom(typed), actor(req))
    flash(res, 'visit.flash.moved')
    return visitPath(visit)
  })
}

async function cancel(req: Request, res: Response): Promise<void> {
  const { visit } = await ownVisit(req)
  const { version, reason } = readForm(req, cancelForm)
  await commit(req, res, async () => {
    await cancelVisit(req.park, visit._id, version, reason, actor(req))
    flash(res, 'visit.flash.cancelled')
    return visitPath(visit)
  })
}

async function calendar(req: Request, res: Response): Promise<void> {
  const { visit, lead } = await findVisit(req)
  res.set('content-disposition', `attachment; filename="visit-${visit.day}.ics"`)
  res.set('cache-control', 'no-store')
  res.type('text/calendar; charset=utf-8').send(calendarFile(visit, req.park, lead, req.lang))
}

export const visitRoutes = routes(({ get, post }) => {
  get('/visits/:visit', 'lead.read', show)
  get('/visits/:visit/edit', 'lead.work', edit)
  post('/visits/:visit/edit', 'lead.work', save, { again: edit })
  post('/visits/:visit/cancellation', 'lead.work', cancel, { again: show })
  get('/visits/:visit/calendar.ics', 'lead.read', calendar)
  get('/:lead/visits/new', 'lead.work', create)
  post('/:lead/visits', 'lead.work', add, { again: create })
})
