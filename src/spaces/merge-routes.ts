import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { type Day, dayAfter, later, today } from '../lib/days.ts'
import { scopedFind, scopedOne } from '../lib/park-scope.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { byCode } from './plan-layout.ts'
import { mergeUnits } from './structure.ts'
import { PRODUCTS, Unit } from './unit.ts'
import { placesOf } from './unit-form-routes.ts'
import { code, factsFields, takenUntil, unitPath } from './unit-forms.ts'

/** Several units of one floor become one. Before the unit's own page: “merge” is no unit. */
const query = z.object({ floor: z.string().max(40).optional(), unit: f.optionalId().optional() })

async function floorAsked(req: Request): Promise<{ key: string | undefined; unit: Unit | null }> {
  const asked = readQuery(req, query)
  const unit = asked.unit ? await scopedOne<Unit>(Unit, { park: req.park._id, _id: asked.unit }) : null
  return { key: unit ? `${unit.building}/${unit.floor}` : asked.floor, unit }
}

/** The units that exist from tomorrow on. */
const unitsOn = (park: string, building: string, floor: string, on: Day): Promise<Unit[]> =>
  scopedFind<Unit>(Unit, { park, building, floor, activeFrom: { $lt: on }, activeTo: { $gte: on } })

const chosen = (value: unknown): Set<string> => new Set((Array.isArray(value) ? value : value ? [value] : []).map(String))

async function page(req: Request, res: Response): Promise<void> {
  const [places, asked] = await Promise.all([placesOf(req.park._id), floorAsked(req)])
  const place = places.find(one => one.key === asked.key) ?? null
  const tomorrow = dayAfter(today(req.park.zone))
  const units = place ? (await unitsOn(req.park._id, place.building, place.floor, tomorrow)).sort(byCode) : []
  const first = asked.unit ?? units[0]
  const on = asked.unit ? later(tomorrow, dayAfter(takenUntil(asked.unit))) : tomorrow
  const form = formState(req, {
    on,
    units: asked.unit ? [String(asked.unit._id)] : [],
    code: first?.code,
    product: first?.product,
    listRate: first?.listRate,
  })
  const rows = units.map(unit => ({ unit, taken: takenUntil(unit) }))
  res.page('spaces/unit-merge', {
    places,
    place,
    rows,
    form,
    tomorrow,
    chosen: chosen(form.values['units']),
    products: PRODUCTS,
    scripts: ['parts.js'],
  })
}

const mergeForm = z.object({ on: f.day(), units: f.many(f.id()), code: code(), ...factsFields })

async function merge(req: Request, res: Response): Promise<void> {
  const { on, units, ...part } = readForm(req, mergeForm)
  await commit(req, res, async () => {
    const ids = units.map(id => new Types.ObjectId(String(id)))
    const unit = await mergeUnits(req.park._id, ids, on, part, actor(req))
    flash(res, 'structure.merge.done')
    return unitPath(unit)
  })
}

export const unitMergeRoutes = routes(({ get, post }) => {
  get('/merge', 'space.edit', page)
  post('/merge', 'space.edit', merge, { again: page })
})
