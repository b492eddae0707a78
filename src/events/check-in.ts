import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { today } from '../lib/days.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { Attendee, attendeeSubject, wasAt } from './attendee.ts'
import { Event, type Session } from './event.ts'
import { sessionWhen } from './times.ts'

/** Noting who came to a session: by the QR code somebody shows, or by name from the list. Once per session, whoever presses. */
export interface At {
  attendee: Types.ObjectId
  session: Types.ObjectId
}

async function load(park: string, { attendee, session }: At): Promise<{ attendee: Attendee; event: Event; session: Session }> {
  const found = (await Attendee.findOne({ park, _id: attendee }).lean()) as Attendee | null
  const event = found && ((await Event.findOne({ park, _id: found.event }).lean()) as Event | null)
  const held = event?.sessions.find(one => one._id.equals(session))
  if (!found || !event || !held) throw notFound()
  return { attendee: found, event, session: held }
}

/**
 * Answers whether it was noted now (false: it stands there already). Throws event.notGoing (409) for somebody without a place,
 * event.checkInEarly before the day, event.cancelled.
 */
export async function checkIn(park: Park, at: At, by: Actor): Promise<boolean> {
  return transact(async () => {
    const { attendee, event, session } = await load(park._id, at)
    if (event.state !== 'published') throw conflict('event.cancelled')
    if (session.day > today(park.zone)) throw new RuleError('event.checkInEarly', { day: session.day })
    if (attendee.state !== 'going') throw conflict('event.notGoing', { name: attendee.name })
    if (wasAt(attendee, session._id)) return false
    const entry = { session: session._id, at: now(), by: { id: by.id, name: by.name } }
    // Two desks at once: the second of them finds it noted.
    const { modifiedCount } = await Attendee.updateOne(
      { park: park._id, _id: attendee._id, state: 'going', 'checkIns.session': { $ne: session._id } },
      { $push: { checkIns: entry } },
    )
    if (!modifiedCount) return false
    await audit(by, 'attendee.checkIn', attendeeSubject(attendee), { after: { session: sessionWhen(session) } })
    return true
  })
}

/** Takes a slip of the finger back. What a certificate was given for stays (event.certified, 409). */
export async function undoCheckIn(park: Park, at: At, by: Actor): Promise<void> {
  await transact(async () => {
    const { attendee, session } = await load(park._id, at)
    if (attendee.certificate) throw conflict('event.certified', { number: attendee.certificate.number })
    const { modifiedCount } = await Attendee.updateOne(
      { park: park._id, _id: attendee._id, certificate: null, 'checkIns.session': session._id },
      { $pull: { checkIns: { session: session._id } } },
    )
    if (modifiedCount)
      await audit(by, 'attendee.undo', attendeeSubject(attendee), {
        before: { session: sessionWhen(session) },
        after: { session: null },
      })
  })
}
