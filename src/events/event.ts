import { model, Schema, type Types } from 'mongoose'
import { now } from '../lib/clock.ts'
import { type Day, dayAt } from '../lib/days.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { type Bilingual, bilingual } from '../lib/text.ts'
import { instantAt } from '../lib/wall.ts'

/** An event of a park: a training of several sessions, a briefing, a roadshow. Whether it is to come, running or over is derived. */
export const EVENT_KINDS = ['training', 'briefing', 'roadshow', 'forum', 'other'] as const
export type EventKind = (typeof EVENT_KINDS)[number]
export const EVENT_STATES = ['draft', 'published', 'cancelled'] as const
export type EventState = (typeof EVENT_STATES)[number]
export const AUDIENCES = ['public', 'tenants'] as const
export const MAX_SESSIONS = 40

/** One meeting of it. Minutes since midnight by the park's clocks. */
export interface Session {
  _id: Types.ObjectId
  day: Day
  from: number
  to: number
  topic: Bilingual | null
  place: Bilingual | null
  /** The address of an online meeting: told to those who have a place, and to nobody else. */
  online: string | null
  /** The booking of the park's room it takes place in (rooms.ts); null or missing: elsewhere, online, or not booked. */
  booking?: Types.ObjectId | null
  /** The room it was to take place in, whose booking was taken away by somebody else: until another is booked. */
  lostRoom?: string | null
}

/** What staff write of it. */
export interface EventFacts {
  kind: EventKind
  title: Bilingual
  summary: Bilingual | null
  text: Bilingual | null
  speaker: Bilingual | null
  /** In the order of time, without overlap. */
  sessions: Session[]
  /** Places; null: no limit. */
  capacity: number | null
  audience: (typeof AUDIENCES)[number]
  /** Civil days, both inclusive; without the last one sign-up ends when the first session begins. */
  signUpFrom: Day | null
  signUpUntil: Day | null
  /** From how many sessions attended a certificate is given; null: none is. */
  certificateFrom: number | null
}

export interface Event extends ParkOwned, EventFacts {
  _id: Types.ObjectId
  /** Its public address below /parks/:park/events; never changes. */
  code: string
  state: EventState
  /** The instants at which the first session begins and the last one ends, for lists. */
  startsAt: Date
  endsAt: Date
  /** Places given away, and people who wait for one: counted in the writes that give and take them (places.ts). */
  taken: number
  waiting: number
  /** The last number of the waiting line: it only grows, so that a place in the line is never given twice. */
  turns: number
  reason: string | null
  /** Sessions whose people were reminded, each with the day it was on then: one that is moved is told of again. */
  reminded: string[]
  version: number
}

const maybe = { type: new Schema({ zh: String, en: String }, { _id: false }), default: null }
const whole = (fallback: number | null) => ({
  type: Number,
  default: fallback,
  validate: (n: number | null) => n === null || Number.isSafeInteger(n),
})

const session = new Schema<Session>({
  day: { type: String, required: true },
  from: { type: Number, required: true },
  to: { type: Number, required: true },
  topic: maybe as never,
  place: maybe as never,
  online: { type: String, default: null },
  booking: { type: Schema.Types.ObjectId, default: null },
  lostRoom: { type: String, default: null },
})

const schema = parkOwned<Event>(
  {
    code: { type: String, required: true, immutable: true, match: /^[a-z][a-z0-9-]{1,40}$/ },
    kind: { type: String, enum: EVENT_KINDS, required: true },
    title: bilingual as never,
    summary: maybe as never,
    text: maybe as never,
    speaker: maybe as never,
    state: { type: String, enum: EVENT_STATES, default: 'draft' },
    sessions: { type: [session], required: true } as never,
    startsAt: { type: Date, required: true },
    endsAt: { type: Date, required: true },
    capacity: whole(null),
    audience: { type: String, enum: AUDIENCES, default: 'public' },
    signUpFrom: { type: String, default: null },
    signUpUntil: { type: String, default: null },
    certificateFrom: whole(null),
    taken: whole(0) as never,
    waiting: whole(0) as never,
    turns: whole(0) as never,
    reason: { type: String, default: null },
    reminded: { type: [String], default: [] },
    version: { type: Number, default: 0 },
  },
  { versionKey: false },
)
schema.index({ park: 1, code: 1 }, { unique: true })
schema.index({ park: 1, state: 1, endsAt: 1 })
schema.index({ park: 1, startsAt: -1 })
export const Event = model('Event', schema, 'events')

export const eventSubject = ({ park, _id, title }: Pick<Event, 'park' | '_id' | 'title'>) => ({
  park,
  kind: 'event',
  ref: _id,
  label: title.zh,
})
export const eventPath = ({ park, code }: Pick<Event, 'park' | 'code'>): string => `/parks/${park}/programme/${code}`
export const publicEventPath = ({ park, code }: Pick<Event, 'park' | 'code'>): string => `/parks/${park}/events/${code}`

export const sessionStart = ({ day, from }: Pick<Session, 'day' | 'from'>, zone: string): Date => instantAt(day, from, zone)
export const sessionEnd = ({ day, to }: Pick<Session, 'day' | 'to'>, zone: string): Date => instantAt(day, to, zone)

export type Phase = 'draft' | 'cancelled' | 'upcoming' | 'running' | 'over'

/** What an event is at an instant. */
export function phaseOf({ state, startsAt, endsAt }: Pick<Event, 'state' | 'startsAt' | 'endsAt'>, at = now()): Phase {
  if (state !== 'published') return state
  return at < startsAt ? 'upcoming' : at < endsAt ? 'running' : 'over'
}

export type SignUp = 'open' | 'early' | 'closed' | 'over' | 'cancelled' | 'draft'

/** Whether somebody can sign up at an instant, and why not. */
export function signUpOf(
  event: Pick<Event, 'state' | 'startsAt' | 'endsAt' | 'signUpFrom' | 'signUpUntil'>,
  zone: string,
  at = now(),
): SignUp {
  const phase = phaseOf(event, at)
  if (phase === 'draft' || phase === 'cancelled' || phase === 'over') return phase
  const today = dayAt(at, zone)
  if (event.signUpFrom && today < event.signUpFrom) return 'early'
  if (event.signUpUntil) return today <= event.signUpUntil ? 'open' : 'closed'
  return phase === 'upcoming' ? 'open' : 'closed'
}

/** Places left; null: no limit. */
export const placesLeft = ({ capacity, taken }: Pick<Event, 'capacity' | 'taken'>): number | null =>
  capacity === null ? null : Math.max(0, capacity - taken)

export const minutesOf = ({ from, to }: Pick<Session, 'from' | 'to'>): number => to - from
