import type { Request, Response } from 'express'
import { historyOf } from '../audit/history.ts'
import { today } from '../lib/days.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { type FormState, formState, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import type { Building } from './building.ts'
import { createBuilding, editBuilding } from './building-edit.ts'
import { editForm, inputOf, newForm, rowsShown, valuesOf } from './building-form.ts'
import { findBuilding } from './plan-routes.ts'

/** Adding and changing buildings. Before planRoutes: “new” is no building's code. */
const pathOf = (req: Request, code: string) => `/parks/${req.park._id}/buildings/${code}`

const rows = (form: FormState) => rowsShown(form.values['floors'], form.current?.['floors'])

async function fresh(req: Request, res: Response): Promise<void> {
  const form = formState(req, { commonFrom: today(req.park.zone), floors: [] })
  res.page('spaces/building-form', { building: null, form, rows: rows(form), history: null })
}

async function create(req: Request, res: Response): Promise<void> {
  const form = readForm(req, newForm)
  await commit(req, res, async () => {
    const building = await createBuilding(req.park._id, form.code, inputOf(form), actor(req))
    flash(res, 'structure.building.created')
    return pathOf(req, building.code)
  })
}

async function edit(req: Request, res: Response): Promise<void> {
  const building: Building = await findBuilding(req)
  const form = formState(req, valuesOf(building, today(req.park.zone)))
  const history = await historyOf(req, 'building', building._id)
  res.page('spaces/building-form', { building, form, rows: rows(form), history })
}

async function save(req: Request, res: Response): Promise<void> {
  const { code } = await findBuilding(req)
  const form = readForm(req, editForm)
  await commit(req, res, async () => {
    await editBuilding(req.park._id, code, form.version, inputOf(form), today(req.park.zone), actor(req))
    flash(res, 'structure.building.saved')
    return pathOf(req, code)
  })
}

export const buildingRoutes = routes(({ get, post }) => {
  get('/new', 'space.edit', fresh)
  post('/new', 'space.edit', create, { again: fresh })
  get('/:building/edit', 'space.edit', edit)
  post('/:building/edit', 'space.edit', save, { again: edit })
})
