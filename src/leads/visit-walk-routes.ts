import type { Request, Response } from 'express'
import { addDays, today } from '../lib/days.ts'
import { conflict } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { listIn } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { headsOf, visitPath, visitWhen } from './visit.ts'
import { judgeForm, likedOf, outcomeForm } from './visit-form.ts'
import { judgeUnit, recordOutcome } from './visit-outcome.ts'
import { ownVisit, unitsThen } from './visit-page.ts'

/** The host walks through the building with a phone: units in order, a tap for each; and what came of it in the end. */
async function walk(req: Request, res: Response): Promise<void> {
  const { visit, lead } = await ownVisit(req)
  const units = await unitsThen(req.park, visit)
  const open = visit.state === 'planned' && visit.day <= today(req.park.zone)
  const judged = units.filter(one => one.liked !== null).length
  res.page('leads/visit-walk', { visit, lead, units, open, judged, when: visitWhen(visit), heads: headsOf(visit), form: formState(req) })
}

async function judge(req: Request, res: Response): Promise<void> {
  const { visit } = await ownVisit(req)
  const unit = idParam(req, 'seen')
  const { liked, why } = readForm(req, judgeForm)
  await commit(req, res, async () => {
    await judgeUnit(req.park, visit._id, unit, { liked: likedOf(liked), why }, actor(req))
    return `${visitPath(visit)}/walk#unit-${unit}`
  })
}

const tapped = (liked: boolean | null): string => (liked === null ? '' : liked ? 'yes' : 'no')

async function ask(req: Request, res: Response): Promise<void> {
  const { visit, lead } = await ownVisit(req)
  if (visit.state === 'cancelled') throw conflict('visit.notPlanned', { state: 'key:visit.state.cancelled' })
  const form = formState(req, {
    ...{ version: visit.version, state: visit.state === 'planned' ? 'done' : visit.state, text: visit.outcome ?? '' },
    ...{ next: '', nextOn: addDays(today(req.park.zone), 1) },
  })
  // What was typed stays, row by row; the units are those of the visit.
  const typed = new Map((req.failed ? listIn(req.failed.values['units']) : []).map(row => [String(row['unit']), row]))
  const rows = visit.units.map(one => {
    const row = typed.get(String(one.unit))
    return { ...one, liked: row ? String(row['liked'] ?? '') : tapped(one.liked), why: row ? String(row['why'] ?? '') : (one.why ?? '') }
  })
  const asksNext = lead.state === 'open' && lead.owner !== null && visit.state === 'planned'
  res.page('leads/visit-outcome', { visit, lead, rows, asksNext, when: visitWhen(visit), form })
}

async function record(req: Request, res: Response): Promise<void> {
  const { visit } = await ownVisit(req)
  const { version, state, text, units, next, nextOn } = readForm(req, outcomeForm)
  const given = {
    ...{ state, text, next: nextOn ? { what: next ?? '', on: nextOn } : null },
    units: units.map(one => ({ unit: one.unit, liked: likedOf(one.liked), why: one.why })),
  }
  await commit(req, res, async () => {
    await recordOutcome(req.park, visit._id, version, given, actor(req))
    flash(res, 'visit.flash.recorded')
    return visitPath(visit)
  })
}

export const visitWalkRoutes = routes(({ get, post }) => {
  get('/visits/:visit/walk', 'lead.work', walk)
  post('/visits/:visit/units/:seen', 'lead.work', judge, { again: walk })
  get('/visits/:visit/outcome', 'lead.work', ask)
  post('/visits/:visit/outcome', 'lead.work', record, { again: ask })
})
