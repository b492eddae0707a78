import { addMonths, type Day, dayAfter, dayBefore, daysIn, earlier, later, monthStart } from '../lib/days.ts'
import { exact, type Fraction, roundHalfUp } from '../lib/exact.ts'
import type { RentCharge, RentLine, RentTerms } from './terms.ts'

/**
 * The rent a lease makes payable (FACTS, “Rent”): pure, in fen, exact until each charge is rounded once, half up. The computed
 * rent of a lease is *defined* as the sum of these charges.
 */
interface Range {
  from: Day
  to: Day
}

const ZERO = exact(0)
const YEAR = exact(365)
const TWELVE = exact(12)
const HUNDRED = exact(100)

/** Month k of the lease's own calendar: counted from the start and clamped, never from the month before. */
export function monthOf(terms: Pick<RentTerms, 'from' | 'anchor'>, k: number): Range {
  const base = terms.anchor === 'calendar' ? monthStart(terms.from) : terms.from
  return { from: addMonths(base, k), to: dayBefore(addMonths(base, k + 1)) }
}

/** Billing periods: `cycle` months each, from the month the lease starts in; clipped to the term. */
export function periodsOf(terms: Pick<RentTerms, 'from' | 'to' | 'anchor' | 'cycle'>): { months: Range[]; from: Day; to: Day }[] {
  const periods = []
  for (let first = 0; monthOf(terms, first).from <= terms.to; first += terms.cycle) {
    const months = Array.from({ length: terms.cycle }, (_, i) => monthOf(terms, first + i)).filter(month => month.from <= terms.to)
    periods.push({ months, from: later(months[0]!.from, terms.from), to: earlier(months.at(-1)!.to, terms.to) })
  }
  return periods
}

/** What multiplies the rate: area for the ㎡ bases, desks for desks, 1 for a flat rent. */
function quantity(terms: Pick<RentTerms, 'basis'>, line: Pick<RentLine, 'area' | 'desks'>): Fraction {
  if (terms.basis === 'month') return exact(1)
  if (terms.basis === 'desk-month') return exact(line.desks ?? 0)
  return exact(line.area).div(HUNDRED)
}

/** The rate on a day: escalation compounds on the unrounded rate from its date. */
function rateOn(terms: RentTerms, line: RentLine, on: Day): Fraction {
  return terms.escalation
    .filter(step => step.from > line.since && step.from <= on)
    .reduce((rate, step) => rate.mul(exact(1).add(exact(step.percent).div(HUNDRED))), exact(line.rate))
}

interface Stretch extends Range {
  rate: Fraction
}

/** The maximal stretches of constant rate of a line, rent-free days left out. */
function stretchesOf(terms: RentTerms, line: RentLine): Stretch[] {
  const last = earlier(line.to, terms.to)
  const starts = [
    later(line.from, terms.from),
    ...terms.escalation.map(step => step.from),
    ...terms.rentFree.flatMap(free => [free.from, dayAfter(free.to)]),
  ]
  const cuts = [...new Set(starts)].filter(day => day >= line.from && day >= terms.from && day <= last).sort()
  const stretches: Stretch[] = []
  cuts.forEach((from, i) => {
    const to = cuts[i + 1] ? dayBefore(cuts[i + 1]!) : last
    if (terms.rentFree.some(free => free.from <= from && from <= free.to)) return
    const rate = rateOn(terms, line, from)
    const before = stretches.at(-1)
    if (before?.rate.equals(rate) && dayAfter(before.to) === from) before.to = to
    else stretches.push({ from, to, rate })
  })
  return stretches
}

/** Full-month rent in yuan: a daily rate counts 365 ÷ 12 days, the others are monthly already. */
const fullMonth = (terms: Pick<RentTerms, 'basis'>, rate: Fraction, amount: Fraction): Fraction =>
  terms.basis === 'sqm-day' ? rate.mul(amount).mul(YEAR).div(TWELVE) : rate.mul(amount)

/** The rent of a whole month of one line at the rate it was agreed at, in fen, rounded half up. */
export function monthlyRent(basis: RentTerms['basis'], line: Pick<RentLine, 'area' | 'desks' | 'rate'>): number {
  return roundHalfUp(fullMonth({ basis }, exact(line.rate), quantity({ basis }, line)).mul(HUNDRED))
}

/** A month that is whole counts exactly; a broken one by the lease's convention. */
function rentOfMonth(terms: RentTerms, month: Range, part: Range, rate: Fraction, amount: Fraction): Fraction {
  const full = fullMonth(terms, rate, amount)
  if (part.from === month.from && part.to === month.to) return full
  const days = exact(daysIn(part.from, part.to))
  if (terms.broken === 'actual') return full.mul(days).div(daysIn(month.from, month.to))
  if (terms.broken === 'thirty') return full.div(30).mul(days)
  return terms.basis === 'sqm-day' ? rate.mul(amount).mul(days) : full.mul(TWELVE).div(YEAR).mul(days)
}

const meet = (a: Range, b: Range): Range | null => {
  const range = { from: later(a.from, b.from), to: earlier(a.to, b.to) }
  return range.from <= range.to ? range : null
}

/** Yuan, not rounded, of a stretch inside one period. */
function rentWithin(terms: RentTerms, months: Range[], stretch: Stretch, amount: Fraction): Fraction {
  return months.reduce((sum, month) => {
    const part = meet(month, stretch)
    return part ? sum.add(rentOfMonth(terms, month, part, stretch.rate, amount)) : sum
  }, ZERO)
}

/** All charges of a lease, by period and then by line. */
export function rentSchedule(terms: RentTerms): RentCharge[] {
  const lines = terms.lines.map(line => ({ line, amount: quantity(terms, line), stretches: stretchesOf(terms, line) }))
  const charges: RentCharge[] = []
  for (const period of periodsOf(terms)) {
    for (const { line, amount, stretches } of lines) {
      for (const stretch of stretches) {
        const part = meet(stretch, period)
        if (!part) continue
        const yuan = rentWithin(terms, period.months, { ...stretch, ...part }, amount)
        charges.push({ unit: line.unit, code: line.code, ...part, fen: roundHalfUp(yuan.mul(HUNDRED)) })
      }
    }
  }
  return charges
}

export const sumOf = (charges: { fen: number }[]): number => charges.reduce((sum, charge) => sum + charge.fen, 0)

/** What the rent-free days from the start up to `until` would have cost, in yuan, not rounded. */
export function rentFreeValue(terms: RentTerms, until: Day = terms.to): Fraction {
  const paid = { ...terms, rentFree: [] }
  let value = ZERO
  for (const period of periodsOf(terms)) {
    for (const line of terms.lines) {
      for (const stretch of stretchesOf(paid, line)) {
        for (const free of terms.rentFree) {
          const part = meet(stretch, { from: free.from, to: earlier(free.to, until) })
          const inside = part && meet(part, period)
          if (inside) value = value.add(rentWithin(paid, period.months, { ...stretch, ...inside }, quantity(terms, line)))
        }
      }
    }
  }
  return value
}

/**
 * Clawback of rent-free days on early leaving, in fen but rounded to the yuan (CASES 7): what was enjoyed, less the share of what
 * was granted that the days stayed have earned.
 */
export function rentFreeClawback(terms: RentTerms, leavingOn: Day): number {
  const granted = rentFreeValue(terms)
  const enjoyed = rentFreeValue(terms, leavingOn)
  const earned = granted.mul(daysIn(terms.from, earlier(leavingOn, terms.to))).div(daysIn(terms.from, terms.to))
  const yuan = roundHalfUp(enjoyed.sub(earned))
  return Math.max(0, yuan) * 100
}

/** The terms as they would run if the lease ended on a day. */
export const endedOn = (terms: RentTerms, on: Day): RentTerms => ({
  ...terms,
  to: earlier(terms.to, on),
  lines: terms.lines.filter(line => line.from <= on),
})
