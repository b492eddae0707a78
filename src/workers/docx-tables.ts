import type { Content, ContentTable, TableCell } from 'pdfmake/interfaces.js'
import { blocksOf, type Walk } from './docx-walk.ts'
import { amount, attribute, child, children, type Element, toggle, value } from './docx-xml.ts'

/** Word tables: widths of the grid, joined cells, repeated head rows, lines and shading. */
const LINE = '#8a97a3'

function widthsOf(table: Element, width: number): number[] {
  const columns = children(child(table, 'tblGrid'), 'gridCol').map(column => (amount(attribute(column, 'w')) ?? 1000) / 20)
  const rows = children(table, 'tr')
  const count = Math.max(1, columns.length, ...rows.map(row => children(row, 'tc').length))
  const full = columns.length ? columns : Array.from({ length: count }, () => width / count)
  const sum = full.reduce((total, one) => total + one, 0)
  // Never wider than the page: a table that doesn't fit is drawn narrower.
  const factor = sum > width ? width / sum : 1
  return full.map(one => one * factor)
}

function linesOf(table: Element): boolean {
  const borders = child(table, 'tblPr', 'tblBorders')
  if (borders) return children(borders).some(side => !['none', 'nil', undefined].includes(attribute(side, 'val')))
  return /grid/i.test(value(table, 'tblPr', 'tblStyle') ?? '')
}

interface Placed {
  element: Element
  column: number
  span: number
  merge: 'none' | 'start' | 'goes-on'
}

function placed(row: Element, columns: number): Placed[] {
  let column = amount(value(row, 'trPr', 'gridBefore')) ?? 0
  return children(row, 'tc').flatMap(element => {
    const merge = child(element, 'tcPr', 'vMerge')
    const span = Math.max(1, Math.min(amount(value(element, 'tcPr', 'gridSpan')) ?? 1, columns - column))
    const kind = merge ? (attribute(merge, 'val') === 'restart' ? 'start' : 'goes-on') : 'none'
    const cell: Placed = { element, column, span, merge: kind }
    column += span
    return cell.column < columns ? [cell] : []
  })
}

function rowsBelow(rows: Placed[][], from: number, column: number): number {
  let count = 1
  while (rows[from + count]?.some(cell => cell.column === column && cell.merge === 'goes-on')) count += 1
  return count
}

function cellOf({ element, span, merge }: Placed, rowSpan: number, width: number, walk: Walk): TableCell {
  const fill = attribute(child(element, 'tcPr', 'shd'), 'fill')
  const stack: Content[] = merge === 'goes-on' ? [] : blocksOf(element, { ...walk, width })
  return {
    stack: stack.length ? stack : [{ text: '' }],
    ...(span > 1 ? { colSpan: span } : {}),
    ...(merge === 'start' && rowSpan > 1 ? { rowSpan } : {}),
    ...(fill && /^[0-9a-f]{6}$/i.test(fill) ? { fillColor: `#${fill}` } : {}),
  } as TableCell
}

export function tableOf(table: Element, walk: Walk): ContentTable {
  const padding = 5
  const widths = widthsOf(table, walk.width)
  const rows = children(table, 'tr')
  const cells = rows.map(row => placed(row, widths.length))
  const body = cells.map((row, i) => {
    const line: TableCell[] = widths.map(() => ({ text: '' }))
    for (const cell of row) {
      const width = widths.slice(cell.column, cell.column + cell.span).reduce((sum, one) => sum + one, 0)
      line[cell.column] = cellOf(cell, rowsBelow(cells, i, cell.column), width - 2 * padding, walk)
    }
    return line
  })
  const heads = rows.findIndex(row => !toggle(child(row, 'trPr'), 'tblHeader'))
  const lined = linesOf(table)
  return {
    table: {
      widths: widths.map(width => Math.max(4, width - 2 * padding - (lined ? 0.5 : 0))),
      headerRows: heads === -1 ? 0 : heads,
      dontBreakRows: rows.every(row => toggle(child(row, 'trPr'), 'cantSplit')),
      body,
    },
    layout: {
      hLineWidth: () => (lined ? 0.5 : 0),
      vLineWidth: () => (lined ? 0.5 : 0),
      hLineColor: () => LINE,
      vLineColor: () => LINE,
      paddingLeft: () => padding,
      paddingRight: () => padding,
      paddingTop: () => 2,
      paddingBottom: () => 2,
    },
  }
}
