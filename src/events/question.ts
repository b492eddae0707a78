import { model, Schema, type Types } from 'mongoose'
import type { Day } from '../lib/days.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { type Event, eventPath } from './event.ts'

/** A question asked at an event or before it: who asked, who answers it by when, and the answer. Open until it has one. */
export const QUESTION_SOURCES = ['staff', 'place'] as const

export interface EventQuestion extends ParkOwned {
  _id: Types.ObjectId
  event: Types.ObjectId
  text: string
  /** Who asked: somebody with a place, or a name as it was heard; neither: nobody noted it. */
  attendee: Types.ObjectId | null
  name: string | null
  source: (typeof QUESTION_SOURCES)[number]
  /** Who finds the answer, and by when. */
  owner: Types.ObjectId | null
  ownerName: string | null
  due: Day | null
  answer: string | null
  answered: { by: { id: string; name: string }; at: Date } | null
  /** Shown with its answer on the event's public page, without who asked. */
  shown: boolean
  /** When the answer was last mailed to who asked. */
  mailedAt: Date | null
  by: { id: string; name: string }
  at: Date
  version: number
}

const text = { type: String, default: null }
const id = { type: Schema.Types.ObjectId, default: null }
const date = { type: Date, default: null }
const person = { id: String, name: String }

const schema = parkOwned<EventQuestion>(
  {
    event: { type: Schema.Types.ObjectId, required: true, immutable: true },
    text: { type: String, required: true },
    attendee: id,
    name: text,
    source: { type: String, enum: QUESTION_SOURCES, required: true },
    owner: id,
    ownerName: text,
    due: text,
    answer: text,
    answered: { type: new Schema({ by: person, at: Date }, { _id: false }) as never, default: null },
    shown: { type: Boolean, default: false },
    mailedAt: date,
    by: person,
    at: { type: Date, required: true },
    version: { type: Number, default: 0 },
  },
  { versionKey: false, timestamps: false },
)
schema.index({ park: 1, event: 1, at: -1, _id: -1 })
schema.index({ park: 1, attendee: 1, at: 1 }, { partialFilterExpression: { attendee: { $type: 'objectId' } } })
export const EventQuestion = model('EventQuestion', schema, 'eventquestions')

export const questionSubject = ({ park, _id, text: words }: Pick<EventQuestion, 'park' | '_id' | 'text'>) => ({
  park,
  kind: 'question',
  ref: _id,
  label: [...words].slice(0, 40).join(''),
})

export const questionPath = (event: Pick<Event, 'park' | 'code'>, { _id }: Pick<EventQuestion, '_id'>): string =>
  `${eventPath(event)}/questions/${_id}`

export const isLate = ({ answer, due }: Pick<EventQuestion, 'answer' | 'due'>, today: Day): boolean =>
  answer === null && due !== null && due < today
