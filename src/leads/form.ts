import { z } from 'zod'
import { plainArea } from '../lib/area.ts'
import { plainYuan } from '../lib/money.ts'
import { RuleError } from '../lib/rule-error.ts'
import { INDUSTRIES } from '../parks/park.ts'
import { PRODUCTS } from '../spaces/unit.ts'
import { f, wordedRows } from '../web/fields.ts'
import { isRange, type Lead, type LeadFacts, MAX_CONTACTS, SOURCES } from './lead.ts'

/** The form of a lead: fields as they are typed ↔ what is known of it. */
const contact = z.object({ name: f.text(60), title: f.optionalText(60), phone: f.optionalPhone(), email: f.optionalEmail() })

export const wishFields = {
  areaFrom: f.optionalArea(),
  areaTo: f.optionalArea(),
  budget: f.optionalMoney(),
  product: f.blankOr(f.choice(PRODUCTS)),
  desks: f.optionalWhole(1, 9999),
  moveIn: f.optionalDay(),
  months: f.optionalWhole(1, 240),
  wishNote: f.optionalText(500),
}

export const factFields = {
  name: f.text(120),
  creditCode: f.optionalText(40),
  contacts: f.rows(contact, MAX_CONTACTS),
  source: f.choice(SOURCES),
  sourceNote: f.optionalText(200),
  industry: f.blankOr(f.choice(INDUSTRIES)),
  origin: f.optionalText(60),
  ...wishFields,
}

const factsForm = z.object(factFields)
export const nextFields = { nextWhat: f.text(120), nextOn: f.day() }

/** Throws lead.areaOrder where the range is upside down. */
export function factsFrom(form: z.output<typeof factsForm>): LeadFacts {
  const { name, creditCode, contacts, source, sourceNote, industry, origin } = form
  const { areaFrom, areaTo, budget, product, desks, moveIn, months, wishNote } = form
  if (!isRange({ areaFrom, areaTo })) throw new RuleError('lead.areaOrder', {}, { field: 'areaTo' })
  return {
    ...{ name, creditCode, contacts, source, sourceNote, industry, origin },
    wish: { areaFrom, areaTo, budget, product, desks, from: moveIn, months, note: wishNote },
  }
}

/** A lead as the form shows it. */
export const valuesOf = ({ name, creditCode, contacts, source, sourceNote, industry, origin, wish, version }: Lead) => ({
  ...{ name, creditCode, source, sourceNote, industry, origin, version },
  contacts: contacts.map(one => ({ ...one })),
  areaFrom: wish.areaFrom === null ? '' : plainArea(wish.areaFrom),
  areaTo: wish.areaTo === null ? '' : plainArea(wish.areaTo),
  budget: wish.budget === null ? '' : plainYuan(wish.budget),
  ...{ product: wish.product, desks: wish.desks, moveIn: wish.from, months: wish.months, wishNote: wish.note },
})

/** The contacts as typed or as recorded, and an empty row to add one. */
export function contactRows(values: Record<string, unknown>): Record<string, unknown>[] {
  const rows = wordedRows('name', 'title', 'phone', 'email')(values['contacts'])
  return rows.length < MAX_CONTACTS ? [...rows, {}] : rows
}
