import type { Request, Response } from 'express'
import { z } from 'zod'
import { earlier, later, today } from '../lib/days.ts'
import { notFound } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { BLOCK_KINDS, blockUnit, endBlock } from './blocks.ts'
import { findUnit, unitPath } from './unit-forms.ts'

/** Taking a unit for works or the park's own use. Holds are made with the leads they are for. */
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
  get('/:unit/blocks', 'space.block', blockPage)
  post('/:unit/blocks', 'space.block', block, { again: blockPage })
  get('/:unit/blocks/:claim/end', 'space.block', endPage)
  post('/:unit/blocks/:claim/end', 'space.block', end, { again: endPage })
})
