import type { Actor } from '../accounts/identity.ts'
import { peopleOf } from '../accounts/user.ts'
import { audit } from '../audit/entry.ts'
import { conflict } from '../lib/rule-error.ts'
import { textIn } from '../lib/text.ts'
import { LANGS } from '../locales/index.ts'
import { notify } from '../notifications/notification.ts'
import type { Park } from '../parks/park.ts'
import type { Booking } from '../rooms/booking.ts'
import { type Happened, onBookingStep } from '../rooms/hooks.ts'
import { Event, eventPath, eventSubject, phaseOf, type Session } from './event.ts'
import { covers } from './rooms.ts'
import { tellAll } from './tell.ts'
import { sessionWhen } from './times.ts'

/** What becomes of a session when its room is changed on the side of the rooms: in one transaction with it. */
async function sessionOf({ park, _id, event: use }: Booking): Promise<{ event: Event; session: Session } | null> {
  const event = (await Event.findOne({ park, _id: use!.ref }).lean()) as Event | null
  const session = event?.sessions.find(one => one.booking?.equals(_id))
  return event && session ? { event, session } : null
}

async function setSession({ park, _id }: Event, session: Session, set: Partial<Session>): Promise<Event> {
  const fields = Object.fromEntries(Object.entries(set).map(([name, value]) => [`sessions.$.${name}`, value]))
  const filter = { park, _id, 'sessions._id': session._id }
  const update = { $set: fields, $inc: { version: 1 } }
  return (await Event.findOneAndUpdate(filter, update, { returnDocument: 'after' }).lean().orFail()) as Event
}

/** Somebody took the room away: the session is without one, and says so; whoever runs events hears of it. */
async function lost(park: Park, { before }: Happened, by: Actor): Promise<void> {
  const found = await sessionOf(before)
  if (!found) return
  const { event, session } = found
  await setSession(event, session, { booking: null, lostRoom: before.roomName.zh })
  await audit(by, 'event.roomLost', eventSubject(event), {
    before: { place: before.roomName.zh },
    after: { place: null },
    note: sessionWhen(session),
  })
  const staff = await peopleOf(park._id, ['manager', 'promotion'])
  for (const lang of LANGS) {
    const own = staff.filter(user => user.lang === lang)
    const params = { title: textIn(event.title, lang).text, when: sessionWhen(session), room: textIn(before.roomName, lang).text }
    await notify(own, { park: park._id, key: 'event.roomLost', params, path: eventPath(event) }, by.id)
  }
}

/**
 * Another room, or more of the time, is fine, and the place follows where it is named after the room; a time that isn't the
 * session's is refused (event.roomFollows, 409): the event is moved, and takes its room along.
 */
async function moved(park: Park, { before, after }: Happened, by: Actor): Promise<void> {
  const found = await sessionOf(after)
  if (!found) return
  const { event, session } = found
  if (!covers(after, session, park.zone)) throw conflict('event.roomFollows', { title: event.title.zh, when: sessionWhen(session) }, 'from')
  if (after.room.equals(before.room) || session.place?.zh !== before.roomName.zh) return
  const place = { zh: after.roomName.zh, en: after.roomName.en ?? null }
  const fresh = await setSession(event, session, { place })
  await audit(by, 'event.room', eventSubject(event), { before: { place: before.roomName.zh }, after: { place: place.zh } })
  if (fresh.state === 'published' && phaseOf(fresh) !== 'over') await tellAll(park, fresh, 'changed', by)
}

onBookingStep((park, what, by) => (what.step === 'left' ? lost : moved)(park, what, by))
