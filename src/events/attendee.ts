import { model, Schema, type Types } from 'mongoose'
import { now } from '../lib/clock.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { halfWidth } from '../lib/text.ts'
import type { Lang } from '../locales/index.ts'
import { type Event, minutesOf, phaseOf, type Session } from './event.ts'

/** Somebody who signed up for an event, was added by staff, or walked in. */
export const ATTENDEE_STATES = ['going', 'waiting', 'cancelled'] as const
export type AttendeeState = (typeof ATTENDEE_STATES)[number]
export const SOURCES = ['public', 'staff', 'walkin'] as const
export type Source = (typeof SOURCES)[number]

export interface CheckIn {
  session: Types.ObjectId
  at: Date
  by: { id: string; name: string }
}

/** Given once: its number counts on per park and year, its code makes it checkable by a third party. */
export interface Certificate {
  number: string
  code: string
  at: Date
  /** As it was then: a certificate never changes. */
  name: string
  sessions: number
  minutes: number
}

export interface Attendee extends ParkOwned {
  _id: Types.ObjectId
  event: Types.ObjectId
  name: string
  /** In one spelling (plainPhone). */
  phone: string | null
  organisation: string | null
  email: string | null
  lang: Lang
  /** The person's account, where they were signed in. */
  user: Types.ObjectId | null
  tenant: Types.ObjectId | null
  source: Source
  state: AttendeeState
  /** Their number in the waiting line, while they wait. */
  turn: number | null
  at: Date
  consentAt: Date | null
  /** Phone and mail, unless they gave their place back: an event has each of them once. */
  keys: string[]
  /** Of their secret addresses only the hashes are stored: each mail that can't show an earlier one brings another. */
  hashes: string[]
  /** What their QR code and the check-in desk call them by: opens nothing without a role. */
  pass: string
  checkIns: CheckIn[]
  certificate: Certificate | null
  feedback: { stars: number; words: string | null; at: Date } | null
  /** The lead they are of: invited as it, or made of them (leads/). */
  lead?: Types.ObjectId | null
  /** Counts what they asked from their own page (ask.ts). */
  asked?: number
}

const schema = parkOwned<Attendee>(
  {
    event: { type: Schema.Types.ObjectId, required: true, immutable: true },
    name: { type: String, required: true },
    phone: { type: String, default: null },
    organisation: { type: String, default: null },
    email: { type: String, default: null },
    lang: { type: String, default: 'zh-CN' },
    user: { type: Schema.Types.ObjectId, default: null },
    tenant: { type: Schema.Types.ObjectId, default: null },
    source: { type: String, enum: SOURCES, required: true },
    state: { type: String, enum: ATTENDEE_STATES, required: true },
    turn: { type: Number, default: null },
    at: { type: Date, required: true },
    consentAt: { type: Date, default: null },
    keys: { type: [String], default: [] },
    hashes: { type: [String], default: [] },
    pass: { type: String, required: true },
    checkIns: {
      type: [{ _id: false, session: { type: Schema.Types.ObjectId, required: true }, at: Date, by: { id: String, name: String } }],
      default: [],
    } as never,
    certificate: {
      type: new Schema(
        { number: String, code: String, at: Date, name: String, sessions: Number, minutes: Number },
        { _id: false },
      ) as never,
      default: null,
    },
    lead: { type: Schema.Types.ObjectId, default: null },
    asked: { type: Number, default: 0 },
    feedback: { type: new Schema({ stars: Number, words: String, at: Date }, { _id: false }) as never, default: null },
  },
  { versionKey: false },
)
schema.index({ park: 1, event: 1, state: 1, turn: 1 })
schema.index({ park: 1, event: 1, keys: 1 }, { unique: true, partialFilterExpression: { 'keys.0': { $exists: true } } })
schema.index({ park: 1, hashes: 1 })
schema.index({ park: 1, pass: 1 }, { unique: true })
schema.index({ park: 1, user: 1, at: -1 }, { partialFilterExpression: { user: { $type: 'objectId' } } })
schema.index({ park: 1, tenant: 1 }, { partialFilterExpression: { tenant: { $type: 'objectId' } } })
schema.index({ park: 1, lead: 1 }, { partialFilterExpression: { lead: { $type: 'objectId' } } })
schema.index({ park: 1, 'certificate.number': 1 }, { unique: true, partialFilterExpression: { 'certificate.number': { $type: 'string' } } })
export const Attendee = model('Attendee', schema, 'attendees')

export const attendeeSubject = ({ park, _id, name }: Pick<Attendee, 'park' | '_id' | 'name'>) => ({
  park,
  kind: 'attendee',
  ref: _id,
  label: name,
})

/** “+86 139-0000-0000”, “139 0000 0000” and full-width digits are one phone. */
export function plainPhone(phone: string): string {
  const digits = halfWidth(phone).replace(/[^\d+]/g, '')
  return digits.replace(/^(\+|00)86(?=1\d{10}$)/, '').replace(/^\+/, '00')
}

/** What of somebody an event has only once. */
export const keysOf = ({ phone, email }: Pick<Attendee, 'phone' | 'email'>): string[] => [phone, email].filter(key => key !== null)

export const wasAt = ({ checkIns }: Pick<Attendee, 'checkIns'>, session: Types.ObjectId): CheckIn | null =>
  checkIns.find(one => one.session.equals(session)) ?? null

/** The sessions somebody came to. */
export const attended = (attendee: Pick<Attendee, 'checkIns'>, { sessions }: Pick<Event, 'sessions'>): Session[] =>
  sessions.filter(session => wasAt(attendee, session._id))

/** Minutes somebody was there: each session counts in full. */
export const minutesAttended = (attendee: Pick<Attendee, 'checkIns'>, event: Pick<Event, 'sessions'>): number =>
  attended(attendee, event).reduce((sum, session) => sum + minutesOf(session), 0)

/** Had a place, and came to none of it. */
export const isNoShow = (
  attendee: Pick<Attendee, 'state' | 'checkIns'>,
  event: Pick<Event, 'state' | 'startsAt' | 'endsAt'>,
  at = now(),
): boolean => attendee.state === 'going' && !attendee.checkIns.length && phaseOf(event, at) === 'over'

/** Whether a certificate is due: the event gives one, and they came to enough of it. */
export const hasEarned = (
  attendee: Pick<Attendee, 'state' | 'checkIns'>,
  event: Pick<Event, 'sessions' | 'certificateFrom' | 'state'>,
): boolean =>
  event.state === 'published' &&
  event.certificateFrom !== null &&
  attendee.state === 'going' &&
  attended(attendee, event).length >= event.certificateFrom
