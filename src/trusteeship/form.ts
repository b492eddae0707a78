import { z } from 'zod'
import { isMonth, type Month, OPEN } from '../lib/months.ts'
import { keysFor } from '../lib/row-keys.ts'
import { TAXPAYERS } from '../tenants/tenant.ts'
import { f, wordedRows } from '../web/fields.ts'
import { type Agreement, PAPER_KINDS, type Paper, type Terms, termsFor } from './agreement.ts'
import type { TrusteeRules } from './rules.ts'

/** The forms of an agreement, its terms and the park's due dates: fields as typed ↔ records. */
export const USUAL = PAPER_KINDS.filter(kind => kind !== 'other')
/** What may be said of a usual paper. */
export const EXPECTED = ['required', 'optional', 'none'] as const

const month = () => f.text(7).refine(isMonth, 'error.trustee.month')
const optionalMonth = () => f.optionalText(7).refine(text => text === null || isMonth(text), 'error.trustee.month')

export const otherRows = wordedRows('zh', 'en')

const termsFields = {
  taxpayer: f.choice(TAXPAYERS),
  fee: f.money(),
  papers: z.object(Object.fromEntries(USUAL.map(kind => [kind, f.choice(EXPECTED)]))),
  others: z.preprocess(
    otherRows,
    f.rows(z.object({ key: f.optionalText(20), zh: f.text(60), en: f.optionalText(80), required: f.check() }), 10),
  ),
}
export const agreementForm = z.object({ ...termsFields, tenant: f.id(), staff: f.id(), from: month(), end: optionalMonth() })
export const termsForm = z.object({ ...termsFields, version: f.version(), from: month() })
export const endingForm = z.object({ version: f.version(), end: optionalMonth() })
export const staffForm = z.object({ version: f.version(), staff: f.id() })

type TermsForm = Pick<z.output<typeof termsForm>, 'taxpayer' | 'fee' | 'papers' | 'others'>

/** Keys of other papers are given once; one that is typed in counts only if the agreement had it. */
function othersFrom(rows: TermsForm['others'], had: string[]): Paper[] {
  const keys = keysFor(
    rows.map(row => row.key),
    had,
    'other',
  )
  return rows.map(({ zh, en, required }, i) => ({ key: keys[i]!, kind: 'other', name: { zh, en }, required }))
}

/** What is agreed, as its form said it. `had`: the keys of other papers the agreement ever had. */
export function termsFrom({ taxpayer, fee, papers, others }: TermsForm, had: string[] = []): Omit<Terms, 'from'> {
  const said = papers as Record<string, (typeof EXPECTED)[number]>
  const usual = USUAL.filter(kind => said[kind] !== 'none').map(kind => ({
    key: kind,
    kind,
    name: null,
    required: said[kind] === 'required',
  }))
  return { taxpayer, fee, papers: [...usual, ...othersFrom(others, had)] }
}

export const otherKeys = ({ terms }: Pick<Agreement, 'terms'>): string[] =>
  terms.flatMap(one => one.papers.filter(paper => paper.kind === 'other').map(paper => paper.key))

const plain = (fen: number): string => String(fen / 100)

export function termsValues({ taxpayer, fee, papers }: Omit<Terms, 'from'>): Record<string, unknown> {
  const saidOf = (kind: string) => {
    const found = papers.find(paper => paper.key === kind)
    return found ? (found.required ? 'required' : 'optional') : 'none'
  }
  return {
    taxpayer,
    fee: plain(fee),
    papers: Object.fromEntries(USUAL.map(kind => [kind, saidOf(kind)])),
    others: papers
      .filter(paper => paper.kind === 'other')
      .map(({ key, name, required }) => ({ key, zh: name?.zh, en: name?.en, required: required ? 'on' : '' })),
  }
}

/** What a new agreement begins with: the four usual papers, payroll where there is one. */
export const FIRST_TERMS: Omit<Terms, 'from'> = {
  taxpayer: 'small',
  fee: 0,
  papers: USUAL.map(kind => ({ key: kind, kind, name: null, required: kind !== 'payroll' })),
}

export const editValues = (agreement: Agreement, from: Month): Record<string, unknown> => ({
  ...termsValues(termsFor(agreement, from)),
  from,
  version: agreement.version,
})

export const monthShown = (end: Month): string => (end === OPEN ? '' : end)

export const rulesForm = z.object({
  version: f.version(),
  papers: f.whole(1, 20),
  booked: f.whole(1, 30),
  reported: f.whole(0, 20),
  remind: f.whole(0, 20),
  filing: f.rows(z.object({ month: month(), day: f.day() }), 60),
})
export const rulesValues = ({ filing, ...rules }: TrusteeRules): Record<string, unknown> => ({ ...rules, filing })
