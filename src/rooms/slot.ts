import { addDays, type Day, daysBetween } from '../lib/days.ts'
import { clockOf, DAY_MINUTES, elapsed, instantAt, minutesOf } from '../lib/wall.ts'

/** A stretch of wall time: from a minute of `day` to a later one, which may lie past midnight. `to` is exclusive. */
export interface Slot {
  day: Day
  from: number
  to: number
}

/**
 * The part of a slot, with its buffers, that lies in one civil day. `from` and `to` are minutes that really passed since that
 * day's midnight, buffers included: they compare even where the clocks change. `start` and `end` are what the clocks show, without
 * buffers: what is drawn; a piece that is buffer alone has both equal.
 */
export interface Piece {
  day: Day
  from: number
  to: number
  start: number
  end: number
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

/** How a slot with its buffers lies over the days, in date order. */
export function piecesOf(slot: Slot, before: number, after: number, zone: string): Piece[] {
  const begin = elapsed(slot.day, slot.from, zone) - before
  const finish = elapsed(slot.day, slot.to, zone) + after
  const pieces: Piece[] = []
  let day = slot.day
  let midnight = 0
  while (begin < midnight) {
    day = addDays(day, -1)
    midnight -= minutesOf(day, zone)
  }
  while (midnight < finish) {
    const length = minutesOf(day, zone)
    const shift = daysBetween(slot.day, day) * DAY_MINUTES
    const piece = {
      day,
      from: clamp(begin - midnight, 0, length),
      to: clamp(finish - midnight, 0, length),
      start: clamp(slot.from - shift, 0, DAY_MINUTES),
      end: clamp(slot.to - shift, 0, DAY_MINUTES),
    }
    if (piece.to > piece.from) pieces.push(piece)
    midnight += length
    day = addDays(day, 1)
  }
  return pieces
}

/** No booking lasts longer, in days. */
export const MAX_DAYS = 31

/** The last day a slot touches. */
export const lastDayOf = ({ day, to }: Pick<Slot, 'day' | 'to'>): Day => addDays(day, Math.floor((to - 1) / DAY_MINUTES))

export const startsAt = (slot: Slot, zone: string): Date => instantAt(slot.day, slot.from, zone)
export const endsAt = (slot: Slot, zone: string): Date => instantAt(slot.day, slot.to, zone)

/** Minutes of use that really pass: what is paid for. */
export const lengthOf = (slot: Slot, zone: string): number => (endsAt(slot, zone).getTime() - startsAt(slot, zone).getTime()) / 60_000

/** The days a slot touches, with the minutes of each it takes. */
export function daysOf(slot: Slot): Slot[] {
  const days: Slot[] = []
  for (let offset = Math.floor(slot.from / DAY_MINUTES); offset * DAY_MINUTES < slot.to; offset++) {
    const base = offset * DAY_MINUTES
    days.push({ day: addDays(slot.day, offset), from: Math.max(0, slot.from - base), to: Math.min(DAY_MINUTES, slot.to - base) })
  }
  return days
}

/** “09:00–10:30”: for messages and mails. */
export const clocksOf = (slot: Pick<Slot, 'from' | 'to'>): string => `${clockOf(slot.from)}–${clockOf(slot.to)}`
