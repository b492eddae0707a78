import { model, Schema, type Types } from 'mongoose'
import type { Day } from '../lib/days.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { clockOf, instantAt } from '../lib/wall.ts'
import type { Lead } from './lead.ts'

/** Somebody of a lead comes to see units, and a host shows them round. */
export const VISIT_STATES = ['planned', 'done', 'cancelled', 'missed'] as const
export type VisitState = (typeof VISIT_STATES)[number]

export const MAX_UNITS = 20
export const MAX_GUESTS = 12

/** A unit to see, named as it was when the visit was planned, and what the guests thought of it. */
export interface SeenUnit {
  unit: Types.ObjectId
  building: string
  floor: string
  code: string
  /** Null: not said, or not seen. */
  liked: boolean | null
  why: string | null
}

export interface VisitGuest {
  name: string
  /** Where the invitation goes; null: nobody writes to them. */
  email: string | null
}

export interface Companion {
  user: Types.ObjectId
  name: string
}

export interface Visit extends ParkOwned {
  _id: Types.ObjectId
  lead: Types.ObjectId
  /** The park's civil day, and minutes since its midnight. */
  day: Day
  from: number
  to: number
  /** The same as instants: a host may work in several parks, and calendars know nothing else. */
  startsAt: Date
  endsAt: Date
  /** In the order they are shown. */
  units: SeenUnit[]
  /** Where they meet. */
  place: string | null
  host: Types.ObjectId
  hostName: string
  companions: Companion[]
  guests: VisitGuest[]
  /** How many come, where that isn't the guests that are named. */
  people: number | null
  /** For the park's own people. */
  note: string | null
  state: VisitState
  /** Why it was called off, as guests are told. */
  reason: string | null
  /** Called off by the product: its lead was lost. */
  cause: 'lost' | null
  outcome: string | null
  outcomeBy: string | null
  /** Of RFC 5545: rises with whatever a calendar shows. */
  sequence: number
  /** The day of which guests and host were reminded. */
  reminded: Day | null
  at: Date
  version: number
}

const text = { type: String, default: null }
const id = { type: Schema.Types.ObjectId, required: true }
const schema = parkOwned<Visit>(
  {
    lead: id,
    day: { type: String, required: true },
    from: { type: Number, required: true },
    to: { type: Number, required: true },
    startsAt: { type: Date, required: true },
    endsAt: { type: Date, required: true },
    units: {
      type: [{ _id: false, unit: id, building: String, floor: String, code: String, liked: { type: Boolean, default: null }, why: text }],
      default: [],
    },
    place: text,
    host: id,
    hostName: { type: String, required: true },
    companions: { type: [{ _id: false, user: id, name: String }], default: [] },
    guests: { type: [{ _id: false, name: { type: String, required: true }, email: text }], default: [] },
    people: { type: Number, default: null },
    note: text,
    state: { type: String, enum: VISIT_STATES, default: 'planned' },
    reason: text,
    cause: { type: String, enum: ['lost', null], default: null },
    outcome: text,
    outcomeBy: text,
    sequence: { type: Number, default: 0 },
    reminded: text,
    at: { type: Date, required: true },
    version: { type: Number, default: 0 },
  },
  { versionKey: false },
)
schema.index({ park: 1, day: 1, from: 1, _id: 1 })
schema.index({ park: 1, lead: 1, startsAt: -1 })
schema.index({ park: 1, host: 1, state: 1, startsAt: 1 })
schema.index({ park: 1, 'companions.user': 1, startsAt: 1 })
export const Visit = model('Visit', schema, 'visits')

export const visitPath = ({ park, _id }: Pick<Visit, 'park' | '_id'>): string => `/parks/${park}/leads/visits/${_id}`

/** “2026-12-01 14:00–16:00”. */
export const visitWhen = ({ day, from, to }: Pick<Visit, 'day' | 'from' | 'to'>): string => `${day} ${clockOf(from)}–${clockOf(to)}`

export const visitSubject = ({ park, _id, day, from, to }: Visit, { number, name }: Pick<Lead, 'number' | 'name'>) => ({
  park,
  kind: 'visit',
  ref: _id,
  label: `${visitWhen({ day, from, to })} ${number} ${name}`,
})

/** When it is, as instants. */
export const spanIn = ({ day, from, to }: Pick<Visit, 'day' | 'from' | 'to'>, zone: string): Pick<Visit, 'startsAt' | 'endsAt'> => ({
  startsAt: instantAt(day, from, zone),
  endsAt: instantAt(day, to, zone),
})

/** How many come: what was said, or those who are named. */
export const headsOf = ({ people, guests }: Pick<Visit, 'people' | 'guests'>): number => Math.max(people ?? 0, guests.length)

export const isHost = ({ host, companions }: Pick<Visit, 'host' | 'companions'>, user: string): boolean =>
  String(host) === user || companions.some(one => String(one.user) === user)
