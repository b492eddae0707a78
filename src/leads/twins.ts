import type { Types } from 'mongoose'
import { plainPhone } from '../events/attendee.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { normalName } from '../lib/text.ts'
import { District } from '../parks/district.ts'
import { Park } from '../parks/park.ts'
import { normalCode } from '../tenants/credit-code.ts'
import { Tenant } from '../tenants/tenant.ts'
import { Lead, type LeadContact, type LeadFacts } from './lead.ts'

/** Whom somebody may be already: a lead or tenant of the park with the same phone, name or credit code. */
export type Match = 'code' | 'phone' | 'name'

export interface Twin {
  _id: Types.ObjectId
  number: string
  name: string
  state: Lead['state']
  ownerName: string | null
  by: Match
}

export interface TenantTwin {
  _id: Types.ObjectId
  name: string
  by: Match
}

export interface Twins {
  leads: Twin[]
  tenants: TenantTwin[]
  /** Another park of the district works on it: told without saying who or where, and only where the district allows it. */
  elsewhere: boolean
}

export interface Identifying {
  normal: string
  creditCode: string | null
  phones: string[]
}

/** Contacts in one spelling: phones as they are compared. */
export const tidyContacts = (contacts: LeadContact[]): LeadContact[] =>
  contacts.map(one => ({ ...one, phone: one.phone && plainPhone(one.phone), email: one.email?.toLowerCase() ?? null }))

/** What of a lead finds others like it. */
export function identityOf({ name, creditCode, contacts }: Pick<LeadFacts, 'name' | 'creditCode' | 'contacts'>): Identifying {
  const phones = tidyContacts(contacts).flatMap(({ phone }) => phone ?? [])
  return { normal: normalName(name), creditCode: creditCode ? normalCode(creditCode) : null, phones: [...new Set(phones)] }
}

export function likeness({ normal, creditCode, phones }: Identifying): Record<string, unknown>[] {
  return [...(creditCode ? [{ creditCode }] : []), ...(phones.length ? [{ phones: { $in: phones } }] : []), ...(normal ? [{ normal }] : [])]
}

export function matchOf(of: Identifying, other: Identifying): Match {
  if (of.creditCode && of.creditCode === other.creditCode) return 'code'
  return other.phones.some(phone => of.phones.includes(phone)) ? 'phone' : 'name'
}

const LIMIT = 20
const SHOWN = { number: 1, name: 1, normal: 1, creditCode: 1, phones: 1, state: 1, ownerName: 1 }

async function leadsLike(park: string, of: Identifying, self: Types.ObjectId | null): Promise<Twin[]> {
  const any = likeness(of)
  if (!any.length) return []
  const filter = { park, $or: any, state: { $ne: 'merged' }, ...(self ? { _id: { $ne: self } } : {}) }
  const rows = await scopedFind<Twin & Identifying>(Lead, filter, { projection: SHOWN, limit: LIMIT, sort: { at: -1 } })
  return rows.map(({ _id, number, name, state, ownerName, ...rest }) => ({ _id, number, name, state, ownerName, by: matchOf(of, rest) }))
}

/** Tenants keep phones as they were typed: they are compared by name and code alone. */
async function tenantsLike(park: string, { normal, creditCode }: Identifying): Promise<TenantTwin[]> {
  const any = likeness({ normal, creditCode, phones: [] })
  if (!any.length) return []
  type Row = { _id: Types.ObjectId; name: string; creditCode: string | null }
  const filter = { park, mergedInto: null, $or: any }
  const rows = await scopedFind<Row>(Tenant, filter, { projection: { name: 1, creditCode: 1 }, limit: LIMIT })
  return rows.map(row => ({ _id: row._id, name: row.name, by: creditCode && row.creditCode === creditCode ? 'code' : 'name' }))
}

/** Whether another park of the same home district has it open, where that district lets its parks know. */
async function isElsewhere(park: Pick<Park, '_id' | 'homeDistrict'>, { creditCode, phones }: Identifying): Promise<boolean> {
  // A name alone is too little to tell somebody about another park's work.
  const any = likeness({ normal: '', creditCode, phones })
  if (!any.length) return false
  const district = await District.findById(park.homeDistrict, { leadsKnown: 1 }).lean()
  if (!district?.leadsKnown) return false
  const parks = await Park.find({ homeDistrict: park.homeDistrict, _id: { $ne: park._id } }, { _id: 1 }).lean()
  const filter = { park: { $in: parks.map(one => one._id) }, state: { $in: ['open', 'converted'] }, $or: any }
  return (await scopedFind(Lead, filter, { projection: { _id: 1 }, limit: 1 })).length > 0
}

/** Who of the park is like it already; `self` is the lead itself, where there is one. */
export async function twinsOf(
  park: Pick<Park, '_id' | 'homeDistrict'>,
  of: Pick<LeadFacts, 'name' | 'creditCode' | 'contacts'>,
  self: Types.ObjectId | null = null,
): Promise<Twins> {
  const identity = identityOf(of)
  return {
    leads: await leadsLike(park._id, identity, self),
    tenants: await tenantsLike(park._id, identity),
    elsewhere: await isElsewhere(park, identity),
  }
}

export const hasTwins = ({ leads, tenants, elsewhere }: Twins): boolean => leads.length + tenants.length > 0 || elsewhere
