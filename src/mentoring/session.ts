import { model, Schema, type Types } from 'mongoose'
import { now } from '../lib/clock.ts'
import type { Day } from '../lib/days.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { clockOf } from '../lib/wall.ts'
import type { Slot } from './mentor-day.ts'
import { type Team, teamFields } from './team.ts'

/** A booked slot: one team, one mentor. Stored states are events; whether it is still to come, running or unmarked the clock says. */
export const SESSION_STATES = ['booked', 'cancelled', 'held', 'missed'] as const
export type SessionState = (typeof SESSION_STATES)[number]
export const STATUSES = ['upcoming', 'running', 'unmarked', 'held', 'missedTeam', 'missedMentor', 'cancelled'] as const
export type Status = (typeof STATUSES)[number]
export const OUTCOMES = ['held', 'missedTeam', 'missedMentor'] as const
export type Outcome = (typeof OUTCOMES)[number]

export interface Note {
  _id: Types.ObjectId
  text: string
  /** `pair`: mentor and team only; `park`: its staff too, while the team consents. */
  audience: 'pair' | 'park'
  at: Date
  by: { id: string; name: string }
}

/** A session carries its slot's time and place as they were when it was booked. */
export interface Session extends ParkOwned, Omit<Slot, '_id' | 'session'> {
  _id: Types.ObjectId
  code: string
  mentor: Types.ObjectId
  mentorName: string
  slot: Types.ObjectId
  day: Day
  team: Team
  /** Who booked it, or whom staff booked it for: told what happens. */
  contact: Types.ObjectId | null
  topic: string
  /** What they want to talk about. */
  wish: string | null
  state: SessionState
  missedBy: 'team' | 'mentor' | null
  /** What the park's rules said when it was booked. */
  terms: { cap: number; cancelHours: number }
  cancelled: { by: { id: string; name: string }; at: Date; reason: string | null; side: 'team' | 'mentor' | 'park' } | null
  /** Whether the team lets the park's staff read the notes meant for them. */
  consent: { given: boolean; at: Date; by: { id: string; name: string } } | null
  notes: Note[]
  feedback: { stars: number; text: string | null; at: Date; by: { id: string; name: string } } | null
  remindedAt: Date | null
  sequence: number
  by: { id: string; name: string }
  createdAt: Date
  updatedAt: Date
}

const number = { type: Number, required: true }
const date = { type: Date, required: true }
const text = { type: String, default: null }
const person = { id: String, name: String }
const id = { type: Schema.Types.ObjectId, required: true }
const sub = (definition: object) => ({ type: new Schema(definition as never, { _id: false }), default: null })

const schema = parkOwned<Session>(
  {
    code: { type: String, required: true },
    mentor: id,
    mentorName: { type: String, required: true },
    slot: id,
    day: { type: String, required: true },
    from: number,
    to: number,
    startsAt: date,
    endsAt: date,
    place: text,
    link: text,
    team: teamFields,
    contact: { type: Schema.Types.ObjectId, default: null },
    topic: { type: String, required: true },
    wish: text,
    state: { type: String, enum: SESSION_STATES, required: true },
    missedBy: { type: String, enum: ['team', 'mentor', null], default: null },
    terms: { cap: number, cancelHours: number },
    cancelled: sub({ by: person, at: Date, reason: text, side: String }),
    consent: sub({ given: Boolean, at: Date, by: person }),
    notes: {
      type: [{ text: { type: String, required: true }, audience: { type: String, enum: ['pair', 'park'] }, at: date, by: person }],
      default: [],
    },
    feedback: sub({ stars: { type: Number, min: 1, max: 5 }, text, at: Date, by: person }),
    remindedAt: { type: Date, default: null },
    sequence: { type: Number, default: 0 },
    by: person,
  } as never,
  { versionKey: false },
)
schema.index({ park: 1, code: 1 }, { unique: true })
schema.index({ park: 1, startsAt: 1 })
schema.index({ park: 1, mentor: 1, startsAt: 1 })
schema.index({ park: 1, 'team.tenant': 1, startsAt: 1 })
schema.index({ park: 1, 'team.user': 1, startsAt: 1 })
schema.index({ park: 1, state: 1, day: 1 })
export const Session = model('MentoringSession', schema, 'mentoringsessions')

/** What it is right now. */
export function statusOf(
  { state, missedBy, startsAt, endsAt }: Pick<Session, 'state' | 'missedBy' | 'startsAt' | 'endsAt'>,
  at = now(),
): Status {
  if (state === 'missed') return missedBy === 'mentor' ? 'missedMentor' : 'missedTeam'
  if (state !== 'booked') return state
  return at < startsAt ? 'upcoming' : at < endsAt ? 'running' : 'unmarked'
}

export const sessionPath = ({ park, _id }: Pick<Session, 'park' | '_id'>): string => `/parks/${park}/mentoring/sessions/${_id}`
export const sessionSubject = ({ park, _id, code }: Pick<Session, 'park' | '_id' | 'code'>) => ({
  park,
  kind: 'mentoring',
  ref: _id,
  label: code,
})
export const whenText = ({ day, from, to }: Pick<Session, 'day' | 'from' | 'to'>): string => `${day} ${clockOf(from)}–${clockOf(to)}`
