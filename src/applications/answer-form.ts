import { Types } from 'mongoose'
import { z } from 'zod'
import type { Choice } from '../leases/availability.ts'
import { type Day, today } from '../lib/days.ts'
import { plainYuan } from '../lib/money.ts'
import { keysFor } from '../lib/row-keys.ts'
import type { Problem } from '../lib/rule-error.ts'
import { halfWidth, normalName } from '../lib/text.ts'
import type { ServiceContent, ServiceField } from '../services/content.ts'
import { f, wordedRows } from '../web/fields.ts'
import { fieldsOf, type Task } from './answers.ts'
import type { Application } from './application.ts'
import { STUDYING, type Studies } from './eligibility.ts'
import {
  type AddressAnswer,
  type Answer,
  type Answers,
  type Founder,
  foundersOf,
  foundersProblem,
  MAX_FOUNDERS,
  type Names,
  parseShare,
  plainIdNumber,
  shareText,
} from './founders.ts'

/** The forms of an application, made from its service's fields: what is typed ↔ what is kept. Inputs are named `answers[<field>]`. */
export interface Known {
  application: Pick<Application, 'answers' | 'papers'>
  content: ServiceContent
  /** The premises that can be chosen. */
  choices: Choice[]
}

const MAX_TEXT = 200
const MAX_LONG = 2000
const NAMES = ['first', 'second', 'third'] as const
export const YES_NO = ['yes', 'no'] as const

/** An input of its own kind, not empty: `convert` answers null for what can't be meant. */
const typed = <T>(convert: (text: string) => T | null, message: string) =>
  f.text(MAX_TEXT).transform((text, ctx): T => {
    const value = convert(halfWidth(text))
    if (value !== null) return value
    ctx.addIssue({ code: 'custom', message })
    return z.NEVER
  })

/** Fifteen digits: what a number keeps to the last. */
const numberOf = (text: string): number | null => {
  const plain = text.replace(/,/g, '').replace(/^\u2212/, '-')
  return /^-?\d{1,11}(\.\d{1,4})?$/.test(plain) ? Number(plain) || 0 : null
}

/** Nothing typed is no answer; where one is needed it says so. */
const unless = <T>(required: boolean, schema: z.ZodType<T>): z.ZodType<T | null> =>
  required ? schema : (z.preprocess(value => (value === '' || value === undefined ? null : value), z.union([z.null(), schema])) as never)

const issueOf = ({ key, params }: Problem) => ({ code: 'custom' as const, message: `error.${key}`, params })

const founderRow = z.object({
  key: f.optionalText(40),
  name: f.text(60),
  idNumber: typed(plainIdNumber, 'error.application.idNumber'),
  phone: f.phone(),
  email: f.optionalEmail(),
  share: typed(text => parseShare(text.replace(/\s*%$/, '')), 'error.application.share'),
})

export const founderRows = wordedRows('name', 'idNumber', 'phone', 'email', 'share')

/** A key that papers or the legal representative refer to is never given to somebody else. */
function takenKeys({ application: { answers, papers }, content }: Known): string[] {
  const rep = content.fields.find(field => field.kind === 'legalRep')
  const named = rep && answers[rep.key]
  return [
    ...foundersOf(answers, content).map(one => one.key),
    ...papers.flatMap(one => one.founder ?? []),
    ...(named ? [String(named)] : []),
  ]
}

const foundersSchema = (required: boolean, known: Known) =>
  z
    .preprocess(founderRows, z.array(founderRow).max(MAX_FOUNDERS))
    .transform(rows => {
      const keys = keysFor(
        rows.map(row => row.key),
        takenKeys(known),
        'founder',
      )
      return rows.map((row, i): Founder => ({ ...row, key: keys[i]! }))
    })
    .superRefine((founders, ctx) => {
      const problem = founders.length || required ? foundersProblem(founders) : null
      if (problem) ctx.addIssue(issueOf(problem))
    })
    .transform(founders => (founders.length ? founders : null))

export const record = (value: unknown): Record<string, unknown> =>
  value && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

const namesShape = z.object({ first: f.text(100), second: f.text(100), third: f.text(100) }).superRefine((names: Names, ctx) => {
  const normal = NAMES.map(name => normalName(names[name]))
  for (const [i, name] of NAMES.entries())
    if (normal.indexOf(normal[i]!) < i) ctx.addIssue({ code: 'custom', message: 'error.application.namesTwice', path: [name] })
})

const namesSchema = (required: boolean) =>
  required
    ? z.preprocess(record, namesShape)
    : z.preprocess(value => (NAMES.some(name => record(value)[name]) ? record(value) : null), z.union([z.null(), namesShape]))

/** Empty premises, or those that are kept because they can't be chosen anew: their lease is being prepared. */
const addressSchema = (required: boolean, { choices }: Known) =>
  z
    .string('error.choose')
    .optional()
    .transform((id, ctx): AddressAnswer | null => {
      if (!id && !required) return null
      const choice = choices.find(one => one.id === id)
      if (choice) return { unit: new Types.ObjectId(choice.id), code: choice.code }
      ctx.addIssue({ code: 'custom', message: id ? 'error.application.unitGone' : 'error.choose' })
      return z.NEVER
    })

const oneOf = (keys: string[]) => z.string('error.choose').refine(key => keys.includes(key), 'error.choose')

const above = (money: z.ZodType<number | null>) => money.refine(fen => fen !== 0, 'error.money')

function choicesSchema({ options, required }: ServiceField) {
  const keys = options.map(one => one.key)
  const chosen = f.many(oneOf(keys), keys.length).transform(given => keys.filter(key => given.includes(key)))
  return chosen.refine(given => !required || given.length > 0, 'error.choose').transform(given => (given.length ? given : null))
}

/** One of the founders; while there are none there is nobody to choose. */
function legalRepSchema({ required }: ServiceField, { application: { answers }, content }: Known) {
  const keys = foundersOf(answers, content).map(one => one.key)
  return keys.length
    ? unless(required, oneOf(keys))
    : z
        .unknown()
        .optional()
        .transform(() => null)
}

/** The schema of a field; null is no answer. */
function schemaFor(field: ServiceField, known: Known): z.ZodType<Answer | null> {
  const { kind, required } = field
  switch (kind) {
    case 'text':
      return required ? f.text(MAX_TEXT) : f.optionalText(MAX_TEXT)
    case 'long':
    case 'scope':
      return required ? f.text(MAX_LONG) : f.optionalText(MAX_LONG)
    case 'number':
      return unless(required, typed(numberOf, 'error.application.number'))
    case 'money':
      return required ? f.money() : f.optionalMoney()
    case 'capital':
      return above(required ? f.money() : f.optionalMoney())
    case 'day':
      return required ? f.day() : f.optionalDay()
    case 'phone':
      return required ? f.phone() : f.optionalPhone()
    case 'email':
      return required ? f.email() : f.optionalEmail()
    case 'choice':
      return unless(required, oneOf(field.options.map(one => one.key)))
    case 'choices':
      return choicesSchema(field)
    case 'yes':
      return unless(
        required,
        f.choice(YES_NO).transform(word => word === 'yes'),
      )
    case 'founders':
      return foundersSchema(required, known)
    case 'names':
      return namesSchema(required)
    case 'legalRep':
      return legalRepSchema(field, known)
    case 'address':
      return addressSchema(required, known)
  }
}

/** The form of one task: the answers of its fields. Whatever else is sent vanishes. */
export const taskForm = (task: Task, known: Known) =>
  z.object({
    version: f.version(),
    go: f.check(),
    answers: z.preprocess(
      record,
      z.object(Object.fromEntries(fieldsOf(known.content, task).map(field => [field.key, schemaFor(field, known)]))),
    ) as unknown as z.ZodType<Record<string, Answer | null>>,
  })

/** An answer as its inputs hold it. */
export function typedOf({ kind }: Pick<ServiceField, 'kind'>, answer: Answer | undefined): unknown {
  if (answer === undefined) return kind === 'founders' || kind === 'choices' ? [] : kind === 'names' ? {} : ''
  if (kind === 'money' || kind === 'capital') return plainYuan(answer as number)
  if (kind === 'yes') return answer ? 'yes' : 'no'
  if (kind === 'address') return String((answer as AddressAnswer).unit)
  if (kind === 'founders')
    return (answer as Founder[]).map(one => ({
      ...{ key: one.key, name: one.name, idNumber: one.idNumber ?? '', phone: one.phone ?? '', email: one.email ?? '' },
      share: shareText(one.share),
    }))
  return Array.isArray(answer) || typeof answer === 'object' ? answer : String(answer)
}

/** What the inputs of a task hold as it stands. */
export const typedAnswers = (content: ServiceContent, task: Task, answers: Answers): Record<string, unknown> =>
  Object.fromEntries(fieldsOf(content, task).map(field => [field.key, typedOf(field, answers[field.key])]))

/** Who somebody is: a student names their school, a graduate the day as well. */
export const studiesForm = (on: Day = today()) =>
  z
    .object({
      version: f.version(),
      go: f.check(),
      status: f.choice(STUDYING),
      school: f.optionalText(100),
      graduatedOn: f.optionalDay(),
    })
    .superRefine(({ status, school, graduatedOn }, ctx) => {
      const miss = (path: string) => ctx.addIssue({ code: 'custom', message: 'error.required', path: [path] })
      if (status !== 'no' && !school) miss('school')
      if (status !== 'graduated') return
      if (!graduatedOn) miss('graduatedOn')
      else if (graduatedOn > on) ctx.addIssue({ code: 'custom', message: 'error.application.notGraduated', path: ['graduatedOn'] })
    })

export const studiesFrom = ({ status, school, graduatedOn }: Studies): Studies => ({
  status,
  school: status === 'no' ? null : school,
  graduatedOn: status === 'graduated' ? graduatedOn : null,
})
