import { model, Schema, type Types } from 'mongoose'
import type { Fen } from '../lib/money.ts'
import { type Month, OPEN } from '../lib/months.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import type { Bilingual } from '../lib/text.ts'
import { TAXPAYERS } from '../tenants/tenant.ts'
import { STATES, type State } from './state.ts'

/** That a park keeps a tenant's books: from which month, on what terms, who answers for it. */
export type Taxpayer = (typeof TAXPAYERS)[number]

export const PAPER_KINDS = ['bank', 'sales', 'purchase', 'payroll', 'other'] as const
export type PaperKind = (typeof PAPER_KINDS)[number]

/** A paper expected each month. The usual kinds are their own keys and names; others are named by staff and keep a key given once. */
export interface Paper {
  key: string
  kind: PaperKind
  name: Bilingual | null
  required: boolean
}

/** What is agreed from a month on, until newer terms begin. */
export interface Terms {
  from: Month
  taxpayer: Taxpayer
  /** A month; nothing is charged where it is 0. */
  fee: Fen
  papers: Paper[]
}

export interface Agreement extends ParkOwned {
  _id: Types.ObjectId
  number: string
  tenant: Types.ObjectId
  tenantName: string
  from: Month
  /** The last month; OPEN until its ending is dated. */
  end: Month
  staff: Types.ObjectId
  staffName: string
  /** In the order in which they begin; the first begins with the agreement. */
  terms: Terms[]
  /** How far each month has come, those that have left collecting, in order: the board reads agreements and nothing else. */
  months: { month: Month; state: State }[]
  /** False once it has ended and every month of it is reported. */
  open: boolean
  /** Counts what is done in it: whatever happens to one of its months at the same moment collides here. */
  ties: number
  version: number
  createdAt: Date
}

const text = { type: String, required: true }
const paper = {
  _id: false,
  key: text,
  kind: { type: String, enum: PAPER_KINDS, required: true },
  name: { type: new Schema({ zh: String, en: String }, { _id: false }), default: null },
  required: { type: Boolean, default: true },
}
const terms = new Schema<Terms>(
  {
    from: text,
    taxpayer: { type: String, enum: TAXPAYERS, required: true },
    fee: { type: Number, required: true, min: 0, validate: Number.isSafeInteger },
    papers: { type: [paper] as never, default: [] },
  },
  { _id: false },
)

const schema = parkOwned<Agreement>(
  {
    number: { ...text, immutable: true },
    tenant: { type: Schema.Types.ObjectId, required: true },
    tenantName: text,
    from: { ...text, immutable: true },
    end: { type: String, default: OPEN },
    staff: { type: Schema.Types.ObjectId, required: true },
    staffName: text,
    terms: { type: [terms], default: [] },
    months: { type: [{ _id: false, month: text, state: { type: String, enum: STATES, required: true } }], default: [] },
    open: { type: Boolean, default: true },
    ties: { type: Number, default: 0 },
    version: { type: Number, default: 0 },
  },
  { versionKey: false },
)
schema.index({ park: 1, number: 1 }, { unique: true })
schema.index({ park: 1, tenant: 1, from: 1 })
schema.index({ park: 1, open: 1, end: 1 })

export const Agreement = model('Agreement', schema, 'trusteeships')

export const agreementSubject = ({ park, _id, number, tenantName }: Pick<Agreement, 'park' | '_id' | 'number' | 'tenantName'>) => ({
  park,
  kind: 'trusteeship',
  ref: _id,
  label: `${number} ${tenantName}`,
})
export const agreementPath = ({ park, _id }: Pick<Agreement, 'park' | '_id'>): string => `/parks/${park}/trusteeship/${_id}`
export const roundPath = (agreement: Pick<Agreement, 'park' | '_id'>, month: Month): string => `${agreementPath(agreement)}/${month}`

/** The terms a month is kept on. */
export const termsFor = ({ terms }: Pick<Agreement, 'terms'>, month: Month): Terms => terms.findLast(one => one.from <= month) ?? terms[0]!

export const stateOf = ({ months }: Pick<Agreement, 'months'>, month: Month): State =>
  months.find(one => one.month === month)?.state ?? 'collecting'
