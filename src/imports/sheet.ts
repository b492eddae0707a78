import type { ObjectId } from 'mongodb'
import { readWhole } from '../files/store.ts'
import { log } from '../lib/log.ts'
import { RuleError } from '../lib/rule-error.ts'
import { inWorker } from '../workers/pool.ts'
import type { Row, SheetResult, SheetRows, SheetTask } from '../workers/sheet-read.ts'
import type { Import, Mapping } from './import.ts'
import type { SourceRow } from './kinds.ts'
import { isExample } from './words.ts'

/**
 * The rows of an import's file, read in a thread and handed out in pieces with a breath between them. So many are written well
 * within the minute that the database gives a transaction, also on a slow machine.
 */
export const MAX_ROWS = 20_000
const SECONDS = 60

async function inThread(task: SheetTask): Promise<SheetResult> {
  try {
    return await inWorker<SheetTask, SheetResult>('sheet-read', task, SECONDS)
  } catch (error) {
    // A sheet that needs more memory or time than a thread has ends its thread and nothing else.
    log.warn({ err: error }, 'a sheet could not be read')
    return { broken: 'tooBig' }
  }
}

/** Throws import.unreadable, tooBig, tooManyRows, noRows. */
export async function readSheet(file: ObjectId, format: Import['format']): Promise<SheetRows> {
  const result = await inThread({ bytes: await readWhole(file), format, maxRows: MAX_ROWS })
  if (!('broken' in result)) return result
  throw new RuleError(`import.${result.broken}`, result.broken === 'tooManyRows' ? { max: MAX_ROWS } : {}, { field: 'file' })
}

const parse = (piece: Uint8Array): Row[] => JSON.parse(new TextDecoder().decode(piece)) as Row[]
const breath = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** The first rows of a file, as they stand there. */
export const sampleOf = (sheet: SheetRows, count: number): string[][] =>
  parse(sheet.pieces[0]!)
    .slice(0, count)
    .map(([, cells]) => cells)

/** All rows but the template's example, a cell for each mapped column. */
export async function* mappedRows(sheet: SheetRows, mapping: Mapping): AsyncGenerator<SourceRow[]> {
  const columns = Object.entries(mapping).flatMap(([name, at]) => (at === null ? [] : [[name, at] as const]))
  for (const piece of sheet.pieces) {
    yield parse(piece)
      .filter(([, cells]) => !isExample(cells))
      .map(([row, cells]) => ({ row, cells: Object.fromEntries(columns.map(([name, at]) => [name, cells[at] ?? ''])) }))
    await breath()
  }
}

/** Some rows of a file, as they stand there. */
export async function* wholeRows(sheet: SheetRows, wanted: (row: number) => boolean): AsyncGenerator<Row> {
  for (const piece of sheet.pieces) {
    for (const row of parse(piece)) if (wanted(row[0])) yield row
    await breath()
  }
}
