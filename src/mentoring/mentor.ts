import { model, Schema, type Types } from 'mongoose'
import { type Day, FOREVER } from '../lib/days.ts'
import { type ParkOwned, parkOwned, scopedFindAndUpdate } from '../lib/park-scope.ts'
import { conflict } from '../lib/rule-error.ts'
import { type Bilingual, bilingual } from '../lib/text.ts'

/** Somebody who advises founders of a park. Retiring is a date; whether they are active on a day is derived. */
export interface Mentor extends ParkOwned {
  _id: Types.ObjectId
  code: string
  /** As entered. */
  name: string
  title: Bilingual | null
  intro: Bilingual | null
  /** Keys of the park's fields (MentoringSetup). */
  fields: string[]
  /** Where they are written to while no account is linked; theirs and the staff's to see. */
  email: string | null
  user: Types.ObjectId | null
  photo: Types.ObjectId | null
  activeFrom: Day
  activeTo: Day
  /** Counts the slots opened for them, so that a retirement at the same moment collides. */
  ties: number
  version: number
  updatedAt: Date
}

const maybe = { type: new Schema(bilingual, { _id: false }), default: null }
const id = { type: Schema.Types.ObjectId, default: null }

const schema = parkOwned<Mentor>(
  {
    code: { type: String, required: true },
    name: { type: String, required: true },
    title: maybe,
    intro: maybe,
    fields: { type: [String], default: [] },
    email: { type: String, default: null },
    user: id,
    photo: id,
    activeFrom: { type: String, required: true },
    activeTo: { type: String, default: FOREVER },
    ties: { type: Number, default: 0 },
    version: { type: Number, default: 0 },
  } as never,
  { versionKey: false },
)
schema.index({ park: 1, code: 1 }, { unique: true })
schema.index({ park: 1, user: 1 }, { unique: true, partialFilterExpression: { user: { $type: 'objectId' } } })
schema.index({ park: 1, email: 1 })

export const Mentor = model('Mentor', schema, 'mentors')

export const isActive = (mentor: Pick<Mentor, 'activeFrom' | 'activeTo'>, on: Day): boolean =>
  mentor.activeFrom <= on && on <= mentor.activeTo

export const mentorSubject = ({ park, _id, name }: Pick<Mentor, 'park' | '_id' | 'name'>) => ({
  park,
  kind: 'mentor',
  ref: _id,
  label: name,
})

/**
 * The mentor something is being tied to for some days, in the transaction that ties it: written, so that a retirement at the same
 * moment collides. Throws mentoring.notActive (409).
 */
export async function tieMentor(park: string, _id: Types.ObjectId, first: Day, last: Day): Promise<Mentor> {
  const found = await scopedFindAndUpdate<Mentor>(
    Mentor,
    { park, _id, activeFrom: { $lte: first }, activeTo: { $gte: last } },
    { $inc: { ties: 1 } },
    {},
  )
  if (!found) throw conflict('mentoring.notActive', { from: first, to: last }, 'day')
  return found
}
