import type { Request, Response } from 'express'
import { scopedFind } from '../lib/park-scope.ts'
import { type Column, sendExport } from '../web/export.ts'
import type { Row } from '../workers/sheet-read.ts'
import { BadRow, type CellProblem, type Import } from './import.ts'
import { cellProblem, findImport } from './pages.ts'
import { readSheet, wholeRows } from './sheet.ts'

/**
 * The rows that can't be taken, as they stand in the file, with what is wrong behind them: mended there, the sheet can be uploaded as
 * it is. Every cell is text; nothing of a file is ever a formula.
 */
function messageOf(req: Request, of: Import, problems: CellProblem[]): string {
  const parts = problems.map(problem => cellProblem(req, of, problem))
  return parts.map(({ column, text }) => (column ? `${column}: ${text}` : text)).join(' ')
}

export async function badRowsSheet(req: Request, res: Response): Promise<void> {
  const of = await findImport(req)
  const bad = await scopedFind<BadRow>(BadRow, { park: req.park._id, import: of._id, attempt: of.attempt })
  const messages = new Map(bad.map(({ row, problems }) => [row, messageOf(req, of, problems)]))
  const sheet = await readSheet(of.file, of.format)
  const columns: Column<Row>[] = [
    ...sheet.header.map((label, i) => ({ label, value: ([, cells]: Row) => cells[i] ?? null })),
    { label: req.t('imports.bad.row'), value: ([number]) => number, kind: 'number' },
    { label: req.t('imports.bad.message'), value: ([number]) => messages.get(number) ?? null },
  ]
  const name = `${of.fileName.replace(/\.\w+$/, '')} ${req.t('imports.bad.file')}`
  await sendExport(req, res, { format: 'xlsx', name, columns, rows: wholeRows(sheet, row => messages.has(row)) })
}
