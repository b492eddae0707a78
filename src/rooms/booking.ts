import { randomInt } from 'node:crypto'
import { model, Schema, type Types } from 'mongoose'
import type { Day } from '../lib/days.ts'
import type { Fen } from '../lib/money.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { nameField, type Timed, type Told, timedFields, toldFields } from './wish.ts'

/** Stored states are events. What a clock decides (running, over) is derived. */
export const BOOKING_STATES = ['pending', 'confirmed', 'cancelled', 'rejected', 'released'] as const
export type BookingState = (typeof BOOKING_STATES)[number]

/** What the rule said when it was made: later rules change nothing of it. Times in minutes, money in fen. */
export interface Terms {
  before: number
  after: number
  step: number
  max: number
  price: Fen
  freeHours: boolean
  cancelBefore: number
  cancelPercent: number
  release: number | null
}

export interface OrderedExtra {
  code: string
  name: { zh: string; en?: string | null }
  count: number
  /** What one costs, each, an hour or a person, as it was ordered. */
  per: 'each' | 'hour' | 'person'
  unit: Fen
  fen: Fen
}

export interface Cost {
  /** Minutes of use, and how many of them the free hours of each month pay for. */
  minutes: number
  free: { month: string; minutes: number }[]
  room: Fen
  extras: Fen
  total: Fen
}

/** The meeting of an event it was made for: enough for a link, as rooms know nothing of events. */
export interface BookingEvent {
  ref: Types.ObjectId
  code: string
  session: Types.ObjectId
}

export interface Booking extends ParkOwned, Timed, Told {
  _id: Types.ObjectId
  /** What people say at the desk; random, so that bookings made at once don't wait for a counter. */
  code: string
  root: Types.ObjectId
  startsAt: Date
  endsAt: Date
  extras: OrderedExtra[]
  state: BookingState
  terms: Terms
  cost: Cost
  checkedIn: { at: Date; by: string } | null
  /** It was ended before its time. */
  endedAt: Date | null
  decided: { by: { id: string; name: string }; at: Date; comment: string | null } | null
  cancelled: { by: { id: string; name: string }; at: Date; reason: string | null; fee: Fen } | null
  series: Types.ObjectId | null
  /** The wall time its series gave it, “2026-12-01T09:00”, whatever it was moved to. */
  occurrence: string | null
  /** Null: for nothing but itself. It follows its event, and isn't given back because nobody checked in. */
  event: BookingEvent | null
  /** Told apart from its series: a change of the series leaves it alone. */
  apart: boolean
  /** When its payment was noted, and by whom; what is payable is a charge. */
  paid: { on: Day; by: string; note: string | null; fen: Fen } | null
  /** Counts the changes attendees' calendars must follow. */
  sequence: number
  by: { id: string; name: string }
  version: number
  createdAt: Date
  updatedAt: Date
}

const id = { type: Schema.Types.ObjectId, default: null }
const text = { type: String, default: null }
const number = { type: Number, required: true }
const person = { id: String, name: String }
const sub = <T>(definition: object) => ({ type: new Schema<T>(definition as never, { _id: false }), default: null })

const schema = parkOwned<Booking>(
  {
    code: { type: String, required: true },
    ...timedFields,
    root: { type: Schema.Types.ObjectId, required: true },
    startsAt: { type: Date, required: true },
    endsAt: { type: Date, required: true },
    ...toldFields,
    extras: { type: [{ _id: false, code: String, name: nameField, count: Number, per: String, unit: Number, fen: Number }], default: [] },
    state: { type: String, enum: BOOKING_STATES, required: true },
    terms: {
      before: number,
      after: number,
      step: number,
      max: number,
      price: number,
      freeHours: { type: Boolean, required: true },
      cancelBefore: number,
      cancelPercent: number,
      release: { type: Number, default: null },
    },
    cost: {
      minutes: number,
      free: { type: [{ _id: false, month: String, minutes: Number }], default: [] },
      room: number,
      extras: number,
      total: number,
    },
    checkedIn: sub({ at: Date, by: String }),
    endedAt: { type: Date, default: null },
    decided: sub({ by: person, at: Date, comment: text }),
    cancelled: sub({ by: person, at: Date, reason: text, fee: Number }),
    series: id,
    occurrence: text,
    event: sub({ ref: Schema.Types.ObjectId, code: String, session: Schema.Types.ObjectId }),
    apart: { type: Boolean, default: false },
    paid: sub({ on: String, by: String, note: text, fen: { type: Number, default: 0 } }),
    sequence: { type: Number, default: 0 },
    by: person,
    version: { type: Number, default: 0 },
  },
  { versionKey: false },
)
schema.index({ park: 1, code: 1 }, { unique: true })
schema.index({ park: 1, day: 1, from: 1, _id: 1 })
schema.index({ park: 1, room: 1, day: 1 })
schema.index({ park: 1, state: 1, day: 1 })
schema.index({ park: 1, 'holder.tenant': 1, day: -1 })
schema.index({ park: 1, 'holder.user': 1, day: -1 })
schema.index({ park: 1, contact: 1, day: -1 })
schema.index({ park: 1, series: 1, occurrence: 1 }, { unique: true, partialFilterExpression: { series: { $type: 'objectId' } } })
schema.index({ park: 1, 'event.ref': 1 }, { partialFilterExpression: { 'event.ref': { $type: 'objectId' } } })

export const Booking = model('Booking', schema, 'bookings')
/** Who asked for it or answers for it: somebody else decides on it (DESIGN §2). */
export const isSubmitter = ({ by, contact }: Pick<Booking, 'by' | 'contact'>, user: string): boolean =>
  by.id === user || String(contact) === user

export const bookingPath = (booking: { park: string; _id: Types.ObjectId }): string => `/parks/${booking.park}/bookings/${booking._id}`

/** Letters and digits that aren't mistaken for one another. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
export const newCode = (): string => Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
