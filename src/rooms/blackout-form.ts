import { z } from 'zod'
import { daysBetween } from '../lib/days.ts'
import { RuleError } from '../lib/rule-error.ts'
import { clockOf, DAY_MINUTES } from '../lib/wall.ts'
import { f } from '../web/fields.ts'
import type { BlackoutWish } from './blackout-make.ts'
import { minuteOf } from './booking-form.ts'
import { wallText } from './recurrence.ts'
import { endsSomewhere, recurrenceFields, recurrenceFrom } from './recurrence-form.ts'
import type { Slot } from './slot.ts'

/** The form of a closure: whole days, or from a time of one day to a time of the same or a later one. */
const clock = (max: number) =>
  f.optionalText(10).transform((text, ctx): number | null => {
    const minute = text === null ? null : minuteOf(text)
    if (text === null || (minute !== null && minute <= max)) return minute
    ctx.addIssue({ code: 'custom', message: 'error.booking.clock' })
    return z.NEVER
  })

const fields = z.object({
  rooms: f.many(f.id()),
  day: f.day(),
  lastDay: f.optionalDay(),
  allDay: f.check(),
  from: clock(DAY_MINUTES - 1),
  to: clock(DAY_MINUTES),
  ...recurrenceFields,
  reasonZh: f.text(80),
  reasonEn: f.optionalText(120),
  seen: f.optionalText(20_000),
})
type Typed = z.output<typeof fields>

function complete({ rooms, allDay, from, to, day, lastDay }: Typed, ctx: z.RefinementCtx): void {
  const missing = (name: string, message = 'error.required') => ctx.addIssue({ code: 'custom', message, path: [name] })
  if (!rooms.length) missing('rooms', 'error.choose')
  if (!allDay && from === null) missing('from')
  if (!allDay && to === null) missing('to')
  if (lastDay && lastDay < day) missing('lastDay', 'error.period.order')
}

/** What the form posts, apart from what was seen. */
export const FIELDS = Object.keys(fields.shape).filter(name => name !== 'seen')

export const blackoutForm = fields.superRefine(complete).superRefine(endsSomewhere)
export type BlackoutForm = z.output<typeof blackoutForm>

function slotOf({ day, lastDay, allDay, from, to }: Typed): Slot {
  const days = lastDay ? daysBetween(day, lastDay) : 0
  if (allDay) return { day, from: 0, to: (days + 1) * DAY_MINUTES }
  const end = to! + days * DAY_MINUTES
  // Without a last day, an end that isn't after the start is meant for the next one.
  if (lastDay && end <= from!) throw new RuleError('room.order', {}, { field: 'to' })
  return { day, from: from!, to: end > from! ? end : end + DAY_MINUTES }
}

export function wishOf(form: BlackoutForm): BlackoutWish {
  const slot = slotOf(form)
  const rule = recurrenceFrom(form, wallText({ day: slot.day, minute: slot.from }))
  return { rooms: form.rooms, slot, rule, reason: { zh: form.reasonZh, en: form.reasonEn } }
}

/** Which bookings the person was shown before agreeing that they be cancelled. */
export const seenIn = ({ seen }: Pick<BlackoutForm, 'seen'>): string[] => (seen ?? '').split(' ').filter(Boolean)

/** What a form begins with: the next full hour of a day, for an hour. */
export const startValues = (day: string, minute: number): Record<string, unknown> => {
  const from = Math.min(23 * 60, Math.ceil((minute + 1) / 60) * 60)
  return {
    rooms: [],
    day,
    lastDay: '',
    allDay: false,
    from: clockOf(from),
    to: clockOf(Math.min(from + 60, 1439)),
    reasonZh: '',
    reasonEn: '',
  }
}
