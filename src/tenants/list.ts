import type { Request, Response } from 'express'
import { type Day, today as todayIn } from '../lib/days.ts'
import { scopedCount, scopedFind, scopedStream } from '../lib/park-scope.ts'
import { INDUSTRIES } from '../parks/park.ts'
import { chunked } from '../web/export.ts'
import { readQuery } from '../web/forms.ts'
import { COUNT_LIMIT, linkWith, listOf, sortOf } from '../web/list.ts'
import { maskedContact } from './contacts.ts'
import { INCUBATION_STATES, type IncubationState, incubationOn, lastDayOf } from './incubation.ts'
import { sendTenants } from './list-export.ts'
import { type Asked, tagsOf, tenantFilter, tenantQuery } from './list-filter.ts'
import { PLACES, type Seat, seatsOf } from './places.ts'
import { type Contact, QUALIFICATIONS, Tenant } from './tenant.ts'

/** The list of tenants: filters live in the address, and the export is exactly the filtered list. */
const SIZE = 50
const EXPORT_LIMIT = 50_000
const TWINS = 5

const SORTS = {
  name: { name: 1, _id: 1 },
  entered: { enteredOn: 1, _id: 1 },
  founded: { foundedOn: 1, _id: 1 },
  industry: { industry: 1, name: 1, _id: 1 },
} as const

export interface TenantRow {
  tenant: Tenant
  seats: Seat[]
  incubation: IncubationState
  lastDay: Day | null
  contact: Contact | null
}

const SHOWN = {
  name: 1,
  shortName: 1,
  creditCode: 1,
  kind: 1,
  industry: 1,
  foundedOn: 1,
  enteredOn: 1,
  incubation: 1,
  'contacts.name': 1,
  'contacts.phone': 1,
  'contacts.email': 1,
  'contacts.primary': 1,
}

const firstOf = (contacts: Contact[]): Contact | null => {
  const found = contacts.find(contact => contact.primary) ?? contacts[0]
  return found ? maskedContact(found) : null
}

async function rowsOf(req: Request, tenants: Tenant[], on: Day): Promise<TenantRow[]> {
  const seats = await seatsOf(
    req.park._id,
    tenants.map(tenant => tenant._id),
    on,
  )
  return tenants.map(tenant => ({
    tenant,
    seats: seats.get(String(tenant._id)) ?? [],
    incubation: incubationOn(tenant.incubation, on),
    lastDay: tenant.incubation && lastDayOf(tenant.incubation),
    contact: firstOf(tenant.contacts),
  }))
}

/** For an export: the companies' seats are read for a hundred of them at a time. */
async function* rowsFrom(req: Request, found: AsyncIterable<Tenant>, on: Day): AsyncGenerator<TenantRow> {
  for await (const some of chunked(found, 100)) yield* await rowsOf(req, some, on)
}

/** Names that occur twice: perhaps one company, entered by two people. */
const twinsOf = (park: string): Promise<{ name: string; first: unknown; second: unknown }[]> =>
  Tenant.aggregate([
    { $match: { park, mergedInto: null } },
    { $group: { _id: '$normal', count: { $sum: 1 }, name: { $first: '$name' }, first: { $first: '$_id' }, second: { $last: '$_id' } } },
    { $match: { count: { $gt: 1 } } },
    { $sort: { name: 1 } },
    { $limit: TWINS },
  ])

const isPlain = (asked: Asked, tags: unknown[]): boolean => !tags.length && asked.page === 1

export async function tenantList(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, tenantQuery)
  const on = todayIn(req.park.zone)
  const { name, sort } = sortOf(asked.sort, SORTS, '-entered')
  const filter = await tenantFilter(req, asked, on)
  if (asked.format) {
    const all = scopedStream<Tenant>(Tenant, filter, { sort, limit: EXPORT_LIMIT })
    return sendTenants(req, res, asked.format, rowsFrom(req, all, on))
  }
  const tags = tagsOf(req, asked)
  const [found, total, twins] = await Promise.all([
    scopedFind<Tenant>(Tenant, filter, { projection: SHOWN, sort, skip: (asked.page - 1) * SIZE, limit: SIZE }),
    scopedCount(Tenant, filter, COUNT_LIMIT),
    isPlain(asked, tags) ? twinsOf(req.park._id) : [],
  ])
  res.page('tenants/index', {
    list: listOf(req, { items: await rowsOf(req, found, on), total, page: asked.page, size: SIZE, tags }),
    asked,
    sort: name,
    twins,
    industries: INDUSTRIES,
    states: INCUBATION_STATES,
    kinds: QUALIFICATIONS,
    places: PLACES,
    link: (change: Record<string, string | null>) => linkWith(req, change),
  })
}
