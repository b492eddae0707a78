import type { Request, Response } from 'express'
import { z } from 'zod'
import { plainArea } from '../lib/area.ts'
import { dayBefore } from '../lib/days.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { remeasureUnit, retireUnit, splitUnit } from './structure.ts'
import { PRODUCTS } from './unit.ts'
import { datesOf, findUnit, partRows, splitForm, takenUntil, unitPath, withAreas } from './unit-forms.ts'

/** Dated changes of one unit: split, re-measured, retired. The old unit's history stays where it is. */
async function splitPage(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const dates = datesOf(req, unit)
  const common = { product: unit.product, listRate: unit.listRate }
  const parts = [1, 2].map(n => ({ ...common, code: `${unit.code}-${n}` }))
  const form = formState(req, { on: dates.suggested, parts })
  const rows = partRows(form.values['parts'])
  while (rows.length < 2) rows.push({ ...common })
  const locals = { unit, dates, taken: takenUntil(unit), rows, fresh: common, products: PRODUCTS, scripts: ['parts.js'] }
  res.page('spaces/unit-split', { ...locals, form })
}

async function split(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const { on, parts } = readForm(req, splitForm)
  await commit(req, res, async () => {
    const [first] = await splitUnit(req.park._id, unit._id, on, parts.map(withAreas), actor(req))
    flash(res, 'structure.split.done')
    return unitPath(first!)
  })
}

async function remeasurePage(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const dates = datesOf(req, unit)
  const areas = { gross: plainArea(unit.gross), chargeable: plainArea(unit.chargeable) }
  const form = formState(req, { on: dates.suggested, ...areas, moveCommon: req.failed ? '' : 'on' })
  res.page('spaces/unit-remeasure', { unit, dates, taken: takenUntil(unit), form })
}

const remeasureForm = z.object({ on: f.day(), gross: f.area(), chargeable: f.area(), moveCommon: f.check() })

async function remeasure(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const { on, moveCommon, ...areas } = readForm(req, remeasureForm)
  await commit(req, res, async () => {
    const made = await remeasureUnit(req.park._id, unit._id, on, areas, moveCommon, actor(req))
    flash(res, 'structure.remeasure.done')
    return unitPath(made)
  })
}

async function retirePage(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const { earliest, suggested } = datesOf(req, unit)
  const dates = { earliest: earliest && dayBefore(earliest), suggested: dayBefore(suggested) }
  res.page('spaces/unit-retire', { unit, dates, taken: takenUntil(unit), form: formState(req, { on: dates.suggested }) })
}

const retireForm = z.object({ on: f.day() })

async function retire(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const { on } = readForm(req, retireForm)
  await commit(req, res, async () => {
    await retireUnit(req.park._id, unit._id, on, actor(req))
    flash(res, 'structure.retire.done')
    return unitPath(unit)
  })
}

export const unitChangeRoutes = routes(({ get, post }) => {
  get('/:unit/split', 'space.edit', splitPage)
  post('/:unit/split', 'space.edit', split, { again: splitPage })
  get('/:unit/remeasure', 'space.edit', remeasurePage)
  post('/:unit/remeasure', 'space.edit', remeasure, { again: remeasurePage })
  get('/:unit/retirement', 'space.edit', retirePage)
  post('/:unit/retirement', 'space.edit', retire, { again: retirePage })
})
