import { Readable } from 'node:stream'
import ExcelJS, { type Worksheet } from 'exceljs'
import { inflatesTo } from '../files/zip.ts'
import { cellText } from './sheet-cells.ts'

/**
 * A thread's task: the first sheet of a workbook, or a CSV file, as rows of text. Whatever a file holds is an answer; the rows come
 * back in pieces of JSON, so that the request thread takes them in one piece at a time.
 */
export interface SheetTask {
  bytes: Uint8Array
  format: 'xlsx' | 'csv'
  /** Rows below the header. */
  maxRows: number
}

export type Row = [number: number, cells: string[]]
export interface SheetRows {
  header: string[]
  /** JSON of Row[], 500 each. */
  pieces: Uint8Array[]
  rows: number
}
export type SheetResult = SheetRows | { broken: 'unreadable' | 'tooBig' | 'tooManyRows' | 'noRows' }

const PIECE = 500
const MAX_COLUMNS = 60
/** A workbook of 20,000 rows and ten columns inflates to about 8 MiB. */
const MAX_INFLATED = 64 * 1024 * 1024
const IGNORED = ['dataValidations', 'conditionalFormatting', 'drawing', 'legacyDrawing', 'picture', 'tableParts', 'extLst', 'hyperlinks']

/** UTF-8 with or without its mark; whatever is no UTF-8 was written by a Chinese Excel. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

function separatorOf(text: string): string {
  const [line = ''] = text.split('\n', 1)
  const count = (sign: string) => line.split(sign).length
  return [',', '\t', ';'].sort((a, b) => count(b) - count(a))[0]!
}

async function openCsv(bytes: Uint8Array): Promise<Worksheet> {
  const text = decode(bytes)
  const parserOptions = { delimiter: separatorOf(text), headers: false, ignoreEmpty: false }
  return new ExcelJS.Workbook().csv.read(Readable.from([text]), { map: (value: string) => value, parserOptions } as never)
}

async function openXlsx(bytes: Uint8Array): Promise<Worksheet | undefined> {
  const book = new ExcelJS.Workbook()
  await book.xlsx.load(bytes as never, { ignoreNodes: IGNORED })
  return book.worksheets.find(sheet => sheet.state === 'visible') ?? book.worksheets[0]
}

const encode = (rows: Row[]): Uint8Array => new TextEncoder().encode(JSON.stringify(rows))

function rowsOf(sheet: Worksheet, maxRows: number): SheetResult {
  let header: string[] | null = null
  const pieces: Uint8Array[] = []
  let piece: Row[] = []
  let rows = 0
  sheet.eachRow((row, number) => {
    const width = Math.min(row.cellCount, MAX_COLUMNS)
    const cells = Array.from({ length: width }, (_, i) => cellText(row.getCell(i + 1).value))
    if (!cells.some(Boolean)) return
    if (!header) {
      header = cells
      return
    }
    if ((rows += 1) > maxRows) return
    piece.push([number, cells])
    if (piece.length === PIECE) {
      pieces.push(encode(piece))
      piece = []
    }
  })
  if (piece.length) pieces.push(encode(piece))
  if (!header || !rows) return { broken: 'noRows' }
  return rows > maxRows ? { broken: 'tooManyRows' } : { header, pieces, rows }
}

export default async function readSheet({ bytes, format, maxRows }: SheetTask): Promise<SheetResult> {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // Inflated and counted before anything is built from it.
  if (format === 'xlsx' && !(await inflatesTo(archive, MAX_INFLATED))) return { broken: 'tooBig' }
  try {
    const sheet = format === 'csv' ? await openCsv(bytes) : await openXlsx(bytes)
    return sheet ? rowsOf(sheet, maxRows) : { broken: 'noRows' }
  } catch {
    return { broken: 'unreadable' }
  }
}
