import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { historyOf } from '../audit/history.ts'
import { findLinked, readWhole } from '../files/store.ts'
import { sendDownload } from '../files/stream.ts'
import { pageOf } from '../files/watermark.ts'
import { obstaclesTo } from '../leases/availability.ts'
import { inputOf, leaseForm } from '../leases/form.ts'
import { previewAgain, previewOf } from '../leases/wish-routes.ts'
import { daysBetween, lengthOf, today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { conflict, notFound } from '../lib/rule-error.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, param, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import type { Lead } from './lead.ts'
import { areaOf, OFFER_LINK, Offer, OPEN_OFFERS, offerPath, phaseOf, scheduleFor, TONES } from './offer.ts'
import { createOffer, editOffer, loadOffer, loadOwnLead } from './offer-draft.ts'
import { doerOf, factsOf, offerForm, offerFormPage } from './offer-form.ts'
import { issuerOf, printOffer } from './offer-paper.ts'
import { loadLead } from './steps.ts'

/** Offers to a lead: making one, its page, and its paper. */
export interface Found {
  lead: Lead
  offer: Offer
}

/** The offer of this address; another lead's isn't there. */
export async function findOffer(req: Request): Promise<Found> {
  const offer = await loadOffer(req.park._id, idParam(req, 'offer'))
  if (!offer.lead.equals(idParam(req, 'lead'))) throw notFound()
  return { offer, lead: await loadLead(req.park._id, offer.lead) }
}

async function fresh(req: Request, res: Response): Promise<void> {
  const lead = await loadOwnLead(req.park._id, idParam(req, 'lead'), doerOf(req))
  res.page('leads/offer-form', await offerFormPage(req, lead, null))
}

async function save(req: Request, res: Response): Promise<void> {
  const form = readForm(req, offerForm)
  await commit(req, res, async () => {
    const offer = await createOffer(req.park, idParam(req, 'lead'), factsOf(form), doerOf(req))
    flash(res, 'offer.done.drafted')
    return offerPath(offer)
  })
}

async function edit(req: Request, res: Response): Promise<void> {
  const { offer } = await findOffer(req)
  const lead = await loadOwnLead(req.park._id, offer.lead, doerOf(req))
  if (offer.state !== 'draft' && !req.failed) throw conflict('offer.notDraft', { number: offer.number })
  res.page('leads/offer-form', await offerFormPage(req, lead, offer))
}

async function change(req: Request, res: Response): Promise<void> {
  const { offer } = await findOffer(req)
  const form = readForm(req, offerForm)
  await commit(req, res, async () => {
    await editOffer(req.park, offer._id, form.version ?? -1, factsOf(form), doerOf(req))
    flash(res, 'app.saved')
    return offerPath(offer)
  })
}

/** The charges of what stands in the form, as of a lease; the lead's own holds don't stand in the way. */
async function preview(req: Request, res: Response): Promise<void> {
  const lead = await loadLead(req.park._id, idParam(req, 'lead'))
  const input = inputOf(readForm(req, leaseForm), new Types.ObjectId())
  res.page('leases/preview', { ...(await previewOf(req.park._id, input, { lead: lead._id })), forOffer: true })
}

type Other = Pick<Offer, '_id' | 'lead' | 'number' | 'state' | 'replaces'>

/** What it replaced, and what replaced it. */
async function relatedTo({ park, lead, _id, replaces }: Offer) {
  const any = [{ replaces: _id }, ...(replaces ? [{ _id: replaces }] : [])]
  const projection = { lead: 1, number: 1, state: 1, replaces: 1 }
  const found = await scopedFind<Other>(Offer, { park, lead, $or: any }, { projection, sort: { at: -1 }, limit: 20 })
  return {
    before: found.find(one => replaces?.equals(one._id)) ?? null,
    after: found.filter(one => one.replaces?.equals(_id)),
  }
}

export async function showOffer(req: Request, res: Response): Promise<void> {
  const { offer, lead } = await findOffer(req)
  const { terms, units } = offer
  const on = today(req.park.zone)
  const { by, leads } = doerOf(req)
  const phase = phaseOf(offer, on)
  const running = ['draft', 'valid', 'expired', 'accepted'].includes(phase)
  const [history, related, obstacles] = await Promise.all([
    historyOf(req, 'offer', offer._id),
    relatedTo(offer),
    running ? obstaclesTo(offer.park, units, { from: terms.from, to: terms.to }, { lead: lead._id }) : [],
  ])
  res.page('leads/offer', {
    ...{ offer, lead, phase, tones: TONES, history, related, obstacles, area: areaOf(offer), daysLeft: daysBetween(on, offer.validUntil) },
    schedule: scheduleFor(offer),
    length: lengthOf(terms.from, terms.to),
    mine: lead.state === 'open' && (leads || String(lead.owner) === by.id),
    running,
    oldOpen: related.before !== null && OPEN_OFFERS.includes(related.before.state),
    step: req.failed ? req.path.split('/').at(-1) : null,
    form: formState(req),
  })
}

const me = (req: Request) => ({ name: req.me!.name, email: req.me!.email })

/** The paper's bytes: what was sent is what is stored, unchanged forever; a draft is printed anew, marked as one. */
async function paperOf(req: Request, { offer, lead }: Found): Promise<Buffer> {
  if (!offer.sent) return printOffer(req.park, offer, await issuerOf(lead, me(req)))
  return readWhole(offer.sent.file)
}

async function paper(req: Request, res: Response): Promise<void> {
  const found = await findOffer(req)
  const { offer } = found
  if (offer.sent) {
    const file = await findLinked(offer.park, offer.sent.file, OFFER_LINK, offer._id)
    if (!file) throw notFound()
    return sendDownload(req, res, file, true)
  }
  const bytes = await paperOf(req, found)
  res.set({
    'content-type': 'application/pdf',
    'content-disposition': `inline; filename="${offer.number}.pdf"`,
    // Browsers refuse to show a PDF inside a sandbox; it has no scripts of this site.
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  })
  res.send(bytes)
}

/** A page of the paper as a picture, for its page here: phones show no PDF inside one. */
async function page(req: Request, res: Response): Promise<void> {
  const found = await findOffer(req)
  const number = Number(/^[1-9]\d?$/.exec(param(req, 'page'))?.[0] ?? Number.NaN)
  if (!number) throw notFound()
  const bytes = await pageOf(() => paperOf(req, found), number)
  res.set({ 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-store' })
  res.send(bytes)
}

export const offerRoutes = routes(({ get, post }) => {
  get('/:lead/offers/new', 'lead.work', fresh)
  post('/:lead/offers', 'lead.work', save, { again: fresh })
  post('/:lead/offers/preview', 'lead.work', preview, { again: previewAgain })
  get('/:lead/offers/:offer', 'lead.read', showOffer)
  get('/:lead/offers/:offer/edit', 'lead.work', edit)
  post('/:lead/offers/:offer/edit', 'lead.work', change, { again: edit })
  get('/:lead/offers/:offer/document.pdf', 'lead.read', paper)
  get('/:lead/offers/:offer/pages/:page', 'lead.read', page)
})
