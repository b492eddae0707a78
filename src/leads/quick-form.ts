import { z } from 'zod'
import { plainArea } from '../lib/area.ts'
import type { Day } from '../lib/days.ts'
import { plainYuan } from '../lib/money.ts'
import { PRODUCTS } from '../spaces/unit.ts'
import { f } from '../web/fields.ts'
import { FormError, problemOf } from '../web/forms.ts'
import { wishFields } from './form.ts'
import { isRange, type LeadFacts, SOURCES } from './lead.ts'
import { MAX_LINE, parseLine } from './quick-line.ts'

/**
 * The line as it is typed, and what was understood of it as fields that can be put right. What somebody put right stays, whatever is
 * typed on: it is what differs from what the line as it was seen then (`seen`) says by itself.
 */
const FIELDS = [
  ...(['name', 'contact', 'phone', 'email', 'areaFrom', 'areaTo', 'budget', 'product', 'desks', 'moveIn', 'months'] as const),
  ...(['source', 'sourceNote', 'note'] as const),
]
type Field = (typeof FIELDS)[number]
export type Values = Record<Field, string>

const short = z.string().max(2000).optional()
export const rawForm = z.object({
  line: z.string('error.required').max(MAX_LINE, 'error.tooLong'),
  seen: short,
  /** The page shows what is understood while somebody types: nothing to confirm. */
  direct: short,
  owner: short,
  anew: f.check(),
  ...(Object.fromEntries(FIELDS.map(name => [name, short])) as Record<Field, typeof short>),
})
export type Raw = Partial<z.output<typeof rawForm>>

function valuesOf(line: string, on: Day): Values {
  const quick = parseLine(line, on)
  const { name, contact, phone, email, areaFrom, areaTo, budget, product, desks, moveIn, months, source, sourceNote, note } = quick
  return {
    ...{ name, contact, phone: phone ?? '', email: email ?? '', product: product ?? '', moveIn: moveIn ?? '' },
    areaFrom: areaFrom === null ? '' : plainArea(areaFrom),
    areaTo: areaTo === null ? '' : plainArea(areaTo),
    budget: budget === null ? '' : plainYuan(budget),
    ...{ desks: String(desks ?? ''), months: String(months ?? ''), source: source ?? '', sourceNote: sourceNote ?? '', note },
  }
}

/** What is understood of the line, with what was put right by hand. */
export function understood(raw: Raw, on: Day): Values {
  const fresh = valuesOf(raw.line ?? '', on)
  if (raw.seen === undefined) return fresh
  const before = raw.seen === raw.line ? fresh : valuesOf(raw.seen, on)
  const own = FIELDS.filter(name => raw[name] !== undefined && raw[name] !== before[name])
  return { ...fresh, ...(Object.fromEntries(own.map(name => [name, raw[name]])) as Partial<Values>) }
}

const saved = z
  .object({
    ...wishFields,
    name: f.optionalText(120),
    contact: f.optionalText(60),
    phone: f.optionalPhone(),
    email: f.optionalEmail(),
    product: f.blankOr(f.choice(PRODUCTS)),
    source: f.blankOr(f.choice(SOURCES)),
    sourceNote: f.optionalText(200),
    note: f.optionalText(500),
  })
  .superRefine(({ name, contact, areaFrom, areaTo }, ctx) => {
    const wrong = (path: string, message: string) => ctx.addIssue({ code: 'custom', message, path: [path] })
    if (!name && !contact) wrong('name', 'error.inquiry.who')
    if (!isRange({ areaFrom, areaTo })) wrong('areaTo', 'error.inquiry.area')
  })

/** The fields as facts of a lead. Throws FormError where one of them isn’t what it should be. */
export function factsOf(values: Values): LeadFacts {
  const read = saved.safeParse(values)
  if (!read.success) throw new FormError(read.error.issues.map(issue => problemOf(issue, values)))
  const { name, contact, phone, email, areaFrom, areaTo, budget, product, desks, moveIn, months, source, sourceNote, note } = read.data
  const who = name ?? contact!
  const reach = contact || phone || email ? [{ name: contact ?? who, title: null, phone, email }] : []
  return {
    ...{ name: who, creditCode: null, contacts: reach, source: source ?? 'hotline', sourceNote, industry: null, origin: null },
    wish: { areaFrom, areaTo, budget, product, desks, from: moveIn, months, note },
  }
}
