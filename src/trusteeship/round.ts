import { model, Schema, type Types } from 'mongoose'
import type { Month } from '../lib/months.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import type { Agreement, Paper } from './agreement.ts'
import { type LogEntry, STATES, type State } from './state.ts'

/**
 * What was done of one month of an agreement: made when somebody first does something, so that no job has to run. A month without one
 * is open, with nothing handed in.
 */
export const REPORT_SLOTS = ['return', 'balance', 'profit', 'cashflow', 'receipt', 'other'] as const
export type ReportSlot = (typeof REPORT_SLOTS)[number]

interface Who {
  id: string
  name: string
}

/** A paper that was handed in, or word that there is none this month. It stays, whatever becomes of it. */
export interface PaperItem {
  _id: Types.ObjectId
  /** The key of what it is expected as. */
  paper: string
  /** Null: there is none this month. */
  file: Types.ObjectId | null
  name: string
  size: number
  at: Date
  by: Who
  /** Handed in by the park's staff for the tenant. */
  onBehalf: boolean
  ended: { how: 'refused' | 'withdrawn'; reason: string | null; at: Date; by: Who } | null
}

export interface Report {
  _id: Types.ObjectId
  slot: ReportSlot
  file: Types.ObjectId
  name: string
  size: number
  at: Date
  by: Who
}

export interface Round extends ParkOwned {
  _id: Types.ObjectId
  agreement: Types.ObjectId
  tenant: Types.ObjectId
  month: Month
  state: State
  papers: PaperItem[]
  reports: Report[]
  log: LogEntry[]
}

const text = { type: String, required: true }
const id = { type: Schema.Types.ObjectId, required: true }
const at = { type: Date, required: true }
const by = { id: String, name: String }
const ended = new Schema(
  { how: { type: String, enum: ['refused', 'withdrawn'] }, reason: { type: String, default: null }, at, by },
  { _id: false },
)

const schema = parkOwned<Round>(
  {
    agreement: { ...id, immutable: true },
    tenant: id,
    month: { ...text, immutable: true },
    state: { type: String, enum: STATES, default: 'collecting' },
    papers: {
      type: [
        {
          paper: text,
          file: { type: Schema.Types.ObjectId, default: null },
          name: { type: String, default: '' },
          size: { type: Number, default: 0 },
          at,
          by,
          onBehalf: Boolean,
          ended: { type: ended, default: null },
        },
      ] as never,
      default: [],
    },
    reports: {
      type: [{ slot: { type: String, enum: REPORT_SLOTS, required: true }, file: id, name: text, size: Number, at, by }] as never,
      default: [],
    },
    log: {
      type: [{ _id: false, to: { type: String, enum: STATES }, on: text, at, by, reason: { type: String, default: null } }],
      default: [],
    },
  },
  { versionKey: false },
)
schema.index({ park: 1, agreement: 1, month: 1 }, { unique: true })
schema.index({ park: 1, month: 1 })

export const Round = model('TrusteeRound', schema, 'trusteerounds')

/** Files handed in, and files reported back: they may be read by different people at different times. */
export const PAPER_LINK = 'trusteepaper'
export const REPORT_LINK = 'trusteereport'
export const AGREEMENT_LINK = 'trusteeship'

export const roundSubject = ({ park, _id, month }: Round, { number }: Pick<Agreement, 'number'>) => ({
  park,
  kind: 'trusteeround',
  ref: _id,
  label: `${number} ${month}`,
})

export const standing = (items: PaperItem[], key: string): PaperItem[] => items.filter(item => item.paper === key && !item.ended)
/** Which of the papers a month expects have neither a file nor “none this month”. */
export const missingOf = (papers: Paper[], items: PaperItem[]): Paper[] =>
  papers.filter(paper => paper.required && !standing(items, paper.key).length)
