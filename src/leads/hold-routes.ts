import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { now } from '../lib/clock.ts'
import { type Day, dayAfter, later, today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { findUnit, unitPath } from '../spaces/unit-forms.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm, readQuery, seeOther } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { freeUntil, holdsLeft, isOwn, isTheirs } from './hold-rules.ts'
import { rightsOf, rowOf } from './hold-words.ts'
import { approveHold, holdForLead, holdPath, leadOf, prolongHold, refuseHold, releaseHold } from './holds.ts'
import { Lead } from './lead.ts'
import { setupOf } from './setup.ts'

/** Keeping a unit for a lead, and what becomes of it. Beside the pages of a unit: what is held is the unit. */
const MOST = 300
type Choice = Pick<Lead, '_id' | 'number' | 'name' | 'owner' | 'ownerName' | 'wish'>
const SHOWN = { number: 1, name: 1, owner: 1, ownerName: 1, wish: 1 }

/** Leads somebody may hold for: their own; who leads, all. The one asked for is among them, however long nothing has happened with it. */
async function choicesFor(req: Request, wanted: string | undefined): Promise<Choice[]> {
  const own = rightsOf(req).leads ? {} : { owner: new Types.ObjectId(req.me!.id) }
  const open = { park: req.park._id, state: { $in: ['open', 'converted'] }, ...own }
  const [rows, named] = await Promise.all([
    scopedFind<Choice>(Lead, { ...open, state: 'open' }, { projection: SHOWN, sort: { touchedAt: -1 }, limit: MOST }),
    wanted ? scopedFind<Choice>(Lead, { ...open, _id: new Types.ObjectId(wanted) }, { projection: SHOWN, limit: 1 }) : [],
  ])
  return [...named.filter(one => !rows.some(row => row._id.equals(one._id))), ...rows]
}

const query = z.object({
  lead: z
    .string()
    .regex(/^[0-9a-f]{24}$/)
    .optional(),
  from: f.optionalDay(),
})

async function newPage(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const { lead: asked, from: wanted } = readQuery(req, query)
  const rights = rightsOf(req)
  const [choices, setup, room] = await Promise.all([
    choicesFor(req, asked),
    setupOf(req.park._id),
    holdsLeft(req.park._id, req.me!.id, rights),
  ])
  const [{ zone, settings }, day] = [req.park, today(req.park.zone)]
  const wished = wanted ?? choices.find(one => String(one._id) === asked)?.wish.from ?? null
  const free = freeUntil(now(), setup.holdDays, zone)
  const from = later(later(day, unit.activeFrom), wished ?? day)
  res.page('leads/hold-new', {
    unit,
    choices,
    room,
    free,
    days: setup.holdDays,
    whole: rights.approves && settings.selfApproval,
    leads: rights.leads,
    form: formState(req, { lead: asked ?? '', from, keptUntil: free }),
  })
}

const newForm = z.object({ lead: f.optionalId(), label: f.optionalText(80), from: f.day(), to: f.optionalDay(), keptUntil: f.day() })

async function make(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const { lead, ...wish } = readForm(req, newForm)
  await commit(req, res, async () => {
    const claim = await holdForLead(req.park, { ...wish, unit: unit._id }, lead, actor(req), rightsOf(req))
    flash(res, 'hold.done')
    return holdPath({ unit, hold: { _id: claim } as never })
  })
}

async function showPage(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const id = idParam(req, 'claim')
  const hold = unit.claims.find(one => one.kind === 'hold' && one._id.equals(id))
  if (!hold) {
    // Notices lead here long after it was released or became a lease's claim: the unit says what it is now.
    flash(res, 'hold.gone')
    return seeOther(res, unitPath(unit))
  }
  const row = rowOf(req.park.zone, { unit, hold })
  const [lead, setup, rights] = [await leadOf(row), await setupOf(req.park._id), rightsOf(req)]
  const free = freeUntil(hold.madeAt ?? now(), setup.holdDays, req.park.zone)
  res.page('leads/hold', {
    unit,
    row,
    forLead: lead,
    free,
    theirs: isTheirs(hold, lead, actor(req), rights),
    decides: row.asked && rights.approves,
    own: isOwn(hold, actor(req)) && !req.park.settings.selfApproval,
    form: formState(req, { keptUntil: suggested(row.askedUntil ?? row.until, free) }),
  })
}

const suggested = (until: Day | null, free: Day): Day => (until && until >= free ? dayAfter(until) : free)

const prolongForm = z.object({ keptUntil: f.day() })

async function prolong(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const { keptUntil } = readForm(req, prolongForm)
  const hold = { _id: idParam(req, 'claim') }
  await commit(req, res, async () => {
    await prolongHold(req.park, { unit: unit._id, claim: hold._id, keptUntil }, actor(req), rightsOf(req))
    flash(res, 'hold.prolonged')
    return holdPath({ unit, hold: hold as never })
  })
}

const approveForm = z.object({ seen: f.day() })

async function approve(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const { seen } = readForm(req, approveForm)
  const hold = { _id: idParam(req, 'claim') }
  await commit(req, res, async () => {
    await approveHold(req.park, { unit: unit._id, claim: hold._id, seen }, actor(req))
    flash(res, 'hold.approved')
    return holdPath({ unit, hold: hold as never })
  })
}

const refuseForm = z.object({ seen: f.day(), reason: f.text(300) })

async function refuse(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const { seen, reason } = readForm(req, refuseForm)
  const hold = { _id: idParam(req, 'claim') }
  await commit(req, res, async () => {
    await refuseHold(req.park, { unit: unit._id, claim: hold._id, seen }, reason, actor(req))
    flash(res, 'hold.refused')
    return holdPath({ unit, hold: hold as never })
  })
}

async function release(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  await commit(req, res, async () => {
    await releaseHold(req.park, unit._id, idParam(req, 'claim'), actor(req), rightsOf(req))
    flash(res, 'hold.released')
    return unitPath(unit)
  })
}

export const holdRoutes = routes(({ get, post }) => {
  get('/:unit/holds', 'space.hold', newPage)
  post('/:unit/holds', 'space.hold', make, { again: newPage })
  get('/:unit/holds/:claim', 'space.hold', showPage)
  post('/:unit/holds/:claim/prolongation', 'space.hold', prolong, { again: showPage })
  post('/:unit/holds/:claim/approval', 'hold.approve', approve, { again: showPage })
  post('/:unit/holds/:claim/refusal', 'hold.approve', refuse, { again: showPage })
  post('/:unit/holds/:claim/release', 'space.hold', release)
})
