import type { Area } from '../lib/area.ts'
import type { Fen } from '../lib/money.ts'
import { byCode } from '../spaces/plan-layout.ts'
import { boundsOf, type Corner, MIN_CORNERS } from '../spaces/polygon.ts'
import type { Wish } from './lead.ts'
import { monthlyListRent } from './list-rent.ts'
import { type Asking, type BudgetReason, budgetReason, dateReason, type MatchUnit, mostNear } from './match-reasons.ts'

/** Two or three units of one floor that reach together the area no single one has. Pure; its work is bounded. */
export type Piece = MatchUnit & { outline: Corner[] }

export interface Combination {
  units: Piece[]
  area: Area
  monthly: Fen | null
  budget: BudgetReason
  /** They lie side by side: as drawn, or by their numbers where one isn't drawn. */
  adjacent: boolean
}

/** Pieces of a floor that are combined, the largest first: at most 455 pairs and triples a floor. */
const A_FLOOR = 14

/** Walls are drawn twice by neighbours and rarely to the same spot: a gap below this share of the smaller one is a wall. */
const WALL = 0.12

function touch(a: Piece, b: Piece): boolean {
  if (a.outline.length < MIN_CORNERS || b.outline.length < MIN_CORNERS) return follow(a.code, b.code)
  const [one, two] = [boundsOf(a.outline), boundsOf(b.outline)]
  const wall = WALL * Math.min(one.right - one.left, one.bottom - one.top, two.right - two.left, two.bottom - two.top)
  const across = Math.max(one.left, two.left) - Math.min(one.right, two.right)
  const along = Math.max(one.top, two.top) - Math.min(one.bottom, two.bottom)
  // Side by side: no gap one way, and a wall in common the other way; corner to corner isn't enough.
  return (across <= wall && along < -wall) || (along <= wall && across < -wall)
}

/** 301 and 302, A-09 and A-10. */
function follow(a: string, b: string): boolean {
  const [one, two] = [/^(.*?)(\d+)$/.exec(a), /^(.*?)(\d+)$/.exec(b)]
  return one !== null && two !== null && one[1] === two[1] && Math.abs(Number(one[2]) - Number(two[2])) === 1
}

/** Whether one can walk through all of them. */
function isJoined(units: Piece[]): boolean {
  const links = units.flatMap((a, i) => units.slice(i + 1).filter(b => touch(a, b)))
  return links.length >= units.length - 1
}

function combinationOf(units: Piece[], wish: Wish): Combination {
  const rents = units.map(monthlyListRent)
  const monthly = rents.some(rent => rent === null) ? null : rents.reduce<number>((sum, rent) => sum + rent!, 0)
  const area = units.reduce((sum, unit) => sum + unit.gross, 0)
  return { units, area, monthly, budget: budgetReason(monthly, wish.budget), adjacent: isJoined(units) }
}

/** All pairs, and triples of which every part is needed, whose sum lies in `from` … `to`. */
function groupsOf(floor: Piece[], from: Area, to: Area): Piece[][] {
  const groups: Piece[][] = []
  for (let i = 0; i < floor.length; i++) {
    for (let j = i + 1; j < floor.length; j++) {
      const pair = floor[i]!.gross + floor[j]!.gross
      if (pair >= from && pair <= to) groups.push([floor[i]!, floor[j]!])
      if (pair >= from) continue
      // By falling area: if the two largest don't reach, no other two of the three do.
      for (let k = j + 1; k < floor.length; k++) {
        const sum = pair + floor[k]!.gross
        if (sum >= from && sum <= to) groups.push([floor[i]!, floor[j]!, floor[k]!])
      }
    }
  }
  return groups
}

const codes = (one: Combination): string => one.units.map(unit => `${unit.building} ${unit.code}`).join(' ')
const compare = (a: Combination, b: Combination): number =>
  Number(b.adjacent) - Number(a.adjacent) ||
  Number(b.budget.level !== 'near') - Number(a.budget.level !== 'near') ||
  a.units.length - b.units.length ||
  a.area - b.area ||
  codes(a).localeCompare(codes(b), 'en', { numeric: true })

/**
 * The best `count` combinations: side by side before scattered, within the budget before over it, two before three, then the least
 * area. Only units that are free for the whole period; one unit stands in one combination at most two times.
 */
export function combine(wish: Wish, asking: Asking, units: Piece[], count: number): Combination[] {
  const from = wish.areaFrom
  if (!from) return []
  const to = Math.max(wish.areaTo ?? 0, mostNear(from))
  const floors = new Map<string, Piece[]>()
  for (const unit of units) {
    if (unit.gross >= from || (wish.product && unit.product !== wish.product)) continue
    const date = dateReason(unit, asking)
    if (date.level !== 'good' || date.over) continue
    const key = `${unit.building}/${unit.floor}`
    floors.set(key, [...(floors.get(key) ?? []), unit])
  }
  const found: Combination[] = []
  for (const floor of floors.values()) {
    const largest = floor.sort((a, b) => b.gross - a.gross || byCode(a, b)).slice(0, A_FLOOR)
    for (const group of groupsOf(largest, from, to)) {
      const one = combinationOf(group.sort(byCode), wish)
      if (one.budget.level !== 'bad') found.push(one)
    }
  }
  return varied(found.sort(compare), count)
}

/** Not the same unit again and again. */
function varied(found: Combination[], count: number): Combination[] {
  const used = new Map<string, number>()
  const picked: Combination[] = []
  for (const one of found) {
    if (picked.length === count) break
    const ids = one.units.map(unit => String(unit._id))
    if (ids.some(id => (used.get(id) ?? 0) >= 2)) continue
    for (const id of ids) used.set(id, (used.get(id) ?? 0) + 1)
    picked.push(one)
  }
  return picked
}
