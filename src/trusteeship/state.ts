import type { Day } from '../lib/days.ts'

/**
 * How far a month has come. Papers are collected, received, booked, filed with the tax bureau, reported back: one step after the other,
 * none skipped, and back one at a time with a reason.
 */
export const STATES = ['collecting', 'received', 'booked', 'filed', 'reported'] as const
export type State = (typeof STATES)[number]
export const STEPS = ['received', 'booked', 'filed', 'reported'] as const satisfies State[]
export type Step = (typeof STEPS)[number]

export const rank = (state: State): number => STATES.indexOf(state)
export const before = (step: Step): State => STATES[rank(step) - 1]!
/** What comes next; null when the month is closed. */
export const nextStep = (state: State): Step | null => (STATES[rank(state) + 1] as Step | undefined) ?? null
export const stepsAhead = (state: State): Step[] => STEPS.filter(step => rank(step) > rank(state))

/** One step, forward or back, as it was taken. */
export interface LogEntry {
  to: State
  /** The park's civil day: lateness is judged by days. */
  on: Day
  at: Date
  by: { id: string; name: string }
  /** Why it went back; null forward. */
  reason: string | null
}

/** How far a month was at the end of a day. */
export function stateOn(log: Pick<LogEntry, 'to' | 'on'>[], on: Day): State {
  let state: State = 'collecting'
  for (const entry of log) if (entry.on <= on) state = entry.to
  return state
}

/** The last time each step was taken, of those that still stand. */
export function marksOf<E extends Pick<LogEntry, 'to'>>(log: E[]): Partial<Record<Step, E>> {
  const marks: Partial<Record<Step, E>> = {}
  for (const entry of log) {
    for (const step of STEPS) if (rank(step) > rank(entry.to)) delete marks[step]
    const forward = entry.to !== 'collecting' && !marks[entry.to]
    if (forward) marks[entry.to as Step] = entry
  }
  return marks
}
