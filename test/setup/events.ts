import { Types } from 'mongoose'
import { noteQuestion } from '../../src/events/ask.ts'
import { Attendee } from '../../src/events/attendee.ts'
import { giveCertificate } from '../../src/events/certificate.ts'
import { checkIn } from '../../src/events/check-in.ts'
import { checks } from '../../src/events/checks.ts'
import type { Event, EventFacts, Session } from '../../src/events/event.ts'
import { createEvent, loadEvent, publishEvent } from '../../src/events/programme.ts'
import type { RoomWishes } from '../../src/events/rooms.ts'
import { newToken } from '../../src/events/secrets.ts'
import { type Person, signUp } from '../../src/events/sign-up.ts'
import { setClock } from '../../src/lib/clock.ts'
import type { Park } from '../../src/parks/park.ts'
import { BY, buildPark, inDays } from './factories.ts'
import { parkOf } from './mentoring.ts'

/** Events and their people for tests, made through the product's own functions. */
let serial = 0

export const sessionOn = (after: number, more: Partial<Session> = {}): Session => ({
  ...{ _id: new Types.ObjectId(), day: inDays(after), from: 840, to: 960, topic: null, place: { zh: 'Room 1', en: null }, online: null },
  ...more,
})

export const factsOf = (more: Partial<EventFacts> = {}): EventFacts => ({
  ...{ kind: 'training', title: { zh: `Event ${serial}`, en: null }, summary: null, text: null, speaker: null },
  ...{ sessions: [sessionOn(3)], capacity: null, audience: 'public', signUpFrom: null, signUpUntil: null, certificateFrom: null },
  ...more,
})

/** A published event in three days from 14:00 to 16:00, in a park of its own unless one is named. */
export async function buildEvent(options: Partial<EventFacts> & { park?: string; draft?: boolean } = {}): Promise<Event> {
  const { park: slug, draft, ...facts } = options
  serial += 1
  const park = await parkOf(slug ?? (await buildPark())._id)
  const event = await createEvent(park, `event-${serial}`, factsOf(facts), BY)
  return draft ? event : publishEvent(park, event.code, event.version, BY)
}

export const someone = (more: Partial<Person> = {}): Person => {
  serial += 1
  const name = `Person ${serial}`
  const phone = `1390000${String(serial).padStart(4, '0')}`
  return { name, phone, email: `person${serial}@example.com`, organisation: null, lang: 'en', user: null, tenant: null, ...more }
}

/** Somebody signed up, and the secret of their address. */
export async function joinEvent(event: Event, more: Partial<Person> = {}): Promise<{ attendee: Attendee; token: string }> {
  const token = newToken()
  const how = { source: 'public' as const, token, consent: true }
  return { attendee: await signUp(await parkOf(event.park), event.code, someone(more), how, BY), token }
}

/** Rooms chosen for sessions, as the form sends them: row by row. */
export const roomWishes = (...rows: [session: { _id: Types.ObjectId }, room: Types.ObjectId | null][]): RoomWishes => ({
  desk: false,
  rooms: new Map(rows.map(([{ _id }, room], row) => [String(_id), { room, row }])),
})

export const eventNow = ({ park, code }: Pick<Event, 'park' | 'code'>): Promise<Event> => loadEvent(park, code)
export const attendeeNow = async ({ park, _id }: Pick<Attendee, 'park' | '_id'>): Promise<Attendee> =>
  (await Attendee.findOne({ park, _id }).lean().orFail()) as Attendee

/** Moves the clock: to some minutes after the first session has begun, or an hour after all is over. */
export const begin = ({ startsAt }: Pick<Event, 'startsAt'>): void => setClock(new Date(startsAt.getTime() + 300_000))
export const finish = ({ endsAt }: Pick<Event, 'endsAt'>): void => setClock(new Date(endsAt.getTime() + 3_600_000))

export async function findings(): Promise<string[]> {
  const found: string[] = []
  for (const check of checks) await check.run((message, subject) => found.push(`${check.name}: ${subject?.label} ${message}`))
  return found
}

/** Somebody who came to all of it, and has a certificate. */
export async function buildCertified(park: Park, event: Event): Promise<Attendee> {
  const { attendee } = await joinEvent(event)
  for (const { _id } of event.sessions) await checkIn(park, { attendee: attendee._id, session: _id }, BY)
  await giveCertificate(park, attendee._id, BY)
  return attendeeNow(attendee)
}

/** For the matrix: an event of today, and people for every column: who is shown, who gives the place back, who has a certificate. */
export async function eventWorld(slug: string, count: number) {
  const park = await parkOf(slug)
  const event = await buildEvent({
    park: slug,
    certificateFrom: 1,
    sessions: [sessionOn(0, { from: 0, to: 1440 })],
    signUpUntil: inDays(0),
  })
  const people: Attendee[] = []
  for (let i = 0; i < count; i++) people.push(await buildCertified(park, event))
  const questions: string[] = []
  for (let i = 0; i < count; i++)
    questions.push(String((await noteQuestion(event, { text: `Question ${i}`, attendee: null, name: null }, BY))._id))
  const meeting = String(event.sessions[0]!._id)
  return (i: number) => ({
    meeting,
    question: questions[i % count]!,
    event: event.code,
    attendee: String(people[i % count]!._id),
    pass: people[i % count]!.pass,
  })
}
