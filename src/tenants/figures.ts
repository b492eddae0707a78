import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { changeTenant } from './records.ts'
import { FIGURES, type FigureName, type YearFigures } from './tenant.ts'

/** Yearly figures for the torch statistics (FACTS): one row a year, amounts in 1,000 yuan, people and rights as counts. */
export type FiguresInput = Record<FigureName, number | null>

export const MONEY_FIGURES = ['revenue', 'profit', 'tax', 'rd', 'techContracts'] as const satisfies FigureName[]

const only = (row: Partial<FiguresInput>): FiguresInput =>
  Object.fromEntries(FIGURES.map(name => [name, row[name] ?? null])) as unknown as FiguresInput

/** Each person counts under one degree, so the degrees together can't be more than the staff. */
function refuseDegrees({ staff, doctors, masters, bachelors, graduates }: FiguresInput): void {
  if (staff === null) return
  const degrees = (doctors ?? 0) + (masters ?? 0) + (bachelors ?? 0)
  if (degrees > staff) throw new RuleError('figures.degrees', { degrees, staff }, { field: 'staff' })
  if ((graduates ?? 0) > staff) throw new RuleError('figures.graduates', { staff }, { field: 'graduates' })
}

const inOrder = (rows: YearFigures[]): YearFigures[] => rows.sort((a, b) => b.year - a.year)

/** Throws figures.yearTaken (409) where the year has a row, figures.degrees, figures.graduates. */
export async function addFigures(park: string, tenant: Types.ObjectId, year: number, input: FiguresInput, by: Actor): Promise<void> {
  refuseDegrees(input)
  await changeTenant(park, tenant, 'tenant.figures.add', by, ({ figures }) => {
    if (figures.some(row => row.year === year)) throw conflict('figures.yearTaken', { year }, 'year')
    return { set: { figures: inOrder([...figures, { year, version: 0, ...only(input) }]) }, after: { year, ...only(input) } }
  })
}

/** Throws stale when somebody saved that year in between. */
export async function editFigures(
  park: string,
  tenant: Types.ObjectId,
  { year, version }: { year: number; version: number },
  input: FiguresInput,
  by: Actor,
): Promise<void> {
  refuseDegrees(input)
  await changeTenant(park, tenant, 'tenant.figures.edit', by, ({ figures }) => {
    const old = figures.find(row => row.year === year)
    if (!old) throw notFound()
    if ((old.version ?? 0) !== version) throw conflict('stale')
    const fresh = { year, version: version + 1, ...only(input) }
    const rows = figures.map(row => (row === old ? fresh : row))
    return { set: { figures: inOrder(rows) }, before: only(old), after: only(input), note: String(year) }
  })
}
