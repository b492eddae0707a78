import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { linkFiles } from '../files/store.ts'
import { now } from '../lib/clock.ts'
import { today } from '../lib/days.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { enqueueMail } from '../notifications/outbox.ts'
import type { Place } from './create.ts'
import { addLine } from './entry.ts'
import type { Lead } from './lead.ts'
import { onMerged } from './merge.ts'
import { OFFER_LINK, Offer, type OfferState, OPEN_OFFERS, offerSubject, type WITHDRAWN_WHY } from './offer.ts'
import { type Doer, loadOffer, loadOwnLead, refuseGone } from './offer-draft.ts'
import { onLost, writeLead } from './steps.ts'

/** An offer's way: it goes out once, with the paper the company has; it is accepted or declined as the company says, or withdrawn. */
const person = ({ id, name }: Actor) => ({ id, name })

/** One step, guarded by the version it was read at. */
async function write(before: Offer, set: Partial<Offer>): Promise<Offer> {
  const { park, _id, version, state } = before
  const change = { $set: set, $inc: { version: 1 } }
  const after = await Offer.findOneAndUpdate({ park, _id, version, state }, change, { returnDocument: 'after' }).lean()
  if (!after) throw conflict('stale')
  return after as Offer
}

async function tell(lead: Lead, offer: Offer, what: string, note: string | null, by: Actor): Promise<void> {
  await addLine(lead, 'offer', { text: note, params: { what, number: offer.number }, ref: offer._id }, by)
}

type Why = (typeof WITHDRAWN_WHY)[number]

async function callOff(lead: Lead, before: Offer, why: Why, note: string | null, by: Actor): Promise<Offer> {
  const after = await write(before, { state: 'withdrawn', withdrawn: { at: now(), by: person(by), why, note } })
  // A draft nobody saw is no event of the lead's.
  if (before.sent) await tell(lead, after, why === 'replaced' ? 'replaced' : 'withdrawn', note, by)
  await audit(by, 'offer.withdraw', offerSubject(after), { before: { state: before.state }, after: { state: 'withdrawn' }, note })
  return after
}

/** What was printed of a draft, as it was read: stored unlinked, before the transaction that sends it. */
export interface Printed {
  offer: Offer
  /** Null where there was nothing to print: it had gone out already. */
  file: Types.ObjectId | null
}

export interface Sending {
  /** The version whose page was seen. */
  version: number
  /** False: it was handed over, or sent by other means. */
  mail: boolean
  /** Where answers go. */
  replyTo: string | null
}

async function mailOffer({ offer, file }: Printed, { replyTo }: Sending, { ownerName }: Lead, by: Actor, park: string): Promise<void> {
  const { number, tenantName, addressee, lang, validUntil } = offer
  const params = { number, company: tenantName, name: addressee.name, park, validUntil, owner: ownerName ?? by.name }
  const attachments = [{ file: file!, name: `${number}.pdf`, type: 'application/pdf' }]
  await enqueueMail([{ to: addressee.email!, lang, key: 'notice.offer.sent', params, path: '', attachments, replyTo }])
}

/**
 * Sends a draft with its paper: the file is linked, the mail enqueued and the offer sent in one step, once. Throws offer.notDraft (409),
 * stale (409), offer.noEmail, offer.validPast, offer.unitGone, lead.*.
 */
export async function sendOffer(
  park: Place & { name: { zh: string; en?: string | null } },
  printed: Printed,
  how: Sending,
  doer: Doer,
): Promise<Offer> {
  const { by } = doer
  return transact(async () => {
    const before = await loadOffer(park._id, printed.offer._id)
    const lead = await loadOwnLead(park._id, before.lead, doer)
    if (before.state !== 'draft' || !printed.file) throw conflict('offer.notDraft', { number: before.number })
    if (before.version !== how.version || before.version !== printed.offer.version) throw conflict('stale')
    if (before.validUntil < today(park.zone)) throw new RuleError('offer.validPast', {}, { field: 'validUntil' })
    const to = how.mail ? before.addressee.email : null
    if (how.mail && !to) throw new RuleError('offer.noEmail', {}, { field: 'how' })
    await refuseGone(park._id, before.terms)
    const file = printed.file
    const after = await write(before, { state: 'sent', sent: { at: now(), by: person(by), to, file } })
    await linkFiles(park._id, [file], { kind: OFFER_LINK, ref: after._id })
    const old = before.replaces && (await Offer.findOne({ park: park._id, _id: before.replaces, lead: lead._id }).lean())
    if (old && OPEN_OFFERS.includes(old.state)) await callOff(lead, old as Offer, 'replaced', after.number, by)
    if (to) await mailOffer({ offer: after, file }, how, lead, by, (after.lang === 'en' && park.name.en) || park.name.zh)
    await writeLead(lead, {})
    await tell(lead, after, to ? 'sent' : 'handed', null, by)
    await audit(by, 'offer.send', offerSubject(after), {
      before: { state: 'draft' },
      after: { state: 'sent', offerBy: to ? 'mail' : 'hand' },
    })
    return after
  })
}

/** What the company said of a sent offer. */
export interface Answer {
  version: number
  note: string | null
}

async function answerOffer(park: Place, _id: Types.ObjectId, said: 'accepted' | 'declined', { version, note }: Answer, doer: Doer) {
  const { by } = doer
  return transact(async () => {
    const before = await loadOffer(park._id, _id)
    const lead = await loadOwnLead(park._id, before.lead, doer)
    const from: OfferState[] = said === 'declined' ? ['sent', 'accepted'] : ['sent']
    if (!from.includes(before.state)) throw conflict('offer.notSent', { number: before.number })
    if (before.version !== version) throw conflict('stale')
    if (said === 'accepted' && before.validUntil < today(park.zone))
      throw conflict('offer.runOut', { number: before.number, on: before.validUntil })
    const after = await write(before, { state: said, answer: { said, at: now(), by: person(by), note } })
    await writeLead(lead, {})
    await tell(lead, after, said, note, by)
    const action = said === 'accepted' ? 'offer.accept' : 'offer.decline'
    await audit(by, action, offerSubject(after), { before: { state: before.state }, after: { state: said }, note })
    return after
  })
}

/** The company agrees, while the offer is valid. Throws offer.notSent (409), offer.runOut (409), stale (409), lead.*. */
export const acceptOffer = (park: Place, _id: Types.ObjectId, answer: Answer, doer: Doer): Promise<Offer> =>
  answerOffer(park, _id, 'accepted', answer, doer)

/** The company doesn't want it, or no longer. Throws offer.notSent (409), stale (409), lead.*. */
export const declineOffer = (park: Place, _id: Types.ObjectId, answer: Answer, doer: Doer): Promise<Offer> =>
  answerOffer(park, _id, 'declined', answer, doer)

/** The park takes it back; a draft is discarded. Throws offer.ended (409), stale (409), lead.*. */
export async function withdrawOffer(park: Place, _id: Types.ObjectId, { version, note }: Answer, doer: Doer): Promise<Offer> {
  return transact(async () => {
    const before = await loadOffer(park._id, _id)
    const lead = await loadOwnLead(park._id, before.lead, doer)
    if (!OPEN_OFFERS.includes(before.state)) throw conflict('offer.ended', { number: before.number })
    if (before.version !== version) throw conflict('stale')
    const after = await callOff(lead, before, 'own', note, doer.by)
    await writeLead(lead, {})
    return after
  })
}

onMerged(async (park, gone, kept) => {
  await Offer.updateMany({ park, lead: gone }, { $set: { lead: kept._id } })
})

// Whoever comes back later is offered anew: an old price must not become a lease by reopening.
onLost(async (lead, by) => {
  const open = await Offer.find({ park: lead.park, lead: lead._id, state: { $in: OPEN_OFFERS } }).lean()
  for (const offer of open) await callOff(lead, offer as Offer, 'lost', null, by)
})
