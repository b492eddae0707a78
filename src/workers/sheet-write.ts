import { on } from 'node:events'
import { Writable } from 'node:stream'
import type { MessagePort } from 'node:worker_threads'
import ExcelJS from 'exceljs'

/**
 * A thread's task: writes a workbook while its rows are read. Rows come through the port in batches, `null` ends them; bytes of the
 * file go back as they are made, and `'more'` asks for the next batch, so that neither side runs ahead of the other.
 */
export interface SheetWriteTask {
  port: MessagePort
  sheet: string
  columns: { header: string; width: number; format: string | null }[]
}

export type Batch = (string | number | null)[][] | null

const bytesTo = (port: MessagePort): Writable =>
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      port.postMessage(new Uint8Array(chunk))
      done()
    },
  })

export default async function writeSheet({ port, sheet: name, columns }: SheetWriteTask): Promise<boolean> {
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: bytesTo(port), useStyles: true })
  const sheet = book.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.columns = columns.map(({ header, width, format }) => ({ header, width, style: format ? { numFmt: format } : {} }))
  sheet.getRow(1).font = { bold: true }
  sheet.getRow(1).commit()
  port.postMessage('more')
  // A port that closes before the last batch: the reader went away, and the file with it.
  for await (const [batch] of on(port, 'message', { close: ['close'] }) as AsyncIterable<[Batch]>) {
    if (batch === null) {
      sheet.commit()
      await book.commit()
      return true
    }
    for (const row of batch) sheet.addRow(row).commit()
    port.postMessage('more')
  }
  return false
}
