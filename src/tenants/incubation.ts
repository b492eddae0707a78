import { addMonths, type Day, dayBefore } from '../lib/days.ts'
import type { Industry } from '../parks/park.ts'

/**
 * Rules of incubation, as versioned data (FACTS): a park names the version it works by, a record keeps the one it began under.
 * Months are counted from the founding or entry date; amounts are 10,000 yuan.
 */
export interface IncubationRule {
  key: string
  /** Oldest age of a company on entry. */
  entryMonths: number
  /** Longest incubation, and that of the fields named. */
  limitMonths: number
  longerMonths: number
  longerFields: Industry[]
  criteria: Criterion[]
  fundingOver: number
  revenueOver: number
}

export const CRITERIA = ['hightech', 'funding', 'revenue', 'acquired'] as const
export type Criterion = (typeof CRITERIA)[number]

export const INCUBATION_RULES: IncubationRule[] = [
  {
    key: '2018',
    entryMonths: 24,
    limitMonths: 48,
    longerMonths: 60,
    longerFields: ['biomedicine'],
    criteria: [...CRITERIA],
    fundingOver: 500,
    revenueOver: 1000,
  },
  {
    key: '2010',
    entryMonths: 24,
    limitMonths: 42,
    longerMonths: 60,
    longerFields: ['biomedicine'],
    criteria: [...CRITERIA],
    fundingOver: 500,
    revenueOver: 1000,
  },
]

export const incubationRule = (key: string): IncubationRule => INCUBATION_RULES.find(rule => rule.key === key) ?? INCUBATION_RULES[0]!

export interface Incubation {
  rule: string
  enteredOn: Day
  /** Months this record may last: the rule's, or longer for its field. */
  limitMonths: number
  graduatedOn: Day | null
  criterion: Criterion | null
  evidence: string | null
  leftOn: Day | null
}

/** Why a company may not enter incubation on a day; null when it may. A company in preparation has no age yet. */
export function entryProblem(rule: IncubationRule, foundedOn: Day | null, enteredOn: Day): 'founded' | 'tooOld' | null {
  if (!foundedOn) return 'founded'
  return enteredOn > addMonths(foundedOn, rule.entryMonths) ? 'tooOld' : null
}

export const limitFor = (rule: IncubationRule, field: Industry): number =>
  rule.longerFields.includes(field) ? rule.longerMonths : rule.limitMonths

/** The last day of incubation: 48 months from 2022-03-01 end on 2026-02-28. */
export const lastDayOf = (record: Pick<Incubation, 'enteredOn' | 'limitMonths'>): Day =>
  dayBefore(addMonths(record.enteredOn, record.limitMonths))

export const INCUBATION_STATES = ['none', 'incubating', 'over', 'graduated', 'left'] as const
export type IncubationState = (typeof INCUBATION_STATES)[number]

/** Derived for any day (CASES 11): past its limit a company is flagged, never graduated by itself; a graduate that stays is no longer incubating. */
export function incubationOn(record: Incubation | null, on: Day): IncubationState {
  if (!record || on < record.enteredOn) return 'none'
  if (record.graduatedOn && record.graduatedOn <= on) return 'graduated'
  if (record.leftOn && record.leftOn <= on) return 'left'
  return on > lastDayOf(record) ? 'over' : 'incubating'
}
