import type { Area } from '../lib/area.ts'

/**
 * Blocks as wide as their area, in 120ths of a row: a floor with many units wraps to several rows of about equal area, so that no
 * block gets narrower than a pointer can hit (24 px at 720 px of width: 4/120).
 */
export const COLUMNS = 120
const MIN_SPAN = 4
const MAX_PER_ROW = 14

const collator = new Intl.Collator('en', { numeric: true })
export const byCode = (a: { code: string }, b: { code: string }): number => collator.compare(a.code, b.code)

/** Cuts a list into `count` stretches of about equal area, in order. */
function cut<T extends { gross: Area }>(units: T[], count: number): T[][] {
  const total = units.reduce((sum, unit) => sum + unit.gross, 0)
  const rows: T[][] = Array.from({ length: count }, () => [])
  let passed = 0
  for (const unit of units) {
    const middle = passed + unit.gross / 2
    rows[Math.min(count - 1, Math.floor((middle / total) * count))]!.push(unit)
    passed += unit.gross
  }
  return rows.filter(row => row.length)
}

/** Spans of one row: each by its area, none below the minimum, together 120. */
export function spansOf(areas: Area[]): number[] {
  const total = areas.reduce((sum, area) => sum + area, 0) || 1
  const spans = areas.map(area => Math.max(MIN_SPAN, Math.round((area / total) * COLUMNS)))
  let over = spans.reduce((sum, span) => sum + span, 0) - COLUMNS
  // What rounding and the minimum added is taken from the widest, one column at a time; what is missing is given to it.
  while (over !== 0) {
    const widest = spans.indexOf(Math.max(...spans))
    if (over > 0 && spans[widest]! <= MIN_SPAN) break
    spans[widest]! += over > 0 ? -1 : 1
    over += over > 0 ? -1 : 1
  }
  return spans
}

export function rowsOf<T extends { gross: Area; code: string }>(units: T[]): { unit: T; span: number }[][] {
  if (!units.length) return []
  const sorted = [...units].sort(byCode)
  let count = Math.ceil(sorted.length / MAX_PER_ROW)
  const narrow = (row: T[]) => {
    const total = row.reduce((sum, unit) => sum + unit.gross, 0)
    return row.length > 2 && row.some(unit => (unit.gross / total) * COLUMNS < MIN_SPAN / 2)
  }
  while (count < 4 && cut(sorted, count).some(row => row.length > MAX_PER_ROW + 4 || narrow(row))) count += 1
  return cut(sorted, count).map(row => {
    const spans = spansOf(row.map(unit => unit.gross))
    return row.map((unit, i) => ({ unit, span: spans[i]! }))
  })
}
