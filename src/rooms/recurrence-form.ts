import { z } from 'zod'
import { weekday } from '../lib/days.ts'
import type { Problem } from '../lib/rule-error.ts'
import { RuleError } from '../lib/rule-error.ts'
import { f } from '../web/fields.ts'
import { MAX_OCCURRENCES, monthDaysOf, occurrences, parseByDay, parseWall, type Recurrence, type Wall, WEEKDAYS } from './recurrence.ts'

/** The fields by which a form says how something repeats, and the rule they make. */
export const REPEATS = ['none', 'daily', 'weekly', 'monthly'] as const
/** Of a month: the start's date, its n-th weekday (the second Tuesday), its weekday's last, or the month's last day. */
export const MONTHLY_BY = ['date', 'weekday', 'lastWeekday', 'lastDay'] as const
export const ENDS = ['until', 'count'] as const
export const MAX_INTERVAL = 52

const FREQ = { daily: 'DAILY', weekly: 'WEEKLY', monthly: 'MONTHLY' } as const

/** Spread them into a form's own fields; a form without them doesn't repeat. */
export const recurrenceFields = {
  repeat: f.choice(REPEATS).default('none'),
  interval: f.optionalWhole(1, MAX_INTERVAL),
  weekdays: f.many(f.choice(WEEKDAYS), 7),
  monthlyBy: f.choice(MONTHLY_BY).default('date'),
  ends: f.choice(ENDS).default('count'),
  until: f.optionalDay(),
  count: f.optionalWhole(1, MAX_OCCURRENCES),
}
const fields = z.object(recurrenceFields)
export type RecurrenceFields = z.output<typeof fields>

/** `.superRefine(endsSomewhere)`: what repeats says until when, or how often. */
export function endsSomewhere(form: Pick<RecurrenceFields, 'repeat' | 'ends' | 'until' | 'count'>, ctx: z.RefinementCtx): void {
  if (form.repeat !== 'none' && form[form.ends] === null) ctx.addIssue({ code: 'custom', message: 'error.required', path: [form.ends] })
}

export const recurrenceForm = fields.superRefine(endsSomewhere)

/** The n-th time its weekday comes in its month; a fifth counts as the last. */
function nthOf(day: string): string {
  const nth = Math.ceil(Number(day.slice(8)) / 7)
  return `${nth > 4 ? -1 : nth}${WEEKDAYS[weekday(day) - 1]}`
}

function monthly(by: RecurrenceFields['monthlyBy'], day: string): Pick<Recurrence, 'byDay' | 'byMonthDay'> {
  if (by === 'lastDay') return { byMonthDay: [-1] }
  if (by === 'lastWeekday') return { byDay: [`-1${WEEKDAYS[weekday(day) - 1]}`] }
  return by === 'weekday' ? { byDay: [nthOf(day)] } : {}
}

/** The rule of a form for a series that starts at `start`; null when it doesn't repeat. */
export function recurrenceFrom(form: RecurrenceFields, start: Wall): Recurrence | null {
  if (form.repeat === 'none') return null
  const { day } = parseWall(start)
  const weekdays = WEEKDAYS.filter(name => form.weekdays.includes(name))
  return {
    freq: FREQ[form.repeat],
    interval: form.interval ?? 1,
    ...(form.repeat === 'weekly' && weekdays.length ? { byDay: weekdays } : {}),
    ...(form.repeat === 'monthly' ? monthly(form.monthlyBy, day) : {}),
    // The last day counts whole: the series has one time of day.
    ...(form.ends === 'until' && form.until ? { until: `${form.until}T${start.slice(11)}` } : { count: form.count }),
  }
}

function monthlyByOf(rule: Recurrence): RecurrenceFields['monthlyBy'] {
  if (monthDaysOf(rule).includes(-1)) return 'lastDay'
  if (!rule.byDay?.length) return 'date'
  return rule.byDay[0]!.startsWith('-1') ? 'lastWeekday' : 'weekday'
}

/** A rule as the form shows it. */
export const recurrenceValues = (rule: Recurrence | null): Record<string, unknown> =>
  rule
    ? {
        repeat: rule.freq.toLowerCase(),
        interval: String(rule.interval),
        weekdays: rule.freq === 'WEEKLY' ? [...(rule.byDay ?? [])] : [],
        monthlyBy: rule.freq === 'MONTHLY' ? monthlyByOf(rule) : 'date',
        ends: rule.until ? 'until' : 'count',
        until: rule.until?.slice(0, 10) ?? '',
        count: rule.count ? String(rule.count) : '',
      }
    : { repeat: 'none', interval: '1', weekdays: [], monthlyBy: 'date', ends: 'count', until: '', count: '' }

const isWhole = (value: unknown, max: number): boolean => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= max

/** What is wrong with the shape of a rule, whoever made it; null when it can be counted out. */
function shapeProblem({ freq, interval, byDay, count, until, ...rule }: Recurrence, start: Wall): [key: string, field: string] | null {
  if (!isWhole(interval, MAX_INTERVAL)) return ['recurrence.interval', 'interval']
  const days = (byDay ?? []).map(parseByDay)
  if (days.some(one => !one || (one.nth !== 0 && freq !== 'MONTHLY'))) return ['recurrence.weekdays', 'weekdays']
  const dates = monthDaysOf(rule)
  if (dates.some(date => !isWhole(Math.abs(date), 31)) || (dates.length && freq === 'WEEKLY')) return ['recurrence.monthDays', 'monthlyBy']
  if (Boolean(until) === Boolean(count)) return ['recurrence.end', until ? 'until' : 'count']
  if (until && until < start) return ['recurrence.order', 'until']
  return count && !isWhole(count, MAX_OCCURRENCES) ? ['recurrence.count', 'count'] : null
}

/** Why a series can't be made of a rule: the message and the form's field; null when it can. */
export function describeProblem(start: Wall, rule: Recurrence): Problem | null {
  const shape = shapeProblem(rule, start)
  if (shape) return { key: `error.${shape[0]}`, params: { max: shape[1] === 'interval' ? MAX_INTERVAL : MAX_OCCURRENCES }, field: shape[1] }
  try {
    return occurrences(start, rule).length ? null : { key: 'error.recurrence.never', field: rule.until ? 'until' : 'count' }
  } catch (error) {
    if (error instanceof RuleError) return error.problem
    throw error
  }
}

/** Throws what describeProblem() finds. */
export function checkRecurrence(start: Wall, rule: Recurrence): void {
  const problem = describeProblem(start, rule)
  if (problem) throw new RuleError(problem.key.slice('error.'.length), problem.params, { field: problem.field })
}
