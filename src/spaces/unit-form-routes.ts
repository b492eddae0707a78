import type { Request, Response } from 'express'
import { z } from 'zod'
import { today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { RuleError } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { Building } from './building.ts'
import { createUnit } from './structure.ts'
import { PRODUCTS } from './unit.ts'
import { editUnit } from './unit-edit.ts'
import { factsFields, findUnit, partFields, unitPath, withAreas } from './unit-forms.ts'

/** New units, and what of a unit may change without a date. Before the unit's own page: “new” is no unit. */
interface Place {
  building: string
  floor: string
  /** “A/3F”: the choice as the form sends it. */
  key: string
  name: Building['name']
}

/** All floors of the park, building by building, highest first. */
export async function placesOf(park: string): Promise<Place[]> {
  const buildings = await scopedFind<Building>(Building, { park }, { sort: { code: 1 } })
  return buildings.flatMap(({ code, name, floors }) =>
    [...floors].sort((a, b) => b.level - a.level).map(floor => ({ building: code, floor: floor.code, key: `${code}/${floor.code}`, name })),
  )
}

const query = z.object({ floor: z.string().max(40).optional() })

async function fresh(req: Request, res: Response): Promise<void> {
  const places = await placesOf(req.park._id)
  const asked = readQuery(req, query).floor
  const form = formState(req, { place: asked ?? places[0]?.key, product: 'office', activeFrom: today(req.park.zone) })
  res.page('spaces/unit-new', { places, form, products: PRODUCTS })
}

const newForm = z.object({ ...partFields, place: f.text(40), activeFrom: f.day(), note: f.optionalText(1000) })

async function create(req: Request, res: Response): Promise<void> {
  const { place, activeFrom, ...typed } = readForm(req, newForm)
  const at = (await placesOf(req.park._id)).find(one => one.key === place)
  if (!at) throw new RuleError('choose', {}, { field: 'place' })
  await commit(req, res, async () => {
    const shape = { park: req.park._id, building: at.building, floor: at.floor }
    const unit = await createUnit(shape, withAreas(typed), activeFrom, actor(req))
    flash(res, 'structure.unit.created')
    return unitPath(unit)
  })
}

const editForm = z.object({ ...factsFields, note: f.optionalText(1000), version: f.version() })

async function edit(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  res.page('spaces/unit-edit', { unit, form: formState(req, unit), products: PRODUCTS })
}

async function save(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const { version, ...facts } = readForm(req, editForm)
  await commit(req, res, async () => {
    await editUnit(req.park._id, unit._id, version, facts, actor(req))
    flash(res, 'structure.unit.saved')
    return unitPath(unit)
  })
}

export const unitFormRoutes = routes(({ get, post }) => {
  get('/new', 'space.edit', fresh)
  post('/new', 'space.edit', create, { again: fresh })
  get('/:unit/edit', 'space.edit', edit)
  post('/:unit/edit', 'space.edit', save, { again: edit })
})
