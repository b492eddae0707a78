import { model, Schema, type Types } from 'mongoose'
import { now } from '../lib/clock.ts'
import type { Day } from '../lib/days.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import type { Order } from './cost.ts'
import { type Room, ruleFor } from './room.ts'
import { MAX_DAYS, type Piece, piecesOf } from './slot.ts'
import { type Timed, type Told, timedFields, toldFields } from './wish.ts'

/**
 * Who waits for a room that is taken, with the whole wish, so that one press on the offer books it. Stored states are events; that
 * an offer has run out, or that the time has begun, the clock says.
 */
export const WAIT_STATES = ['waiting', 'offered', 'taken', 'lapsed', 'withdrawn', 'closed'] as const
/** No wish lasts longer, in days: where entries that reach into a day may begin. */
export const LONGEST = MAX_DAYS
export type WaitState = (typeof WAIT_STATES)[number]

export interface WaitEntry extends ParkOwned, Timed, Told {
  _id: Types.ObjectId
  root: Types.ObjectId
  startsAt: Date
  endsAt: Date
  extras: Order[]
  /** Joined at the desk: notice doesn't count. */
  desk: boolean
  state: WaitState
  /** Until when the room is kept for them, and the days of the claim that does. */
  offer: { until: Date; days: Day[] } | null
  /** What it became. */
  booking: Types.ObjectId | null
  /** When they joined: who came first is offered first. */
  at: Date
  by: { id: string; name: string }
}

const id = { type: Schema.Types.ObjectId, default: null }

const schema = parkOwned<WaitEntry>(
  {
    ...timedFields,
    root: { type: Schema.Types.ObjectId, required: true },
    startsAt: { type: Date, required: true },
    endsAt: { type: Date, required: true },
    ...toldFields,
    extras: { type: [{ _id: false, code: String, count: Number }], default: [] },
    desk: { type: Boolean, default: false },
    state: { type: String, enum: WAIT_STATES, required: true },
    offer: { type: new Schema({ until: Date, days: [String] }, { _id: false }), default: null },
    booking: id,
    at: { type: Date, required: true },
    by: { id: String, name: String },
  },
  { versionKey: false, timestamps: false },
)
schema.index({ park: 1, state: 1, startsAt: 1 })
schema.index({ park: 1, root: 1, state: 1, day: 1 })
schema.index({ park: 1, contact: 1, startsAt: -1 })
schema.index({ park: 1, 'holder.tenant': 1, startsAt: -1 })
schema.index({ park: 1, 'holder.user': 1, startsAt: -1 })
export const WaitEntry = model('WaitEntry', schema, 'waitentries')

export const waitPath = (park: string): string => `/parks/${park}/bookings/waitlist`

/** What it is right now, whether or not a job has run. */
export function waitStatus(entry: Pick<WaitEntry, 'state' | 'offer' | 'startsAt'>, at: Date = now()): WaitState {
  if (entry.state === 'offered' && entry.offer!.until <= at) return 'lapsed'
  return entry.state === 'waiting' && entry.startsAt <= at ? 'lapsed' : entry.state
}

export const isOpen = (entry: Pick<WaitEntry, 'state' | 'offer' | 'startsAt'>): boolean =>
  ['waiting', 'offered'].includes(waitStatus(entry))

/** How it would lie in the days of its room by today's rule; none where its class may book no more. */
export function waitPieces(entry: WaitEntry, room: Pick<Room, 'rules'>, zone: string): Piece[] {
  const rule = ruleFor(room, entry.holder.class)
  return rule ? piecesOf(entry, rule.before, rule.after, zone) : []
}

export const waitSubject = (entry: Pick<WaitEntry, 'park' | '_id' | 'roomName' | 'day'>) => ({
  park: entry.park,
  kind: 'waitlist',
  ref: entry._id,
  label: `${entry.roomName.zh} ${entry.day}`,
})
