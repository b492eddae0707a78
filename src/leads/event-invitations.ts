import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { again, isDuplicateKey, transact } from '../db/transact.ts'
import { Attendee } from '../events/attendee.ts'
import { type Event, eventSubject, phaseOf } from '../events/event.ts'
import { digestOf, newToken } from '../events/secrets.ts'
import { eventWhen, placeText } from '../events/times.ts'
import { now } from '../lib/clock.ts'
import { today } from '../lib/days.ts'
import { scopedFind, scopedInsert } from '../lib/park-scope.ts'
import { conflict } from '../lib/rule-error.ts'
import { textIn } from '../lib/text.ts'
import { enqueueMail } from '../notifications/outbox.ts'
import type { Park } from '../parks/park.ts'
import { addLines } from './entry.ts'
import { EventInvitation, invitationPath, invitedState, isUnanswered, MOST_HASHES } from './event-invitation.ts'
import { Lead, type LeadContact } from './lead.ts'

/** Asking leads to an event. Each in one transaction with its mails and a line in the timeline of each lead. */
export const mailContact = ({ contacts }: Pick<Lead, 'contacts'>): LeadContact | null => contacts.find(one => one.email) ?? null
const phoneContact = ({ contacts }: Pick<Lead, 'contacts'>): LeadContact | null => contacts.find(one => one.phone) ?? contacts[0] ?? null

/** At most so many at a time: their mails are one transaction. */
export const MOST_INVITED = 500

/** Throws event.draft, event.cancelled, event.over (409): nobody is asked to that. */
function refuseClosed(event: Event): void {
  const phase = phaseOf(event)
  if (phase === 'draft' || phase === 'cancelled' || phase === 'over') throw conflict(`event.${phase}`)
}

const openLeads = (park: string, ids: Types.ObjectId[]): Promise<Lead[]> =>
  scopedFind<Lead>(Lead, { park, _id: { $in: ids.slice(0, MOST_INVITED) }, state: { $in: ['open', 'converted', 'lost'] } })

async function mail(park: Park, event: Event, rows: { contact: LeadContact; token: string }[]): Promise<void> {
  const lang = 'zh-CN'
  const session = event.sessions[0]!
  await enqueueMail(
    rows.map(({ contact, token }) => ({
      ...{ to: contact.email!, lang, key: 'notice.leadEvent.invited', secret: true, path: invitationPath(park._id, event.code, token) },
      params: {
        ...{ name: contact.name, title: textIn(event.title, lang).text, park: textIn(park.name, lang).text },
        ...{ when: eventWhen(event), place: placeText(session, park, lang), summary: textIn(event.summary, lang).text },
      },
    })),
  )
}

export interface Outcome {
  invited: number
  /** Were asked before. */
  known: number
  /** Left no address (by mail), or nobody to call (by phone). */
  unreached: number
}

/**
 * Asks leads to an event: by mail with a link of their own, or noting that somebody called them. Who was asked before isn't asked again,
 * however often and from wherever it is pressed. Throws event.draft, event.cancelled, event.over (409).
 */
export async function inviteLeads(
  park: Park,
  event: Event,
  ids: Types.ObjectId[],
  channel: EventInvitation['channel'],
  by: Actor,
): Promise<Outcome> {
  refuseClosed(event)
  return transact(async () => {
    const leads = await openLeads(park._id, ids)
    const asked = { park: park._id, event: event._id, lead: { $in: leads.map(one => one._id) } }
    const before = await EventInvitation.find(asked, { lead: 1 }).lean()
    const fresh = leads.filter(lead => !before.some(one => one.lead.equals(lead._id)))
    const reached = fresh.flatMap(lead => {
      const contact = channel === 'mail' ? mailContact(lead) : phoneContact(lead)
      return contact ? [{ lead, contact, token: newToken() }] : []
    })
    const [at, day] = [now(), today(park.zone)]
    const made = reached.map(({ lead, contact, token }) => ({
      ...{ _id: new Types.ObjectId(), park: park._id, event: event._id, lead: lead._id, channel, contact: contact.name },
      ...{ hashes: channel === 'mail' ? [digestOf(token)] : [], sentOn: day, mails: channel === 'mail' ? 1 : 0 },
      ...{ openedAt: null, declinedAt: null, by: { id: by.id, name: by.name }, at },
    }))
    await scopedInsert(EventInvitation, made).catch(error => {
      // Somebody pressed at the same moment: seen now, and left out.
      throw isDuplicateKey(error) ? again(error) : error
    })
    if (channel === 'mail') await mail(park, event, reached)
    const params = { what: channel === 'mail' ? 'invited' : 'called', event: event.title.zh }
    await addLines(
      reached.map(({ lead }) => ({ lead, kind: 'event' as const, params, ref: event._id })),
      by,
    )
    if (made.length) await audit(by, 'leadEvent.invite', eventSubject(event), { after: { channel, count: made.length } })
    return { invited: made.length, known: before.length, unreached: fresh.length - reached.length }
  })
}

/**
 * Writes again to those who haven't answered, with another link; the earlier ones stay good. Once a day at most: a second press, or
 * another process, finds it done. Answers how many.
 */
export async function remindInvited(park: Park, event: Event, by: Actor): Promise<number> {
  refuseClosed(event)
  return transact(async () => {
    const day = today(park.zone)
    const scope = { park: park._id, event: event._id }
    const rows = (await EventInvitation.find({ ...scope, channel: 'mail', declinedAt: null, sentOn: { $lt: day } })
      .sort({ at: 1, _id: 1 })
      .limit(MOST_INVITED)
      .lean()) as EventInvitation[]
    const ids = rows.map(one => one.lead)
    const people = await scopedFind<Attendee>(Attendee, { park: park._id, event: event._id, lead: { $in: ids } })
    const leads = await scopedFind<Lead>(Lead, { park: park._id, _id: { $in: ids }, state: { $ne: 'merged' } })
    const told: { lead: Lead; contact: LeadContact; token: string }[] = []
    for (const row of rows) {
      const lead = leads.find(one => one._id.equals(row.lead))
      const contact = lead && mailContact(lead)
      const own = people.filter(one => one.lead?.equals(row.lead))
      if (!contact || !isUnanswered(invitedState(row, own))) continue
      const token = newToken()
      const { modifiedCount } = await EventInvitation.updateOne(
        { ...scope, _id: row._id, sentOn: { $lt: day } },
        { $set: { sentOn: day }, $inc: { mails: 1 }, $push: { hashes: { $each: [digestOf(token)], $slice: -MOST_HASHES } } },
      )
      if (modifiedCount) told.push({ lead, contact, token })
    }
    await mail(park, event, told)
    await addLines(
      told.map(({ lead }) => ({ lead, kind: 'event' as const, params: { what: 'reminded', event: event.title.zh }, ref: event._id })),
      by,
    )
    if (told.length) await audit(by, 'leadEvent.remind', eventSubject(event), { after: { count: told.length } })
    return told.length
  })
}
