import { z } from 'zod'
import { plainYuan } from '../lib/money.ts'
import { halfWidth } from '../lib/text.ts'
import { clockOf, parseClock } from '../lib/wall.ts'
import { DAY_KINDS, type DayKind } from '../parks/calendar.ts'
import { f } from '../web/fields.ts'
import { CLASSES, MAX_HORIZON, type Room, type RoomRule, ruleFor, type Span, type UserClass } from './room.ts'

/**
 * The form of a room's rules: one section a class, its fields named `tenant_min` and so on, so that each can show its own error and
 * what somebody else saved meanwhile. A class may take over another one's rule instead of having its own.
 */
export const STEPS = [5, 10, 15, 20, 30, 60, 120, 180, 240] as const
const MAX_LENGTH = 7 * 1440
const MAX_HOURS = 720

const clock = () =>
  f.optionalText(10).transform((text, ctx): number | null => {
    if (text === null) return null
    const minute = parseClock(halfWidth(text))
    if (minute === null) ctx.addIssue({ code: 'custom', message: 'error.roomForm.clock' })
    return minute
  })

/** Hours as typed, “1.5” → minutes. */
const hours = (max: number) =>
  f.text(12).transform((text, ctx): number => {
    const plain = halfWidth(text)
    const minutes = Math.round(Number(plain) * 60 * 100) / 100
    if (/^\d{1,4}(\.\d{1,2})?$/.test(plain) && Number.isInteger(minutes) && minutes <= max) return minutes
    ctx.addIssue({ code: 'custom', message: 'error.roomForm.hours', params: { max: max / 60 } })
    return z.NEVER
  })

const spans = {
  workdayFrom: clock(),
  workdayTo: clock(),
  weekendFrom: clock(),
  weekendTo: clock(),
  holidayFrom: clock(),
  holidayTo: clock(),
}

const terms = z.object({
  ...spans,
  step: f.whole(5, 240).refine(step => (STEPS as readonly number[]).includes(step), 'error.choose'),
  min: f.whole(5, MAX_LENGTH),
  max: hours(MAX_LENGTH),
  notice: hours(MAX_HOURS * 60),
  horizon: f.whole(0, MAX_HORIZON),
  before: f.whole(0, 240),
  after: f.whole(0, 240),
  approval: f.check(),
  price: f.money(),
  freeHours: f.check(),
  cancelBefore: hours(MAX_HOURS * 60),
  cancelPercent: f.whole(0, 100),
})
type Terms = z.output<typeof terms>
const FIELDS = ['open', 'same', ...Object.keys(terms.shape)]
export const CHECKS = ['open', 'approval', 'freeHours']
export const ruleField = (klass: UserClass, name: string): string => `${klass}_${name}`

interface Wrong {
  message: string
  path: string
  params?: Record<string, unknown>
}

function wrongSpan(kind: DayKind, form: Terms): Wrong | null {
  const [from, to] = [form[`${kind}From`], form[`${kind}To`]]
  if (from === null && to === null) return null
  if (from === null) return { message: 'error.required', path: `${kind}From` }
  if (to === null) return { message: 'error.required', path: `${kind}To` }
  if (from >= to) return { message: 'error.roomForm.order', path: `${kind}To` }
  const params = { minutes: form.step }
  if (from % form.step) return { message: 'error.roomForm.step', params, path: `${kind}From` }
  if (to % form.step) return { message: 'error.roomForm.step', params, path: `${kind}To` }
  return to - from < form.min ? { message: 'error.roomForm.short', params: { minutes: form.min }, path: `${kind}To` } : null
}

/** What of a rule can't hold together: a room that may be booked and never can be. */
function wrongOf(form: Terms): Wrong[] {
  const wrong: (Wrong | null)[] = DAY_KINDS.map(kind => wrongSpan(kind, form))
  const params = { minutes: form.step }
  if (DAY_KINDS.every(kind => form[`${kind}From`] === null && form[`${kind}To`] === null))
    wrong.push({ message: 'error.roomForm.neverOpen', path: 'workdayFrom' })
  if (form.min % form.step) wrong.push({ message: 'error.roomForm.step', params, path: 'min' })
  if (form.max % form.step) wrong.push({ message: 'error.roomForm.step', params, path: 'max' })
  if (form.min > form.max) wrong.push({ message: 'error.roomForm.minMax', path: 'max' })
  if (form.notice >= (form.horizon + 1) * 1440) wrong.push({ message: 'error.roomForm.notice', path: 'notice' })
  return wrong.filter(one => one !== null)
}

const spanOf = (form: Terms, kind: DayKind): Span | null => {
  const [from, to] = [form[`${kind}From`], form[`${kind}To`]]
  return from === null || to === null ? null : { from, to }
}

function ruleFrom(klass: UserClass, form: Terms): RoomRule {
  const { step, min, max, notice, horizon, before, after, approval, price, freeHours, cancelBefore, cancelPercent } = form
  return {
    class: klass,
    hours: { workday: spanOf(form, 'workday'), weekend: spanOf(form, 'weekend'), holiday: spanOf(form, 'holiday') },
    ...{ step, min, max, notice, horizon, before, after, approval, price, freeHours, cancelBefore, cancelPercent },
  }
}

type Raw = Record<string, unknown>
const part = (raw: Raw, klass: UserClass): Raw => Object.fromEntries(FIELDS.map(name => [name, raw[ruleField(klass, name)]]))
const isClass = (value: unknown): value is UserClass => (CLASSES as readonly unknown[]).includes(value)
const head = z.object({ open: f.check(), same: f.optionalText(20) })

/** The class whose rule a class has: its own, or the one it follows; null when that leads nowhere. */
function sourceOf(klass: UserClass, heads: Map<UserClass, z.output<typeof head>>): UserClass | null {
  const seen = new Set<UserClass>()
  let at = klass
  for (let next = heads.get(at)?.same; next; next = heads.get(at)?.same) {
    if (seen.has(at) || !isClass(next) || !heads.get(next)?.open) return null
    seen.add(at)
    at = next
  }
  return at
}

const names = CLASSES.flatMap(klass => FIELDS.map(name => ruleField(klass, name)))
const loose = z.object(Object.fromEntries(names.map(name => [name, z.unknown().optional()])))

/** The rules of all classes. Fields of a class that may not book, or that follows another class, are not looked at. */
export const rulesForm = loose.transform((raw: Raw, ctx): RoomRule[] => {
  const heads = new Map(CLASSES.map(klass => [klass, head.catch({ open: false, same: null }).parse(part(raw, klass))]))
  const own = new Map<UserClass, RoomRule>()
  const tell = (klass: UserClass, { message, path, params }: Wrong) =>
    ctx.addIssue({ code: 'custom', message, params, path: [ruleField(klass, path)] })
  for (const klass of CLASSES) {
    const { open, same } = heads.get(klass)!
    if (!open || same) continue
    const result = terms.safeParse(part(raw, klass))
    const wrong: Wrong[] = result.success
      ? wrongOf(result.data)
      : result.error.issues.map(issue => ({ message: issue.message, path: String(issue.path[0]), params: paramsOf(issue) }))
    for (const one of wrong) tell(klass, one)
    if (result.success) own.set(klass, ruleFrom(klass, result.data))
  }
  return CLASSES.flatMap(klass => {
    if (!heads.get(klass)!.open) return []
    const source = sourceOf(klass, heads)
    if (!source) tell(klass, { message: 'error.roomForm.same', path: 'same' })
    const rule = source && own.get(source)
    return rule ? [{ ...rule, class: klass }] : []
  })
})

const paramsOf = (issue: object): Record<string, unknown> | undefined => (issue as { params?: Record<string, unknown> }).params

export const versionForm = z.object({ version: f.version() })

const plainHours = (minutes: number): string => String(Math.round((minutes / 60) * 100) / 100)

/** What a class that gets a rule for the first time starts from. */
const FRESH: Omit<RoomRule, 'class'> = {
  hours: { workday: { from: 540, to: 1080 }, weekend: null, holiday: null },
  ...{ step: 30, min: 30, max: 240, notice: 0, horizon: 30, before: 0, after: 0, approval: false, price: 0 },
  ...{ freeHours: false, cancelBefore: 120, cancelPercent: 0 },
}

/** A room's rules as the form shows them. */
export function rulesValues(room: Pick<Room, 'rules' | 'version'>): Raw {
  const values: Raw = { version: room.version }
  for (const klass of CLASSES) {
    const own = ruleFor(room, klass)
    const rule = own ?? FRESH
    const put = (name: string, value: unknown) => (values[ruleField(klass, name)] = value)
    put('open', own !== null)
    put('same', '')
    for (const kind of DAY_KINDS) {
      put(`${kind}From`, rule.hours[kind] ? clockOf(rule.hours[kind].from) : '')
      put(`${kind}To`, rule.hours[kind] ? clockOf(rule.hours[kind].to) : '')
    }
    for (const name of ['step', 'min', 'horizon', 'before', 'after', 'approval', 'freeHours', 'cancelPercent'] as const)
      put(name, rule[name])
    for (const name of ['max', 'notice', 'cancelBefore'] as const) put(name, plainHours(rule[name]))
    put('price', plainYuan(rule.price))
  }
  return values
}
