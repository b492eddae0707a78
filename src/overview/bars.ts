import type { Day } from '../lib/days.ts'

/** Months of occupancy as numbers for an SVG of 720 × 190: bars from a floor of nothing to a ceiling of all. */
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

export const BARS = { width: 720, height: 190, base: 160, top: 20 }

export function monthBars(months: { day: Day; share: number | null; now: boolean }[]): MonthBar[] {
  const step = BARS.width / Math.max(1, months.length)
  const turn = months.findIndex(month => month.now)
  return months.map((month, i) => {
    const height = Math.round((month.share ?? 0) * (BARS.base - BARS.top))
    const x = Math.round((i * step + step * 0.14) * 10) / 10
    const width = Math.round(step * 0.72 * 10) / 10
    return { ...month, past: i < turn, x, y: BARS.base - height, width, height, labelled: (i - turn) % 3 === 0 }
  })
}
