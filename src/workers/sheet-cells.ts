import type { CellValue } from 'exceljs'

/** What a person sees in a cell, as text: numbers without an exponent, dates as civil dates, the result of a formula. */
const MAX_CELL = 4000

// A spreadsheet computes in binary: 199.98999999999998 was meant to be 199.99.
const ofNumber = (value: number): string => {
  const plain = String(Number(value.toPrecision(15)))
  return /e/.test(plain) ? value.toFixed(0) : plain
}

/** The civil date of a date cell; spreadsheets know no zones. */
const ofDate = (value: Date): string => (Number.isNaN(value.getTime()) ? '' : value.toISOString().slice(0, 10))

export function cellText(value: CellValue): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return ofNumber(value)
  if (value instanceof Date) return ofDate(value)
  if (typeof value !== 'object') return String(value).slice(0, MAX_CELL).trim()
  if ('richText' in value) return cellText(value.richText.map(run => run.text).join(''))
  if ('error' in value) return value.error
  if ('text' in value) return cellText(value.text as CellValue)
  if ('result' in value) return cellText(value.result as CellValue)
  return ''
}
