import ExcelJS from 'exceljs'

/** A thread's task: the workbook a person fills in, with one example row and a sheet that says what each column takes. */
export interface TemplateTask {
  sheet: string
  columns: { label: string; required: boolean; example: string; width: number }[]
  notes: { sheet: string; head: string[]; rows: string[][] }
}

const BRAND = 'FF0F6B5C'
const SOFT = 'FFE2F1EE'
const fill = (argb: string) => ({ type: 'pattern', pattern: 'solid', fgColor: { argb } }) as const

function headRow(row: ExcelJS.Row): void {
  row.font = { bold: true, color: { argb: 'FFFFFFFF' } }
  row.eachCell(cell => {
    cell.fill = fill(BRAND)
    cell.alignment = { vertical: 'middle' }
  })
  row.height = 22
}

export default async function makeTemplate({ sheet, columns, notes }: TemplateTask): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook()
  const rows = book.addWorksheet(sheet, { views: [{ state: 'frozen', ySplit: 1 }] })
  // Everything is text: a spreadsheet would turn 0301 into 301 and a credit code into 9.11E+17.
  rows.columns = columns.map(column => ({ header: column.label, width: column.width, style: { numFmt: '@' } }))
  headRow(rows.getRow(1))
  const example = rows.addRow(columns.map(column => column.example))
  example.font = { italic: true, color: { argb: 'FF5C6B7A' } }
  example.eachCell(cell => {
    cell.fill = fill(SOFT)
  })
  const help = book.addWorksheet(notes.sheet, { views: [{ state: 'frozen', ySplit: 1 }] })
  help.columns = notes.head.map((header, i) => ({ header, width: [22, 10, 90][i] ?? 30 }))
  headRow(help.getRow(1))
  for (const row of notes.rows) help.addRow(row).alignment = { wrapText: true, vertical: 'top' }
  return new Uint8Array(await book.xlsx.writeBuffer())
}
