import { model, Schema, type Types } from 'mongoose'
import type { Day } from '../lib/days.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { type Bilingual, bilingual } from '../lib/text.ts'

/** What a park may say of a day; a weekend is what the weekday makes of it. */
export const OWN_KINDS = ['holiday', 'workday'] as const
export type OwnKind = (typeof OWN_KINDS)[number]

/** A day of a park's own calendar: it counts before the published arrangement and before the weekday. One document a day. */
export interface CalendarDay extends ParkOwned {
  _id: Types.ObjectId
  day: Day
  kind: OwnKind
  name: Bilingual
  /** The days that were set together: an unbroken range, alike, and changed together. */
  entry: Types.ObjectId
  version: number
}

const schema = parkOwned<CalendarDay>(
  {
    day: { type: String, required: true },
    kind: { type: String, enum: OWN_KINDS, required: true },
    name: bilingual,
    entry: { type: Schema.Types.ObjectId, required: true },
    version: { type: Number, default: 0 },
  },
  { versionKey: false },
)
schema.index({ park: 1, day: 1 }, { unique: true })
schema.index({ park: 1, entry: 1 })

export const CalendarDay = model('CalendarDay', schema, 'calendar')
