import type { z } from 'zod'
import { problemOf } from '../web/forms.ts'
import type { CellProblem } from './import.ts'
import type { Kind, SourceRow } from './kinds.ts'
import { plainDay, valueFor } from './words.ts'

/**
 * A row through the same fields as the form: words become values, dates are put in one way, then the form's schema decides. What
 * comes out is either the form's output or a problem for each cell.
 */
export type Read<T> = { value: T } | { problems: CellProblem[] }

const MAX_SHOWN = 60
const shownValue = (text: string | undefined): string => (text ?? '').slice(0, MAX_SHOWN)

export function readRow<T>(kind: Pick<Kind, 'columns' | 'schema'>, { cells }: SourceRow): Read<T> {
  const input: Record<string, string> = {}
  const problems: CellProblem[] = []
  for (const column of kind.columns) {
    const text = cells[column.name] ?? ''
    const value = text === '' ? '' : valueFor(column, column.day ? plainDay(text) : text)
    if (value === null)
      problems.push({ column: column.name, key: 'error.import.unknownValue', params: { value: shownValue(text) }, value: shownValue(text) })
    input[column.name] = value ?? ''
  }
  const unknown = new Set(problems.map(problem => problem.column))
  const result = kind.schema.safeParse(input)
  if (result.success && !problems.length) return { value: result.data as T }
  const issues = result.success ? [] : (result.error.issues as z.core.$ZodIssue[])
  for (const issue of issues) {
    const { key, params = {}, field = '' } = problemOf(issue, input)
    if (!unknown.has(field)) problems.push({ column: field || null, key, params, value: shownValue(cells[field]) })
  }
  return { problems }
}
