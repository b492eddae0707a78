import type { Area } from '../lib/area.ts'
import type { Day } from '../lib/days.ts'
import { isLettable, isSigned, STATES, type State, unitState, type When } from './state.ts'
import type { Unit } from './unit.ts'

/** Occupancy = let ÷ lettable area (FACTS): units active on the day, own use left out. By area and by number of units. */
export interface Occupancy {
  area: { let: Area; lettable: Area }
  units: { let: number; lettable: number }
  byState: Record<State, { units: number; area: Area }>
}

type Counted = Pick<Unit, 'activeFrom' | 'activeTo' | 'claims' | 'gross'>

export const share = ({ let: taken, lettable }: { let: number; lettable: number }): number | null => (lettable ? taken / lettable : null)

export function occupancyOn(units: Counted[], when: When): Occupancy {
  const byState = Object.fromEntries(STATES.map(state => [state, { units: 0, area: 0 }])) as Occupancy['byState']
  const sum: Occupancy = { area: { let: 0, lettable: 0 }, units: { let: 0, lettable: 0 }, byState }
  for (const unit of units) {
    const found = unitState(unit, when)
    if (!found) continue
    byState[found.state].units += 1
    byState[found.state].area += unit.gross
    if (!isLettable(found.state)) continue
    sum.area.lettable += unit.gross
    sum.units.lettable += 1
    if (!found.let) continue
    sum.area.let += unit.gross
    sum.units.let += 1
  }
  return sum
}

/** The first index of a sorted list whose day is not before `day`. */
function indexFrom(days: Day[], day: Day): number {
  let low = 0
  let high = days.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (days[middle]! < day) low = middle + 1
    else high = middle
  }
  return low
}

const indexAfter = (days: Day[], day: Day): number => {
  const at = indexFrom(days, day)
  return days[at] === day ? at + 1 : at
}

/**
 * The share let on each of `days` (sorted), by area, from signed leases: one pass over the claims with running sums, so that a
 * curve of years costs no more than a look at each claim. Null where nothing was lettable.
 */
export function occupancyCurve(units: Counted[], days: Day[]): (number | null)[] {
  const taken = new Float64Array(days.length + 1)
  const lettable = new Float64Array(days.length + 1)
  const add = (sums: Float64Array, from: Day, to: Day, area: number) => {
    const first = indexFrom(days, from)
    const end = indexAfter(days, to)
    if (end <= first) return
    sums[first]! += area
    sums[end]! -= area
  }
  for (const unit of units) {
    add(lettable, unit.activeFrom, unit.activeTo, unit.gross)
    for (const claim of unit.claims) {
      const from = claim.from > unit.activeFrom ? claim.from : unit.activeFrom
      const to = claim.to < unit.activeTo ? claim.to : unit.activeTo
      if (claim.kind === 'own') add(lettable, from, to, -unit.gross)
      else if (isSigned(claim)) add(taken, from, to, unit.gross)
    }
  }
  let letSum = 0
  let lettableSum = 0
  return days.map((_, i) => {
    letSum += taken[i]!
    lettableSum += lettable[i]!
    return lettableSum > 0 ? letSum / lettableSum : null
  })
}
