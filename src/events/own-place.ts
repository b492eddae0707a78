import { randomUUID } from 'node:crypto'
import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { conflict, notFound } from '../lib/rule-error.ts'
import { holdTenant } from '../tenants/records.ts'
import { Attendee, attendeeSubject } from './attendee.ts'
import { Event, phaseOf } from './event.ts'
import { digestOf, tokenFor } from './secrets.ts'

/** What is noted of one attendee: what they thought of it, whose company they are of, where their page is. */
async function load(park: string, _id: Types.ObjectId): Promise<Attendee> {
  const found = (await Attendee.findOne({ park, _id }).lean()) as Attendee | null
  if (!found) throw notFound()
  return found
}

/** Once, after it is over, from somebody who had a place. Throws event.feedbackEarly, event.feedbackTwice (409). */
export async function giveFeedback(
  park: string,
  _id: Types.ObjectId,
  { stars, words }: { stars: number; words: string | null },
  by: Actor,
): Promise<void> {
  await transact(async () => {
    const attendee = await load(park, _id)
    const event = (await Event.findOne({ park, _id: attendee.event }).lean().orFail(notFound)) as Event
    if (attendee.state !== 'going' || phaseOf(event) !== 'over') throw conflict('event.feedbackEarly')
    const feedback = { stars, words, at: now() }
    const { modifiedCount } = await Attendee.updateOne({ park, _id, feedback: null }, { $set: { feedback } })
    if (!modifiedCount) throw conflict('event.feedbackTwice')
    await audit(by, 'attendee.feedback', attendeeSubject(attendee), { after: { stars } })
  })
}

/** Counts an attendee's hours to a company of the park, or to none. */
export async function setTenant(park: string, _id: Types.ObjectId, tenant: Types.ObjectId | null, by: Actor): Promise<void> {
  await transact(async () => {
    const attendee = await load(park, _id)
    const company = tenant && (await holdTenant(park, tenant))
    if (tenant && !company) throw notFound()
    await Attendee.updateOne({ park, _id }, { $set: { tenant } })
    await audit(by, 'attendee.tenant', attendeeSubject(attendee), { after: { tenant: company?.name ?? null } })
  })
}

/** Another secret address in the place of all earlier ones, which are dead from then on. Answers the new token. */
export async function renewAddress(park: string, _id: Types.ObjectId, key: string | null, secret: string, by: Actor): Promise<string> {
  const token = tokenFor(key ?? randomUUID(), secret)
  await transact(async () => {
    const attendee = await load(park, _id)
    await Attendee.updateOne({ park, _id }, { $set: { hashes: [digestOf(token)] } })
    await audit(by, 'attendee.address', attendeeSubject(attendee))
  })
  return token
}

/** Of a tenant that was merged into another, in the merge's transaction. */
export async function mergeAttendees(park: string, gone: Types.ObjectId, kept: Types.ObjectId): Promise<void> {
  await Attendee.updateMany({ park, tenant: gone }, { $set: { tenant: kept } })
}
