import type { Request, Response } from 'express'
import { z } from 'zod'
import { isDay, today as todayIn } from '../lib/days.ts'
import { scopedFind, scopedOne } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { f } from '../web/fields.ts'
import { param, readQuery, seeOther } from '../web/forms.ts'
import { linkWith } from '../web/list.ts'
import { routes } from '../web/router.ts'
import { Building } from './building.ts'
import { summariesOf } from './building-list.ts'
import { share } from './occupancy.ts'
import { curvePaths, matches, type PlanFilter, planOf, unitsWithin, whenOf, windowOf } from './plan.ts'
import { byCode } from './plan-layout.ts'
import { parkMismatch } from './reconcile.ts'
import { STATES } from './state.ts'
import { PRODUCTS } from './unit.ts'

export const findBuilding = async (req: Request): Promise<Building> => {
  const building = await scopedOne<Building>(Building, { park: req.park._id, code: param(req, 'building') })
  if (!building) throw notFound()
  return building
}

const buildingsOf = (park: string): Promise<Building[]> => scopedFind<Building>(Building, { park }, { sort: { code: 1 } })

/** One building as it is; of the park's others only how large they are, to hold the park against its floors. */
const withOthers = (park: string, code: string): Promise<Building[]> => {
  const sizes = { $map: { input: '$floors', as: 'floor', in: { area: '$$floor.area' } } }
  const floors = { $cond: [{ $eq: ['$code', { $literal: code }] }, '$floors', sizes] }
  return scopedFind<Building>(Building, { park }, { projection: { code: 1, name: 1, version: 1, floors } })
}

const query = z.object({
  on: z.string().refine(isDay).optional(),
  view: z.enum(['plan', 'table']).default('plan'),
  state: z.enum(STATES).optional(),
  product: z.enum(PRODUCTS).optional(),
  area: f.optionalArea().optional(),
  floor: z.string().max(20).optional(),
})

/** The list of buildings; with one building, its plan at once. */
async function index(req: Request, res: Response): Promise<void> {
  const buildings = await buildingsOf(req.park._id)
  const [only] = buildings
  if (buildings.length === 1 && only) return seeOther(res, `/parks/${req.park._id}/buildings/${only.code}`)
  res.page('spaces/buildings', await summariesOf(req.park, buildings))
}

async function show(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, query)
  const today = todayIn(req.park.zone)
  const on = asked.on ?? today
  const range = windowOf(on, today)
  const code = param(req, 'building')
  const [buildings, units] = await Promise.all([withOthers(req.park._id, code), unitsWithin(req.park._id, range, { building: code })])
  const building = buildings.find(one => one.code === code)
  if (!building) throw notFound()
  const when = whenOf(req.park, on, today)
  const plan = planOf(building, units, when)
  const filter: PlanFilter = { state: asked.state, product: asked.product, minArea: asked.area }
  const filtered = Boolean(asked.state || asked.product || asked.area)
  const floors = plan.floors.map(floor => ({
    ...floor,
    units: floor.units.filter(one => matches(one, filter)).sort((a, b) => byCode(a.unit, b.unit)),
  }))
  res.page(asked.view === 'table' ? 'spaces/plan-table' : 'spaces/plan', {
    building,
    parkOff: parkMismatch(req.park, buildings),
    plan: { ...plan, floors },
    on,
    when,
    asked,
    products: PRODUCTS,
    share: share(plan.occupancy.area),
    paths: curvePaths(plan.curve, today, 1000, 52),
    shown: (one: never) => !filtered || matches(one, filter),
    openFloor: asked.floor ?? floors.find(floor => floor.units.length)?.floor.code ?? floors[0]?.floor.code,
    link: (change: Record<string, string | null>) => linkWith(req, change),
    scripts: ['plan.js'],
  })
}

export const planRoutes = routes(({ get }) => {
  get('/', 'space.read', index)
  get('/:building', 'space.read', show)
})
