import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import type { Request, Response } from 'express'
import { inWorker } from '../workers/pool.ts'
import type { Batch } from '../workers/sheet-write.ts'

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

/** Rows made at a stretch: a few milliseconds of the request thread. */
const EVERY = 100
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

/**
 * Waits until an answer can take more. Rejects when its reader goes away, who would never drain it: the read behind the rows ends
 * then. One listener for the whole of it: behind compression() a listener of once() is never taken off.
 */
function drainOf(res: Response): () => Promise<void> {
  let [wake, stop] = [() => {}, (_: Error) => {}]
  const away = () => stop(new Error('the reader went away'))
  res.on('drain', () => wake())
  res.once('close', away)
  return () =>
    new Promise((resolve, reject) => {
      ;[wake, stop] = [resolve, reject]
      if (res.closed) away()
    })
}

async function writeCsv<T>(res: Response, { columns, rows }: Options<T>): Promise<void> {
  res.write(`\ufeff${columns.map(column => csvCell(column.label)).join(',')}\r\n`)
  const drained = drainOf(res)
  let count = 0
  for await (const row of rows) {
    const line = columns.map(column => csvCell(cellOf(column, row))).join(',')
    if (!res.write(`${line}\r\n`)) await drained()
    if (++count % EVERY === 0) await pause()
  }
  res.end()
}

const FORMATS: Partial<Record<NonNullable<Column<unknown>['kind']>, string>> = { money: '#,##0.00', area: '#,##0.00', number: '#,##0' }

/** A read row by row, as rows of a sheet. */
export async function* mapped<A, B>(found: AsyncIterable<A>, rowOf: (one: A) => B): AsyncGenerator<B> {
  for await (const one of found) yield rowOf(one)
}

/** A read some rows at a time; the last may be fewer. */
export async function* chunked<T>(found: AsyncIterable<T> | Iterable<T>, size: number): AsyncGenerator<T[]> {
  let some: T[] = []
  for await (const one of found) {
    some.push(one)
    if (some.length < size) continue
    yield some
    some = []
  }
  if (some.length) yield some
}

const headOf = <T>({ label, kind = 'text' }: Column<T>) => ({
  header: label,
  width: Math.min(40, Math.max(12, [...label].length * 2 + 4)),
  format: FORMATS[kind] ?? null,
})

/** The workbook is made in a thread (workers/sheet-write.ts): packing 50,000 rows would hold up every other request for seconds. */
async function writeXlsx<T>(res: Response, options: Options<T>): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  const sheet = options.name.slice(0, 31).replace(/[\\/?*[\]:]/g, ' ')
  const written = inWorker('sheet-write', { port: port2, sheet, columns: options.columns.map(headOf) }, 300, [port2])
  const gone = new Promise<never>((_resolve, reject) => res.once('close', () => reject(new Error('the reader went away'))))
  const failed = written.then(() => new Promise<never>(() => {}))
  for (const promise of [gone, failed]) promise.catch(() => {})
  const drained = drainOf(res)
  let asked = () => {}
  let more = new Promise<void>(resolve => (asked = resolve))
  port1.on('message', (message: Uint8Array | 'more') => (message === 'more' ? asked() : res.write(message)))
  try {
    for await (const some of chunked(options.rows, EVERY)) {
      const batch = some.map(row => options.columns.map(column => cellOf(column, row)))
      await Promise.race([more, gone, failed])
      more = new Promise<void>(resolve => (asked = resolve))
      if (res.writableNeedDrain) await drained()
      port1.postMessage(batch satisfies Batch)
    }
    port1.postMessage(null satisfies Batch)
    await Promise.race([written, gone])
    // The thread’s last bytes may still be on their way through the port.
    for (let left = receiveMessageOnPort(port1); left; left = receiveMessageOnPort(port1))
      if (left.message !== 'more') res.write(left.message as Uint8Array)
    res.end()
  } finally {
    port1.close()
  }
}

const TYPES = { xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', csv: 'text/csv; charset=utf-8' }

export async function sendExport<T>(_req: Request, res: Response, options: Options<T>): Promise<void> {
  const file = `${options.name}.${options.format}`
  res.set('content-type', TYPES[options.format])
  res.set('content-disposition', `attachment; filename="export.${options.format}"; filename*=UTF-8''${encodeURIComponent(file)}`)
  res.set('cache-control', 'no-store')
  await (options.format === 'csv' ? writeCsv(res, options) : writeXlsx(res, options))
}
