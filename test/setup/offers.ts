import { Types } from 'mongoose'
import { offerChecks } from '../../src/leads/checks-offers.ts'
import type { Lead } from '../../src/leads/lead.ts'
import { Offer, type OfferTerms } from '../../src/leads/offer.ts'
import { createOffer, type Doer, type OfferFacts } from '../../src/leads/offer-draft.ts'
import { printForSending } from '../../src/leads/offer-paper.ts'
import { sendOffer } from '../../src/leads/offer-steps.ts'
import { Park } from '../../src/parks/park.ts'
import type { Unit } from '../../src/spaces/unit.ts'
import { BY, buildUnit, inDays, termsFor } from './factories.ts'
import { buildLead, leadNow } from './leads.ts'

/** Offers made through the product's own functions, by who leads unless somebody else is said to. */
export const LEADING: Doer = { by: BY, leads: true }

export const parkOf = async (park: string): Promise<Park> => (await Park.findById(park).lean().orFail()) as Park

export interface OfferOptions {
  unit?: Unit
  lead?: Lead
  terms?: Partial<OfferTerms>
  more?: Partial<OfferFacts>
  doer?: Doer
}

export const offerFacts = (unit: Pick<Unit, '_id'>, { terms = {}, more = {} }: OfferOptions = {}): OfferFacts => {
  const { tenant: _tenant, ...usual } = termsFor(unit, { _id: unit._id })
  return {
    terms: { ...usual, note: null, ...terms },
    tenantName: '示例科技(杭州)有限公司',
    addressee: { name: 'Ada', email: 'ada@example.org', phone: '13900001234' },
    ...{ lang: 'zh-CN', validUntil: inDays(14), greeting: null, remarks: null, replaces: null },
    ...more,
  }
}

export async function buildOffer(options: OfferOptions = {}): Promise<{ offer: Offer; unit: Unit; lead: Lead; park: string }> {
  const unit = options.unit ?? (await buildUnit(options.lead ? { park: options.lead.park } : {}))
  const lead = options.lead ?? (await buildLead(unit.park)).lead
  const offer = await createOffer(await parkOf(unit.park), lead._id, offerFacts(unit, options), options.doer ?? LEADING)
  return { offer, unit, lead, park: unit.park }
}

/** Sends a draft as its page does: printed first. */
export async function send(offer: Offer, { mail = true, doer = LEADING, version = offer.version } = {}): Promise<Offer> {
  const park = await parkOf(offer.park)
  const printed = await printForSending(park, offer, { name: doer.by.name, email: null }, doer.by.id)
  return sendOffer(park, printed, { version, mail, replyTo: 'owner@example.com' }, doer)
}

export const offerNow = async ({ park, _id }: { park: string; _id: Types.ObjectId }): Promise<Offer> =>
  (await Offer.findOne({ park, _id }).lean().orFail()) as Offer

/** What the doctor says of offers. */
export async function offerFindings(): Promise<string[]> {
  const found: string[] = []
  for (const check of offerChecks) await check.run((message, subject) => found.push(`${subject?.label ?? subject?.id}: ${message}`))
  return found
}

/** For the matrix: an offer to each column's lead. */
export async function offerWorld(
  park: string,
  leadAt: (i: number) => string,
  count: number,
): Promise<(i: number) => Record<string, string>> {
  const unit = await buildUnit({ park })
  const offers: Offer[] = []
  for (let i = 0; i < count; i++) {
    const lead = await leadNow({ park, _id: new Types.ObjectId(leadAt(i)) })
    offers.push((await buildOffer({ unit, lead })).offer)
  }
  return i => ({ lead: String(offers[i]!.lead), offer: String(offers[i]!._id), page: '1' })
}
