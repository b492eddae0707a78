import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { nextNumber } from '../db/counter.ts'
import { transact } from '../db/transact.ts'
import { plainPhone } from '../events/attendee.ts'
import { existsFor } from '../leases/availability.ts'
import { buildLines, summary } from '../leases/input.ts'
import { now } from '../lib/clock.ts'
import { today, yearOf } from '../lib/days.ts'
import { maskEmail, maskPhone } from '../lib/mask.ts'
import { scopedFind, scopedInsert } from '../lib/park-scope.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { Unit } from '../spaces/unit.ts'
import type { Place } from './create.ts'
import type { Lead } from './lead.ts'
import { type Addressee, checkTerms, Offer, type OfferTerms, OPEN_OFFERS, offerSubject, scheduleFor } from './offer.ts'
import { loadLead, loadOpen, refuseStranger, writeLead } from './steps.ts'

/** Making an offer and changing it while it is a draft. Every step writes the lead too: one that is lost meanwhile gets no new offer. */
export interface OfferFacts extends Pick<Offer, 'tenantName' | 'lang' | 'terms' | 'validUntil' | 'greeting' | 'remarks'> {
  addressee: Addressee
  replaces: Types.ObjectId | null
}

/** Who does it: the lead's owner, or (`leads`) who leads the park's promotion. */
export interface Doer {
  by: Actor
  leads: boolean
}

/** What of an offer the trail shows: addresses and phones masked. */
export function shownOffer({ tenantName, addressee, lang, terms, lines, total, validUntil }: Offer | (OfferFacts & Built)) {
  const { from, to, basis, anchor, broken, cycle, rentFree, escalation, reductions, deposit } = terms
  const plain = (list: object[]) => list.map(item => Object.values(JSON.parse(JSON.stringify(item))).join(' ')).join('; ')
  const { name, email, phone } = addressee
  const to_ = [name, email && maskEmail(email), phone && maskPhone(phone)].filter(Boolean).join(' ')
  return {
    ...{ tenantName, addressee: to_, offerLang: lang, validUntil, from, to, basis, anchor, broken, cycle },
    units: lines.map(line => `${line.code} ${line.rate}`).join(', '),
    ...{ rentFree: plain(rentFree), escalation: plain(escalation), reductions: plain(reductions), deposit, offerTotal: total / 100 },
  }
}

/** A unit that is gone, or isn't there for all of the term, can't be offered; one that is taken can, with a warning. Throws offer.unitGone. */
export async function refuseGone(park: string, { lines, from, to }: OfferTerms): Promise<void> {
  type Row = Pick<Unit, '_id' | 'code' | 'activeFrom' | 'activeTo'>
  const filter = { park, _id: { $in: lines.map(line => line.unit) } }
  const units = await scopedFind<Row>(Unit, filter, { projection: { code: 1, activeFrom: 1, activeTo: 1 } })
  lines.forEach((line, i) => {
    const unit = units.find(one => one._id.equals(line.unit))
    if (!unit) throw new RuleError('unit.gone', {}, { field: `lines[${i}][unit]` })
    if (!existsFor(unit, { from, to })) throw new RuleError('offer.unitGone', { unit: unit.code }, { field: `lines[${i}][unit]` })
  })
}

type Built = Pick<Offer, 'lines' | 'units' | 'total'>

async function build(park: Place, { terms, validUntil }: OfferFacts): Promise<Built> {
  checkTerms(terms)
  if (validUntil < today(park.zone)) throw new RuleError('offer.validPast', {}, { field: 'validUntil' })
  await refuseGone(park._id, terms)
  const lines = await buildLines(park._id, terms, terms.from)
  return { lines, units: summary(lines).units, total: scheduleFor({ terms, lines }).total }
}

const tidy = (facts: OfferFacts): OfferFacts => {
  const { email, phone } = facts.addressee
  return { ...facts, addressee: { ...facts.addressee, email: email?.toLowerCase() ?? null, phone: phone && plainPhone(phone) } }
}

/** What is replaced must be an offer to the same lead that could still become a lease. Throws offer.replacesGone. */
async function refuseForeign(lead: Lead, self: Types.ObjectId, replaces: Types.ObjectId | null): Promise<void> {
  if (!replaces) return
  const filter = { park: lead.park, _id: replaces, lead: lead._id, state: { $in: OPEN_OFFERS } }
  if (replaces.equals(self) || !(await Offer.exists(filter))) throw new RuleError('offer.replacesGone', {}, { field: 'replaces' })
}

/** The open lead somebody may make offers to. Throws lead.not.open (409), lead.notYours (403). */
export async function loadOwnLead(park: string, _id: Types.ObjectId, { by, leads }: Doer): Promise<Lead> {
  refuseStranger(await loadLead(park, _id), by, leads)
  return loadOpen(park, _id)
}

export async function loadOffer(park: string, _id: Types.ObjectId): Promise<Offer> {
  const offer = (await Offer.findOne({ park, _id }).lean()) as Offer | null
  if (!offer) throw notFound()
  return offer
}

/** A draft. Throws lead.*, offer.unitGone, offer.validPast, offer.replacesGone and what checkVersion finds. */
export async function createOffer(park: Place, lead: Types.ObjectId, given: OfferFacts, doer: Doer): Promise<Offer> {
  const facts = tidy(given)
  const { by } = doer
  return transact(async () => {
    const to = await loadOwnLead(park._id, lead, doer)
    const _id = new Types.ObjectId()
    await refuseForeign(to, _id, facts.replaces)
    const built = await build(park, facts)
    const year = yearOf(today(park.zone))
    const number = `BJ-${year}-${String(await nextNumber(park._id, `offer-${year}`)).padStart(4, '0')}`
    const offer: Offer = {
      ...{ _id, park: park._id, number, lead, ...facts, ...built, state: 'draft', sent: null, answer: null, withdrawn: null },
      ...{ createdBy: { id: by.id, name: by.name }, at: now(), version: 0 },
    }
    await scopedInsert(Offer, [offer])
    await writeLead(to, {})
    await audit(by, 'offer.create', offerSubject(offer), { after: shownOffer(offer) })
    return offer
  })
}

/** Throws offer.notDraft (409), stale (409) and what createOffer() throws. */
export async function editOffer(park: Place, _id: Types.ObjectId, version: number, given: OfferFacts, doer: Doer): Promise<Offer> {
  const facts = tidy(given)
  return transact(async () => {
    const before = await loadOffer(park._id, _id)
    const lead = await loadOwnLead(park._id, before.lead, doer)
    if (before.state !== 'draft') throw conflict('offer.notDraft', { number: before.number })
    if (before.version !== version) throw conflict('stale')
    await refuseForeign(lead, _id, facts.replaces)
    const after = (await Offer.findOneAndUpdate(
      { park: park._id, _id, version, state: 'draft' },
      { $set: { ...facts, ...(await build(park, facts)) }, $inc: { version: 1 } },
      { returnDocument: 'after' },
    ).lean()) as Offer | null
    if (!after) throw conflict('stale')
    await writeLead(lead, {})
    await audit(doer.by, 'offer.edit', offerSubject(after), { before: shownOffer(before), after: shownOffer(after) })
    return after
  })
}
