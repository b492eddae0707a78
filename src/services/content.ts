import type { Types } from 'mongoose'
import { isStaff, type Role, STAFF_ROLES } from '../accounts/roles.ts'
import type { Fen } from '../lib/money.ts'
import type { Problem } from '../lib/rule-error.ts'
import { type Bilingual, plainText } from '../lib/text.ts'

/**
 * What a service tells, asks, needs and does. Staff edit it as a draft; publishing freezes it as a numbered version, and an
 * application keeps the version it began with. Pure.
 */
export const SERVICE_KINDS = [
  'registration',
  'trusteeship',
  'training',
  'mentoring',
  'technical',
  'policy',
  'project',
  'repair',
  'other',
] as const
export type ServiceKind = (typeof SERVICE_KINDS)[number]

/** Who may apply, and by whom the fee is decided: founders who are students or graduated lately, other founders, companies of the park. */
export const APPLICANT_CLASSES = ['student', 'founder', 'tenant'] as const
export type ApplicantClass = (typeof APPLICANT_CLASSES)[number]

export const PLAIN_FIELDS = ['text', 'long', 'number', 'money', 'day', 'choice', 'choices', 'yes', 'phone', 'email'] as const
/** What a new company says of itself; each at most once in a form. */
export const COMPANY_FIELDS = ['founders', 'names', 'capital', 'scope', 'legalRep', 'address'] as const
export const FIELD_KINDS = [...PLAIN_FIELDS, ...COMPANY_FIELDS] as const
export type FieldKind = (typeof FIELD_KINDS)[number]
export const hasOptions = (kind: FieldKind): boolean => kind === 'choice' || kind === 'choices'
const isCompanyField = (kind: FieldKind): boolean => (COMPANY_FIELDS as readonly FieldKind[]).includes(kind)

export interface ServiceField {
  /** What answers are kept under: given once, never changed. */
  key: string
  kind: FieldKind
  label: Bilingual
  help: Bilingual | null
  required: boolean
  options: { key: string; label: Bilingual }[]
}

export interface ServiceDocument {
  key: string
  name: Bilingual
  help: Bilingual | null
  required: boolean
  /** One set for the application, or one for each founder. */
  per: 'application' | 'founder'
  /** Files it may have (front and back are two). */
  most: number
  /** Of a person (an identity card, a student's card): seen only by who handles the step, and deleted in time. */
  personal: boolean
  /** Whom it is asked of; none named: everybody who may apply. */
  classes: ApplicantClass[]
  /** A file that shows what a good one looks like. */
  example: Types.ObjectId | null
}

/** What a step ends with: it is done; or it is decided, and more may be asked for or it may be refused. */
export const OUTCOMES = ['done', 'decision'] as const
export const RESULTS = ['none', 'optional', 'required'] as const
export const TOLD = ['applicant', 'next'] as const
/**
 * What the end of a step does besides: `prepare` takes the founders in as a tenant in preparation, with the premises they chose; `found`
 * makes it the company its licence names.
 */
export const EFFECTS = ['none', 'prepare', 'found'] as const
export type Effect = (typeof EFFECTS)[number]

export interface ServiceStep {
  key: string
  name: Bilingual
  help: Bilingual | null
  /** Whose work it is. */
  role: Role
  /** Working days from its beginning until it is due. */
  days: number
  outcome: (typeof OUTCOMES)[number]
  /** Whether it leaves a file for the applicant: a licence, a receipt. */
  result: (typeof RESULTS)[number]
  effect: Effect
  /** Who is told when it ends. */
  told: (typeof TOLD)[number][]
}

export interface ServiceContent {
  name: Bilingual
  /** One line for lists. */
  summary: Bilingual | null
  text: Bilingual | null
  /** The fee for each class that may apply; 0 is free of charge. A class that isn't here may not apply. */
  fees: { class: ApplicantClass; fen: Fen }[]
  /** Working days promised for the whole; null: none is. */
  promise: number | null
  /** How many years after graduation somebody still counts as a student. */
  years: number
  /** Months after an application's end until its identity papers are deleted. */
  keep: number
  fields: ServiceField[]
  documents: ServiceDocument[]
  steps: ServiceStep[]
}

/** The roles a step can be given to: those who work for the park. */
export const STEP_ROLES = STAFF_ROLES
export const MAX_ROWS = 40
export const YEARS = { usual: 5, most: 10 }
export const KEEP = { usual: 6, most: 120 }

export const feeFor = ({ fees }: Pick<ServiceContent, 'fees'>, klass: ApplicantClass): Fen | null =>
  fees.find(fee => fee.class === klass)?.fen ?? null

/** Working days the steps take one after the other. */
export const daysOf = ({ steps }: Pick<ServiceContent, 'steps'>): number => steps.reduce((sum, step) => sum + step.days, 0)

const plainField = ({ key, kind, label, help, required, options }: ServiceField): ServiceField => ({
  key,
  kind,
  label: plainText(label)!,
  help: plainText(help),
  required,
  options: hasOptions(kind) ? options.map(one => ({ key: one.key, label: plainText(one.label)! })) : [],
})

/** In one order; all of them is as good as none named. */
function plainClasses(classes: ApplicantClass[] | undefined): ApplicantClass[] {
  const named = APPLICANT_CLASSES.filter(klass => classes?.includes(klass))
  return named.length === APPLICANT_CLASSES.length ? [] : named
}

const plainDocument = ({ key, name, help, required, per, most, personal, classes, example }: ServiceDocument): ServiceDocument => ({
  key,
  name: plainText(name)!,
  help: plainText(help),
  required,
  per,
  most,
  personal,
  classes: plainClasses(classes),
  example: example ?? null,
})

const plainStep = ({ key, name, help, role, days, outcome, result, effect, told }: ServiceStep): ServiceStep => ({
  key,
  name: plainText(name)!,
  help: plainText(help),
  role,
  days,
  outcome,
  result,
  effect: effect ?? 'none',
  told: TOLD.filter(who => told.includes(who)),
})

/** A content in one shape, however it was stored or typed: two that say the same are equal as JSON. */
export const plainContent = (content: ServiceContent): ServiceContent => ({
  name: plainText(content.name)!,
  summary: plainText(content.summary),
  text: plainText(content.text),
  fees: APPLICANT_CLASSES.flatMap(klass => content.fees.filter(fee => fee.class === klass).map(({ fen }) => ({ class: klass, fen }))),
  promise: content.promise ?? null,
  years: content.years ?? YEARS.usual,
  keep: content.keep ?? KEEP.usual,
  fields: content.fields.map(plainField),
  documents: content.documents.map(plainDocument),
  steps: content.steps.map(plainStep),
})

export const sameContent = (a: ServiceContent, b: ServiceContent): boolean =>
  JSON.stringify(plainContent(a)) === JSON.stringify(plainContent(b))

const twice = (keys: string[]): string[] => [...new Set(keys.filter((key, i) => keys.indexOf(key) !== i))]

function* fieldProblems({ fields }: ServiceContent): Generator<Problem> {
  const kinds = fields.map(field => field.kind)
  for (const kind of twice(kinds.filter(isCompanyField))) yield { key: 'service.twice', params: { field: `key:service.field.${kind}` } }
  for (const { kind, label, options } of fields)
    if (hasOptions(kind) && options.length < 2) yield { key: 'service.options', params: { field: label.zh } }
  if (kinds.includes('legalRep') && !kinds.includes('founders')) yield { key: 'service.legalRep' }
}

/** Whether a class is asked for a document. */
export const isAskedOf = ({ classes }: Pick<ServiceDocument, 'classes'>, klass: ApplicantClass): boolean =>
  !classes.length || classes.includes(klass)

function* documentProblems({ fields, documents, fees }: ServiceContent): Generator<Problem> {
  const asksFounders = fields.some(field => field.kind === 'founders')
  for (const { per, name, classes } of documents) {
    if (per === 'founder' && !asksFounders) yield { key: 'service.perFounder', params: { document: name.zh } }
    if (fees.length && !fees.some(fee => isAskedOf({ classes }, fee.class)))
      yield { key: 'service.askedOfNobody', params: { document: name.zh } }
  }
}

/** What must have been asked before somebody can be taken in: who they are, and what the company is to be called. */
const PREPARED_FROM = ['founders', 'names'] as const satisfies FieldKind[]

/** A company is taken in once, before it is founded; its founding leaves the licence. Both are for founders only. */
function* effectProblems({ steps, fields, fees }: ServiceContent): Generator<Problem> {
  const at = (effect: Effect) => steps.flatMap((step, i) => (step.effect === effect ? [i] : []))
  const [prepare, found] = [at('prepare'), at('found')]
  for (const [effect, places] of [['prepare', prepare] as const, ['found', found] as const])
    if (places.length > 1) yield { key: 'service.effectTwice', params: { effect: `key:service.effect.${effect}` } }
  if (!prepare.length && !found.length) return
  if (found.length && !(prepare[0]! < found[0]!)) yield { key: 'service.foundFirst' }
  if (found.some(i => steps[i]!.result !== 'required')) yield { key: 'service.foundResult' }
  for (const kind of PREPARED_FROM)
    if (!fields.some(field => field.kind === kind && field.required))
      yield { key: 'service.effectNeeds', params: { field: `key:service.field.${kind}` } }
  if (fees.some(fee => fee.class === 'tenant')) yield { key: 'service.effectTenant' }
}

function* stepProblems(content: ServiceContent): Generator<Problem> {
  const { steps, promise } = content
  if (!steps.length) yield { key: 'service.noSteps' }
  for (const { role, name } of steps) if (!isStaff(role)) yield { key: 'service.stepRole', params: { step: name.zh } }
  const days = daysOf(content)
  if (promise !== null && days > promise) yield { key: 'service.promise', params: { days, promise } }
}

/** Why a content can't be published, as error keys (without their prefix); none: it can. */
export function problemsOf(content: ServiceContent): Problem[] {
  const problems: Problem[] = []
  if (!content.fees.length) problems.push({ key: 'service.nobody' })
  if (twice(content.fees.map(fee => fee.class)).length) problems.push({ key: 'service.feeTwice' })
  for (const list of ['fields', 'documents', 'steps'] as const)
    for (const key of twice(content[list].map(row => row.key))) problems.push({ key: 'service.keyTwice', params: { key } })
  return [...problems, ...fieldProblems(content), ...documentProblems(content), ...stepProblems(content), ...effectProblems(content)]
}

/** Puts rows where their numbers say; equal numbers stay in the order they came in. */
export const inOrder = <T extends { at: number }>(rows: T[]): Omit<T, 'at'>[] =>
  rows
    .map((row, i) => ({ row, i }))
    .sort((a, b) => a.row.at - b.row.at || a.i - b.i)
    .map(({ row: { at: _, ...rest } }) => rest)
