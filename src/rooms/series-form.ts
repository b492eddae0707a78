import { Types } from 'mongoose'
import { z } from 'zod'
import type { Day } from '../lib/days.ts'
import { RuleError } from '../lib/rule-error.ts'
import { f } from '../web/fields.ts'
import { bookingForm, detailFields, minuteOf, picked } from './booking-form.ts'
import { slotOf, type TypedSlot } from './booking-times.ts'
import type { Recurrence } from './recurrence.ts'
import { describeProblem, type RecurrenceFields, recurrenceFields, recurrenceFrom } from './recurrence-form.ts'
import { daysOfRule, MAX_DATES, startOf } from './series.ts'
import type { Slot } from './slot.ts'

/** The forms of a series: how it repeats, what is chosen for each date, and what a change or cancellation of it says. */
export const SCOPES = ['one', 'following', 'all'] as const
export type Scope = (typeof SCOPES)[number]

/** `until` is the last day of one long booking; the last day of the whole series has a name of its own. */
const { until: _, ...repeats } = recurrenceFields
export const repeatFields = { ...repeats, repeatUntil: f.optionalDay() }
export type RepeatForm = Omit<RecurrenceFields, 'until'> & { repeatUntil: Day | null }

/** What is chosen for one of the rule's days: another time or room, as typed or as offered (pickValue). */
const clock = f.optionalText(10).transform(text => (text === null ? null : minuteOf(text)))
const row = z
  .object({
    day: f.day(),
    do: z
      .string('error.choose')
      .refine(text => ['book', 'skip', 'change'].includes(text) || picked(text), 'error.choose')
      .default('book'),
    room: f.optionalId(),
    from: clock,
    to: clock,
  })
  .transform(({ do: chosen, ...typed }): DateChoice => {
    const pick = picked(chosen)
    if (!pick) return { ...typed, choice: chosen as DateChoice['choice'] }
    return { day: typed.day, choice: 'change', room: new Types.ObjectId(pick.room), from: pick.from, to: pick.to }
  })

export interface DateChoice {
  day: Day
  choice: 'book' | 'skip' | 'change'
  room: Types.ObjectId | null
  from: number | null
  to: number | null
}

const dates = f.rows(row, MAX_DATES)
/** What the person was shown it costs; null where nothing was shown. */
const shown = f.optionalWhole(0, 999_999_999)
/** A date whose other time is to be typed: its fields are shown. */
const open = z.string().max(10).optional().catch(undefined)

export const seriesForm = bookingForm.extend({ ...repeatFields, dates, shown, open })
export type SeriesForm = z.output<typeof seriesForm>

const { title, private: closed, people } = detailFields
export const editForm = z.object({
  scope: f.choice(SCOPES),
  at: f.optionalDay(),
  version: f.version(),
  room: f.id(),
  from: f.text(10),
  to: f.text(10),
  title,
  private: closed,
  people,
  dates,
  shown,
  open,
})
export type EditForm = z.output<typeof editForm>

export const cancelForm = z.object({ scope: f.choice(SCOPES), at: f.optionalDay(), reason: f.optionalText(300), shown })
export const addForm = z.object({ days: f.many(f.day(), MAX_DATES), shown })

/** Which dates a page is about. */
export const scopeQuery = z.object({ scope: z.enum(SCOPES).optional(), at: f.optionalDay().optional() })

export const isRepeating = (values: Record<string, unknown>): boolean =>
  typeof values['repeat'] === 'string' && !['', 'none'].includes(values['repeat'])

const fieldOf = (field: string | undefined): string | undefined => (field === 'until' ? 'repeatUntil' : field)

/** Refusals of a rule, at the fields of this form. */
function atField(error: unknown): never {
  if (!(error instanceof RuleError)) throw error
  const { key, params, field } = error.problem
  throw new RuleError(key.slice('error.'.length), params, { field: fieldOf(field) })
}

export interface Repeated {
  /** The first date. */
  slot: Slot
  rule: Recurrence
  days: Day[]
}

/** The rule of a form and its days. Throws what is wrong with it (422); a series begins with the first of its dates. */
export function repeatedIn(form: RepeatForm & TypedSlot): Repeated {
  const slot = slotOf(form)
  const { ends, repeatUntil, count } = form
  if (ends === 'until' ? !repeatUntil : !count) throw new RuleError('required', {}, { field: ends === 'until' ? 'repeatUntil' : 'count' })
  const rule = recurrenceFrom({ ...form, until: repeatUntil }, startOf(slot))
  if (!rule) throw new RuleError('choose', {}, { field: 'repeat' })
  const problem = describeProblem(startOf(slot), rule)
  const tooMany = problem?.key === 'error.recurrence.tooMany'
  if (problem)
    throw new RuleError(problem.key.slice('error.'.length), tooMany ? { max: MAX_DATES } : problem.params, {
      field: fieldOf(problem.field),
    })
  try {
    const days = daysOfRule(slot, rule)
    return { slot: { ...slot, day: days[0]! }, rule, days }
  } catch (error) {
    return atField(error)
  }
}

/** Steps of the form's own, which the next page makes anew. */
const PASSING = new Set(['_csrf', '_key', 'dates', 'open', 'shown', 'choose'])

function pairsIn(name: string, value: unknown): [string, string][] {
  if (typeof value === 'string') return [[name, value]]
  if (Array.isArray(value)) return value.flatMap((item, i) => pairsIn(typeof item === 'string' ? name : `${name}[${i}]`, item))
  if (value && typeof value === 'object') return Object.entries(value).flatMap(([key, item]) => pairsIn(`${name}[${key}]`, item))
  return []
}

/** What was typed, as hidden fields of the page that follows. */
export const carried = (values: Record<string, unknown>): [string, string][] =>
  Object.entries(values)
    .filter(([name]) => !PASSING.has(name))
    .flatMap(([name, value]) => pairsIn(name, value))
