import { byCode } from '../spaces/plan-layout.ts'
import type { Wish } from './lead.ts'
import {
  type Asking,
  type BudgetReason,
  type DateReason,
  dateReason,
  type Level,
  type MatchUnit,
  NEAR_DAYS,
  NEAR_PERCENT,
  type ProductReason,
  productReason,
  rentReason,
  type SizeReason,
  sizeReason,
} from './match-reasons.ts'

/**
 * Which units suit a lead, in order. Pure and cheap: it is asked of every unit of a park.
 *
 * A unit *fits* when nothing of what was asked is missing; it *nearly* fits when all that is missing is near (area or budget within
 * 20 %, another product, free a little late or not to the end, kept for somebody else until a day); else it does *not*. In this
 * order they are ranked, then by score, and of equals by code. The score is 100 where everything is as asked; area weighs 35,
 * date 25, budget 25 and product 15, each by how near it comes.
 */
export const VERDICTS = ['fits', 'nearly', 'not'] as const
export type Verdict = (typeof VERDICTS)[number]
export const ASPECTS = ['area', 'budget', 'product', 'date'] as const
export type Aspect = (typeof ASPECTS)[number]

export interface Reasons {
  area: SizeReason
  budget: BudgetReason
  product: ProductReason
  date: DateReason
}
export interface Match<U extends MatchUnit = MatchUnit> {
  unit: U
  verdict: Verdict
  /** 0 … 100. */
  score: number
  reasons: Reasons
}

const WEIGHTS: Record<Aspect, number> = { area: 35, date: 25, budget: 25, product: 15 }

/** 1 at no distance, `least` where near ends, and on towards 0 beyond it. */
const fade = (by: number, near: number, least: number): number =>
  by <= near ? 1 - (by / near) * (1 - least) : (least / 2) * Math.max(0, 1 - (by - near) / (1 + by))

/** Of sizes that are fine the one with less to spare is the better, where only one end was said. */
function areaShare(unit: MatchUnit, { level, is, of, by }: SizeReason, wish: Wish): number {
  if (level === 'open') return 1
  if (is === 'unknown') return 0.5
  if (level !== 'good') return fade(by, NEAR_PERCENT / 100, 0.5)
  const { areaFrom, areaTo } = wish
  if (of === 'desks' || (areaFrom !== null && areaTo !== null)) return 1
  const spare = areaFrom !== null ? 1 - areaFrom / unit.gross : areaTo ? 1 - unit.gross / areaTo : 0
  return 1 - spare * 0.4
}

function budgetShare({ level, is, by }: BudgetReason): number {
  if (level === 'open' || level === 'good') return 1
  return is === 'unknown' ? 0.5 : fade(by, NEAR_PERCENT / 100, 0.5)
}

function dateShare({ is, free, over }: DateReason, { period }: Asking): number {
  if (is === 'free' || is === 'own') return over ? 0.9 : 1
  if (is === 'held') return 0.6
  if (!free) return 0
  const days = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000
  const late = Math.min(1, days(period.from, free.from) / (2 * NEAR_DAYS))
  return 0.8 * (1 - late) * Math.min(1, (days(free.from, free.to) + 1) / (days(period.from, period.to) + 1))
}

const verdictOf = (levels: Level[]): Verdict => (levels.includes('bad') ? 'not' : levels.includes('near') ? 'nearly' : 'fits')

export function matchUnit<U extends MatchUnit>(wish: Wish, asking: Asking, unit: U): Match<U> {
  const area = sizeReason(unit, wish)
  const budget = rentReason(unit, wish)
  const product = productReason(unit, wish)
  const date = dateReason(unit, asking)
  const score =
    WEIGHTS.area * areaShare(unit, area, wish) +
    WEIGHTS.budget * budgetShare(budget) +
    WEIGHTS.product * (product.is === 'other' ? 0.4 : 1) +
    WEIGHTS.date * dateShare(date, asking)
  const verdict = verdictOf([area.level, budget.level, product.level, date.level])
  // 100 is said of what is as asked, and of nothing else.
  return { unit, verdict, score: Math.min(Math.round(score), verdict === 'fits' ? 100 : 99), reasons: { area, budget, product, date } }
}

const text = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)

/** A total order: codes repeat between buildings, and over time. */
export const compareMatches = (a: Match, b: Match): number =>
  VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) ||
  b.score - a.score ||
  byCode(a.unit, b.unit) ||
  text(a.unit.building, b.unit.building) ||
  text(a.unit.activeFrom, b.unit.activeFrom) ||
  text(String(a.unit._id), String(b.unit._id))

/** Every unit that exists in some part of the wanted period, the best first. Claims that don't touch it may be left out. */
export function matchUnits<U extends MatchUnit>(wish: Wish, asking: Asking, units: U[]): Match<U>[] {
  const { from, to } = asking.period
  const found: Match<U>[] = []
  for (const unit of units) if (unit.activeFrom <= to && unit.activeTo >= from) found.push(matchUnit(wish, asking, unit))
  return found.sort(compareMatches)
}

/** What is missing or in the way, the worst first. */
export const lackingIn = ({ reasons }: Pick<Match, 'reasons'>): Aspect[] => {
  const of = (level: Level) => ASPECTS.filter(aspect => reasons[aspect].level === level)
  return [...of('bad'), ...of('near')]
}
