import type { Types } from 'mongoose'
import { z } from 'zod'
import { isDay } from '../lib/days.ts'
import { halfWidth } from '../lib/text.ts'
import { DAY_MINUTES, parseClock } from '../lib/wall.ts'
import { f } from '../web/fields.ts'
import type { Order } from './cost.ts'

/** The form of a booking: fields as they are typed ↔ what the domain asks for. */
export const FOR = ['tenant', 'student', 'outside', 'park'] as const
export type For = (typeof FOR)[number]

const MAX_MINUTE = 32 * DAY_MINUTES

/** “9:30”, or the minutes since midnight as the grid writes them. */
export function minuteOf(text: string): number | null {
  const plain = halfWidth(text).trim()
  if (/^\d{1,5}$/.test(plain)) return Number(plain) <= MAX_MINUTE ? Number(plain) : null
  return parseClock(plain)
}

const clock = (max: number) =>
  f.text(10).transform((text, ctx): number => {
    const minute = minuteOf(text)
    if (minute !== null && minute <= max) return minute
    ctx.addIssue({ code: 'custom', message: 'error.booking.clock' })
    return z.NEVER
  })

export const slotFields = { day: f.day(), from: clock(DAY_MINUTES - 1), to: clock(MAX_MINUTE), until: f.optionalDay() }

/** In whose name: only the desk may choose freely (booking-holder.ts). */
const chosen = { for: z.enum(FOR, 'error.choose').optional(), tenant: f.optionalId(), student: f.optionalId() }
const party = { partyName: f.optionalText(80), partyPhone: f.optionalPhone(), partyEmail: f.optionalEmail() }
export type Who = z.output<z.ZodObject<typeof chosen & typeof party>>

export const detailFields = {
  title: f.text(80),
  private: f.check(),
  people: f.optionalWhole(1, 9999),
  note: f.optionalText(500),
  attendees: f.rows(z.object({ name: f.text(60), email: f.optionalEmail() }), 100),
}

const extras = f
  .rows(z.object({ code: f.text(40), count: f.optionalWhole(0, 9999) }), 40)
  .transform((rows): Order[] => rows.map(({ code, count }) => ({ code, count: count ?? 0 })))

export const bookingForm = z.object({ room: f.id(), ...slotFields, ...chosen, ...party, ...detailFields, extras })

/** What a price depends on: the rest may still be missing. */
export const quoteForm = z.object({ ...slotFields, ...chosen, people: detailFields.people, extras })

/** The grid calls the day `on`, as its own address does. */
export const moveForm = z.preprocess(
  value => (value && typeof value === 'object' && 'on' in value && !('day' in value) ? { ...value, day: value.on } : value),
  z.object({ room: f.optionalId(), ...slotFields, version: f.optionalWhole(0, 999_999_999) }),
)
export const detailsForm = z.object({ ...detailFields, version: f.version() })
const shown = f.optionalWhole(0, 999_999_999)
export const cancelForm = z.object({ reason: f.optionalText(300), fee: shown, kept: shown })
/** The request as it was looked at; without a version, whatever it is now. */
export const approveForm = z.object({ version: shown })
export const rejectForm = z.object({ comment: f.text(300), version: shown })
export const extendForm = z.object({ to: f.whole(1, MAX_MINUTE) })
export const paymentForm = z.object({ on: f.day(), note: f.optionalText(200) })

const minute = z.string().transform((text, ctx): number => {
  const value = minuteOf(text)
  if (value !== null) return value
  ctx.addIssue({ code: 'custom', message: 'error.booking.clock' })
  return z.NEVER
})

/** A form as it was typed, whatever is in it: for what is only shown again. */
export const rawForm = z.record(z.string(), z.unknown())

/** The address of a form that is filled in: from the grid, a room's page or the assistant. */
export const startQuery = z.object({
  room: f.optionalId().optional(),
  on: z.string().refine(isDay).optional(),
  from: minute.optional(),
  to: minute.optional(),
  until: z.string().refine(isDay).optional(),
  for: z.enum(FOR).optional(),
  tenant: f.optionalId().optional(),
  people: z.coerce.number().int().min(1).max(9999).optional(),
})

/** An alternative that was picked: “room day from to”, sent by its button with the rest of the form. */
export function picked(text: unknown): { room: string; day: string; from: number; to: number } | null {
  const [room = '', day = '', from = '', to = ''] = typeof text === 'string' ? text.split(' ') : []
  if (!/^[0-9a-f]{24}$/.test(room) || !isDay(day) || !/^\d{1,5}$/.test(from) || !/^\d{1,5}$/.test(to)) return null
  return { room, day, from: Number(from), to: Number(to) }
}

export const pickValue = (room: Types.ObjectId, slot: { day: string; from: number; to: number }): string =>
  `${room} ${slot.day} ${slot.from} ${slot.to}`
