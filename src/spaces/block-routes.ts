import type { Request, Response } from 'express'
import { z } from 'zod'
import { addDays, dayAfter, earlier, later, startOfDay, today } from '../lib/days.ts'
import { notFound } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { BLOCK_KINDS, blockUnit, endBlock, holdUnit, releaseHold } from './blocks.ts'
import { findUnit, unitPath } from './unit-forms.ts'

/** Taking a unit by hand: promotion holds it for a company, the manager takes it for works or the park's own use. */
const HOLD_DAYS = 14

async function holdPage(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const day = today(req.park.zone)
  const form = formState(req, { from: later(day, unit.activeFrom), keptUntil: addDays(day, HOLD_DAYS) })
  res.page('spaces/unit-hold', { unit, form })
}

const holdForm = z.object({ from: f.day(), to: f.optionalDay(), label: f.text(80), keptUntil: f.day() })

async function hold(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const { keptUntil, ...period } = readForm(req, holdForm)
  const expiresAt = startOfDay(dayAfter(keptUntil), req.park.zone)
  await commit(req, res, async () => {
    await holdUnit(req.park._id, unit._id, { ...period, expiresAt }, actor(req))
    flash(res, 'structure.hold.done')
    return unitPath(unit)
  })
}

async function release(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  await commit(req, res, async () => {
    await releaseHold(req.park._id, unit._id, idParam(req, 'claim'), today(req.park.zone), actor(req))
    flash(res, 'structure.hold.released')
    return unitPath(unit)
  })
}

async function blockPage(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const form = formState(req, { from: later(today(req.park.zone), unit.activeFrom), kind: 'works' })
  res.page('spaces/unit-block', { unit, form, kinds: BLOCK_KINDS })
}

const blockForm = z.object({ kind: f.choice(BLOCK_KINDS), from: f.day(), to: f.optionalDay(), label: f.optionalText(80) })

async function block(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const form = readForm(req, blockForm)
  await commit(req, res, async () => {
    await blockUnit(req.park._id, unit._id, form, actor(req))
    flash(res, 'structure.block.done')
    return unitPath(unit)
  })
}

async function endPage(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const id = idParam(req, 'claim')
  const claim = unit.claims.find(one => one._id.equals(id) && (BLOCK_KINDS as readonly string[]).includes(one.kind))
  if (!claim) throw notFound()
  res.page('spaces/unit-block-end', { unit, claim, form: formState(req, { on: earlier(today(req.park.zone), claim.to) }) })
}

const endForm = z.object({ on: f.day() })

async function end(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const { on } = readForm(req, endForm)
  await commit(req, res, async () => {
    await endBlock(req.park._id, unit._id, idParam(req, 'claim'), on, actor(req))
    flash(res, 'structure.block.ended')
    return unitPath(unit)
  })
}

export const unitBlockRoutes = routes(({ get, post }) => {
  get('/:unit/holds', 'space.hold', holdPage)
  post('/:unit/holds', 'space.hold', hold, { again: holdPage })
  post('/:unit/holds/:claim/release', 'space.hold', release)
  get('/:unit/blocks', 'space.block', blockPage)
  post('/:unit/blocks', 'space.block', block, { again: blockPage })
  get('/:unit/blocks/:claim/end', 'space.block', endPage)
  post('/:unit/blocks/:claim/end', 'space.block', end, { again: endPage })
})
