import { addMonths, type Day, monthEnd } from './days.ts'

/** A civil month, `2026-11`. Months compare as text, and both ends of a range are inclusive. */
export type Month = string

/** The end of what has none. */
export const OPEN: Month = '9999-12'

export const isMonth = (value: unknown): value is Month =>
  typeof value === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(value) && value >= '2000-01' && value < '2100-01'

export const monthOf = (day: Day): Month => day.slice(0, 7)
export const firstDay = (month: Month): Day => `${month}-01`
export const lastDay = (month: Month): Day => monthEnd(firstDay(month))
export const addToMonth = (month: Month, count: number): Month => (month === OPEN ? OPEN : monthOf(addMonths(firstDay(month), count)))

/** All months of a range, in order; none where it ends before it begins. */
export function monthsFrom(from: Month, to: Month): Month[] {
  const months: Month[] = []
  for (let month = from; month <= to; month = addToMonth(month, 1)) months.push(month)
  return months
}
