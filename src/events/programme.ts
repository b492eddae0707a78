import { isDeepStrictEqual } from 'node:util'
import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { isDuplicateKey, transact } from '../db/transact.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { plainText } from '../lib/text.ts'
import type { Park } from '../parks/park.ts'
import { Attendee } from './attendee.ts'
import { Event, type EventFacts, eventSubject, phaseOf, type Session, sessionEnd, sessionStart } from './event.ts'
import { promoteWaiting } from './places.ts'
import { chooseRoom, dropRooms, type RoomWishes, syncRooms } from './rooms.ts'
import { tellAll, tellPromoted } from './tell.ts'
import { sessionWhen } from './times.ts'

/** The programme as staff keep it: each change in one transaction with its entry in the trail and what people are told. */
export async function loadEvent(park: string, code: string): Promise<Event> {
  const found = (await Event.findOne({ park, code }).lean()) as Event | null
  if (!found) throw notFound()
  return found
}

/** Facts in one shape: sessions in the order of time, and nothing beside them. */
function plainFacts(facts: EventFacts): EventFacts {
  const { kind, title, summary, text, speaker, capacity, audience, signUpFrom, signUpUntil, certificateFrom } = facts
  const sessions = facts.sessions
    .map(({ _id, day, from, to, topic, place, online }) => ({
      ...{ _id, day, from, to, topic: plainText(topic), place: plainText(place), online: online ?? null },
    }))
    .sort((a, b) => (a.day === b.day ? a.from - b.from : a.day < b.day ? -1 : 1))
  return {
    kind,
    title: plainText(title)!,
    summary: plainText(summary),
    text: plainText(text),
    speaker: plainText(speaker),
    sessions,
    capacity,
    audience,
    signUpFrom,
    signUpUntil,
    certificateFrom,
  }
}

/** Throws event.noSession, event.sessionOrder, event.sessionOverlap, event.certificateFrom, event.signUpOrder. */
function refuseFaulty({ sessions, certificateFrom, signUpFrom, signUpUntil }: EventFacts): void {
  if (!sessions.length) throw new RuleError('event.noSession', {}, { field: 'sessions[0][day]' })
  sessions.forEach((session, i) => {
    if (session.from >= session.to) throw new RuleError('event.sessionOrder', { when: sessionWhen(session) })
    const before = sessions[i - 1]
    if (before && before.day === session.day && before.to > session.from)
      throw new RuleError('event.sessionOverlap', { when: sessionWhen(session) })
  })
  if (certificateFrom !== null && certificateFrom > sessions.length)
    throw new RuleError('event.certificateFrom', { count: sessions.length }, { field: 'certificateFrom' })
  if (signUpFrom && signUpUntil && signUpFrom > signUpUntil) throw new RuleError('event.signUpOrder', {}, { field: 'signUpUntil' })
}

export const boundsOf = (sessions: Session[], zone: string): Pick<Event, 'startsAt' | 'endsAt'> => ({
  startsAt: sessionStart(sessions[0]!, zone),
  endsAt: new Date(Math.max(...sessions.map(session => sessionEnd(session, zone).getTime()))),
})

/** Facts as the trail shows them: sessions as lines. */
const shown = ({ sessions, ...facts }: EventFacts): object => ({
  ...facts,
  sessions: sessions.map(session => [sessionWhen(session), session.topic?.zh, session.place?.zh].filter(Boolean).join(' · ')),
})

/** Adds an event nobody sees yet, with its rooms. Throws event.codeTaken (409), what a faulty one says and what the rooms say. */
export async function createEvent(park: Park, code: string, given: EventFacts, by: Actor, rooms: RoomWishes | null = null): Promise<Event> {
  const facts = plainFacts(given)
  refuseFaulty(facts)
  return transact(async () => {
    const [made] = await Event.create([{ park: park._id, code, ...facts, ...boundsOf(facts.sessions, park.zone) }]).catch(error => {
      if (isDuplicateKey(error)) throw conflict('event.codeTaken', { code }, 'code')
      throw error
    })
    const bare = made!.toObject() as Event
    const event = await syncRooms(park, bare, bare, rooms, by)
    await audit(by, 'event.create', eventSubject(event), { after: { code, ...shown(plainFacts(event)) } })
    return event
  })
}

async function refuseLost(event: Event, sessions: Session[]): Promise<void> {
  const gone = event.sessions.filter(one => !sessions.some(({ _id }) => _id.equals(one._id)))
  for (const session of gone)
    if (await Attendee.exists({ park: event.park, event: event._id, 'checkIns.session': session._id }))
      throw new RuleError('event.sessionUsed', { when: sessionWhen(session) })
}

/** The room a session had. */
function heldBy({ sessions }: Event, { _id }: Session): Pick<Session, 'booking' | 'lostRoom'> {
  const had = sessions.find(one => one._id.equals(_id))
  return { booking: had?.booking ?? null, lostRoom: had?.lostRoom ?? null }
}

const meeting = ({ sessions }: EventFacts) =>
  sessions.map(({ _id, day, from, to, place, online }) => ({ id: String(_id), day, from, to, place, online }))

/**
 * Changes what is written of an event, from the version the form showed (stale, 409). Capacity can't fall below the places taken
 * (event.capacityTaken): the write itself asks. More places go to those who wait, in order; a new time or place is told to everybody.
 * Rooms come along, and what refuses them (room.taken, 409, …) refuses it all.
 */
export async function editEvent(
  park: Park,
  code: string,
  version: number,
  given: EventFacts,
  by: Actor,
  rooms: RoomWishes | null = null,
): Promise<Event> {
  const facts = plainFacts(given)
  refuseFaulty(facts)
  return transact(async () => {
    const before = await loadEvent(park._id, code)
    if (before.state === 'cancelled') throw conflict('event.cancelled')
    await refuseLost(before, facts.sessions)
    const fits = facts.capacity === null ? {} : { taken: { $lte: facts.capacity } }
    const sessions = facts.sessions.map(session => ({ ...session, ...heldBy(before, session) }))
    const written = (await Event.findOneAndUpdate(
      { park: park._id, _id: before._id, version, ...fits },
      { $set: { ...facts, sessions, ...boundsOf(sessions, park.zone) }, $inc: { version: 1 } },
      { returnDocument: 'after', runValidators: true },
    ).lean()) as Event | null
    if (!written && before.version === version && facts.capacity !== null)
      throw new RuleError('event.capacityTaken', { taken: before.taken }, { field: 'capacity', status: 409 })
    if (!written) throw conflict('stale')
    const after = await syncRooms(park, before, written, rooms, by)
    const [was, is] = [plainFacts(before), plainFacts(after)]
    await audit(by, 'event.edit', eventSubject(after), { before: shown(was), after: shown(is) })
    const promoted = await promoteWaiting(after)
    // Of what is over there is nothing left to tell.
    if (after.state !== 'published' || phaseOf(after) === 'over') return after
    await tellPromoted(park, after, promoted, by)
    if (!isDeepStrictEqual(meeting(was), meeting(is))) await tellAll(park, after, 'changed', by)
    return after
  })
}

async function step(before: Event, version: number, set: Partial<Event>): Promise<Event> {
  const filter = { park: before.park, _id: before._id, version, state: before.state }
  const update = { $set: set, $inc: { version: 1 } }
  const after = (await Event.findOneAndUpdate(filter, update, { returnDocument: 'after' }).lean()) as Event | null
  if (!after) throw conflict('stale')
  return after
}

const states = (before: Event, after: Event) => ({ before: { state: before.state }, after: { state: after.state } })

/** From now on everybody sees it and, in its time, may sign up. Throws event.notDraft (409), event.past for what is over. */
export async function publishEvent(park: Park, code: string, version: number, by: Actor): Promise<Event> {
  return transact(async () => {
    const before = await loadEvent(park._id, code)
    if (before.state !== 'draft') throw conflict('event.notDraft')
    if (phaseOf({ ...before, state: 'published' }) === 'over') throw new RuleError('event.past')
    const after = await step(before, version, { state: 'published' })
    await audit(by, 'event.publish', eventSubject(after), states(before, after))
    return syncRooms(park, before, after, null, by)
  })
}

/** Calls it off, and tells everybody who has a place or waits, once. Throws event.over, event.cancelled (409). */
export async function cancelEvent(park: Park, code: string, version: number, reason: string | null, by: Actor): Promise<Event> {
  return transact(async () => {
    const before = await loadEvent(park._id, code)
    const phase = phaseOf(before)
    if (phase === 'cancelled' || phase === 'over') throw conflict(`event.${phase}`)
    const after = await step(before, version, { state: 'cancelled', reason })
    await audit(by, 'event.cancel', eventSubject(after), { ...states(before, after), note: reason })
    await dropRooms(park, after, reason, by)
    await tellAll(park, after, 'calledOff', by)
    return after
  })
}

/**
 * Books a room of the park for one session, changes it, or (null) gives it back. People are told where the place changes by it. Throws
 * event.cancelled, stale (409) and what the rooms say.
 */
export async function setRoom(
  park: Park,
  code: string,
  session: Types.ObjectId,
  wish: { version: number; room: Types.ObjectId | null; desk: boolean },
  by: Actor,
): Promise<Event> {
  return transact(async () => {
    const before = await loadEvent(park._id, code)
    if (before.state === 'cancelled') throw conflict('event.cancelled')
    if (!before.sessions.some(one => one._id.equals(session))) throw notFound()
    const after = await chooseRoom(park, before, session, wish, by)
    const moved = !isDeepStrictEqual(meeting(plainFacts(before)), meeting(plainFacts(after)))
    if (moved && after.state === 'published' && phaseOf(after) !== 'over') await tellAll(park, after, 'changed', by)
    return after
  })
}
