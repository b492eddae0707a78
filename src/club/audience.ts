import type { Types } from 'mongoose'
import type { Industry } from '../parks/park.ts'
import type { IncubationState } from '../tenants/incubation.ts'
import type { Place } from '../tenants/places.ts'
import { hasLeft, type Standing } from './standing.ts'

/**
 * Whom a notice is for: a rule, not a list, so that a company that joins later reads what is current, and one that leaves doesn't.
 * Within a list one value is enough; an empty list asks for nothing.
 */
export const AUDIENCE_KINDS = ['all', 'rule', 'chosen'] as const
export const AUDIENCE_PLACES = ['here', 'next', 'never'] as const satisfies Place[]
export const AUDIENCE_INCUBATION = ['incubating', 'over', 'graduated'] as const satisfies IncubationState[]

export interface Audience {
  kind: (typeof AUDIENCE_KINDS)[number]
  places: (typeof AUDIENCE_PLACES)[number][]
  incubation: (typeof AUDIENCE_INCUBATION)[number][]
  industries: Industry[]
  tenants: Types.ObjectId[]
}

const fits = <T>(asked: readonly T[], value: unknown): boolean => !asked.length || asked.includes(value as T)

/** The rule. */
export function reaches({ kind, places, incubation, industries, tenants }: Audience, one: Standing): boolean {
  if (hasLeft(one)) return false
  if (kind === 'all') return true
  if (kind === 'chosen') return tenants.some(id => id.equals(one.tenant))
  return fits(places, one.place) && fits(incubation, one.incubation) && fits(industries, one.industry)
}

/** A list that names the value, or an empty one. */
const asks = (list: string, value: string) => ({ $or: [{ [`audience.${list}`]: value }, { [`audience.${list}`]: { $size: 0 } }] })

const forOne = ({ tenant, place, incubation, industry }: Standing) => [
  { 'audience.kind': 'chosen', 'audience.tenants': tenant },
  { 'audience.kind': 'rule', $and: [asks('places', place), asks('incubation', incubation), asks('industries', industry)] },
]

/** reaches() as a filter of notices: those for any of some tenants. */
export function audienceFilter(standings: Standing[]): Record<string, unknown> {
  const own = standings.filter(one => !hasLeft(one))
  return own.length ? { $or: [{ 'audience.kind': 'all' }, ...own.flatMap(forOne)] } : { _id: { $in: [] } }
}
