import { z } from 'zod'
import { plainYuan } from '../lib/money.ts'
import { keysFor } from '../lib/row-keys.ts'
import { type Bilingual, plainText } from '../lib/text.ts'
import { f, wordedRows } from '../web/fields.ts'
import {
  APPLICANT_CLASSES,
  EFFECTS,
  FIELD_KINDS,
  feeFor,
  hasOptions,
  inOrder,
  KEEP,
  MAX_ROWS,
  OUTCOMES,
  RESULTS,
  SERVICE_KINDS,
  type ServiceContent,
  type ServiceField,
  STEP_ROLES,
  TOLD,
  YEARS,
} from './content.ts'

/** The forms of a service: fields as typed ↔ parts of its content. A bilingual text is two fields, `…Zh` and `…En`. */
/** Pages that stand beside the services. */
const TAKEN = ['new', 'order']

export const typedRows = wordedRows('zh', 'en', 'helpZh', 'helpEn', 'options')

const rows = <S extends z.ZodType>(row: S) => z.preprocess(typedRows, z.array(row).max(MAX_ROWS, 'error.tooBig'))

/** English falls back to Chinese, so it can't stand alone. */
const paired =
  (...pairs: [zh: string, en: string][]) =>
  (form: object, ctx: z.RefinementCtx): void => {
    const given = form as Record<string, unknown>
    for (const [zh, en] of pairs) if (given[en] && !given[zh]) ctx.addIssue({ code: 'custom', message: 'error.required', path: [zh] })
  }

const text = (zh: string | null, en: string | null): Bilingual | null => plainText({ zh: zh ?? '', en })
const both = (name: string, value: Bilingual | null | undefined) => ({ [`${name}Zh`]: value?.zh ?? '', [`${name}En`]: value?.en ?? '' })

export const newForm = z
  .object({
    code: f.text(40).refine(code => /^[a-z][a-z0-9-]{1,39}$/.test(code) && !TAKEN.includes(code), 'error.slug'),
    kind: f.choice(SERVICE_KINDS),
    nameZh: f.text(60),
    nameEn: f.optionalText(100),
    summaryZh: f.optionalText(200),
    summaryEn: f.optionalText(300),
  })
  .superRefine(paired(['summaryZh', 'summaryEn']))

export const newFrom = (form: z.output<typeof newForm>) => ({
  code: form.code,
  kind: form.kind,
  name: { zh: form.nameZh, en: form.nameEn },
  summary: text(form.summaryZh, form.summaryEn),
})

const fees = { student: f.optionalMoney(), founder: f.optionalMoney(), tenant: f.optionalMoney() }

export const basicsForm = z
  .object({
    version: f.version(),
    nameZh: f.text(60),
    nameEn: f.optionalText(100),
    summaryZh: f.optionalText(200),
    summaryEn: f.optionalText(300),
    textZh: f.optionalText(3000),
    textEn: f.optionalText(4000),
    promise: f.optionalWhole(1, 400),
    years: f.whole(0, YEARS.most),
    keep: f.whole(1, KEEP.most),
    fees: z.preprocess(value => value ?? {}, z.object(fees)),
  })
  .superRefine(paired(['summaryZh', 'summaryEn'], ['textZh', 'textEn']))

export function basicsFrom(form: z.output<typeof basicsForm>): Partial<ServiceContent> {
  return {
    name: { zh: form.nameZh, en: form.nameEn },
    summary: text(form.summaryZh, form.summaryEn),
    text: text(form.textZh, form.textEn),
    promise: form.promise,
    years: form.years,
    keep: form.keep,
    fees: APPLICANT_CLASSES.flatMap(klass => (form.fees[klass] === null ? [] : [{ class: klass, fen: form.fees[klass] }])),
  }
}

export const basicsValues = ({
  name,
  summary,
  text: words,
  promise,
  years,
  keep,
  fees: given,
}: ServiceContent): Record<string, unknown> => ({
  ...both('name', name),
  ...both('summary', summary),
  ...both('text', words),
  promise: promise ?? '',
  years,
  keep,
  // By the names of their inputs, so that the second editor sees what the first has saved.
  ...Object.fromEntries(
    APPLICANT_CLASSES.map(klass => {
      const fen = feeFor({ fees: given }, klass)
      return [`fees[${klass}]`, fen === null ? '' : plainYuan(fen)]
    }),
  ),
})

const base = {
  key: f.optionalText(40),
  at: f.optionalWhole(0, 9999).transform(at => at ?? 9999),
  zh: f.text(100),
  en: f.optionalText(140),
  helpZh: f.optionalText(300),
  helpEn: f.optionalText(400),
}
const helped = paired(['helpZh', 'helpEn'])

const fieldRow = z.object({ ...base, kind: f.choice(FIELD_KINDS), required: f.check(), options: f.optionalText(2000) }).superRefine(helped)
export const fieldsForm = z.object({ version: f.version(), rows: rows(fieldRow) })

/** One choice a line, its English after a bar: “Limited company | …”. A choice keeps its key as long as it keeps its Chinese words. */
function optionsFrom(typed: string | null, before: ServiceField['options']): ServiceField['options'] {
  const lines = (typed ?? '').split('\n').map(line => line.split(/[|\uff5c]/).map(part => part.trim()))
  const labels = lines.filter(([zh]) => zh).map(([zh, en]) => ({ zh: zh!, en: en || null }))
  const known = before.map(one => one.key)
  const keys = keysFor(
    labels.map(({ zh }) => before.find(one => one.label.zh === zh)?.key ?? null),
    known,
    'option',
  )
  return labels.map((label, i) => ({ key: keys[i]!, label }))
}

/** What was typed as rows of a content: in their order, each under its key. */
function rowsFrom<R extends { at: number; key: string | null }, T>(
  typed: R[],
  known: readonly { key: string }[],
  prefix: string,
  make: (key: string, row: Omit<R, 'at'>) => T,
): T[] {
  const ordered = inOrder(typed)
  const keys = keysFor(
    ordered.map(row => (row as unknown as R).key),
    known.map(one => one.key),
    prefix,
  )
  return ordered.map((row, i) => make(keys[i]!, row))
}

const named = (row: { zh: string; en: string | null; helpZh: string | null; helpEn: string | null }) => ({
  words: { zh: row.zh, en: row.en },
  help: text(row.helpZh, row.helpEn),
})

export const fieldsFrom = ({ rows: typed }: z.output<typeof fieldsForm>, { fields }: ServiceContent): Partial<ServiceContent> => ({
  fields: rowsFrom(typed, fields, 'field', (key, row) => {
    const { words, help } = named(row)
    const before = fields.find(one => one.key === key)?.options ?? []
    const options = hasOptions(row.kind) ? optionsFrom(row.options, before) : []
    return { key, kind: row.kind, label: words, help, required: row.required, options }
  }),
})

const lineOf = ({ label }: ServiceField['options'][number]): string => (label.en ? `${label.zh} | ${label.en}` : label.zh)
const shown = (at: number, name: Bilingual, help: Bilingual | null) => ({
  at: at + 1,
  zh: name.zh,
  en: name.en ?? '',
  ...both('help', help),
})

export const fieldValues = ({ fields }: ServiceContent): Record<string, unknown>[] =>
  fields.map(({ key, kind, label, help, required, options }, i) => ({
    key,
    kind,
    required,
    options: options.map(lineOf).join('\n'),
    ...shown(i, label, help),
  }))

const documentRow = z
  .object({
    ...base,
    required: f.check(),
    personal: f.check(),
    per: f.choice(['application', 'founder']),
    most: f.whole(1, 8),
    classes: f.many(f.choice(APPLICANT_CLASSES)),
  })
  .superRefine(helped)
export const documentsForm = z.object({ version: f.version(), rows: rows(documentRow) })

export const documentsFrom = ({ rows: typed }: z.output<typeof documentsForm>, { documents }: ServiceContent): Partial<ServiceContent> => ({
  documents: rowsFrom(typed, documents, 'document', (key, { required, personal, per, most, classes, ...row }) => {
    const { words, help } = named(row)
    const example = documents.find(one => one.key === key)?.example ?? null
    return { key, name: words, help, required, personal, per, most, classes, example }
  }),
})

export const documentValues = ({ documents }: ServiceContent): Record<string, unknown>[] =>
  documents.map(({ name, help, example: _, ...rest }, i) => ({ ...rest, ...shown(i, name, help) }))

const stepRow = z
  .object({
    ...base,
    role: f.choice(STEP_ROLES),
    days: f.whole(0, 250),
    outcome: f.choice(OUTCOMES),
    result: f.choice(RESULTS),
    effect: f.choice(EFFECTS),
    told: f.many(f.choice(TOLD)),
  })
  .superRefine(helped)
export const stepsForm = z.object({ version: f.version(), rows: rows(stepRow) })

export const stepsFrom = ({ rows: typed }: z.output<typeof stepsForm>, { steps }: ServiceContent): Partial<ServiceContent> => ({
  steps: rowsFrom(typed, steps, 'step', (key, { role, days, outcome, result, effect, told, ...row }) => {
    const { words, help } = named(row)
    return { key, name: words, help, role, days, outcome, result, effect, told }
  }),
})

export const stepValues = ({ steps }: ServiceContent): Record<string, unknown>[] =>
  steps.map(({ name, help, ...rest }, i) => ({ ...rest, ...shown(i, name, help) }))
