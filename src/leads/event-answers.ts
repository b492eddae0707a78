import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { Attendee } from '../events/attendee.ts'
import type { Event } from '../events/event.ts'
import { digestOf, isToken } from '../events/secrets.ts'
import { now } from '../lib/clock.ts'
import { conflict, notFound } from '../lib/rule-error.ts'
import { textIn } from '../lib/text.ts'
import { notify } from '../notifications/notification.ts'
import { addLine } from './entry.ts'
import { EventInvitation, MOST_HASHES } from './event-invitation.ts'
import { Lead, leadPath, leadSubject } from './lead.ts'
import { onMerged } from './merge.ts'
import { ownerNamed } from './pool.ts'

/** What those who were invited answer, through the link of their mail; nobody is signed in there. */
export interface Found {
  invitation: EventInvitation
  lead: Lead
}

/** By the secret of a mail. Throws 404, for another event's too. */
export async function findInvitation(event: Event, token: string): Promise<Found> {
  const { park, _id } = event
  const filter = { park, event: _id, hashes: digestOf(token) }
  const invitation = isToken(token) && ((await EventInvitation.findOne(filter).lean()) as EventInvitation | null)
  const lead = invitation && ((await Lead.findOne({ park, _id: invitation.lead, state: { $ne: 'merged' } }).lean()) as Lead | null)
  if (!invitation || !lead) throw notFound()
  return { invitation, lead }
}

/** Somebody looked at it, or their mail program did. */
export async function markOpened({ park, _id, openedAt }: EventInvitation): Promise<void> {
  if (!openedAt) await EventInvitation.updateOne({ park, _id, openedAt: null }, { $set: { openedAt: now() } })
}

/** Something came from the lead itself: that counts against its being idle, whoever else is at work on it. */
const touch = async ({ park, _id }: Lead): Promise<void> => {
  await Lead.updateOne({ park, _id }, { $set: { touchedAt: now(), warnedAt: null } })
}

async function tellOwner(event: Event, lead: Lead, key: 'signedUp' | 'declined'): Promise<void> {
  const [owner] = lead.owner ? await ownerNamed(lead.park, lead.owner) : []
  if (!owner) return
  const params = { name: lead.name, number: lead.number, title: textIn(event.title, owner.lang).text }
  await notify([owner], { park: lead.park, key: `leadEvent.${key}`, params, path: leadPath(lead), mail: false })
}

/** Ties who signed up to the lead, in the transaction of the sign-up. */
export async function tieAttendee(event: Event, { invitation, lead }: Found, attendee: Attendee, by: Actor): Promise<void> {
  const { park } = event
  await EventInvitation.updateOne({ park, _id: invitation._id }, { $set: { declinedAt: null, openedAt: invitation.openedAt ?? now() } })
  await Attendee.updateOne({ park, _id: attendee._id, lead: null }, { $set: { lead: lead._id } })
  await addLine(lead, 'event', { params: { what: 'signedUp', event: event.title.zh, name: attendee.name }, ref: event._id }, by)
  await touch(lead)
  await tellOwner(event, lead, 'signedUp')
}

/** They won't come. Throws leadEvent.signedUp (409) for who has a place: that is given back on its own page. */
export async function declineInvitation(event: Event, { invitation, lead }: Found, by: Actor): Promise<void> {
  await transact(async () => {
    const { park } = event
    const own = { park, event: event._id, lead: lead._id, state: { $ne: 'cancelled' as const } }
    if (await Attendee.exists(own)) throw conflict('leadEvent.signedUp')
    const { modifiedCount } = await EventInvitation.updateOne(
      { park, _id: invitation._id, declinedAt: null },
      { $set: { declinedAt: now() } },
    )
    if (!modifiedCount) return
    await addLine(lead, 'event', { params: { what: 'declined', event: event.title.zh }, ref: event._id }, by)
    await audit(by, 'leadEvent.decline', leadSubject(lead), { after: { event: event.title.zh } })
    await touch(lead)
    await tellOwner(event, lead, 'declined')
  })
}

/** Of two leads that are one company: one invitation to each event, whose links all stay good, and the people of both. */
async function moveInvitations(park: string, gone: Types.ObjectId, kept: Lead): Promise<void> {
  const rows = (await EventInvitation.find({ park, lead: gone }).lean()) as EventInvitation[]
  for (const row of rows) {
    const own = (await EventInvitation.findOne({ park, event: row.event, lead: kept._id }).lean()) as EventInvitation | null
    if (!own) {
      await EventInvitation.updateOne({ park, _id: row._id }, { $set: { lead: kept._id } })
      continue
    }
    const set = {
      hashes: [...row.hashes, ...own.hashes].slice(-2 * MOST_HASHES),
      openedAt: own.openedAt ?? row.openedAt,
      // One of the two may still come.
      declinedAt: own.declinedAt && row.declinedAt,
      sentOn: own.sentOn > row.sentOn ? own.sentOn : row.sentOn,
      mails: own.mails + row.mails,
      channel: own.channel === 'mail' ? own.channel : row.channel,
    }
    await EventInvitation.deleteOne({ park, _id: row._id })
    await EventInvitation.updateOne({ park, _id: own._id }, { $set: set })
  }
  await Attendee.updateMany({ park, lead: gone }, { $set: { lead: kept._id } })
}

onMerged(moveInvitations)
