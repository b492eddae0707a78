import type { Types } from 'mongoose'
import type { Day } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import type { Industry } from '../parks/park.ts'
import { type IncubationState, incubationOn } from '../tenants/incubation.ts'
import { type Place, placesOf } from '../tenants/places.ts'
import { Tenant } from '../tenants/tenant.ts'

/** What of a tenant decides which notices are for it and whether the directory shows it, on a day: all of it derived. */
export interface Standing {
  tenant: Types.ObjectId
  name: string
  industry: Industry
  place: Place
  incubation: IncubationState
}

/** Who had units and has none, nor will; or who never had one and has left incubation. */
export const hasLeft = ({ place, incubation }: Pick<Standing, 'place' | 'incubation'>): boolean =>
  place === 'gone' || (place === 'never' && incubation === 'left')

const FIELDS = { name: 1, industry: 1, incubation: 1 }

/** The tenants of a park on a day, or those named, by name; without those that left or were merged. */
export async function standingsOf(park: string, on: Day, only: Types.ObjectId[] | null = null): Promise<Standing[]> {
  if (only && !only.length) return []
  const filter = { park, mergedInto: null, ...(only ? { _id: { $in: only } } : {}) }
  const tenants = await scopedFind<Tenant>(Tenant, filter, { projection: FIELDS, sort: { name: 1, _id: 1 } })
  const places = await placesOf(park, on, only)
  return tenants
    .map(({ _id, name, industry, incubation }) => ({
      ...{ tenant: _id, name, industry, place: places.get(String(_id)) ?? ('never' as const) },
      incubation: incubationOn(incubation, on),
    }))
    .filter(one => !hasLeft(one))
}
