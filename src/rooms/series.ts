import { model, Schema, type Types } from 'mongoose'
import type { Day } from '../lib/days.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import type { Order } from './cost.ts'
import { occurrences, type Recurrence, type Wall, wallText } from './recurrence.ts'
import type { Slot } from './slot.ts'
import { type Timed, type Told, timedFields, toldFields } from './wish.ts'

/**
 * A booking that repeats. Each date is a booking of its own; the series keeps what they have in common and the dates that were left
 * out. Every date of its rule is either left out here or has a booking that names it: that booking may have been moved, cancelled or
 * released since. Its day is the first date of the rule.
 */
export interface BookingSeries extends ParkOwned, Timed, Told {
  _id: Types.ObjectId
  /** In the park's wall time: Monday 00:30 stays so whatever the clocks or the server do. */
  rule: Recurrence
  skipped: Skipped[]
  extras: Order[]
  state: 'active' | 'cancelled'
  /** The series it was split from. */
  follows: Types.ObjectId | null
  by: { id: string; name: string }
  version: number
  createdAt: Date
}

/** Why a date has no booking. `later`: it can't be booked yet; `refused`: the room's rule says no to it. */
export const SKIP_REASONS = ['chosen', 'taken', 'closed', 'later', 'refused'] as const
export type SkipReason = (typeof SKIP_REASONS)[number]

export interface Skipped {
  occurrence: Wall
  reason: SkipReason
}

/** No series has more dates: all of them are booked in one transaction. */
export const MAX_DATES = 200

const id = { type: Schema.Types.ObjectId, default: null }
const text = { type: String, default: null }
const number = { type: Number, required: true }

const schema = parkOwned<BookingSeries>(
  {
    ...timedFields,
    rule: {
      freq: { type: String, required: true },
      interval: number,
      byDay: { type: [String], default: undefined },
      byMonthDay: { type: [Number], default: undefined },
      until: text,
      count: { type: Number, default: null },
    },
    skipped: { type: [{ _id: false, occurrence: String, reason: { type: String, enum: SKIP_REASONS } }], default: [] },
    ...toldFields,
    extras: { type: [{ _id: false, code: String, count: Number }], default: [] },
    state: { type: String, enum: ['active', 'cancelled'], default: 'active' },
    follows: id,
    by: { id: String, name: String },
    version: { type: Number, default: 0 },
  },
  { versionKey: false },
)
schema.index({ park: 1, 'holder.tenant': 1 })
schema.index({ park: 1, follows: 1 })

export const BookingSeries = model('BookingSeries', schema, 'bookingseries')

export const seriesPath = ({ park, _id }: Pick<BookingSeries, 'park' | '_id'>): string => `/parks/${park}/bookings/series/${_id}`

/** Filter of its bookings. The type is named because the index holds bookings of series only: without it MongoDB doesn't use it. */
export const ofSeries = ({ park, _id }: Pick<BookingSeries, 'park' | '_id'>) => ({ park, series: { $eq: _id, $type: 'objectId' as const } })

/** Its code in lists and the trail: the end of its id, as people can say it. */
export const seriesLabel = ({ _id }: Pick<BookingSeries, '_id'>): string => String(_id).slice(-8).toUpperCase()

export const seriesSubject = (series: Pick<BookingSeries, 'park' | '_id'>) => ({
  park: series.park,
  kind: 'series',
  ref: series._id,
  label: seriesLabel(series),
})

export const startOf = ({ day, from }: Pick<Slot, 'day' | 'from'>): Wall => wallText({ day, minute: from })

/** The civil days of a rule that starts with a slot. Throws recurrence.tooMany where they are more than a series may have. */
export const daysOfRule = (slot: Pick<Slot, 'day' | 'from'>, rule: Recurrence): Day[] =>
  occurrences(startOf(slot), rule, { limit: MAX_DATES }).map(one => one.day)

export const daysOfSeries = ({ day, from, rule }: Pick<BookingSeries, 'day' | 'from' | 'rule'>): Day[] => daysOfRule({ day, from }, rule)

/** What the trail keeps. The title of a private one stays out of it. */
export const seriesSummary = (series: BookingSeries) => ({
  room: series.roomName.zh,
  day: series.day,
  from: series.from,
  to: series.to,
  until: series.rule.until?.slice(0, 10) ?? null,
  count: series.rule.count ?? null,
  people: series.people,
  private: series.private,
  ...(series.private ? {} : { subject: series.title }),
})
