import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { type Day, dayAfter, later, today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm, readMany, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { byCode } from './plan-layout.ts'
import { hasEnd } from './state.ts'
import { mergeUnits } from './structure.ts'
import { PRODUCTS, Unit } from './unit.ts'
import { placesOf } from './unit-form-routes.ts'
import { code, factsFields, takenUntil, unitPath } from './unit-forms.ts'

/** Several units of one floor become one. Before the unit's own page: “merge” is no unit. */
const query = z.object({ floor: z.string().max(40).optional() })

const keyOf = (unit: Unit): string => `${unit.building}/${unit.floor}`

/** The floor of the address, or that of the first unit chosen in a list; units chosen on other floors can't come along. */
async function floorAsked(req: Request): Promise<{ key: string | undefined; units: Unit[]; strays: Unit[] }> {
  const ids = readMany(req, 'unit').filter(id => /^[0-9a-f]{24}$/.test(id))
  const park = req.park._id
  const found = ids.length ? await scopedFind<Unit>(Unit, { park, _id: { $in: ids.map(id => new Types.ObjectId(id)) } }) : []
  const [first] = found.sort((a, b) => ids.indexOf(String(a._id)) - ids.indexOf(String(b._id)))
  const key = first ? keyOf(first) : readQuery(req, query).floor
  return { key, units: found.filter(unit => keyOf(unit) === key), strays: found.filter(unit => keyOf(unit) !== key) }
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
  const first = asked.units[0] ?? units[0]
  const taken = asked.units.map(takenUntil).filter(hasEnd)
  const on = taken.reduce((day, last) => later(day, dayAfter(last)), tomorrow)
  const form = formState(req, {
    on,
    units: asked.units.map(unit => String(unit._id)),
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
    strays: asked.strays,
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
