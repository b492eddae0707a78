import type { Request, Response } from 'express'
import { z } from 'zod'
import { historyOf } from '../audit/history.ts'
import { type Day, earlier, isDay, later, today as todayIn } from '../lib/days.ts'
import { scopedFind, scopedOne } from '../lib/park-scope.ts'
import { formState, readQuery } from '../web/forms.ts'
import { Building } from './building.ts'
import { sheetOf } from './drawings.ts'
import { shorten } from './floor-plan.ts'
import { pictureOf as drawingOf, floorPath } from './floor-routes.ts'
import { whenOf } from './plan.ts'
import { cornersText, MIN_CORNERS } from './polygon.ts'
import { isActive, isLive, unitState } from './state.ts'
import { Unit } from './unit.ts'
import { findUnit } from './unit-forms.ts'
import { firstFree, lifeOf, nextClaim, pictureOf } from './unit-life.ts'
import { endOf, type Kin, lineageOf } from './unit-lineage.ts'

/** The page of one unit on a day. Units that were split, merged, re-measured or retired stay readable for good. */
const query = z.object({ on: z.string().refine(isDay).optional() })

type Neighbour = Kin & Pick<Unit, 'outline'>

/** All units a floor ever had: neighbours on the drawing, and the unit's own kin. */
export const neighboursOf = (unit: Unit): Promise<Neighbour[]> =>
  scopedFind<Neighbour>(
    Unit,
    { park: unit.park, building: unit.building, floor: unit.floor },
    { projection: { code: 1, gross: 1, activeFrom: 1, activeTo: 1, lineage: 1, outline: 1 } },
  )

/** The floor's drawing with the unit on it; null where it isn't drawn. */
export function thumbnailOf(unit: Unit, building: Building | null, neighbours: Neighbour[], day: Day) {
  const floor = building?.floors.find(one => one.code === unit.floor)
  if (!building || !floor) return null
  const path = floorPath(building, floor.code)
  if (unit.outline.length < MIN_CORNERS) return { path, drawn: false as const }
  const others = neighbours.filter(one => !one._id.equals(unit._id) && isActive(one, day) && one.outline.length >= MIN_CORNERS)
  return {
    path,
    drawn: true as const,
    sheet: sheetOf(
      floor,
      neighbours.map(one => one.outline),
    ),
    picture: drawingOf(building, floor),
    points: cornersText(unit.outline),
    others: others.map(one => cornersText(one.outline)),
  }
}

/** Words on a bar of the life: as many as its width has room for, in a picture about as wide as the page. */
const EM = 12
const wordsIn = (text: string, width: number): string => (width < 34 ? '' : shorten(text, (width - 12) / EM))

export async function unitPage(req: Request, res: Response): Promise<void> {
  const unit = await findUnit(req)
  const today = todayIn(req.park.zone)
  const on = readQuery(req, query).on ?? today
  const when = whenOf(req.park, on, today)
  const [building, floor, history] = await Promise.all([
    scopedOne<Building>(Building, { park: req.park._id, code: unit.building }),
    neighboursOf(unit),
    historyOf(req, 'unit', unit._id),
  ])
  const steps = lineageOf(unit, floor)
  const life = lifeOf(unit, when)
  const own = unit.claims.filter(claim => !claim.of).sort((a, b) => (a.from > b.from ? -1 : 1))
  const open = unit.activeTo > today
  res.page('spaces/unit', {
    unit,
    building,
    on,
    is: unitState(unit, when),
    next: nextClaim(unit, when),
    life,
    picture: pictureOf(unit, life, today),
    wordsIn,
    lapsed: own.filter(claim => !isLive(claim, when.now)),
    leases: own.filter(claim => claim.kind === 'lease'),
    blocks: own.filter(claim => claim.kind !== 'lease' && isLive(claim, when.now) && claim.to >= today),
    steps,
    ended: endOf(unit, steps),
    thumbnail: thumbnailOf(unit, building, floor, earlier(later(on, unit.activeFrom), unit.activeTo)),
    free: open ? firstFree(unit, later(on, today), when.now) : null,
    open,
    history,
    form: formState(req),
  })
}
