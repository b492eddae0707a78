import type { Types } from 'mongoose'
import { now } from '../lib/clock.ts'
import { type Day, overlaps } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { byCode } from '../spaces/plan-layout.ts'
import { isActive, isHoldFor, isLive } from '../spaces/state.ts'
import { type Claim, type Product, Unit } from '../spaces/unit.ts'

/** Units as a lease form offers them: which are free in the wanted period, and what stands in the way of the others. */
export interface Choice {
  id: string
  code: string
  floor: string
  building: string
  product: Product
  area: number
  rate: string
  desks: number | null
  free: boolean
}

interface Period {
  from: Day
  to: Day
}

/** A unit that is wanted and can't be had: taken by somebody, or not there for the whole period. */
export interface Obstacle {
  code: string
  floor: string
  claim: Pick<Claim, 'kind' | 'from' | 'to' | 'tenantName' | 'label'> | null
}

const FIELDS = { building: 1, product: 1, floor: 1, code: 1, chargeable: 1, desks: 1, listRate: 1, activeFrom: 1, activeTo: 1, claims: 1 }
const LIMIT = 2000

/** Whose own claims don't stand in the way: of a lease that is drafted, and holds for a lead. */
export interface Own {
  lease?: Types.ObjectId | string | null
  lead?: Types.ObjectId | string | null
}

const isOwn = (claim: Claim, { lease, lead }: Own): boolean =>
  Boolean(lease && String(claim.lease) === String(lease)) || isHoldFor(claim, lead)

/** What takes a unit in a period, own claims left out. */
const takenBy = (unit: Pick<Unit, 'claims'>, period: Period, own: Own): Claim | undefined =>
  unit.claims.find(claim => !claim.of && !isOwn(claim, own) && isLive(claim, now()) && overlaps(claim, period))

export const existsFor = (unit: Pick<Unit, 'activeFrom' | 'activeTo'>, { from, to }: Period): boolean =>
  isActive(unit, from) && isActive(unit, to)

export async function unitChoices(park: string, period: Period, own: Own): Promise<Choice[]> {
  const units = await scopedFind<Unit>(Unit, { park, activeTo: { $gte: period.from } }, { projection: FIELDS, limit: LIMIT })
  return units.sort(byCode).map(unit => ({
    id: String(unit._id),
    code: unit.code,
    floor: unit.floor,
    building: unit.building,
    product: unit.product,
    area: unit.chargeable,
    rate: unit.listRate ?? '',
    desks: unit.desks,
    free: existsFor(unit, period) && !takenBy(unit, period, own),
  }))
}

/** Which of the wanted units can't be had in a period; said while the form is typed, and decided when the lease is submitted. */
export async function obstaclesTo(park: string, wanted: Unit['_id'][], period: Period, own: Own = {}): Promise<Obstacle[]> {
  if (!wanted.length) return []
  const units = await scopedFind<Unit>(Unit, { park, _id: { $in: wanted } }, { projection: FIELDS })
  return units.sort(byCode).flatMap(unit => {
    const claim = takenBy(unit, period, own)
    if (!claim && existsFor(unit, period)) return []
    return [{ code: unit.code, floor: unit.floor, claim: claim ?? null }]
  })
}
