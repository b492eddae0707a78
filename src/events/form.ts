import { Types } from 'mongoose'
import { z } from 'zod'
import { type Bilingual, plainText } from '../lib/text.ts'
import { clockOf, parseClock } from '../lib/wall.ts'
import type { Booking } from '../rooms/booking.ts'
import { f, wordedRows } from '../web/fields.ts'
import { AUDIENCES, EVENT_KINDS, type Event, type EventFacts, MAX_SESSIONS, type Session } from './event.ts'
import { withChoice } from './room-choices.ts'
import type { RoomWishes } from './rooms.ts'

/** The form of an event: fields as typed ↔ facts. */
const CODE = /^[a-z][a-z0-9-]{1,40}$/
/** Addresses of the programme's own pages. */
const RESERVED = ['new', 'pass']

const clock = () =>
  f.text(5).transform((text, ctx): number => {
    const minute = parseClock(text)
    if (minute !== null) return minute
    ctx.addIssue({ code: 'custom', message: 'error.event.clock' })
    return z.NEVER
  })

const row = z
  .object({
    id: f.optionalId(),
    day: f.day(),
    from: clock(),
    to: clock(),
    topicZh: f.optionalText(80),
    topicEn: f.optionalText(120),
    placeZh: f.optionalText(80),
    placeEn: f.optionalText(120),
    online: f.optionalWebAddress(),
    // Missing where the park has no rooms: then nothing of them is meant.
    room: z.undefined().or(f.optionalId()),
  })
  .superRefine((one, ctx) => {
    for (const name of ['topic', 'place'] as const)
      if (one[`${name}En`] && !one[`${name}Zh`]) ctx.addIssue({ code: 'custom', message: 'error.required', path: [`${name}Zh`] })
  })

/** The rows of sessions that say something. */
export const sessionRows = wordedRows('day', 'from', 'to', 'topicZh', 'topicEn', 'placeZh', 'placeEn', 'online', 'room')

const PAIRS = ['summary', 'text', 'speaker'] as const
const fields = {
  kind: f.choice(EVENT_KINDS),
  titleZh: f.text(80),
  titleEn: f.optionalText(120),
  summaryZh: f.optionalText(200),
  summaryEn: f.optionalText(300),
  textZh: f.optionalText(4000),
  textEn: f.optionalText(6000),
  speakerZh: f.optionalText(600),
  speakerEn: f.optionalText(900),
  sessions: z.preprocess(sessionRows, z.array(row).max(MAX_SESSIONS, 'error.tooBig')),
  capacity: f.optionalWhole(1, 100_000),
  audience: f.choice(AUDIENCES),
  signUpFrom: f.optionalDay(),
  signUpUntil: f.optionalDay(),
  certificateFrom: f.optionalWhole(1, MAX_SESSIONS),
}

type Paired = Record<`${(typeof PAIRS)[number]}${'Zh' | 'En'}`, string | null>
const paired = (form: Paired, ctx: z.RefinementCtx): void => {
  for (const name of PAIRS)
    if (form[`${name}En`] && !form[`${name}Zh`]) ctx.addIssue({ code: 'custom', message: 'error.required', path: [`${name}Zh`] })
}

export const newForm = z.preprocess(
  withChoice,
  z.object({ ...fields, code: f.text(41).refine(code => CODE.test(code) && !RESERVED.includes(code), 'error.slug') }).superRefine(paired),
)
export const editForm = z.preprocess(withChoice, z.object({ ...fields, version: f.version() }).superRefine(paired))
type Typed = Omit<z.output<typeof editForm>, 'version'>

const pair = (zh: string | null, en: string | null): Bilingual | null => plainText({ zh: zh ?? '', en })

/** A session keeps its id while its row is there; an id that isn't one of the event's makes a new session. */
export function factsFrom(form: Typed, before: Session[] = []): EventFacts {
  const used = new Set<string>()
  const idOf = (id: Types.ObjectId | null): Types.ObjectId => {
    const known = before.find(one => id && one._id.equals(id))
    if (!known || used.has(String(id))) return new Types.ObjectId()
    used.add(String(id))
    return known._id
  }
  return {
    kind: form.kind,
    title: { zh: form.titleZh, en: form.titleEn },
    summary: pair(form.summaryZh, form.summaryEn),
    text: pair(form.textZh, form.textEn),
    speaker: pair(form.speakerZh, form.speakerEn),
    sessions: form.sessions.map(({ id, day, from, to, topicZh, topicEn, placeZh, placeEn, online }) => ({
      ...{ _id: idOf(id), day, from, to, topic: pair(topicZh, topicEn), place: pair(placeZh, placeEn), online },
    })),
    capacity: form.capacity,
    audience: form.audience,
    signUpFrom: form.signUpFrom,
    signUpUntil: form.signUpUntil,
    certificateFrom: form.certificateFrom,
  }
}

/** The rooms chosen in the form, each with its row; of a form without them (another program's) nothing changes. */
export function wishesFrom(form: Typed, { sessions }: EventFacts, desk: boolean): RoomWishes {
  const chosen = form.sessions.flatMap(({ room }, row) =>
    room === undefined ? [] : [[String(sessions[row]!._id), { room, row }] as const],
  )
  return { desk, rooms: new Map(chosen) }
}

const both = (name: string, text: Bilingual | null) => ({ [`${name}Zh`]: text?.zh ?? '', [`${name}En`]: text?.en ?? '' })

const rowValues = ({ _id, day, from, to, topic, place, online }: Session, room: Types.ObjectId | undefined): Record<string, unknown> => ({
  ...{ id: String(_id), room: room ? String(room) : '', day, from: clockOf(from), to: clockOf(to), online: online ?? '' },
  ...both('topic', topic),
  ...both('place', place),
})

/** An event as its form shows it. */
export const eventValues = (event: Event, booked: Map<string, Pick<Booking, 'room'>>): Record<string, unknown> => ({
  version: event.version,
  kind: event.kind,
  ...both('title', event.title),
  ...both('summary', event.summary),
  ...both('text', event.text),
  ...both('speaker', event.speaker),
  sessions: event.sessions.map(session => rowValues(session, booked.get(String(session._id))?.room)),
  capacity: event.capacity ?? '',
  audience: event.audience,
  signUpFrom: event.signUpFrom ?? '',
  signUpUntil: event.signUpUntil ?? '',
  certificateFrom: event.certificateFrom ?? '',
})

/** What somebody types to sign up, or staff for them. */
const person = {
  name: f.text(60),
  organisation: f.optionalText(100),
  email: f.optionalEmail(),
}
export const signUpForm = z.object({
  ...person,
  phone: f.phone(),
  email: f.email(),
  consent: f.check().refine(Boolean, 'error.event.consent'),
  website: f.optionalText(200),
})
export const addForm = z.object({ ...person, phone: f.optionalPhone(), tenant: f.optionalId() })
export const walkInForm = z.object({ ...person, phone: f.optionalPhone(), session: f.id() })
