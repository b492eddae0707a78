import { model, Schema, type Types } from 'mongoose'
import type { Day } from '../lib/days.ts'
import type { Fen } from '../lib/money.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { type Bilingual, bilingual } from '../lib/text.ts'
import { APPLICANT_CLASSES, type ApplicantClass, SERVICE_KINDS, type ServiceKind } from '../services/content.ts'
import type { Studies } from './eligibility.ts'
import type { Answers } from './founders.ts'

/**
 * What somebody asks of a service of the catalogue. It keeps the version of the service it began with. While it is open it has exactly one
 * owner among the park's people; whether it is late is derived from its due date.
 */
export const STATES = ['draft', 'running', 'asked', 'done', 'refused', 'withdrawn'] as const
export type State = (typeof STATES)[number]
/** Somebody works on it, or waits for the applicant. */
export const OPEN = ['running', 'asked'] as const satisfies State[]
export const ENDED = ['done', 'refused', 'withdrawn'] as const satisfies State[]

export interface Who {
  id: string
  name: string
}

export interface FileRef {
  file: Types.ObjectId
  name: string
  size: number
}

/** A file handed in for one of the documents a service asks for. What was refused or taken back stays in the history without its file. */
export interface Paper {
  _id: Types.ObjectId
  document: string
  /** The founder it is of, where each hands one in. */
  founder: string | null
  /** Null once it was taken back or erased. */
  file: Types.ObjectId | null
  name: string
  size: number
  type: string
  at: Date
  by: Who
  state: 'given' | 'accepted' | 'refused' | 'gone'
  reason: string | null
}

/** One run through a step: a step that is taken again after reopening has another. */
export interface Leg {
  step: number
  key: string
  from: Day
  begunAt: Date
  /** Working days it may take; those it waited for the applicant don't count. */
  days: number
  paused: number
  due: Day
  endedAt: Date | null
  on: Day | null
  /** Working days it took. */
  used: number | null
  by: Who | null
  note: string | null
  files: FileRef[]
}

/** Something more that was asked of the applicant; the clock of the step stands still until they answer. */
export interface Ask {
  _id: Types.ObjectId
  step: number
  text: string
  on: Day
  at: Date
  by: Who
  /** Working days that were left. */
  left: number
  answeredAt: Date | null
  answer: string | null
}

export interface Application extends ParkOwned {
  _id: Types.ObjectId
  /** Given when it is handed in: BL-2026-0001. */
  number: string | null
  service: Types.ObjectId
  /** The version of the service it began with. */
  no: number
  code: string
  kind: ServiceKind
  title: Bilingual
  user: Types.ObjectId
  userName: string
  /** The company it is of: one of the park's, or the one it takes in. */
  tenant: Types.ObjectId | null
  /** The company's name, or the applicant's while there is none. */
  name: string
  studies: Studies | null
  class: ApplicantClass | null
  /** What it costs this applicant, and what it would cost without a reduction. */
  fee: Fen
  fullFee: Fen
  charged: boolean
  /** The day its fee was charged: the month in which the value given counts. */
  chargedOn: Day | null
  answers: Answers
  papers: Paper[]
  state: State
  /** The step it is at, or was last. */
  step: number
  owner: Types.ObjectId | null
  ownerName: string | null
  /** When the present step is due; null while the applicant is waited for, and when nothing is to be done. */
  dueOn: Day | null
  legs: Leg[]
  asks: Ask[]
  /** What was said before more was asked for: what stands again when nobody answers. */
  before: Pick<Application, 'answers' | 'studies' | 'class' | 'fee' | 'fullFee'> | null
  lease: Types.ObjectId | null
  foundedOn: Day | null
  submittedAt: Date | null
  submittedOn: Day | null
  endedAt: Date | null
  endedOn: Day | null
  reason: string | null
  rating: { stars: number; words: string | null; at: Date } | null
  /** The day from which a job deletes identity papers and numbers; of a draft, the day from which it goes. */
  eraseOn: Day | null
  erasedAt: Date | null
  ties: number
  version: number
  updatedAt: Date
}

const id = { type: Schema.Types.ObjectId, default: null }
const text = { type: String, default: null }
const who = { id: String, name: String }
const file = { _id: false, file: { type: Schema.Types.ObjectId, required: true }, name: String, size: Number }

const paper = {
  document: { type: String, required: true },
  founder: text,
  file: id,
  name: { type: String, default: '' },
  size: { type: Number, default: 0 },
  type: { type: String, default: '' },
  at: Date,
  by: who,
  state: { type: String, enum: ['given', 'accepted', 'refused', 'gone'], default: 'given' },
  reason: text,
}
const leg = {
  _id: false,
  step: Number,
  key: String,
  from: String,
  begunAt: Date,
  days: Number,
  paused: { type: Number, default: 0 },
  due: String,
  endedAt: { type: Date, default: null },
  on: text,
  used: { type: Number, default: null },
  by: { type: new Schema(who, { _id: false }), default: null },
  note: text,
  files: { type: [file], default: [] },
}
const ask = {
  step: Number,
  text: String,
  on: String,
  at: Date,
  by: who,
  left: Number,
  answeredAt: { type: Date, default: null },
  answer: text,
}

const schema = parkOwned<Application>(
  {
    number: text,
    service: { type: Schema.Types.ObjectId, required: true, immutable: true },
    no: { type: Number, required: true, immutable: true },
    code: { type: String, required: true, immutable: true },
    kind: { type: String, enum: SERVICE_KINDS, required: true },
    title: bilingual as never,
    user: { type: Schema.Types.ObjectId, required: true },
    userName: { type: String, required: true },
    tenant: id,
    name: { type: String, required: true },
    studies: { type: Object, default: null } as never,
    class: { type: String, enum: [...APPLICANT_CLASSES, null], default: null },
    fee: { type: Number, default: 0 },
    fullFee: { type: Number, default: 0 },
    charged: { type: Boolean, default: false },
    chargedOn: text,
    answers: { type: Object, default: {} } as never,
    papers: { type: [paper], default: [] } as never,
    state: { type: String, enum: STATES, default: 'draft' },
    step: { type: Number, default: 0 },
    owner: id,
    ownerName: text,
    dueOn: text,
    legs: { type: [leg], default: [] } as never,
    asks: { type: [ask], default: [] } as never,
    before: { type: Object, default: null } as never,
    lease: id,
    foundedOn: text,
    submittedAt: { type: Date, default: null },
    submittedOn: text,
    endedAt: { type: Date, default: null },
    endedOn: text,
    reason: text,
    rating: { type: new Schema({ stars: Number, words: text, at: Date }, { _id: false }) as never, default: null },
    eraseOn: text,
    erasedAt: { type: Date, default: null },
    ties: { type: Number, default: 0 },
    version: { type: Number, default: 0 },
  },
  { versionKey: false, minimize: false },
)
const some = (field: string, type: string) => ({ partialFilterExpression: { [field]: { $type: type } } })
schema.index({ park: 1, number: 1 }, { unique: true, ...some('number', 'string') })
// Somebody who begins again goes on with the draft there is.
schema.index({ park: 1, user: 1, service: 1, tenant: 1 }, { unique: true, partialFilterExpression: { state: 'draft' } })
schema.index({ park: 1, user: 1, updatedAt: -1 })
schema.index({ park: 1, tenant: 1, updatedAt: -1 }, some('tenant', 'objectId'))
schema.index({ park: 1, state: 1, dueOn: 1, _id: 1 })
schema.index({ park: 1, owner: 1, state: 1, dueOn: 1, _id: 1 }, some('owner', 'objectId'))
schema.index({ park: 1, state: 1, endedOn: -1, _id: -1 })
schema.index({ park: 1, submittedOn: 1 }, some('submittedOn', 'string'))
schema.index({ park: 1, foundedOn: 1 }, some('foundedOn', 'string'))
schema.index({ park: 1, chargedOn: 1 }, some('chargedOn', 'string'))
schema.index({ park: 1, eraseOn: 1 }, some('eraseOn', 'string'))
export const Application = model('Application', schema, 'applications')

/** Links of files: papers handed in, and what a step leaves for the applicant. */
export const PAPER_LINK = 'applicationpaper'
export const RESULT_LINK = 'applicationresult'

export const applicationSubject = ({ park, _id, number, title }: Pick<Application, 'park' | '_id' | 'number' | 'title'>) => ({
  park,
  kind: 'application',
  ref: _id,
  label: `${number ?? ''} ${title.zh}`.trim(),
})
export const applicationPath = ({ park, _id }: Pick<Application, 'park' | '_id'>): string => `/parks/${park}/applications/${_id}`
/** A charge's source. */
export const sourceOf = (ref: Types.ObjectId) => ({ kind: 'service' as const, ref })
