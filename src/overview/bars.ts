import type { Day } from '../lib/days.ts'

/** Months of occupancy as numbers for an SVG: bars from a floor of nothing to a ceiling of all. */
export interface MonthBar {
  day: Day
  share: number | null
  now: boolean
  past: boolean
  x: number
  y: number
  width: number
  height: number
  /** Written under the bar, so that 25 labels don't run into each other. */
  labelled: boolean
}

export interface Box {
  width: number
  height: number
  /** Where 0 and 100 % are, from the top. */
  base: number
  top: number
  /** A label under every so many bars. */
  every: number
}

/** Two years, and the narrow one of the desk: a year. */
export const BARS: Box = { width: 720, height: 190, base: 160, top: 20, every: 3 }
export const YEAR_BARS: Box = { width: 392, height: 200, base: 170, top: 24, every: 1 }

export function monthBars(months: { day: Day; share: number | null; now: boolean }[], box: Box = BARS): MonthBar[] {
  const step = box.width / Math.max(1, months.length)
  const turn = months.findIndex(month => month.now)
  return months.map((month, i) => {
    const height = Math.round((month.share ?? 0) * (box.base - box.top))
    const x = Math.round((i * step + step * 0.14) * 10) / 10
    const width = Math.round(step * 0.72 * 10) / 10
    return { ...month, past: i < turn, x, y: box.base - height, width, height, labelled: (i - turn) % box.every === 0 }
  })
}
