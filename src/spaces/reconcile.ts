import type { Area } from '../lib/area.ts'
import type { Day } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import type { Park } from '../parks/park.ts'
import { Building, commonOn, type Floor } from './building.ts'
import { isActive } from './state.ts'
import { Unit } from './unit.ts'

/** Areas that should add up and don't (DESIGN §3): shown to the manager, never mended by themselves. */
export interface Mismatch {
  level: 'park' | 'floor'
  building: string | null
  floor: string | null
  /** What is recorded for the park or the floor. */
  recorded: Area
  /** What its parts add up to: a park's floors; a floor's units and common area. */
  sum: Area
}

type Sized = Pick<Unit, 'building' | 'floor' | 'gross' | 'activeFrom' | 'activeTo'>

/** The park's recorded area against all its floors. */
export function parkMismatch(park: Pick<Park, 'area'>, buildings: { floors: Pick<Floor, 'area'>[] }[]): Mismatch | null {
  const floors = buildings.flatMap(building => building.floors)
  const sum = floors.reduce((area, floor) => area + floor.area, 0)
  if (!park.area || !floors.length || park.area === sum) return null
  return { level: 'park', building: null, floor: null, recorded: park.area, sum }
}

/** Pure: the differences of a park on a day; floors without any unit yet aren't counted as wrong. */
export function mismatchesOf(park: Pick<Park, 'area'>, buildings: Building[], units: Sized[], on: Day): Mismatch[] {
  const found: Mismatch[] = []
  const floors = buildings.flatMap(building => building.floors.map(floor => ({ building, floor })))
  const whole = parkMismatch(park, buildings)
  if (whole) found.push(whole)
  for (const { building, floor } of floors) {
    const here = units.filter(unit => unit.building === building.code && unit.floor === floor.code && isActive(unit, on))
    const sum = here.reduce((area, unit) => area + unit.gross, commonOn(floor, on))
    if (here.length && sum !== floor.area)
      found.push({ level: 'floor', building: building.code, floor: floor.code, recorded: floor.area, sum })
  }
  return found
}

const FIELDS = { building: 1, floor: 1, gross: 1, activeFrom: 1, activeTo: 1 }

/** Where the areas of a park don't add up on a day: the park against its floors, each floor against its units and common area. */
export async function mismatches(park: Pick<Park, '_id' | 'area'>, on: Day): Promise<Mismatch[]> {
  const [buildings, units] = await Promise.all([
    scopedFind<Building>(Building, { park: park._id }, { sort: { code: 1 } }),
    scopedFind<Sized>(Unit, { park: park._id, activeFrom: { $lte: on }, activeTo: { $gte: on } }, { projection: FIELDS }),
  ])
  return mismatchesOf(park, buildings, units, on)
}
