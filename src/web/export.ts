import { once } from 'node:events'
import ExcelJS from 'exceljs'
import type { Request, Response } from 'express'

/** Writes exactly the filtered list, streamed: a list of 100,000 rows holds up nobody else. */
export interface Column<T> {
  label: string
  value(row: T): string | number | null
  /** Money comes in fen, areas in hundredths of ㎡; the sheet shows yuan and ㎡. */
  kind?: 'text' | 'number' | 'money' | 'area'
}

interface Options<T> {
  format: 'xlsx' | 'csv'
  name: string
  columns: Column<T>[]
  rows: AsyncIterable<T> | Iterable<T>
}

const EVERY = 500
const pause = () => new Promise(resolve => setImmediate(resolve))

function cellOf<T>(column: Column<T>, row: T): string | number | null {
  const value = column.value(row)
  if (value === null || value === '') return null
  if (column.kind === 'money' || column.kind === 'area') return Number(value) / 100
  return column.kind === 'number' ? Number(value) : String(value)
}

/** A text that a spreadsheet would run as a formula gets a leading apostrophe; full-width signs are folded to these by some programs. */
export const inert = (text: string): string => (/^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text)

/** One cell of a CSV file (RFC 4180). Numbers stay numbers: a minus before an amount is no formula. */
export function csvCell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = inert(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

async function writeCsv<T>(res: Response, { columns, rows }: Options<T>): Promise<void> {
  res.write(`\ufeff${columns.map(column => csvCell(column.label)).join(',')}\r\n`)
  let count = 0
  for await (const row of rows) {
    const line = columns.map(column => csvCell(cellOf(column, row))).join(',')
    if (!res.write(`${line}\r\n`)) await once(res, 'drain')
    if (++count % EVERY === 0) await pause()
  }
  res.end()
}

const FORMATS: Partial<Record<NonNullable<Column<unknown>['kind']>, string>> = { money: '#,##0.00', area: '#,##0.00', number: '#,##0' }

async function writeXlsx<T>(res: Response, { name, columns, rows }: Options<T>): Promise<void> {
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: res, useStyles: true })
  const sheet = book.addWorksheet(name.slice(0, 31).replace(/[\\/?*[\]:]/g, ' '), { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.columns = columns.map(column => ({
    header: column.label,
    width: Math.min(40, Math.max(12, [...column.label].length * 2 + 4)),
    style: FORMATS[column.kind ?? 'text'] ? { numFmt: FORMATS[column.kind ?? 'text']! } : {},
  }))
  sheet.getRow(1).font = { bold: true }
  sheet.getRow(1).commit()
  let count = 0
  for await (const row of rows) {
    sheet.addRow(columns.map(column => cellOf(column, row))).commit()
    if (++count % EVERY === 0) await pause()
  }
  sheet.commit()
  await book.commit()
}

const TYPES = { xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', csv: 'text/csv; charset=utf-8' }

export async function sendExport<T>(_req: Request, res: Response, options: Options<T>): Promise<void> {
  const file = `${options.name}.${options.format}`
  res.set('content-type', TYPES[options.format])
  res.set('content-disposition', `attachment; filename="export.${options.format}"; filename*=UTF-8''${encodeURIComponent(file)}`)
  res.set('cache-control', 'no-store')
  await (options.format === 'csv' ? writeCsv(res, options) : writeXlsx(res, options))
}
