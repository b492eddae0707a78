import { model, Schema, type Types } from 'mongoose'
import type { Day } from '../lib/days.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import { type Bilingual, bilingual, escapeRegExp } from '../lib/text.ts'
import { INDUSTRIES } from '../parks/park.ts'
import { AUDIENCE_INCUBATION, AUDIENCE_KINDS, AUDIENCE_PLACES, type Audience } from './audience.ts'

/** A notice of the park to its tenants. Whether it is current is derived from `until`; stored are only the steps people took. */
export const NOTICE_STATES = ['draft', 'published', 'withdrawn'] as const
export type NoticeState = (typeof NOTICE_STATES)[number]
export const NOTICE_LINK = 'notice'
export const MAX_FILES = 10
export const MAX_CHOSEN = 500

/** What may be corrected once it is published. Whom it is for may not: who was told would no longer be who it is for. */
export interface NoticeText {
  title: Bilingual
  text: Bilingual
  /** Goes by mail too. */
  important: boolean
  /** The last day it stands in the list; null: until it is withdrawn. */
  until: Day | null
}
export interface NoticeFacts extends NoticeText {
  audience: Audience
}

interface Step {
  at: Date
  by: { id: string; name: string }
  note: string
}

export interface Notice extends ParkOwned, NoticeFacts {
  _id: Types.ObjectId
  state: NoticeState
  publishedAt: Date | null
  /** Counts what was told: publication is 1, a correction that is told again one more. Who read an earlier one reads anew. */
  edition: number
  corrections: Step[]
  withdrawn: Step | null
  /** The last day on which those who hadn't read it were reminded. */
  remindedOn: Day | null
  version: number
  createdAt: Date
}

const step = new Schema<Step>({ at: Date, by: { id: String, name: String }, note: String }, { _id: false })
const audience = new Schema<Audience>(
  {
    kind: { type: String, enum: AUDIENCE_KINDS, required: true },
    places: [{ type: String, enum: AUDIENCE_PLACES }],
    incubation: [{ type: String, enum: AUDIENCE_INCUBATION }],
    industries: [{ type: String, enum: INDUSTRIES }],
    tenants: [Schema.Types.ObjectId],
  },
  { _id: false },
)

const schema = parkOwned<Notice>(
  {
    title: bilingual as never,
    text: bilingual as never,
    important: { type: Boolean, default: false },
    until: { type: String, default: null },
    audience: { type: audience as never, required: true },
    state: { type: String, enum: NOTICE_STATES, default: 'draft' },
    publishedAt: { type: Date, default: null },
    edition: { type: Number, default: 0 },
    corrections: { type: [step] as never, default: [] },
    withdrawn: { type: step as never, default: null },
    remindedOn: { type: String, default: null },
    version: { type: Number, default: 0 },
  },
  { versionKey: false },
)
schema.index({ park: 1, state: 1, publishedAt: -1 })
schema.index({ park: 1, 'audience.tenants': 1 })
export const Notice = model('Notice', schema, 'notices')

/**
 * That somebody read a notice: one per person, whichever edition they read last, and the companies they belonged to when they did. A
 * reading stays a company's though its reader leaves.
 */
export interface NoticeRead extends ParkOwned {
  _id: Types.ObjectId
  notice: Types.ObjectId
  user: Types.ObjectId
  tenants: Types.ObjectId[]
  edition: number
  at: Date
}

const read = parkOwned<NoticeRead>(
  {
    notice: { type: Schema.Types.ObjectId, required: true },
    user: { type: Schema.Types.ObjectId, required: true },
    tenants: { type: [Schema.Types.ObjectId], default: [] },
    edition: { type: Number, required: true },
    at: { type: Date, required: true },
  },
  { versionKey: false, timestamps: false },
)
read.index({ park: 1, notice: 1, user: 1 }, { unique: true })
read.index({ park: 1, tenants: 1 })
export const NoticeRead = model('NoticeRead', read, 'noticereads')

export const noticePath = ({ park, _id }: Pick<Notice, 'park' | '_id'>): string => `/parks/${park}/notices/${_id}`
export const noticeSubject = ({ park, _id, title }: Pick<Notice, 'park' | '_id' | 'title'>) => ({
  ...{ park, kind: NOTICE_LINK, ref: _id, label: title.zh },
})

export type Phase = 'draft' | 'current' | 'past' | 'withdrawn'

/** What a notice is on a day. */
export const phaseOf = ({ state, until }: Pick<Notice, 'state' | 'until'>, on: Day): Phase =>
  state !== 'published' ? state : until !== null && until < on ? 'past' : 'current'

/** Words of its title or text, in either language, as a filter. */
export function wordFilter(q: string): Record<string, unknown> {
  const like = { $regex: escapeRegExp(q), $options: 'i' }
  return { $or: ['title.zh', 'title.en', 'text.zh', 'text.en'].map(name => ({ [name]: like })) }
}

/** phaseOf() as a filter. */
export const PHASE_FILTERS: Record<Phase, (on: Day) => Record<string, unknown>> = {
  draft: () => ({ state: 'draft' }),
  withdrawn: () => ({ state: 'withdrawn' }),
  current: on => ({ state: 'published', $nor: [{ until: { $lt: on } }] }),
  past: on => ({ state: 'published', until: { $lt: on } }),
}
