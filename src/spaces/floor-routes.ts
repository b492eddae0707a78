import type { Request, Response } from 'express'
import { z } from 'zod'
import { isDay, today as todayIn } from '../lib/days.ts'
import { notFound } from '../lib/rule-error.ts'
import { f } from '../web/fields.ts'
import { param, readQuery } from '../web/forms.ts'
import { linkWith } from '../web/list.ts'
import { routes } from '../web/router.ts'
import type { Building, Floor } from './building.ts'
import { sheetOf } from './drawings.ts'
import { overlaps, scaleOf, shapesOf, undrawn } from './floor-plan.ts'
import { share } from './occupancy.ts'
import { curvePaths, matches, type Placed, type PlanFilter, planOf, unitsWithin, whenOf, windowOf } from './plan.ts'
import { byCode } from './plan-layout.ts'
import { findBuilding } from './plan-routes.ts'
import { STATES } from './state.ts'
import { PRODUCTS } from './unit.ts'

/** A floor's plan: its drawing with the units' outlines in the colours of their states, for any day. */
const query = z.object({
  on: z.string().refine(isDay).optional(),
  view: z.enum(['plan', 'table']).default('plan'),
  state: z.enum(STATES).optional(),
  product: z.enum(PRODUCTS).optional(),
  area: f.optionalArea().optional(),
})

/** The building and the floor an address names. */
export async function findFloor(req: Request): Promise<{ building: Building; floor: Floor; path: string }> {
  const building = await findBuilding(req)
  const floor = building.floors.find(one => one.code === param(req, 'floor'))
  if (!floor) throw notFound()
  return { building, floor, path: floorPath(building, floor.code) }
}

export const floorPath = (building: Building, floor: string): string =>
  `/parks/${building.park}/buildings/${building.code}/floors/${encodeURIComponent(floor)}`

export const pictureOf = (building: Building, floor: Floor): string | null =>
  floor.drawing && `${floorPath(building, floor.code)}/drawing/${floor.drawing.file}`

async function show(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, query)
  const { building, floor, path } = await findFloor(req)
  const today = todayIn(req.park.zone)
  const on = asked.on ?? today
  const units = await unitsWithin(req.park._id, windowOf(on, today), { building: building.code, floor: floor.code }, { outline: 1 })
  const plan = planOf({ ...building, floors: [floor] }, units, whenOf(req.park, on, today))
  const [here] = plan.floors
  const filter: PlanFilter = { state: asked.state, product: asked.product, minArea: asked.area }
  const placed = [...here!.units].sort((a, b) => byCode(a.unit, b.unit))
  const sheet = sheetOf(
    floor,
    placed.map(one => one.unit.outline),
  )
  const state = (name: (typeof STATES)[number]) => req.t(`space.state.${name}`)
  res.page(asked.view === 'table' ? 'spaces/floor-table' : 'spaces/floor', {
    building,
    floor,
    path: req.baseUrl + req.path,
    here: path,
    floors: [...building.floors].sort((a, b) => b.level - a.level).map(({ code }) => ({ code, path: `${floorPath(building, code)}` })),
    plan: { ...plan, floors: [here] },
    placed,
    shown: (one: Placed) => matches(one, filter),
    shapes: shapesOf(placed, sheet, { state, area: req.fmt.area }),
    undrawn: undrawn(placed),
    overlaps: overlaps(placed.map(one => one.unit)),
    sheet,
    scale: scaleOf(sheet),
    picture: pictureOf(building, floor),
    states: STATES,
    on,
    asked,
    products: PRODUCTS,
    share: share(plan.occupancy.area),
    paths: curvePaths(plan.curve, today, 1000, 52),
    link: (change: Record<string, string | null>) => linkWith(req, change),
    keep: on === today ? '' : `?on=${on}`,
    scripts: ['plan.js', 'floor.js'],
  })
}

export const floorRoutes = routes(({ get }) => {
  get('/:building/floors/:floor', 'space.read', show)
})
