import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { notify } from '../notifications/notification.ts'
import { createLead, firstStep, indexLead, type Place, shownLead, tidyFacts } from './create.ts'
import { addLine } from './entry.ts'
import { guardIdentity, guardStages } from './guards.ts'
import { contactWith, LEAD_STATES, Lead, type LeadContact, type LeadFacts, leadPath, leadSubject, MAX_CONTACTS, wishWith } from './lead.ts'
import { type Owner, ownersOf } from './pool.ts'
import { setupOf, stageAgain } from './setup.ts'
import { writeLead } from './steps.ts'
import { type Identifying, likeness, type Match, matchOf } from './twins.ts'

/**
 * Somebody gets in touch: through the form in public, or by phone. Whoever isn't known becomes a lead; with whom the park has to do
 * already gets a line in their history instead, so that one company is never two leads because it asked twice.
 */
export interface Arrival {
  facts: LeadFacts
  line: { kind: 'inquiry' | 'call'; text: string; params?: Record<string, string>; ref?: Types.ObjectId | null }
  /** Whose it is, if it is new or comes back; null: it waits in the pool. */
  owner: Owner | null
  consent?: boolean
  /** Another company, although somebody like it is there. */
  anew?: boolean
}

export interface Arrived {
  lead: Lead
  /** What it was before: null where nobody was known. */
  was: 'open' | 'converted' | 'lost' | null
}

const MATCHES = ['code', 'phone', 'name'] as const

/** Those worked on come first, then who moved in, then who was lost; the surest likeness first. */
export const byNearness = (a: { state: Lead['state']; by: Match }, b: { state: Lead['state']; by: Match }): number =>
  LEAD_STATES.indexOf(a.state) - LEAD_STATES.indexOf(b.state) || MATCHES.indexOf(a.by) - MATCHES.indexOf(b.by)

const MOST = 20

async function knownLead(park: string, of: Identifying): Promise<Lead | null> {
  const filter = { park, $or: likeness(of), state: { $ne: 'merged' } }
  const rows = await scopedFind<Lead>(Lead, filter, { sort: { at: -1, _id: -1 }, limit: MOST })
  const [first] = rows.map(lead => ({ lead, state: lead.state, by: matchOf(of, lead) })).sort(byNearness)
  return first?.lead ?? null
}

/** The contacts with who got in touch now: known by phone or mail, or added. */
function contactsOf(lead: Lead, fresh: LeadContact[]): LeadContact[] {
  const contacts = [...lead.contacts]
  for (const one of fresh) {
    const at = contacts.findIndex(own => (one.phone && own.phone === one.phone) || (one.email && own.email === one.email))
    const own = contacts[at]
    if (own) contacts[at] = contactWith(own, one)
    else if (contacts.length < MAX_CONTACTS) contacts.push(one)
  }
  return contacts
}

type Set = Partial<Lead>

/** What brings a lost lead back: into the pool or to somebody, in the stage it was in. */
async function backSet(park: Place, lead: Lead, owner: Owner | null): Promise<{ set: Set; stage: string }> {
  await guardStages(park._id)
  const setup = await setupOf(park._id)
  const stage = stageAgain(setup, lead.stage)
  const whose = owner
    ? { owner: owner._id, ownerName: owner.name, pool: null, next: firstStep(today(park.zone)) }
    : { owner: null, ownerName: null, pool: { at: now(), why: 'new' as const }, next: null }
  return { set: { state: 'open', stage, lost: null, ...whose }, stage }
}

type Tidy = ReturnType<typeof tidyFacts>

async function addTo(park: Place, lead: Lead, facts: Tidy, { line, owner, consent }: Arrival, by: Actor): Promise<Lead> {
  const contacts = contactsOf(lead, facts.contacts)
  const known: Set = {
    contacts,
    phones: [...new Set([...lead.phones, ...contacts.flatMap(one => one.phone ?? [])])],
    wish: wishWith(lead.wish, facts.wish),
    industry: lead.industry ?? facts.industry,
    origin: lead.origin ?? facts.origin,
    creditCode: lead.creditCode ?? facts.creditCode,
    consentAt: lead.consentAt ?? (consent ? now() : null),
  }
  const back = lead.state === 'lost' ? await backSet(park, lead, owner) : null
  const after = await writeLead(lead, { ...known, ...back?.set }, back?.stage)
  await indexLead(after)
  const { kind, ...rest } = line
  await addLine(after, kind, rest, by)
  await audit(by, `inquiry.${kind}`, leadSubject(after), { before: shownLead(lead), after: shownLead(after) })
  if (!back) return after
  const whose = after.ownerName
  await addLine(after, 'reopened', {}, by)
  await audit(by, 'lead.reopen', leadSubject(after), {
    before: { state: 'lost', owner: lead.ownerName },
    after: { state: 'open', owner: whose },
  })
  return after
}

/** Takes in whoever gets in touch; two of the same at the same time are one lead. Throws creditCode.* */
export async function arrive(park: Place, arrival: Arrival, by: Actor): Promise<Arrived> {
  const facts = tidyFacts(arrival.facts)
  return transact(async () => {
    await guardIdentity(park._id, facts)
    const known = arrival.anew ? null : await knownLead(park._id, facts)
    if (known) return { lead: await addTo(park, known, facts, arrival, by), was: known.state as Exclude<Arrived['was'], null> }
    const { kind, ...rest } = arrival.line
    // Tenants and other parks don't make it no lead: who works on it sees them on its page.
    const lead = await createLead(park, arrival.facts, { owner: arrival.owner, twin: true, consent: arrival.consent }, by)
    await addLine(lead, kind, rest, by)
    return { lead, was: null }
  })
}

/** Whose lead it is hears of it, as long as they are of the park; else everybody who may take it. `keyFor`: whether anybody's it is. */
export async function tell(
  { lead }: Arrived,
  keyFor: (owned: boolean) => string,
  by: Actor,
  more: Record<string, string> = {},
): Promise<void> {
  const people = await ownersOf(lead.park)
  const owner = people.filter(one => lead.owner?.equals(one._id))
  const params = { name: lead.name, number: lead.number, ...more }
  await notify(owner.length ? owner : people, { park: lead.park, key: keyFor(owner.length > 0), params, path: leadPath(lead) }, by.id)
}
