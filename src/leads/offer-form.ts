import type { Request } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { formValues, inputOf, leaseForm } from '../leases/form.ts'
import { addChosen, termsPage } from '../leases/form-page.ts'
import { addDays, addMonths, dayBefore, isDay, later, today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { LANGS } from '../locales/index.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { readMany, readQuery } from '../web/forms.ts'
import type { Lead } from './lead.ts'
import { Offer, OPEN_OFFERS } from './offer.ts'
import { type Doer, loadOffer, type OfferFacts } from './offer-draft.ts'
import { mayLead } from './who.ts'

/** The form of an offer: what a lease would agree, and whom it is addressed to. */
const VALID_DAYS = 14

export const offerForm = leaseForm.omit({ tenant: true, newName: true, newCode: true, sameName: true }).extend({
  company: f.text(120),
  contact: f.text(60),
  email: f.optionalEmail(),
  phone: f.optionalPhone(),
  lang: f.choice(LANGS),
  validUntil: f.day(),
  greeting: f.optionalText(600),
  remarks: f.optionalText(2000),
  replaces: f.optionalId(),
})
type OfferForm = z.output<typeof offerForm>

export const factsOf = (form: OfferForm): OfferFacts => {
  const { company, contact, email, phone, lang, validUntil, greeting, remarks, replaces, ...agreed } = form
  const nobody = { tenant: null, newName: null, newCode: null, sameName: false }
  const { tenant: _tenant, ...terms } = inputOf({ ...agreed, ...nobody }, new Types.ObjectId())
  return { tenantName: company, addressee: { name: contact, email, phone }, lang, validUntil, greeting, remarks, replaces, terms }
}

export const doerOf = (req: Request): Doer => ({ by: actor(req), leads: mayLead(req) })

/** An offer as its form shows it. */
export function offerValues({ terms, tenantName, addressee, lang, validUntil, greeting, remarks, replaces, version }: Offer) {
  const { name: contact, email, phone } = addressee
  const to = { company: tenantName, contact, email: email ?? '', phone: phone ?? '', lang, validUntil }
  return {
    ...formValues(terms),
    ...to,
    greeting: greeting ?? '',
    remarks: remarks ?? '',
    replaces: replaces ? String(replaces) : '',
    version,
  }
}

const day = z.string().refine(isDay).optional()
const startQuery = z.object({ from: day, to: day, copy: f.optionalId().optional() })

/** A new one follows what the lead looks for, or an offer it is to replace. */
async function startValues(req: Request, lead: Lead): Promise<Record<string, unknown>> {
  const asked = readQuery(req, startQuery)
  const on = today(req.park.zone)
  const validUntil = addDays(on, VALID_DAYS)
  const old = asked.copy ? await loadOffer(req.park._id, asked.copy) : null
  if (old?.lead.equals(lead._id)) {
    const replaces = OPEN_OFFERS.includes(old.state) ? String(old._id) : ''
    return { ...offerValues(old), validUntil, replaces, version: '' }
  }
  const from = asked.from ?? later(lead.wish.from ?? on, on)
  const to = asked.to && asked.to >= from ? asked.to : dayBefore(addMonths(from, lead.wish.months ?? 12))
  const { anchor, broken } = req.park.settings
  const contact = lead.contacts.find(one => one.email) ?? lead.contacts[0]
  return {
    ...formValues({ from, to, basis: 'sqm-day', anchor, broken }),
    ...{ company: lead.name, contact: contact?.name ?? '', email: contact?.email ?? '', phone: contact?.phone ?? '' },
    ...{ lang: 'zh-CN', validUntil },
  }
}

type Other = Pick<Offer, '_id' | 'number' | 'state' | 'validUntil'>

/** What the page of the form needs; `offer`: the draft it changes. */
export async function offerFormPage(req: Request, lead: Lead, offer: Offer | null) {
  const values = offer ? offerValues(offer) : await startValues(req, lead)
  const filter = { park: lead.park, lead: lead._id, state: { $in: OPEN_OFFERS } }
  const [page, others] = await Promise.all([
    termsPage(req, values, { lead: lead._id }),
    scopedFind<Other>(Offer, filter, { projection: { number: 1, state: 1, validUntil: 1 }, sort: { at: -1 }, limit: 50 }),
  ])
  // Where units are named, they are what is offered anew: the old offer's rows don't come along.
  if (!offer && !req.failed && readMany(req, 'unit').length) page.rows['lines'] = []
  addChosen(req, page)
  return { ...page, lead, offer, langs: LANGS, others: others.filter(one => !offer?._id.equals(one._id)) }
}
