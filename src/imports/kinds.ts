import type { Types } from 'mongoose'
import type { z } from 'zod'
import type { Actor } from '../accounts/identity.ts'
import type { Action } from '../accounts/roles.ts'
import type { Day } from '../lib/days.ts'
import type { Entry } from '../search/entry.ts'
import type { CellProblem, ImportKind } from './import.ts'
import { leadKind } from './leads.ts'
import { tenantKind } from './tenants.ts'
import { unitKind } from './units.ts'

/** A column of a kind: what it is called stands in the texts (imports.column.<kind>.<name>). */
export interface Column {
  name: string
  required?: boolean
  /** Only these values: their words in both languages are at <prefix>.<value>. */
  choice?: { values: readonly string[]; prefix: string }
  /** Dates are read in the ways people write them. */
  day?: true
  /** What stands in the template's example row; a choice's is one of its values. */
  example: string
  width: number
}

/** A row as it stands in the file, one text for each mapped column. */
export interface SourceRow {
  row: number
  cells: Record<string, string>
}

/** What is to be done with a row that fits. `apply` is what `create` or `update` need; `same`: nothing to do. */
export type Decision =
  | { row: number; does: 'create' | 'update'; value: unknown }
  | { row: number; does: 'same' }
  | { row: number; does: 'bad'; problems: CellProblem[] }

/** What the park has already, with the rows before added: decides row by row, and carries out what was decided. */
export interface Ledger {
  decide(source: SourceRow): Decision
  apply(decisions: Decision[], by: Actor, options: { foundLater: boolean }): Promise<void>
}

export interface Kind {
  name: ImportKind
  /** Who may bring it in: whoever may make one by hand. */
  action: Action
  columns: Column[]
  schema: z.ZodType
  open(park: string, on: Day): Promise<Ledger>
  /** The records that the search doesn't find yet, as its entries: all ids, and the entries of some of them. */
  ids(park: string): Promise<Types.ObjectId[]>
  entries(park: string, ids: Types.ObjectId[]): Promise<Entry[]>
  found: Entry['kind']
}

export const KINDS: Record<ImportKind, Kind> = { units: unitKind, tenants: tenantKind, leads: leadKind }
