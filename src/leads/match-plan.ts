import type { Request, Response } from 'express'
import { FOREVER } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { Building } from '../spaces/building.ts'
import { planFloors, unitsWithin, whenOf } from '../spaces/plan.ts'
import { PRODUCTS } from '../spaces/unit.ts'
import { idParam, readQuery } from '../web/forms.ts'
import { linkWith } from '../web/list.ts'
import { matchQuery, wishOf } from './match-form.ts'
import { headOf } from './match-head.ts'
import { rankUnits } from './match-read.ts'
import { loadLead } from './steps.ts'

/** The matches on the stacking plan of a building, as it is on the first wanted day. */
const count = <T>(items: T[], keyOf: (item: T) => string): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1)
  return counts
}

export async function planPage(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, matchQuery)
  const lead = await loadLead(req.park._id, idParam(req, 'lead'))
  const wish = wishOf(asked, lead)
  const [ranking, buildings] = await Promise.all([
    rankUnits(req.park, wish, lead._id),
    scopedFind<Building>(Building, { park: req.park._id }, { sort: { code: 1 } }),
  ])
  const { matches, asking } = ranking
  const perBuilding = count(matches, ({ unit }) => unit.building)
  // The building that was asked for, else the one of the best match.
  const wanted = asked.building ?? matches[0]?.unit.building
  const building = buildings.find(one => one.code === wanted) ?? buildings[0]
  const on = asking.period.from
  const units = building ? await unitsWithin(req.park._id, { from: on, to: FOREVER }, { building: building.code }) : []
  const floors = building ? planFloors(building, units, whenOf(req.park, on, asking.today)) : []
  const ranked = new Map(matches.map((match, i) => [String(match.unit._id), { rank: i + 1, verdict: match.verdict }]))
  const here = matches.filter(({ unit }) => unit.building === building?.code)
  const perFloor = count(here, ({ unit }) => unit.floor)
  const drawn = floors.flatMap(floor => floor.units)
  const fitting = here.filter(({ verdict }) => verdict === 'fits').length
  res.page('leads/matches-plan', {
    ...headOf(req, lead, wish, ranking),
    ...{ asked, building, floors, on, products: PRODUCTS },
    buildings: buildings.map(one => ({ code: one.code, name: one.name, count: perBuilding.get(one.code) ?? 0 })),
    perFloor: (floor: string) => perFloor.get(floor) ?? 0,
    markOf: (id: unknown) => ranked.get(String(id)) ?? null,
    sums: { fits: fitting, nearly: here.length - fitting, rest: drawn.filter(({ unit }) => !ranked.has(String(unit._id))).length },
    openFloor: asked.floor ?? floors.find(({ floor }) => perFloor.has(floor.code))?.floor.code ?? floors[0]?.floor.code,
    link: (change: Record<string, string | null>) => linkWith(req, change),
    scripts: ['plan.js'],
  })
}
