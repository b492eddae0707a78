import type { Request, Response } from 'express'
import type { Types } from 'mongoose'
import { z } from 'zod'
import { today } from '../lib/days.ts'
import { RuleError } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { nextFields } from './form.ts'
import { leadPath } from './lead.ts'
import { loadsOf } from './owner-loads.ts'
import { ownershipOf } from './ownership.ts'
import { claimLead, giveUp, handOver, handOverAll } from './pool.ts'
import { checkNext, loadLead, loadOpen, refuseStranger } from './steps.ts'
import { mayLead, selfOf } from './who.ts'

/** Whose a lead is: taken out of the pool, given back, handed over; and all of a colleague's at once. */
async function showOwner(req: Request, res: Response): Promise<void> {
  const lead = await loadLead(req.park._id, idParam(req, 'lead'))
  res.page('leads/owner', { lead, ownership: await ownershipOf(req, lead), form: formState(req) })
}

const claimForm = z.object(nextFields)

async function claim(req: Request, res: Response): Promise<void> {
  const { nextWhat: what, nextOn: on } = readForm(req, claimForm)
  const _id = idParam(req, 'lead')
  checkNext({ what, on }, today(req.park.zone))
  await commit(req, res, async () => {
    const lead = await claimLead(req.park._id, _id, selfOf(req), { what, on }, actor(req))
    flash(res, 'leadBoard.done.claimed')
    return leadPath(lead)
  })
}

const poolForm = z.object({ reason: f.text(500) })

async function give(req: Request, res: Response): Promise<void> {
  const { reason } = readForm(req, poolForm)
  const park = req.park._id
  await commit(req, res, async () => {
    const lead = await loadOpen(park, idParam(req, 'lead'))
    refuseStranger(lead, actor(req), mayLead(req))
    await giveUp(park, lead._id, { why: 'given', note: reason }, actor(req))
    flash(res, 'leadBoard.done.given')
    return leadPath(lead)
  })
}

const handForm = z.object({ owner: f.id(), note: f.optionalText(300) })

async function hand(req: Request, res: Response): Promise<void> {
  const { owner: to, note } = readForm(req, handForm)
  const park = req.park._id
  await commit(req, res, async () => {
    const lead = await handOver(park, idParam(req, 'lead'), { to, note, leads: mayLead(req) }, actor(req))
    flash(res, 'leadBoard.done.handed')
    return leadPath(lead)
  })
}

async function showHandOver(req: Request, res: Response): Promise<void> {
  const staff = await loadsOf(req.park._id)
  res.page('leads/hand-over', {
    form: formState(req),
    busy: staff.filter(one => one.count > 0),
    staff: staff.filter(one => one.here),
  })
}

const POOL = 'pool'
const handAllForm = z.object({
  from: f.id(),
  to: z.union([z.literal(POOL), f.id()], 'error.choose'),
  note: f.optionalText(300),
})

async function handAll(req: Request, res: Response): Promise<void> {
  const { from, to, note } = readForm(req, handAllForm)
  const park = req.park._id
  await commit(req, res, async () => {
    if (to === POOL && !note) throw new RuleError('required', {}, { field: 'note' })
    await handOverAll(park, { from, to: to === POOL ? null : (to as Types.ObjectId), note }, actor(req))
    flash(res, 'leadBoard.done.movedAll')
    return `/parks/${park}/leads?tab=${to === POOL ? 'pool' : `open&owner=${to}`}`
  })
}

export const leadOwnerRoutes = routes(({ get, post }) => {
  get('/hand-over', 'lead.lead', showHandOver)
  post('/hand-over', 'lead.lead', handAll, { again: showHandOver })
  get('/:lead/owner', 'lead.work', showOwner)
  post('/:lead/owner', 'lead.work', hand, { again: showOwner })
  post('/:lead/claim', 'lead.work', claim, { again: showOwner })
  post('/:lead/pool', 'lead.work', give, { again: showOwner })
})
