import { Schema, type Types } from 'mongoose'
import type { Day } from '../lib/days.ts'
import { CLASSES, type UserClass } from './room.ts'

/** What bookings, series and wishes that wait have in common: whose, what about, in which room, from when to when. */

/** Whose it is. A tenant's people share theirs; a student founder's is that person's; an outside party has no account. */
export interface Holder {
  class: UserClass
  tenant: Types.ObjectId | null
  user: Types.ObjectId | null
  name: string
  phone: string | null
  email: string | null
}

export interface Attendee {
  name: string
  email: string | null
}

/** Everything but when, where and what is ordered. */
export interface Told {
  holder: Holder
  /** Who answers for it and is told what happens to it; null for an outside party. */
  contact: Types.ObjectId | null
  title: string
  private: boolean
  people: number | null
  note: string | null
  attendees: Attendee[]
}

/** `day` is civil, `from` and `to` minutes since its midnight by the clocks; `to` may lie past the next one. */
export interface Timed {
  room: Types.ObjectId
  roomName: { zh: string; en?: string | null }
  day: Day
  from: number
  to: number
}

const id = { type: Schema.Types.ObjectId, default: null }
const text = { type: String, default: null }
const number = { type: Number, required: true }
export const nameField = { zh: { type: String, required: true }, en: text }

export const toldFields = {
  holder: {
    class: { type: String, enum: CLASSES, required: true },
    tenant: id,
    user: id,
    name: { type: String, required: true },
    phone: text,
    email: text,
  },
  contact: id,
  title: { type: String, required: true },
  private: { type: Boolean, default: false },
  people: { type: Number, default: null },
  note: text,
  attendees: { type: [{ _id: false, name: String, email: text }], default: [] },
}

export const timedFields = {
  room: { type: Schema.Types.ObjectId, required: true },
  roomName: nameField,
  day: { type: String, required: true },
  from: number,
  to: number,
}
