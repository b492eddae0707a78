import { now } from '../lib/clock.ts'
import { addDays, type Day, daysBetween } from '../lib/days.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { clockOf, DAY_MINUTES, wallAt } from '../lib/wall.ts'
import type { Terms } from './booking.ts'
import type { DayKind, Room, RoomRule } from './room.ts'
import { ruleFor, type UserClass } from './room.ts'
import { clocksOf, daysOf, lengthOf, type Slot, startsAt } from './slot.ts'

/** What a rule says to a slot (DESIGN §3, Room). Pure: the kinds of the days are handed in. */
export interface Asking {
  zone: string
  kindOf(day: Day): DayKind
  /** The desk takes people who stand in front of it: notice doesn't count. */
  desk: boolean
}

/** The rule of a class; throws room.notForClass where there is none. */
export function ruleOf(room: Pick<Room, 'rules' | 'name'>, klass: UserClass): RoomRule {
  const rule = ruleFor(room, klass)
  if (!rule) throw new RuleError('room.notForClass', { room: room.name.zh, class: `key:room.class.${klass}` }, { field: 'room' })
  return rule
}

export function checkHours(slot: Slot, rule: RoomRule, kindOf: Asking['kindOf']): void {
  for (const part of daysOf(slot)) {
    const open = rule.hours[kindOf(part.day)]
    if (!open) throw new RuleError('room.closed', { day: part.day }, { field: 'day' })
    if (part.from < open.from || part.to > open.to)
      throw new RuleError('room.outsideHours', { day: part.day, hours: clocksOf(open) }, { field: 'from' })
  }
}

/** Length and grid: what also holds when a running booking is extended. */
export function checkLength(slot: Slot, rule: Pick<RoomRule, 'step' | 'min' | 'max'>, zone: string): void {
  const minutes = lengthOf(slot, zone)
  if (slot.to <= slot.from || minutes <= 0) throw new RuleError('room.order', {}, { field: 'to' })
  if (slot.from % rule.step || slot.to % rule.step) throw new RuleError('room.step', { minutes: rule.step }, { field: 'from' })
  if (minutes < rule.min) throw new RuleError('room.tooShort', { minutes: rule.min }, { field: 'to' })
  if (minutes > rule.max) throw new RuleError('room.tooLong', { hours: rule.max / 60 }, { field: 'to' })
}

/**
 * A slot that has begun may still be taken during its first step, half an hour at most: somebody stands before an empty room. What
 * somebody must approve first has to be ahead.
 */
function checkWhen(slot: Slot, rule: RoomRule, { zone, desk }: Asking): void {
  const at = now()
  const ahead = (startsAt(slot, zone).getTime() - at.getTime()) / 60_000
  const late = rule.approval ? 0 : Math.min(rule.step, 30)
  if (ahead <= -late) throw new RuleError('room.past', {}, { field: 'from' })
  if (!desk && ahead < rule.notice && rule.notice > 0)
    throw new RuleError('room.notice', { hours: Math.round(rule.notice / 6) / 10 }, { field: 'from' })
  const last = addDays(wallAt(at, zone).day, rule.horizon)
  if (slot.day > last) throw new RuleError('room.horizon', { day: last, days: rule.horizon }, { field: 'day' })
}

/** Whether a room may be taken for a slot by the rule of a class. Throws a RuleError (422) that says why not. */
export function checkTerms(room: Pick<Room, 'activeTo'>, rule: RoomRule, slot: Slot, asking: Asking): void {
  const last = addDays(slot.day, Math.floor((slot.to - 1) / DAY_MINUTES))
  if (last > room.activeTo) throw conflict('room.retired', { day: room.activeTo }, 'day')
  checkLength(slot, rule, asking.zone)
  checkHours(slot, rule, asking.kindOf)
  checkWhen(slot, rule, asking)
}

/** The part of a rule that a booking keeps. */
export const freeze = (room: Pick<Room, 'release'>, rule: RoomRule): Terms => ({
  before: rule.before,
  after: rule.after,
  step: rule.step,
  max: rule.max,
  price: rule.price,
  freeHours: rule.freeHours,
  cancelBefore: rule.cancelBefore,
  cancelPercent: rule.cancelPercent,
  release: room.release,
})

/** What an hour of a rule is, as a range of times: for messages and pages. */
export const hoursText = (span: { from: number; to: number }): string => `${clockOf(span.from)}–${clockOf(span.to)}`

/** Days a slot's day lies ahead. */
export const daysAhead = (slot: Slot, zone: string): number => daysBetween(wallAt(now(), zone).day, slot.day)
