import { type Entry, putEntry } from '../search/entry.ts'
import type { Unit } from './unit.ts'

type Indexed = Pick<Unit, '_id' | 'park' | 'building' | 'floor' | 'code' | 'gross'>

/** The unit as the search box finds it: by code, floor and code together, or building. */
export const unitEntry = (unit: Indexed): Entry => ({
  park: unit.park,
  kind: 'unit',
  ref: unit._id,
  title: `${unit.floor} ${unit.code}`,
  detail: `${unit.building} · ${unit.gross / 100} ㎡`,
  path: `/units/${unit._id}`,
  tenant: null,
  texts: [unit.code, `${unit.floor}${unit.code}`, unit.building],
})

export const indexUnit = (unit: Indexed): Promise<void> => putEntry(unitEntry(unit))
