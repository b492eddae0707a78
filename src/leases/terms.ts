import type { Types } from 'mongoose'
import type { Area } from '../lib/area.ts'
import type { Day } from '../lib/days.ts'

/** Price bases (FACTS, “Rent”): yuan per ㎡ and day, per ㎡ and month, per month, per desk and month. */
export const BASES = ['sqm-day', 'sqm-month', 'month', 'desk-month'] as const
export type Basis = (typeof BASES)[number]
export const CYCLES = [1, 3, 6, 12] as const
export type Cycle = (typeof CYCLES)[number]
export type Anchor = 'start' | 'calendar'
export type Broken = 'actual' | 'thirty' | 'dayrate'

/** What a lease pays for one unit from `from` to `to`. An amendment ends one line and begins another. */
export interface RentLine {
  unit: Types.ObjectId | string
  code: string
  /** Chargeable area in hundredths of ㎡. */
  area: Area
  desks: number | null
  /** Yuan in the lease's price basis, a decimal string. */
  rate: string
  from: Day
  to: Day
  /** The day the rate was agreed from: escalation steps after it apply, earlier ones are in the rate already. */
  since: Day
}

export interface RentTerms {
  from: Day
  to: Day
  basis: Basis
  anchor: Anchor
  broken: Broken
  cycle: Cycle
  /** Rent-free stretches, both ends inclusive. */
  rentFree: { from: Day; to: Day }[]
  escalation: { from: Day; percent: string }[]
  lines: RentLine[]
}

/** One unit × one billing period × one stretch of constant rate; `fen` is the sum of its months, rounded once. */
export interface RentCharge {
  unit: Types.ObjectId | string
  code: string
  from: Day
  to: Day
  fen: number
}
