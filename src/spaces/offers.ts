import type { Types } from 'mongoose'
import { type Day, FOREVER, today as todayIn } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import type { Park } from '../parks/park.ts'
import { claimsWithin, whenOf } from './plan.ts'
import { unitState } from './state.ts'
import { Unit } from './unit.ts'

/**
 * What a park offers in public: units that are vacant on the day. Held units, those under review and those whose tenant should
 * have left aren't offered (DESIGN §3). The index on free ranges finds the candidates; the state is derived as everywhere.
 */
export type OfferedUnit = Pick<
  Unit,
  '_id' | 'park' | 'building' | 'floor' | 'code' | 'product' | 'gross' | 'desks' | 'listRate' | 'activeFrom' | 'activeTo' | 'claims'
>

export interface Offer {
  unit: OfferedUnit
  /** The last day before somebody else has it; 9999-12-31 where nobody has. */
  until: Day
}

const FIELDS = { park: 1, building: 1, floor: 1, code: 1, product: 1, gross: 1, desks: 1, listRate: 1, activeFrom: 1, activeTo: 1 }

/** Units no lease, works or own use takes on some day of a stretch; the longest free first. */
function candidates(park: string | { $in: string[] }, from: Day, to: Day, limit: number): Promise<OfferedUnit[]> {
  return scopedFind<OfferedUnit>(
    Unit,
    { park, gaps: { $elemMatch: { from: { $lte: to }, to: { $gte: from } } } },
    { projection: { ...FIELDS, claims: claimsWithin(from, FOREVER) }, limit },
  )
}

function offersIn(park: Pick<Park, 'settings'>, units: OfferedUnit[], today: Day): Offer[] {
  const when = whenOf(park, today, today)
  return units.flatMap(unit => {
    const is = unitState(unit, when)
    return is?.state === 'vacant' ? [{ unit, until: is.until }] : []
  })
}

/** The offers of a park on a day among its first `limit` free units; `more` when there may be others. */
export async function offersOf(park: Park, today: Day, limit: number): Promise<{ offers: Offer[]; more: boolean }> {
  const units = await candidates(park._id, today, today, limit)
  return { offers: offersIn(park, units, today), more: units.length === limit }
}

/** One unit, as long as it is offered; null for any other, whether or not it exists. */
export async function offeredUnit(park: Park, _id: Types.ObjectId, today: Day): Promise<OfferedUnit | null> {
  const filter = { park: park._id, _id, gaps: { $elemMatch: { from: { $lte: today }, to: { $gte: today } } } }
  const units = await scopedFind<OfferedUnit>(Unit, filter, { projection: { ...FIELDS, claims: claimsWithin(today, FOREVER) }, limit: 1 })
  return offersIn(park, units, today)[0]?.unit ?? null
}

export interface Vacancy {
  units: number
  area: number
}

/** How much each of some parks offers today, in one read. */
export async function vacancies(parks: Pick<Park, '_id' | 'zone' | 'settings'>[]): Promise<Map<string, Vacancy>> {
  const days = new Map(parks.map(park => [park._id, todayIn(park.zone)]))
  // Parks in other zones may be a day apart: read what any of their days needs.
  const sorted = [...days.values()].sort()
  if (!sorted.length) return new Map()
  const units = await candidates({ $in: parks.map(park => park._id) }, sorted[0]!, sorted.at(-1)!, 0)
  return new Map(
    parks.map(park => {
      const here = units.filter(unit => unit.park === park._id)
      const offers = offersIn(park, here, days.get(park._id)!)
      return [park._id, { units: offers.length, area: offers.reduce((sum, offer) => sum + offer.unit.gross, 0) }]
    }),
  )
}
