import type { Types } from 'mongoose'
import { Attendee, attended } from '../events/attendee.ts'
import type { Event } from '../events/event.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { normalName } from '../lib/text.ts'
import type { Park } from '../parks/park.ts'
import { Tenant } from '../tenants/tenant.ts'
import { Lead, type LeadContact, type LeadFacts, NO_WISH } from './lead.ts'
import { identityOf, type Twins } from './twins.ts'

/** Whom the people of an event come to as leads: those of one organisation together, who have none each by themselves. */
export const WHO = ['came', 'all'] as const
export type Who = (typeof WHO)[number]

export interface Party {
  /** The organisation as it is compared, or the person: what a row of the form names it by. */
  key: string
  name: string
  people: Attendee[]
  /** How many of them came to any session. */
  came: number
}

/** People who are no lead's yet, and whom no tenant of the park has sent. */
export const openPeople = (event: Event, who: Who): Promise<Attendee[]> =>
  scopedFind<Attendee>(
    Attendee,
    {
      ...{ park: event.park, event: event._id, state: { $ne: 'cancelled' }, lead: null, tenant: null },
      ...(who === 'came' ? { 'checkIns.0': { $exists: true } } : {}),
    },
    { sort: { at: 1, _id: 1 }, limit: 1000 },
  )

/** Pure: the parties in the order of who signed up first. */
export function partiesOf(people: Attendee[], event: Pick<Event, 'sessions'>): Party[] {
  const parties = new Map<string, Party>()
  for (const one of people) {
    const normal = normalName(one.organisation ?? '')
    const key = normal ? `o:${normal}` : `p:${one._id}`
    const party = parties.get(key) ?? { key, name: (normal && one.organisation) || one.name, people: [], came: 0 }
    party.people.push(one)
    if (attended(one, event).length) party.came += 1
    parties.set(key, party)
  }
  return [...parties.values()]
}

const contactOf = ({ name, phone, email }: Attendee): LeadContact => ({ name, title: null, phone, email })

/** What a new lead of it says: where it was met, and everybody who was there. */
export const factsOf = ({ name, people }: Party, event: Pick<Event, 'title'>): LeadFacts => ({
  ...{ name, creditCode: null, contacts: people.map(contactOf), source: 'event', sourceNote: event.title.zh, industry: null, origin: null },
  wish: { ...NO_WISH },
})

export interface Planned extends Party {
  twins: Pick<Twins, 'leads' | 'tenants'>
  /** What is chosen to begin with: a new lead, the lead that is there, or nothing for a tenant. */
  first: string
}

export const NEW = 'new'
export const SKIP = 'skip'

type LeadRow = Pick<Lead, '_id' | 'number' | 'name' | 'normal' | 'phones' | 'state' | 'ownerName'>
type TenantRow = Pick<Tenant, '_id' | 'name'> & { normal: string }
const SHOWN = { number: 1, name: 1, normal: 1, phones: 1, state: 1, ownerName: 1 }

/** The parties with whom they may be already: by the rule of twinsOf(), for all of them in two reads. */
export async function planOf(park: Pick<Park, '_id'>, event: Event, who: Who): Promise<Planned[]> {
  const parties = partiesOf(await openPeople(event, who), event).map(party => ({ party, identity: identityOf(factsOf(party, event)) }))
  const normals = parties.map(one => one.identity.normal)
  const phones = parties.flatMap(one => one.identity.phones)
  const like = { $or: [{ phones: { $in: phones } }, { normal: { $in: normals } }] }
  const [leads, tenants] = parties.length
    ? await Promise.all([
        scopedFind<LeadRow>(
          Lead,
          { park: park._id, state: { $ne: 'merged' }, ...like },
          { projection: SHOWN, sort: { at: -1 }, limit: 2000 },
        ),
        scopedFind<TenantRow>(
          Tenant,
          { park: park._id, mergedInto: null, normal: { $in: normals } },
          { projection: { name: 1, normal: 1 }, limit: 2000 },
        ),
      ])
    : [[], []]
  return parties.map(({ party, identity }) => {
    const byPhone = (row: LeadRow) => row.phones.some(phone => identity.phones.includes(phone))
    const found = leads.filter(row => byPhone(row) || row.normal === identity.normal)
    const twins = {
      leads: found.map(row => ({ ...row, by: byPhone(row) ? ('phone' as const) : ('name' as const) })),
      tenants: tenants.filter(row => row.normal === identity.normal).map(row => ({ ...row, by: 'name' as const })),
    }
    const [lead] = twins.leads
    return { ...party, twins, first: lead ? String(lead._id) : twins.tenants.length ? SKIP : NEW }
  })
}

/** Those who are leads already, with the lead: made of them, or invited as it. */
export async function donePeople(event: Event): Promise<{ attendee: Attendee; lead: Pick<Lead, '_id' | 'number' | 'name'> | null }[]> {
  const { park, _id } = event
  const people = await scopedFind<Attendee>(Attendee, { park, event: _id, lead: { $ne: null } }, { sort: { at: 1 }, limit: 1000 })
  const ids = people.map(one => one.lead) as Types.ObjectId[]
  const leads = ids.length
    ? await scopedFind<Pick<Lead, '_id' | 'number' | 'name'>>(Lead, { park, _id: { $in: ids } }, { projection: { number: 1, name: 1 } })
    : []
  return people.map(attendee => ({ attendee, lead: leads.find(one => one._id.equals(attendee.lead!)) ?? null }))
}
