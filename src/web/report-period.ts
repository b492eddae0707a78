import { addDays, addMonths, type Day, later, monthStart } from '../lib/days.ts'

/** The longest period a report is made for, in days: three years. */
const MAX_DAYS = 1096

/** A year up to the end of this month, unless a period is asked; three years at most. Both ends inclusive. */
export function reportPeriod({ from, to }: { from: Day | null; to: Day | null }, today: Day): { from: Day; to: Day } {
  const next = addMonths(monthStart(today), 1)
  const end = to ?? (from && from >= next ? addDays(from, 364) : addDays(next, -1))
  const begin = from ?? addMonths(monthStart(end), -11)
  if (begin > end) return { from: end, to: end }
  return { from: later(begin, addDays(end, -(MAX_DAYS - 1))), to: end }
}

/** Stars to a tenth; null where nobody gave any. */
export const averageStars = ({ stars, rated }: { stars: number; rated: number }): number | null =>
  rated ? Math.round((stars / rated) * 10) / 10 : null
