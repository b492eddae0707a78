/** Outlines of units as polygons in a drawing's own units: reading them, where their label goes, whether two overlap. */
export type Corner = [number, number]

export const MIN_CORNERS = 3
export const MAX_CORNERS = 60

/** “12,30 80,30 80,90” → corners, to a tenth of a unit; null where it isn't that. */
export function parseCorners(text: string): Corner[] | null {
  const corners: Corner[] = []
  for (const pair of text.trim().split(/\s+/).filter(Boolean)) {
    const match = /^(-?\d{1,6}(?:\.\d{1,6})?),(-?\d{1,6}(?:\.\d{1,6})?)$/.exec(pair)
    if (!match) return null
    corners.push([Math.round(Number(match[1]) * 10) / 10, Math.round(Number(match[2]) * 10) / 10])
  }
  return corners
}

export const cornersText = (corners: Corner[]): string => corners.map(corner => corner.join(',')).join(' ')

/** Enclosed area in square units. */
export function areaOf(corners: Corner[]): number {
  let twice = 0
  for (const [i, [x, y]] of corners.entries()) {
    const [nextX, nextY] = corners[(i + 1) % corners.length]!
    twice += x * nextY - nextX * y
  }
  return Math.abs(twice) / 2
}

export function boundsOf(corners: Corner[]): { left: number; top: number; right: number; bottom: number } {
  const xs = corners.map(corner => corner[0])
  const ys = corners.map(corner => corner[1])
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) }
}

/** The stretches of the horizontal line at `y` that lie inside (even-odd). */
function stretchesAt(corners: Corner[], y: number): [number, number][] {
  const crossings: number[] = []
  for (const [i, [x1, y1]] of corners.entries()) {
    const [x2, y2] = corners[(i + 1) % corners.length]!
    if (y1 <= y !== y2 <= y) crossings.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1))
  }
  crossings.sort((a, b) => a - b)
  return Array.from({ length: crossings.length >> 1 }, (_, i) => [crossings[2 * i]!, crossings[2 * i + 1]!])
}

const common = (a: [number, number][], b: [number, number][]): [number, number][] =>
  a.flatMap(([from, to]) =>
    b.map(([start, end]): [number, number] => [Math.max(from, start), Math.min(to, end)]).filter(([start, end]) => end > start),
  )

/** The middle of the widest place inside that is `height` high, and how wide it is; null where there is none. */
export function labelPlace(corners: Corner[], height: number): { x: number; y: number; width: number } | null {
  if (corners.length < MIN_CORNERS) return null
  const { top, bottom } = boundsOf(corners)
  const steps = 24
  const middle = (top + bottom) / 2
  let best: { x: number; y: number; width: number; far: number } | null = null
  for (let i = 1; i < steps; i++) {
    const y = top + ((bottom - top) * i) / steps
    const rows = [y - height / 2, y, y + height / 2].map(at => stretchesAt(corners, at))
    for (const [from, to] of common(common(rows[0]!, rows[1]!), rows[2]!)) {
      const found = { x: (from + to) / 2, y, width: to - from, far: Math.abs(y - middle) }
      const wider = best ? found.width - best.width : 1
      if (!best || wider > 1 || (wider > -1 && found.far < best.far)) best = found
    }
  }
  return best && { x: best.x, y: best.y, width: best.width }
}

/** How much of the smaller of two outlines lies in the other: 0 … 1, measured along 48 lines. */
export function overlapShare(a: Corner[], b: Corner[]): number {
  const [one, two] = [boundsOf(a), boundsOf(b)]
  const [top, bottom] = [Math.max(one.top, two.top), Math.min(one.bottom, two.bottom)]
  const smaller = Math.min(areaOf(a), areaOf(b))
  if (bottom <= top || one.left >= two.right || two.left >= one.right || smaller === 0) return 0
  const lines = 48
  const step = (bottom - top) / lines
  let shared = 0
  for (let i = 0; i < lines; i++) {
    const y = top + (i + 0.5) * step
    for (const [from, to] of common(stretchesAt(a, y), stretchesAt(b, y))) shared += (to - from) * step
  }
  return Math.min(1, shared / smaller)
}

/** Walls are drawn twice by neighbours and rarely to the same tenth: below this share it isn't an overlap. */
const TOUCHING = 0.02

/** Pairs that lie over each other. */
export function overlapping<T extends { outline: Corner[] }>(units: T[]): [T, T][] {
  const drawn = units.filter(unit => unit.outline.length >= MIN_CORNERS)
  return drawn.flatMap((one, i) =>
    drawn
      .slice(i + 1)
      .filter(other => overlapShare(one.outline, other.outline) > TOUCHING)
      .map((other): [T, T] => [one, other]),
  )
}

/** A band of `width` along the inside of the right-most upright edge: how an expiring lease is marked, on plan and floor plan alike. */
export function rightEdge(corners: Corner[], width: number): Corner[] {
  let best: [Corner, Corner] | null = null
  for (const [i, one] of corners.entries()) {
    const two = corners[(i + 1) % corners.length]!
    const upright = Math.abs(one[1] - two[1]) > Math.abs(one[0] - two[0])
    if (upright && (!best || one[0] + two[0] > best[0][0] + best[1][0])) best = [one, two]
  }
  if (!best) return []
  const [one, two] = best
  return [one, two, [two[0] - width, two[1]], [one[0] - width, one[1]]]
}
