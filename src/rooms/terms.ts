import { now } from '../lib/clock.ts'
import { addDays, type Day } from '../lib/days.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { wallAt } from '../lib/wall.ts'
import type { DayKind } from '../parks/calendar.ts'
import type { Terms } from './booking.ts'
import type { Room, RoomRule } from './room.ts'
import { ruleFor, type UserClass } from './room.ts'
import { clocksOf, daysOf, lastDayOf, lengthOf, type Slot, startsAt } from './slot.ts'

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
  if (lastDayOf(slot) > room.activeTo) throw conflict('room.retired', { day: room.activeTo }, 'day')
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

/** Whether so many fit in; throws room.tooMany on the field that can mend it. */
export function checkPeople(room: Pick<Room, 'capacity'>, people: number | null, field: 'people' | 'room' = 'people'): void {
  if (people !== null && people > room.capacity) throw new RuleError('room.tooMany', { capacity: room.capacity }, { field })
}

/** Whether free hours of the month pay for it: only what costs something uses them. */
export const usesFree = ({ freeHours, price }: Pick<Terms, 'freeHours' | 'price'>): boolean => freeHours && price > 0
