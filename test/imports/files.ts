import { expect } from 'chai'
import ExcelJS from 'exceljs'
import { BadRow, Import, type ImportKind } from '../../src/imports/import.ts'
import { settled } from '../../src/imports/run.ts'
import type { Visitor } from '../setup/visitor.ts'

/** Files to bring in, and the walk through an import's pages. */
export const UNIT_HEAD = ['Building', 'Floor', 'Unit code', 'Product', 'Gross area', 'List rate', 'In use from', 'Note']
export type Cell = string | number | Date | null

export async function workbook(rows: Cell[][]): Promise<Buffer> {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet('Rows')
  sheet.addRows(rows)
  return Buffer.from(await book.xlsx.writeBuffer())
}

export const unitRow = (i: number, more: Partial<Record<number, Cell>> = {}): Cell[] =>
  ['a', '1F', `U${String(i).padStart(5, '0')}`, 'Office', 50 + (i % 100) / 100, '2.50', new Date('2025-01-01'), `row ${i}`].map(
    (cell, at) => (more[at] === undefined ? cell : more[at]!),
  )

export const unitBook = (count: number, change: (i: number) => Partial<Record<number, Cell>> = () => ({})): Promise<Buffer> =>
  workbook([UNIT_HEAD, ...Array.from({ length: count }, (_, i) => unitRow(i + 1, change(i + 1)))])

export const leadBook = (count: number): Promise<Buffer> =>
  workbook([
    ['Company', 'Contact', 'Phone'],
    ...Array.from({ length: count }, (_, i) => [`Company ${i + 1}`, `Contact ${i + 1}`, `137${String(i + 1).padStart(8, '0')}`]),
  ])

export const importsPath = (park: string, rest = ''): string => `/parks/${park}/imports${rest}`

/** Uploads a file; answers the import's id, or the refused answer. */
export async function uploadFile(who: Visitor, park: string, kind: ImportKind, data: Buffer, name = 'rows.xlsx') {
  const answer = await who.upload(importsPath(park), { kind }, [{ field: 'file', data, name }])
  return { answer, id: /imports\/([0-9a-f]{24})$/.exec(answer.headers['location'] ?? '')?.[1] ?? '' }
}

export const importOf = async (park: string, id: string): Promise<Import> =>
  (await Import.findOne({ park, _id: id }).lean().orFail()) as Import

/** Takes the columns as they were guessed, and waits for the dry run. */
export async function check(who: Visitor, park: string, id: string): Promise<Import> {
  const { mapping } = await importOf(park, id)
  const fields = Object.fromEntries(Object.entries(mapping).map(([name, at]) => [name, at === null ? '' : String(at)]))
  const answer = await who.post(importsPath(park, `/${id}/mapping`), fields)
  expect(answer.status, answer.text).to.equal(303)
  await settled()
  return importOf(park, id)
}

export async function uploadAndCheck(who: Visitor, park: string, kind: ImportKind, data: Buffer, name?: string): Promise<Import> {
  const { answer, id } = await uploadFile(who, park, kind, data, name)
  expect(answer.status, answer.text).to.equal(303)
  return check(who, park, id)
}

export async function write(who: Visitor, of: Import, fields: Record<string, string> = {}): Promise<Import> {
  const answer = await who.post(importsPath(of.park, `/${of._id}/commit`), fields)
  expect(answer.status, answer.text).to.equal(303)
  await settled()
  return importOf(of.park, String(of._id))
}

export const badRowsOf = (of: Import) => BadRow.find({ park: of.park, import: of._id, attempt: of.attempt }).sort({ row: 1 }).lean()

/** The cells of a sheet that came back, as values. */
export async function cellsOf(data: Buffer, sheet = 0): Promise<unknown[][]> {
  const book = new ExcelJS.Workbook()
  await book.xlsx.load(data as never)
  const rows: unknown[][] = []
  book.worksheets[sheet]!.eachRow(row => rows.push((row.values as unknown[]).slice(1)))
  return rows
}

/** A download as bytes. */
export async function download(who: Visitor, path: string): Promise<Buffer> {
  const answer = await who.bytes(path)
  expect(answer.status).to.equal(200)
  return answer.body as Buffer
}
