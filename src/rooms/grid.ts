import type { Types } from 'mongoose'
import type { Day } from '../lib/days.ts'
import { clockOf, DAY_MINUTES } from '../lib/wall.ts'
import type { Room, Span } from './room.ts'
import { concerns, type RoomClaim } from './room-day.ts'
import { isOwnClaim, type Viewer } from './viewer.ts'

/**
 * A line of the grid: one room on one day, as cells from the left to the right. Pure: what is read is handed in. Times are minutes
 * of the clocks.
 */
export type CellKind = 'free' | 'past' | 'shut' | 'own' | 'other' | 'private' | 'asked' | 'block' | 'offer' | 'taken' | 'gap'

export interface Cell {
  kind: CellKind
  /** The columns it takes, in minutes: without gaps from cell to cell. */
  from: number
  to: number
  /** When it really begins and ends, where something finer than a column or a request lies under it. */
  start: number
  end: number
  /** Columns it takes. */
  span: number
  title: string
  who: string
  /** The booking behind it, where the viewer may open it. */
  ref: string | null
  own: boolean
  /** May be dragged elsewhere: the viewer's own, or anybody's for the desk, in this very room, all of it on this day, not begun yet. */
  movable: boolean
  checkedIn: boolean
  /** It lies in the hall this room is a part of, or in a part of this hall. */
  elsewhere: boolean
}

export interface Frame {
  from: number
  to: number
  /** Minutes a column is wide. */
  step: number
}

export interface LineInput {
  room: Pick<Room, '_id' | 'whole'>
  day: Day
  claims: RoomClaim[]
  requests: RoomClaim[]
  open: Span | null
  /** The minute it is now on this day: nothing before can be booked; 0 on later days, 1440 on earlier ones. */
  now: number
  /** Names of rooms, for what takes a hall from below or a part from above. */
  nameOf(room: Types.ObjectId): string
  /** When an offer counts for nothing any more. */
  at: Date
}

/** Free time is offered in such pieces. */
export const FREE_STEP = 30

const gcd = (a: number, b: number): number => (b ? gcd(b, a % b) : a)

/** The hours shown: what is open or taken on any of the lines, in whole hours; columns fine enough for every edge. */
export function frameOf(lines: Pick<LineInput, 'claims' | 'requests' | 'open'>[]): Frame {
  const edges = lines.flatMap(line => [...line.claims, ...line.requests].filter(one => one.end > one.start))
  const spans = [...lines.flatMap(line => line.open ?? []), ...edges.map(one => ({ from: one.start, to: one.end }))]
  if (!spans.length) return { from: 480, to: 1200, step: FREE_STEP }
  const from = Math.floor(Math.min(...spans.map(span => span.from)) / 60) * 60
  const to = Math.ceil(Math.max(...spans.map(span => span.to)) / 60) * 60
  const fine = spans.reduce((step, span) => gcd(gcd(step, span.from), span.to), FREE_STEP)
  return { from, to, step: Math.max(5, fine) }
}

const SOLID: Record<RoomClaim['kind'], CellKind> = { booking: 'other', blackout: 'block', offer: 'offer' }

type Content = Omit<Cell, 'from' | 'to' | 'span'>

function kindOf(claim: RoomClaim, here: boolean, own: boolean, readable: boolean): CellKind {
  if (claim.kind !== 'booking') return SOLID[claim.kind]
  if (own) return 'own'
  if (!here) return 'taken'
  return readable ? 'other' : 'private'
}

/** What a claim may say of itself to this viewer. */
function contentOf(claim: RoomClaim, asked: boolean, own: boolean, line: LineInput, viewer: Viewer): Content {
  const booking = claim.kind === 'booking'
  const readable = booking ? own || viewer.desk || !claim.private : claim.kind === 'blackout'
  const here = claim.room.equals(line.room._id)
  const elsewhere = here ? '' : line.nameOf(claim.room)
  const name = readable && booking ? claim.who : ''
  return {
    kind: asked ? 'asked' : kindOf(claim, here, own, readable),
    title: readable ? claim.title : '',
    who: name && elsewhere ? `${name} · ${elsewhere}` : name || elsewhere,
    ref: booking && (own || viewer.desk) ? claim.ref.toHexString() : null,
    start: claim.start,
    end: claim.end,
    own,
    movable: booking && (own || viewer.desk) && here && claim.start > Math.max(0, line.now) && claim.end < DAY_MINUTES,
    checkedIn: claim.checkedIn,
    elsewhere: !here,
  }
}

const EMPTY = { title: '', who: '', ref: null, own: false, movable: false, checkedIn: false, elsewhere: false }
const plain = (kind: CellKind): Content => ({ kind, start: 0, end: 0, ...EMPTY })
const [FREE, PAST, SHUT, GAP] = [plain('free'), plain('past'), plain('shut'), plain('gap')]

/** Paints a line column by column, weakest first, and joins equal neighbours. */
export function lineOf(line: LineInput, frame: Frame, viewer: Viewer): Cell[] {
  const { from, to, step } = frame
  const { room, open, now } = line
  const count = (to - from) / step
  const paint: Content[] = new Array(count)
  for (let i = 0, minute = from; i < count; i++, minute += step) {
    const inside = open && minute >= open.from && minute + step <= open.to
    paint[i] = inside ? (minute - (minute % FREE_STEP) + FREE_STEP <= now ? PAST : FREE) : SHUT
  }
  const put = (begin: number, end: number, content: Content) => {
    const last = Math.min(count, Math.ceil((end - from) / step))
    for (let i = Math.max(0, Math.floor((begin - from) / step)); i < last; i++) paint[i] = content
  }
  const live = line.claims.filter(claim => concerns(room, claim) && (!claim.expiresAt || claim.expiresAt > line.at))
  for (const one of line.requests) {
    const own = isOwnClaim(viewer, one)
    if (concerns(room, one) && (viewer.desk || own)) put(one.start, one.end, contentOf(one, true, own, line, viewer))
  }
  for (const one of live) {
    // Where the clocks change, minutes that passed aren't those the clocks show: buffers are left out of the picture then.
    const buffered = one.from < one.start || one.to > one.end
    if (buffered && one.to <= DAY_MINUTES && one.from <= one.start && one.to >= one.end) put(one.from, one.to, GAP)
  }
  for (const one of live) if (one.end > one.start) put(one.start, one.end, contentOf(one, false, isOwnClaim(viewer, one), line, viewer))
  return join(paint, frame)
}

function join(paint: Content[], { from, step }: Frame): Cell[] {
  const cells: Cell[] = []
  let begin = 0
  for (let i = 1; i <= paint.length; i++) {
    const one = paint[begin]!
    const minute = from + i * step
    // Free time is cut at every half hour: each piece is something to press.
    if (i < paint.length && paint[i] === one && !(one === FREE && minute % FREE_STEP === 0)) continue
    const at = from + begin * step
    const { kind, title, who, ref, own, movable, checkedIn, elsewhere } = one
    const [start, end] = one.end ? [one.start, one.end] : [at, minute]
    cells.push({ kind, from: at, to: minute, start, end, span: i - begin, title, who, ref, own, movable, checkedIn, elsewhere })
    begin = i
  }
  return cells
}

/** Column heads: the hours of a frame, with the columns each takes. */
export function hoursOf({ from, to, step }: Frame): { label: string; span: number }[] {
  return Array.from({ length: (to - from) / 60 }, (_, i) => ({ label: clockOf(from + i * 60), span: 60 / step }))
}

/** How much of each state a grid shows, for its legend. */
export function countKinds(lines: Cell[][]): Partial<Record<CellKind, number>> {
  const counts: Partial<Record<CellKind, number>> = {}
  for (const cells of lines) for (const { kind } of cells) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}
