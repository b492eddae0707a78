import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { dropEntry } from '../search/entry.ts'
import { courseOf } from './course.ts'
import { indexLead } from './create.ts'
import { addLine, LeadEntry } from './entry.ts'
import { guardIdentity } from './guards.ts'
import { contactWith, Lead, type LeadContact, leadSubject, wishWith } from './lead.ts'
import { loadLead } from './steps.ts'

/** What else belongs to a lead moves with a merge: visits, offers, holds say here how. It runs inside the merge's transaction. */
type Mover = (park: string, gone: Types.ObjectId, kept: Lead) => Promise<void>
const movers: Mover[] = []
export const onMerged = (mover: Mover): void => {
  movers.push(mover)
}

const same = (a: LeadContact, b: LeadContact): boolean => a.name === b.name && (a.phone === b.phone || !a.phone || !b.phone)

function contactsOf(kept: Lead, gone: Lead): LeadContact[] {
  const added = gone.contacts.filter(one => !kept.contacts.some(own => same(own, one)))
  const filled = kept.contacts.map(own => {
    const other = gone.contacts.find(one => same(own, one))
    return other ? contactWith(own, other) : own
  })
  return [...filled, ...added]
}

/** What the kept lead holds afterwards: its own, and what it lacks from the other. */
function mergedFacts(kept: Lead, gone: Lead): Partial<Lead> {
  return {
    creditCode: kept.creditCode ?? gone.creditCode,
    contacts: contactsOf(kept, gone),
    phones: [...new Set([...kept.phones, ...gone.phones])],
    industry: kept.industry ?? gone.industry,
    origin: kept.origin ?? gone.origin,
    sourceNote: kept.sourceNote ?? gone.sourceNote,
    event: kept.event ?? gone.event,
    wish: wishWith(kept.wish, gone.wish),
    consentAt: kept.consentAt ?? gone.consentAt,
    touchedAt: kept.touchedAt > gone.touchedAt ? kept.touchedAt : gone.touchedAt,
    // What happened with the other since has answered the warning: it is given anew before the lead goes to the pool.
    warnedAt: kept.touchedAt >= gone.touchedAt ? kept.warnedAt : null,
  }
}

/**
 * Makes one lead of two of the same company: the kept one has both histories, the other stays as a signpost. Throws lead.mergeSelf,
 * lead.merged (409), lead.mergeCodes, and lead.mergeConverted (409): what has become a lease is kept, never merged away.
 */
export async function mergeLeads(park: string, keep: Types.ObjectId, gone: Types.ObjectId, by: Actor): Promise<Lead> {
  if (keep.equals(gone)) throw new RuleError('lead.mergeSelf', {}, { field: 'other' })
  return transact(async () => {
    const kept = await loadLead(park, keep)
    const other = await loadLead(park, gone)
    if (kept.state === 'merged' || other.state === 'merged') throw conflict('lead.merged')
    if (other.state === 'converted') throw conflict('lead.mergeConverted', { number: other.number }, 'other')
    if (kept.creditCode && other.creditCode && kept.creditCode !== other.creditCode)
      throw new RuleError('lead.mergeCodes', { one: kept.creditCode, other: other.creditCode }, { field: 'other' })
    await guardIdentity(park, kept)
    await guardIdentity(park, other)
    const at = now()
    const step = { stage: 'merged', at }
    const course = courseOf([...other.path, step])
    const ended = { state: 'merged' as const, mergedInto: keep, next: null, pool: null, lost: null, course }
    const left = await Lead.updateOne(
      { park, _id: gone, version: other.version },
      { $set: ended, $push: { path: step }, $inc: { version: 1 } },
    )
    await Lead.updateMany({ park, mergedInto: gone }, { $set: { mergedInto: keep } })
    const after = (await Lead.findOneAndUpdate(
      { park, _id: keep, version: kept.version },
      { $set: mergedFacts(kept, other), $inc: { version: 1 } },
      { returnDocument: 'after' },
    ).lean()) as Lead | null
    if (!after || !left.matchedCount) throw conflict('stale')
    await LeadEntry.updateMany({ park, lead: gone }, { $set: { lead: keep } })
    for (const mover of movers) await mover(park, gone, after)
    await addLine(after, 'merged', { params: { number: other.number, name: other.name } }, by)
    await dropEntry(park, gone)
    await indexLead(after)
    const names = `${other.number} ${other.name} → ${kept.number} ${kept.name}`
    await audit(by, 'lead.merge', leadSubject(after), { note: names })
    await audit(by, 'lead.mergedInto', leadSubject(other), { before: { state: other.state }, after: { state: 'merged' }, note: names })
    return after
  })
}
