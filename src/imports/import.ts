import { model, Schema, type Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { type ParkOwned, parkOwned } from '../lib/park-scope.ts'
import type { Problem } from '../lib/rule-error.ts'

/**
 * One file that somebody brings in: uploaded (its columns are being named), checking (the dry run), checked (the result is there,
 * nothing is written yet), committing, indexing (all is written, the search
 * learns of it), done. Whether work was interrupted follows from ImportRun and the time, and isn't stored.
 */
export const IMPORT_KINDS = ['units', 'tenants', 'leads'] as const
export type ImportKind = (typeof IMPORT_KINDS)[number]
export const IMPORT_STATES = ['uploaded', 'checking', 'checked', 'committing', 'indexing', 'done'] as const
/** Somebody, or some process, works on it. */
export const BUSY = ['checking', 'committing', 'indexing'] as const satisfies (typeof IMPORT_STATES)[number][]
export const isBusy = (state: ImportState): boolean => (BUSY as readonly ImportState[]).includes(state)
export type ImportState = (typeof IMPORT_STATES)[number]

export interface Counts {
  created: number
  updated: number
  same: number
  bad: number
}
export const NO_COUNTS: Counts = { created: 0, updated: 0, same: 0, bad: 0 }

/** Column of the kind → index of the file's column; null: not in the file. */
export type Mapping = Record<string, number | null>

export interface Import extends ParkOwned {
  _id: Types.ObjectId
  kind: ImportKind
  state: ImportState
  file: Types.ObjectId
  fileName: string
  format: 'xlsx' | 'csv'
  header: string[]
  /** The first rows, as they stand in the file. */
  sample: string[][]
  rows: number
  mapping: Mapping
  counts: Counts
  skipBad: boolean
  /** Why the last step was given up; nothing was written then. */
  refusal: Problem | null
  by: Pick<Actor, 'id' | 'name'>
  /** Who asked for the step under way. */
  actor: Actor | null
  /** The run that may finish the step under way: one that was taken over may not. */
  attempt: string | null
  createdAt: Date
  updatedAt: Date
  doneAt: Date | null
}

const number = { type: Number, default: 0 }
const schema = parkOwned<Import>(
  {
    kind: { type: String, enum: IMPORT_KINDS, required: true },
    state: { type: String, enum: IMPORT_STATES, default: 'uploaded' },
    file: { type: Schema.Types.ObjectId, required: true },
    fileName: { type: String, required: true },
    format: { type: String, enum: ['xlsx', 'csv'], required: true },
    header: { type: [String], default: [] },
    sample: { type: [[String]] as never, default: [] },
    rows: number,
    mapping: { type: Object, default: {} },
    counts: { type: new Schema({ created: number, updated: number, same: number, bad: number }, { _id: false }), default: () => ({}) },
    skipBad: { type: Boolean, default: false },
    refusal: { type: Object, default: null },
    by: { type: new Schema({ id: String, name: String }, { _id: false }), required: true },
    actor: { type: Object, default: null },
    attempt: { type: String, default: null },
    doneAt: { type: Date, default: null },
  },
  { versionKey: false, minimize: false },
)
schema.index({ park: 1, createdAt: -1 })
schema.index({ park: 1, state: 1 })
export const Import = model('Import', schema, 'imports')

export interface CellProblem {
  /** The kind's column; null: the row as a whole. */
  column: string | null
  key: string
  params: Record<string, unknown>
  value: string
}

/** A row that can't be taken, and why: written by the dry run. */
export interface BadRow extends ParkOwned {
  import: Types.ObjectId
  attempt: string
  row: number
  problems: CellProblem[]
}
const badRow = parkOwned<BadRow>(
  {
    import: { type: Schema.Types.ObjectId, required: true },
    attempt: { type: String, required: true },
    row: { type: Number, required: true },
    problems: { type: [{ _id: false, column: String, key: String, params: Object, value: String }] as never, default: [] },
  },
  { versionKey: false, timestamps: false, minimize: false },
)
badRow.index({ park: 1, import: 1, attempt: 1, row: 1 })
export const BadRow = model('BadRow', badRow, 'importrows')

/** Who works on an import, how far it is, and until when it counts as alive. Apart from the import: progress is seen while a transaction runs. */
export interface ImportRun extends ParkOwned {
  import: Types.ObjectId
  token: string
  done: number
  until: Date
  /** The database session of its transaction, so that whoever takes over can end it. */
  session: unknown
}
const run = parkOwned<ImportRun>(
  {
    import: { type: Schema.Types.ObjectId, required: true },
    token: { type: String, required: true },
    done: number,
    until: { type: Date, required: true },
    session: { type: Object, default: null },
  },
  { versionKey: false, timestamps: false },
)
run.index({ park: 1, import: 1 }, { unique: true })
export const ImportRun = model('ImportRun', run, 'importruns')

export const importPath = ({ park, _id }: Pick<Import, 'park' | '_id'>): string => `/parks/${park}/imports/${_id}`
