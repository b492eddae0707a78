import type { Document } from 'mongodb'
import { Types } from 'mongoose'
import type { Area } from '../lib/area.ts'
import { type Day, later } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { isActive, isHeldOver } from '../spaces/state.ts'
import { type Claim, Unit } from '../spaces/unit.ts'

/**
 * Where a tenant sits, read from the claims of the units: leases stand above tenants, and a unit and a date say enough
 * (DESIGN §3). Only what is signed counts; who stays after the end without a handover is still here.
 */
export const PLACES = ['here', 'next', 'gone', 'never'] as const
export type Place = (typeof PLACES)[number]

export interface Seat {
  unit: Types.ObjectId
  code: string
  building: string
  floor: string
  gross: Area
  from: Day
  to: Day
  holding: boolean
}

type Spaces = Pick<Unit, '_id' | 'code' | 'building' | 'floor' | 'gross' | 'activeFrom' | 'activeTo'> & { claims: Claim[] }

const isSigned = (claim: Claim): boolean => claim.kind === 'lease' && claim.stage === 'signed'

function seatOf(unit: Spaces, claim: Claim, on: Day): Seat | null {
  if (!isSigned(claim) || !isActive(unit, on)) return null
  const holding = isHeldOver(claim, { on, today: on })
  const here = !claim.of && claim.from <= on && on <= claim.to
  if (!here && !holding) return null
  const { _id, code, building, floor, gross } = unit
  return { unit: _id, code, building, floor, gross, from: claim.from, to: claim.to, holding }
}

/** The units some tenants have on a day, by tenant id; a tenant without one has no entry. */
export async function seatsOf(park: string, tenants: Types.ObjectId[], on: Day): Promise<Map<string, Seat[]>> {
  const fields = { code: 1, building: 1, floor: 1, gross: 1, activeFrom: 1, activeTo: 1, claims: 1 }
  const filter = { park, 'claims.tenant': { $in: tenants } }
  const units = tenants.length ? await scopedFind<Spaces>(Unit, filter, { projection: fields, sort: { building: 1, code: 1 } }) : []
  const wanted = new Set(tenants.map(String))
  const seats = new Map<string, Seat[]>()
  for (const unit of units) {
    for (const claim of unit.claims) {
      const tenant = String(claim.tenant)
      const seat = wanted.has(tenant) ? seatOf(unit, claim, on) : null
      if (!seat) continue
      const list = seats.get(tenant) ?? []
      // A renewal signed on top of a lease held over is one seat, the later one.
      const twin = list.find(one => one.unit.equals(seat.unit))
      if (!twin) list.push(seat)
      else if (later(twin.to, seat.to) === seat.to) Object.assign(twin, seat)
      seats.set(tenant, list)
    }
  }
  return seats
}

const either = (...conditions: Document[]): Document => ({ $or: conditions })
const both = (...conditions: Document[]): Document => ({ $and: conditions })

/** Where tenants stand on a day, by their id: all of the park's, or those named. Who never had a unit has no entry. */
export async function placesOf(
  park: string,
  on: Day,
  tenants: Types.ObjectId[] | null = null,
): Promise<Map<string, Exclude<Place, 'never'>>> {
  const active = both({ $lte: ['$activeFrom', on] }, { $gte: ['$activeTo', on] })
  const running = both({ $lte: ['$claims.from', on] }, { $gte: ['$claims.to', on] }, { $eq: ['$claims.of', null] })
  const stays = either({ $eq: ['$claims.vacatedOn', null] }, { $gt: ['$claims.vacatedOn', on] })
  const over = both({ $lt: ['$claims.to', on] }, { $ne: ['$claims.continued', true] }, stays)
  const wanted = tenants ? { 'claims.tenant': { $in: tenants } } : { 'claims.tenant': { $ne: null } }
  const rows = await Unit.aggregate<{ _id: Types.ObjectId; here: boolean; next: boolean }>([
    { $match: { park, 'claims.stage': 'signed', ...(tenants ? wanted : {}) } },
    { $project: { activeFrom: 1, activeTo: 1, claims: 1 } },
    { $unwind: '$claims' },
    { $match: { 'claims.kind': 'lease', 'claims.stage': 'signed', ...wanted } },
    {
      $group: { _id: '$claims.tenant', here: { $max: both(active, either(running, over)) }, next: { $max: { $gt: ['$claims.from', on] } } },
    },
  ])
  return new Map(rows.map(({ _id, here, next }) => [String(_id), here ? 'here' : next ? 'next' : 'gone']))
}

/** The tenants of a place on a day; for `never`, all those who have or had a unit: the list leaves them out. */
export async function tenantsIn(park: string, place: Place, on: Day): Promise<Types.ObjectId[]> {
  const found = [...(await placesOf(park, on))]
  return found.filter(([, where]) => place === 'never' || where === place).map(([id]) => new Types.ObjectId(id))
}
