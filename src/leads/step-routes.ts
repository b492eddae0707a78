import type { Request, Response } from 'express'
import { z } from 'zod'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { idParam, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { FOLLOW_UPS } from './entry.ts'
import { nextFields } from './form.ts'
import { type Lead, LOST_REASONS, leadPath } from './lead.ts'
import { showLead } from './show.ts'
import { followUp, loadLead, loseLead, planNext, reopenLead } from './steps.ts'
import { refuseColleagues, selfOf } from './who.ts'

/** What its owner does with a lead: each a small form on its page. */
async function ownLead(req: Request): Promise<Lead> {
  const lead = await loadLead(req.park._id, idParam(req, 'lead'))
  refuseColleagues(req, lead)
  return lead
}

const followForm = z.object({ kind: f.choice(FOLLOW_UPS), text: f.text(2000), ...nextFields })

async function follow(req: Request, res: Response): Promise<void> {
  const lead = await ownLead(req)
  const { kind, text, nextWhat, nextOn } = readForm(req, followForm)
  await commit(req, res, async () => {
    await followUp(req.park, lead._id, { kind, text, next: { what: nextWhat, on: nextOn } }, actor(req))
    flash(res, 'lead.done.followed')
    return leadPath(lead)
  })
}

async function plan(req: Request, res: Response): Promise<void> {
  const lead = await ownLead(req)
  const { nextWhat, nextOn } = readForm(req, z.object(nextFields))
  await commit(req, res, async () => {
    await planNext(req.park, lead._id, { what: nextWhat, on: nextOn }, actor(req))
    flash(res, 'app.saved')
    return leadPath(lead)
  })
}

const lossForm = z.object({ reason: f.choice(LOST_REASONS), note: f.optionalText(300) })

async function lose(req: Request, res: Response): Promise<void> {
  const lead = await ownLead(req)
  const form = readForm(req, lossForm)
  await commit(req, res, async () => {
    await loseLead(req.park._id, lead._id, form, actor(req))
    flash(res, 'lead.done.lost')
    return leadPath(lead)
  })
}

async function reopen(req: Request, res: Response): Promise<void> {
  const lead = await loadLead(req.park._id, idParam(req, 'lead'))
  const { nextWhat, nextOn } = readForm(req, z.object(nextFields))
  await commit(req, res, async () => {
    await reopenLead(req.park, lead._id, { what: nextWhat, on: nextOn }, { ...actor(req), ...selfOf(req) })
    flash(res, 'lead.done.reopened')
    return leadPath(lead)
  })
}

export const leadStepRoutes = routes(({ post }) => {
  post('/:lead/follow-ups', 'lead.work', follow, { again: showLead })
  post('/:lead/next', 'lead.work', plan, { again: showLead })
  post('/:lead/loss', 'lead.work', lose, { again: showLead })
  post('/:lead/reopening', 'lead.work', reopen, { again: showLead })
})
