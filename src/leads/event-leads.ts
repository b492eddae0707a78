import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { Attendee } from '../events/attendee.ts'
import { type Event, eventPath, eventSubject, phaseOf } from '../events/event.ts'
import { now } from '../lib/clock.ts'
import { addDays, today } from '../lib/days.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { textIn } from '../lib/text.ts'
import { notify } from '../notifications/notification.ts'
import type { Park } from '../parks/park.ts'
import { createLead, indexLead, tidyFacts } from './create.ts'
import { addLine } from './entry.ts'
import { factsOf, NEW, openPeople, type Party, partiesOf, SKIP, type Who } from './event-leads-plan.ts'
import { guardIdentity } from './guards.ts'
import { Lead, type LeadContact, leadSubject } from './lead.ts'
import { type Owner, openCount, ownersOf } from './pool.ts'
import { identityOf, twinsOf } from './twins.ts'

/**
 * The people of an event become leads in one step: all of it or nothing, and nobody twice. Each attendee names the lead they became, and
 * that is written only while they name none: of two who press at once the second finds nothing left to do.
 */
export const SHARES = ['me', 'pool', 'spread'] as const

export interface Row {
  key: string
  /** `new`, `skip`, or the id of the lead they are added to. */
  into: string
  /** Leads and tenants like it that the person saw when they chose. */
  seen: string[]
}

export interface Order {
  who: Who
  rows: Row[]
  /** Whose the new ones are: one person's, nobody's (the pool), or everybody's in turn. */
  owner: { kind: 'one'; user: Types.ObjectId } | { kind: 'pool' } | { kind: 'spread' }
}

export interface Made {
  made: number
  added: number
}

/** Whose the n-th new lead is: in turn, beginning with who has fewest. */
async function ownersFor(park: string, owner: Order['owner']): Promise<(Owner | null)[]> {
  if (owner.kind === 'pool') return [null]
  const all = await ownersOf(park)
  if (owner.kind === 'one') {
    const found = all.find(one => one._id.equals(owner.user))
    if (!found) throw new RuleError('lead.noOwner', {}, { field: 'owner' })
    return [found]
  }
  const counted: { user: Owner; count: number }[] = []
  for (const user of all) counted.push({ user, count: await openCount(park, user._id) })
  if (!counted.length) throw new RuleError('lead.noOwner', {}, { field: 'owner' })
  return counted.sort((a, b) => a.count - b.count || String(a.user._id).localeCompare(String(b.user._id))).map(({ user }) => user)
}

/** Throws leadEvent.twinNow (409) for somebody like it who wasn't there when it was chosen; those made just now are meant. */
async function refuseUnseen(park: Park, party: Party, event: Event, row: Row, made: Set<string>): Promise<void> {
  const twins = await twinsOf(park, factsOf(party, event))
  const known = (id: Types.ObjectId) => row.seen.includes(String(id)) || made.has(String(id))
  const news = [...twins.leads, ...twins.tenants].find(one => !known(one._id))
  if (news) throw conflict('leadEvent.twinNow', { name: party.name, other: news.name })
}

async function mark(park: string, event: Event, { people, name }: Party, lead: Types.ObjectId): Promise<void> {
  const ids = people.map(one => one._id)
  const { modifiedCount } = await Attendee.updateMany({ park, event: event._id, _id: { $in: ids }, lead: null }, { $set: { lead } })
  if (modifiedCount !== ids.length) throw conflict('leadEvent.doneNow', { name })
}

const line = (event: Event, { came, people }: Party) => ({
  params: { what: came ? 'came' : 'wanted', event: event.title.zh, names: people.map(one => one.name).join(', ') },
  ref: event._id,
})

async function makeLead(park: Park, event: Event, party: Party, owner: Owner | null, by: Actor): Promise<Lead> {
  const consent = party.people.some(one => one.consentAt)
  const next = owner ? { what: '', on: addDays(today(park.zone), 1) } : null
  const lead = await createLead(park, factsOf(party, event), { owner, next, twin: true, event: event._id, consent }, by)
  await mark(park._id, event, party, lead._id)
  await addLine(lead, 'event', line(event, party), by)
  return lead
}

const isKnown = (contacts: LeadContact[], one: LeadContact): boolean =>
  contacts.some(own => (one.phone && own.phone === one.phone) || (own.name === one.name && (!own.phone || !one.phone)))

/** Adds the people of a party to the lead that is there. Throws leadEvent.gone (409) for one that is no more. */
async function addToLead(park: Park, event: Event, party: Party, id: Types.ObjectId, by: Actor): Promise<void> {
  const before = (await Lead.findOne({ park: park._id, _id: id, state: { $ne: 'merged' } }).lean()) as Lead | null
  if (!before) throw conflict('leadEvent.gone', { name: party.name })
  const fresh = tidyFacts(factsOf(party, event)).contacts.filter(one => !isKnown(before.contacts, one))
  const contacts = [...before.contacts, ...fresh]
  const identity = identityOf({ ...before, contacts })
  await guardIdentity(park._id, identity)
  const set = { contacts, phones: identity.phones, event: before.event ?? event._id, touchedAt: now(), warnedAt: null }
  const after = (await Lead.findOneAndUpdate(
    { park: park._id, _id: id, version: before.version },
    { $set: set, $inc: { version: 1 } },
    { returnDocument: 'after' },
  ).lean()) as Lead | null
  if (!after) throw conflict('stale')
  await mark(park._id, event, party, id)
  await indexLead(after)
  await addLine(after, 'event', line(event, party), by)
  const names = (list: LeadContact[]) => list.map(one => one.name).join(', ')
  await audit(by, 'leadEvent.add', leadSubject(after), {
    before: { contacts: names(before.contacts) },
    after: { contacts: names(contacts) },
    note: event.title.zh,
  })
}

const asId = (text: string): Types.ObjectId => {
  if (!/^[0-9a-f]{24}$/.test(text)) throw new RuleError('choose')
  return new Types.ObjectId(text)
}

/** Tells those who were given leads, once each. */
async function tellOwners(park: Park, event: Event, leads: Lead[], by: Actor): Promise<void> {
  for (const user of await ownersOf(park._id)) {
    const count = leads.filter(one => one.owner?.equals(user._id)).length
    if (!count) continue
    const params = { count, title: textIn(event.title, user.lang).text, by: by.name }
    await notify([user], { park: park._id, key: 'leadEvent.given', params, path: `${eventPath(event)}/outcome` }, by.id)
  }
}

/**
 * Makes leads of the people of an event as it was chosen, party by party; who became one meanwhile is left out. Throws event.draft,
 * event.cancelled (409), leadEvent.twinNow, leadEvent.gone (409), lead.noOwner: then nothing was made.
 */
export async function makeLeads(park: Park, event: Event, { who, rows, owner }: Order, by: Actor): Promise<Made> {
  const phase = phaseOf(event)
  if (phase === 'draft' || phase === 'cancelled') throw conflict(`event.${phase}`)
  return transact(async () => {
    const parties = partiesOf(await openPeople(event, who), event)
    const owners = await ownersFor(park._id, owner)
    const [leads, made]: [Lead[], Set<string>] = [[], new Set()]
    let added = 0
    for (const row of rows) {
      const party = parties.find(one => one.key === row.key)
      if (!party || row.into === SKIP) continue
      if (row.into !== NEW) {
        await addToLead(park, event, party, asId(row.into), by)
        added += 1
        continue
      }
      await guardIdentity(park._id, tidyFacts(factsOf(party, event)))
      await refuseUnseen(park, party, event, row, made)
      const lead = await makeLead(park, event, party, owners[leads.length % owners.length]!, by)
      made.add(String(lead._id))
      leads.push(lead)
    }
    await tellOwners(park, event, leads, by)
    if (leads.length + added) await audit(by, 'leadEvent.make', eventSubject(event), { after: { made: leads.length, added } })
    return { made: leads.length, added }
  })
}
