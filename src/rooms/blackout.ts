import { model, Schema, type Types } from 'mongoose'
import type { Day } from '../lib/days.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { type Bilingual, bilingual } from '../lib/text.ts'
import type { Recurrence } from './recurrence.ts'
import type { ClaimBody } from './room-day.ts'
import { type Piece, piecesOf, type Slot } from './slot.ts'

/** Times at which the park closes rooms: once or repeated. They take the room like a booking does, without buffers. */
export const BLACKOUT_STATES = ['active', 'removed'] as const

export interface Blackout extends ParkOwned {
  _id: Types.ObjectId
  /** A hall stands for its parts. */
  rooms: Types.ObjectId[]
  /** The first date's slot; every date lasts as long. */
  day: Day
  from: number
  to: number
  /** How it repeats, in words of the form; what holds are its dates. */
  rule: Recurrence | null
  /** The days on which it begins, in order. */
  dates: Day[]
  /** The last day it touches. */
  last: Day
  reason: Bilingual
  state: (typeof BLACKOUT_STATES)[number]
  /** How many bookings and requests had to give way. */
  displaced: number
  removed: { by: { id: string; name: string }; at: Date; on: Day } | null
  by: { id: string; name: string }
  createdAt: Date
}

const number = { type: Number, required: true }
const person = { id: String, name: String }
const schema = parkOwned<Blackout>(
  {
    rooms: { type: [Schema.Types.ObjectId], required: true },
    day: { type: String, required: true },
    from: number,
    to: number,
    rule: { type: Object, default: null },
    dates: { type: [String], required: true },
    last: { type: String, required: true },
    reason: bilingual,
    state: { type: String, enum: BLACKOUT_STATES, default: 'active' },
    displaced: { type: Number, default: 0 },
    removed: { type: new Schema({ by: person, at: Date, on: String }, { _id: false }), default: null },
    by: person,
  },
  { versionKey: false },
)
schema.index({ park: 1, state: 1, last: 1 })
export const Blackout = model('Blackout', schema, 'blackouts')

export const blackoutPath = ({ park, _id }: Pick<Blackout, 'park' | '_id'>): string => `/parks/${park}/rooms/blackouts/${_id}`

/** What a closed room's days say: a closure's reason, or nothing for a room that is out of use. */
export const closureBody = (ref: Types.ObjectId, title: string): ClaimBody => ({
  ref,
  kind: 'blackout',
  expiresAt: null,
  title,
  private: false,
  who: '',
  tenant: null,
  user: null,
  checkedIn: false,
})

type Dated = Pick<Blackout, 'dates' | 'from' | 'to'>
export const slotsOf = ({ dates, from, to }: Dated): Slot[] => dates.map(day => ({ day, from, to }))
export const blackoutPieces = (blackout: Dated, zone: string): Piece[] => slotsOf(blackout).flatMap(slot => piecesOf(slot, 0, 0, zone))

export const blackoutSubject = ({ park, _id, reason }: Pick<Blackout, 'park' | '_id' | 'reason'>) => ({
  park,
  kind: 'blackout',
  ref: _id,
  label: reason.zh,
})
