import { type Day, today as todayIn } from '../lib/days.ts'
import type { Park } from '../parks/park.ts'
import type { Building } from './building.ts'
import { type Occupancy, occupancyOn, share } from './occupancy.ts'
import { unitsWithin, whenOf } from './plan.ts'
import { type Mismatch, mismatchesOf } from './reconcile.ts'

/** A park's buildings with what is let in each today. */
export interface Summary {
  building: Building
  area: number
  units: number
  occupancy: Occupancy
  share: number | null
}

export async function summariesOf(park: Park, buildings: Building[]): Promise<{ summaries: Summary[]; mismatches: Mismatch[]; on: Day }> {
  const on = todayIn(park.zone)
  const units = await unitsWithin(park._id, { from: on, to: on })
  const when = whenOf(park, on, on)
  const summaries = buildings.map(building => {
    const here = units.filter(unit => unit.building === building.code)
    const occupancy = occupancyOn(here, when)
    const area = building.floors.reduce((sum, floor) => sum + floor.area, 0)
    return { building, area, units: here.length, occupancy, share: share(occupancy.area) }
  })
  return { summaries, mismatches: mismatchesOf(park, buildings, units, on), on }
}
