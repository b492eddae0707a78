import type { Placed } from './plan.ts'
import { byCode } from './plan-layout.ts'
import { boundsOf, type Corner, cornersText, labelPlace, MIN_CORNERS, overlapping, rightEdge } from './polygon.ts'
import type { State } from './state.ts'
import type { Unit } from './unit.ts'

/** A floor's units as shapes with labels, ready to be written as SVG. Lengths are in the drawing's units. */
export interface Line {
  text: string
  x: number
  y: number
  size: number
  strong: boolean
}

export interface Shape {
  placed: Placed
  points: string
  edge: string
  lines: Line[]
}

interface Sheet {
  width: number
  height: number
}

const FONT = 13
const LEADING = 17
/** Of a page: what the label sizes are meant for. */
const PAGE = 1200

/** How many units of the drawing a pixel is on a usual screen. */
export const scaleOf = ({ width, height }: Sheet): number => Math.max(width, height * 1.3) / PAGE

const round = (value: number): number => Math.round(value * 10) / 10

/** About how wide a text is in ems: no font is at hand here. */
function emsOf(text: string): number {
  let ems = 0
  for (const sign of text) ems += sign.charCodeAt(0) > 0x2e7f ? 1 : 0.56
  return ems
}

export function shorten(text: string, ems: number): string {
  if (emsOf(text) <= ems) return text
  let kept = ''
  for (const sign of text) {
    if (emsOf(kept + sign) > ems - 1) break
    kept += sign
  }
  return kept.trimEnd() ? `${kept.trimEnd()}\u2026` : ''
}

/** Code, tenant and area where they fit; of a small unit the code alone, or nothing: the card has the rest. */
function linesOf(outline: Corner[], [code, ...more]: string[], scale: number): Line[] {
  const { top, bottom } = boundsOf(outline)
  for (const count of [1 + more.length, 2, 1]) {
    const size = FONT * scale
    const place = labelPlace(outline, Math.min(count * LEADING * scale, (bottom - top) * 0.98))
    if (!place || (count > 1 && (bottom - top < (count + 0.6) * LEADING * scale || place.width < 84 * scale))) continue
    const width = place.width / scale - 10
    const fits = emsOf(code!) * FONT <= width
    const shrunk = fits ? size : (width / emsOf(code!)) * scale
    if (shrunk < 8 * scale) return []
    const texts = [code!, ...more.slice(0, count - 1).map(text => shorten(text, width / (FONT - 1)))].filter(Boolean)
    const first = place.y - ((texts.length - 1) * LEADING * scale) / 2 + 0.36 * size
    return texts.map((text, i) => ({
      text,
      x: round(place.x),
      y: round(first + i * LEADING * scale),
      size: round(i ? size - scale : shrunk),
      strong: i === 0,
    }))
  }
  return []
}

export function shapesOf(
  placed: Placed[],
  sheet: Sheet,
  words: { state: (state: State) => string; area: (area: number) => string },
): Shape[] {
  const scale = scaleOf(sheet)
  return placed
    .filter(({ unit }) => unit.outline.length >= MIN_CORNERS)
    .sort((a, b) => byCode(a.unit, b.unit))
    .map(one => {
      const { unit, is } = one
      const who = is.claim?.tenantName || is.claim?.label || words.state(is.state)
      return {
        placed: one,
        points: cornersText(unit.outline),
        edge: is.state === 'expiring' ? cornersText(rightEdge(unit.outline, round(6 * scale))) : '',
        lines: linesOf(unit.outline, [unit.code, who, words.area(unit.gross)], scale),
      }
    })
}

export const undrawn = (placed: Placed[]): Placed[] =>
  placed.filter(({ unit }) => unit.outline.length < MIN_CORNERS).sort((a, b) => byCode(a.unit, b.unit))

/** Codes of units whose outlines lie over each other, in pairs. */
export const overlaps = (units: Pick<Unit, 'code' | 'outline'>[]): { one: string; other: string }[] =>
  overlapping(units).map(([one, other]) => ({ one: one.code, other: other.code }))
