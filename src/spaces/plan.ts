import { now } from '../lib/clock.ts'
import { addMonths, type Day, daysBetween, earlier, FOREVER, later, monthStart } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import type { Park } from '../parks/park.ts'
import { type Building, commonOn, type Floor } from './building.ts'
import { type Occupancy, occupancyCurve, occupancyOn } from './occupancy.ts'
import { rowsOf } from './plan-layout.ts'
import { isActive, type UnitState, unitState, type When } from './state.ts'
import { Unit } from './unit.ts'

/** Everything the stacking plan of a building shows for a day: a few reads, then pure functions. */
export interface Placed {
  unit: Unit
  is: UnitState
}

export interface PlanFloor {
  floor: Floor
  rows: { unit: Placed; span: number }[][]
  units: Placed[]
  common: number
  /** Recorded area less what units and common area add up to; 0 when it reconciles. */
  missing: number
}

export interface Curve {
  from: Day
  to: Day
  points: { day: Day; share: number | null }[]
}

const YEARS = 24

export const whenOf = (park: Pick<Park, 'settings'>, on: Day, today: Day): When => ({
  on,
  today,
  now: now(),
  expiringDays: park.settings.expiringDays,
})

/** The stretch of time a plan's slider covers: two years to either side, further where the day asked for lies outside. */
export function windowOf(on: Day, today: Day): { from: Day; to: Day } {
  const from = monthStart(addMonths(today, -YEARS))
  const to = addMonths(monthStart(today), YEARS)
  return { from: earlier(from, monthStart(addMonths(on, -6))), to: later(to, addMonths(monthStart(on), 6)) }
}

/**
 * Only the claims a plan needs: those that reach into the window, and those nobody has handed back yet. The database asks this of
 * every claim a unit ever had, so what most of them fail at comes first: their end, then their handover.
 */
export const claimsWithin = (from: Day, to: Day) => {
  const open = [{ $eq: ['$$claim.vacatedOn', null] }, { $eq: ['$$claim.stage', 'signed'] }, { $eq: ['$$claim.continued', false] }]
  const reaches = { $or: [{ $gte: ['$$claim.to', from] }, { $and: open }] }
  const cond = to === FOREVER ? reaches : { $and: [reaches, { $lte: ['$$claim.from', to] }] }
  return { $filter: { input: '$claims', as: 'claim', cond } }
}

/** Units that exist for some of a stretch of time. */
export const existsWithin = ({ from, to }: { from: Day; to: Day }) => ({ activeFrom: { $lte: to }, activeTo: { $gte: from } })

const FIELDS = { building: 1, floor: 1, code: 1, product: 1, gross: 1, chargeable: 1, desks: 1, listRate: 1, activeFrom: 1, activeTo: 1 }

/** Units with the claims of a stretch of time; `more` narrows them (a building, a floor). */
export const unitsWithin = (
  park: string,
  { from, to }: { from: Day; to: Day },
  more: Record<string, unknown> = {},
  fields: Record<string, 1> = {},
): Promise<Unit[]> =>
  scopedFind<Unit>(
    Unit,
    { park, ...more, ...existsWithin({ from, to }) },
    { projection: { ...FIELDS, ...fields, claims: claimsWithin(from, to) } },
  )

export function curveOf(units: Unit[], range: { from: Day; to: Day }): Curve {
  const days: Day[] = []
  for (let k = 0; ; k++) {
    const day = addMonths(range.from, k)
    if (day > range.to) break
    days.push(day)
  }
  const shares = occupancyCurve(units, days)
  return { ...range, points: days.map((day, i) => ({ day, share: shares[i]! })) }
}

export interface PlanFilter {
  state?: string
  product?: string
  minArea?: number | null
}

export const matches = ({ unit, is }: Placed, filter: PlanFilter): boolean =>
  (!filter.state || is.state === filter.state) &&
  (!filter.product || unit.product === filter.product) &&
  (!filter.minArea || unit.gross >= filter.minArea)

export function planFloors(building: Building, units: Unit[], when: When): PlanFloor[] {
  const placed = units.flatMap(unit => {
    const is = unitState(unit, when)
    return is ? [{ unit, is, gross: unit.gross, code: unit.code }] : []
  })
  return [...building.floors]
    .sort((a, b) => b.level - a.level)
    .map(floor => {
      const here = placed.filter(one => one.unit.floor === floor.code)
      const common = commonOn(floor, when.on)
      const used = here.reduce((sum, one) => sum + one.gross, 0)
      return { floor, units: here, rows: rowsOf(here), common, missing: floor.area - used - common }
    })
}

export interface Plan {
  floors: PlanFloor[]
  occupancy: Occupancy
  curve: Curve
  units: number
}

export function planOf(building: Building, units: Unit[], when: When): Plan {
  const active = units.filter(unit => isActive(unit, when.on))
  return {
    floors: planFloors(building, active, when),
    occupancy: occupancyOn(active, when),
    curve: curveOf(units, windowOf(when.on, when.today)),
    units: active.length,
  }
}

/** The curve as SVG path data in a box of `width` × `height`; a gap where nothing was lettable. */
export function curvePaths(curve: Curve, today: Day, width: number, height: number) {
  const days = Math.max(1, daysBetween(curve.from, curve.to))
  const x = (day: Day) => Math.round((daysBetween(curve.from, day) / days) * width * 10) / 10
  const y = (share: number) => Math.round((height - share * (height - 6) - 1) * 10) / 10
  const known = curve.points.filter(point => point.share !== null)
  const path = (points: typeof known) => points.map((point, i) => `${i ? 'L' : 'M'}${x(point.day)} ${y(point.share!)}`).join('')
  const past = known.filter(point => point.day <= today)
  const turn = past.at(-1)
  const future = known.filter(point => point.day >= (turn?.day ?? ''))
  const area = past.length > 1 ? `${path(past)}L${x(past.at(-1)!.day)} ${height}L${x(past[0]!.day)} ${height}Z` : ''
  return { past: path(past), future: path(future), area, todayX: x(today), x }
}
