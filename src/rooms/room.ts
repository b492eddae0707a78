import { model, Schema, type Types } from 'mongoose'
import type { Day } from '../lib/days.ts'
import { FOREVER } from '../lib/days.ts'
import type { Fen } from '../lib/money.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { type Bilingual, bilingual } from '../lib/text.ts'
import type { DayKind } from '../parks/calendar.ts'

export const ROOM_KINDS = [
  'meeting',
  'hall',
  'negotiation',
  'lounge',
  'coffee',
  'canteen',
  'fitness',
  'billiards',
  'field',
  'other',
] as const
export type RoomKind = (typeof ROOM_KINDS)[number]

export const EQUIPMENT = [
  'screen',
  'projector',
  'whiteboard',
  'video',
  'phone',
  'audio',
  'microphone',
  'stage',
  'wifi',
  'water',
  'accessible',
  'lighting',
] as const
export type Equipment = (typeof EQUIPMENT)[number]

/** Classes of user: what a room asks of each is its own. `park` is the park itself: its staff, for their own work. */
export const CLASSES = ['tenant', 'student', 'outside', 'park'] as const
export type UserClass = (typeof CLASSES)[number]

/** Opening hours of a kind of day, in minutes since midnight, `to` up to 1440; null: closed. */
export interface Span {
  from: number
  to: number
}

/** What one class of user may do in a room, and at what price. Frozen into a booking when it is made. */
export interface RoomRule {
  class: UserClass
  /** A make-up working day is a workday, a public holiday a holiday whatever its weekday. */
  hours: Record<DayKind, Span | null>
  /** Starts and lengths are multiples of so many minutes. */
  step: number
  min: number
  max: number
  /** Minutes a booking must be made ahead. */
  notice: number
  /** Days ahead that can be booked. */
  horizon: number
  /** Minutes kept free before and after, for preparing and cleaning. */
  before: number
  after: number
  approval: boolean
  /** Fen an hour; 0 is free of charge. */
  price: Fen
  /** Whether the class's free hours of the month count here. */
  freeHours: boolean
  /** Minutes before the start until which cancelling costs nothing, and the share of the price it costs afterwards. */
  cancelBefore: number
  cancelPercent: number
}

/** What can be ordered with a room: a price each, an hour, or a person. */
export interface Extra {
  code: string
  name: Bilingual
  per: 'each' | 'hour' | 'person'
  fen: Fen
}

/** No rule may look further ahead: what closes a room for good closes that many days. */
export const MAX_HORIZON = 400

export interface Room extends ParkOwned {
  _id: Types.ObjectId
  code: string
  name: Bilingual
  kind: RoomKind
  text: Bilingual | null
  /** Where it is, as people say it. */
  place: Bilingual | null
  capacity: number
  equipment: Equipment[]
  /** The hall this is a part of; never changes. Booking the whole takes its parts, two parts don't mind each other. */
  whole: Types.ObjectId | null
  /** Last day it can be used. */
  activeTo: Day
  order: number
  rules: RoomRule[]
  extras: Extra[]
  /** Minutes after the start without a check-in at which it is given back; null: it isn't. */
  release: number | null
  /** The address of its door page; null: none. Revoked by making a new one. */
  doorToken: string | null
  version: number
}

const span = { type: new Schema({ from: Number, to: Number }, { _id: false }), default: null }
const maybe = { type: new Schema({ zh: String, en: String }, { _id: false }), default: null }
const whole = (fallback: number) => ({ type: Number, default: fallback, validate: Number.isSafeInteger })

const rule = new Schema<RoomRule>(
  {
    class: { type: String, enum: CLASSES, required: true },
    hours: { workday: span, weekend: span, holiday: span },
    step: whole(30),
    min: whole(30),
    max: whole(240),
    notice: whole(0),
    horizon: whole(30),
    before: whole(0),
    after: whole(0),
    approval: { type: Boolean, default: false },
    price: whole(0),
    freeHours: { type: Boolean, default: false },
    cancelBefore: whole(0),
    cancelPercent: whole(0),
  },
  { _id: false },
)

const extra = { _id: false, code: String, name: bilingual, per: { type: String, enum: ['each', 'hour', 'person'] }, fen: Number }

const schema = parkOwned<Room>(
  {
    code: { type: String, required: true },
    name: bilingual,
    kind: { type: String, enum: ROOM_KINDS, required: true },
    text: maybe,
    place: maybe,
    capacity: { type: Number, required: true },
    equipment: { type: [{ type: String, enum: EQUIPMENT }], default: [] },
    whole: { type: Schema.Types.ObjectId, default: null, immutable: true },
    activeTo: { type: String, default: FOREVER },
    order: { type: Number, default: 0 },
    rules: { type: [rule], default: [] },
    extras: { type: [extra], default: [] },
    release: { type: Number, default: null },
    doorToken: { type: String, default: null },
    version: { type: Number, default: 0 },
  },
  { versionKey: false },
)
schema.index({ park: 1, code: 1 }, { unique: true })
schema.index({ park: 1, order: 1 })
schema.index({ park: 1, doorToken: 1 }, { unique: true, partialFilterExpression: { doorToken: { $type: 'string' } } })

export const Room = model('Room', schema, 'rooms')

/** The hall whose days hold this room's claims. */
export const rootOf = (room: Pick<Room, '_id' | 'whole'>): Types.ObjectId => room.whole ?? room._id
export const ruleFor = (room: Pick<Room, 'rules'>, klass: UserClass): RoomRule | null => room.rules.find(one => one.class === klass) ?? null
/** The widest hours a room opens for anybody on a kind of day. */
export function widestHours({ rules }: Pick<Room, 'rules'>, kind: DayKind): Span | null {
  const spans = rules.flatMap(rule => rule.hours[kind] ?? [])
  return spans.length ? { from: Math.min(...spans.map(span => span.from)), to: Math.max(...spans.map(span => span.to)) } : null
}

export const roomSubject = ({ park, _id, name }: Pick<Room, 'park' | '_id' | 'name'>) => ({ park, kind: 'room', ref: _id, label: name.zh })
export const roomPath = (room: { park: string; _id: Types.ObjectId }): string => `/parks/${room.park}/rooms/${room._id}`
