import mongoose, { type Types } from 'mongoose'
import { RateLimiterMongo, RateLimiterRes } from 'rate-limiter-flexible'
import type { Actor } from '../accounts/identity.ts'
import { User } from '../accounts/user.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { maskEmail } from '../lib/mask.ts'
import { scopedCount } from '../lib/park-scope.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { type Lang, translator } from '../locales/index.ts'
import { enqueueMail } from '../notifications/outbox.ts'
import { isPlainAddress } from '../rooms/ics.ts'
import { addLine, LeadEntry } from './entry.ts'
import { type Lead, leadSubject } from './lead.ts'
import { loadLead, writeLead } from './steps.ts'

/** Mails to a lead's contacts: plain text, answered to the lead's owner, kept in its timeline. */
export const TEMPLATES = ['greeting', 'afterVisit', 'materials'] as const
export type Template = (typeof TEMPLATES)[number]

export interface Letter {
  to: string
  subject: string
  text: string
  lang: Lang
}

const A_DAY = 10
const AN_HOUR = 40
const DAY_MS = 86_400_000

let limiter: RateLimiterMongo | null = null
/** Of one person, over all processes. Call it before the transaction: what was tried counts. Throws visit.mailThrottled (429). */
export async function countMail(user: string): Promise<void> {
  limiter ??= new RateLimiterMongo({
    ...{ storeClient: mongoose.connection, tableName: 'ratelimits', keyPrefix: 'lead-mail', points: AN_HOUR, duration: 3600 },
    disableIndexesCreation: true,
  })
  try {
    await limiter.consume(user)
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error
    const minutes = Math.max(1, Math.ceil(error.msBeforeNext / 60_000))
    throw new RuleError('visit.mailThrottled', { minutes, most: AN_HOUR }, { status: 429 })
  }
}

/** The contacts that can be written to. */
export const addressesOf = ({ contacts }: Pick<Lead, 'contacts'>): { name: string; email: string }[] =>
  contacts.flatMap(({ name, email }) => (email && isPlainAddress(email) ? [{ name, email }] : []))

/** A template's subject and text, filled in for a contact. */
export function draftOf(template: Template, lang: Lang, values: { contact: string; name: string; park: string; by: string }) {
  const t = translator(lang)
  return { subject: t(`visit.mail.templates.${template}.subject`, values), text: t(`visit.mail.templates.${template}.text`, values) }
}

/**
 * Writes to a contact of the lead. Throws visit.mailTo where the address isn't a contact's, visit.mailsToday (409) after ten in a day,
 * lead.not.open (409), lead.inPool (409).
 */
export async function sendMail(park: string, _id: Types.ObjectId, { to, subject, text, lang }: Letter, by: Actor): Promise<Lead> {
  return transact(async () => {
    const lead = await loadLead(park, _id)
    if (lead.state !== 'open' && lead.state !== 'converted') throw conflict('lead.not.open', { number: lead.number })
    if (!lead.owner) throw conflict('lead.inPool')
    if (!addressesOf(lead).some(one => one.email === to)) throw new RuleError('visit.mailTo', {}, { field: 'to' })
    const since = { at: { $gte: new Date(now().getTime() - DAY_MS) } }
    // The lead is written with each: of two at once the second counts the first.
    const after = await writeLead(lead, {})
    if ((await scopedCount(LeadEntry, { park, lead: _id, kind: 'mail', ...since }, A_DAY)) >= A_DAY)
      throw conflict('visit.mailsToday', { most: A_DAY })
    const owner = await User.findById(lead.owner, { email: 1 }).lean()
    const replyTo = owner && isPlainAddress(owner.email) ? owner.email : null
    await enqueueMail([{ to, lang, key: 'notice.visit.letter', params: { subject, text }, path: '', replyTo }])
    await addLine(lead, 'mail', { text, params: { what: 'sent', subject, to } }, by)
    await audit(by, 'visit.mail', leadSubject(lead), { after: { email: maskEmail(to), visitSubject: subject } })
    return after
  })
}
