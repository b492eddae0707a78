import type { Content, ContextPageSize, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import { pdfmake } from './pdf-fonts.ts'

/** A thread's task: an offer on sheets of A4. All its words come with it, block by block. */
export interface PaperTable {
  kind: 'table'
  columns: { head: string; width: number; right?: boolean }[]
  rows: string[][]
  /** The last line, in bold. */
  foot?: string[]
}

/** A floor's units as outlines; those offered are filled and named. */
export interface PaperPlan {
  caption: string
  shapes: { corners: [number, number][]; own: boolean }[]
}

export type PaperBlock =
  | PaperTable
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: string; strong?: boolean; small?: boolean }
  | { kind: 'facts'; facts: [label: string, values: string[]][] }
  | { kind: 'plans'; plans: PaperPlan[] }

export interface OfferPaperTask {
  title: string
  lang: string
  watermark: string | null
  letterhead: { name: string; lines: string[] }
  heading: string
  subheading: string
  /** Number, date, valid until. */
  marks: [label: string, value: string][]
  addressee: [label: string, value: string][]
  blocks: PaperBlock[]
  signature: { issuer: string; lines: string[] }
  /** “Page {page} of {of}”: the two numbers are filled in here. */
  footer: string
}

const A4 = { width: 595.3, height: 841.9 }
const SIDE = 48
const WIDTH = A4.width - 2 * SIDE
const BRAND = '#0f6b5c'
const MUTED = '#5c6b7a'
const LINE = '#c9d2d9'
const SOFT = '#e2f1ee'

const rule = (color: string, lineWidth: number): Content => ({
  canvas: [{ type: 'line', x1: 0, y1: 0, x2: WIDTH, y2: 0, lineWidth, lineColor: color }],
})

function headOf({ letterhead, heading, subheading, marks, addressee }: OfferPaperTask): Content[] {
  const labelled = ([label, value]: [string, string]): Content => ({
    text: [{ text: `${label}  `, color: MUTED }, value],
    margin: [0, 0, 0, 3],
  })
  return [
    { text: letterhead.name, fontSize: 16, bold: true, color: BRAND },
    { text: letterhead.lines.join('    '), fontSize: 8.5, color: MUTED, margin: [0, 2, 0, 6] },
    rule(BRAND, 1.2),
    { text: heading, fontSize: 20, bold: true, alignment: 'center', margin: [0, 18, 0, 0] },
    { text: subheading, fontSize: 9, color: MUTED, alignment: 'center', characterSpacing: 1, margin: [0, 0, 0, 14] },
    {
      columns: [
        { width: '*', stack: addressee.map(labelled) },
        { width: 170, stack: marks.map(labelled) },
      ],
      columnGap: 16,
      margin: [0, 0, 0, 10],
    },
  ]
}

/** Grid lines between rows only; the head repeats on every page and no row is cut in two. */
function tableOf({ columns, rows, foot }: PaperTable): Content {
  const padding = 4
  const sum = columns.reduce((all, one) => all + one.width, 0)
  const cell = (text: string, i: number, more: object = {}): TableCell => ({
    text,
    ...(columns[i]!.right && { alignment: 'right' }),
    ...more,
  })
  const head = columns.map((one, i) => cell(one.head, i, { bold: true, color: MUTED, fontSize: 8.5, fillColor: '#f5f7f8' }))
  const last = foot ? [foot.map((text, i) => cell(text, i, { bold: true }))] : []
  return {
    table: {
      widths: columns.map(one => (one.width / sum) * WIDTH - 2 * padding),
      headerRows: 1,
      dontBreakRows: true,
      keepWithHeaderRows: 1,
      body: [head, ...rows.map(row => row.map((text, i) => cell(text, i))), ...last],
    },
    layout: {
      hLineWidth: () => 0.6,
      vLineWidth: () => 0,
      hLineColor: () => LINE,
      paddingLeft: () => padding,
      paddingRight: () => padding,
      paddingTop: () => 2.5,
      paddingBottom: () => 2.5,
    },
    fontSize: 9,
    margin: [0, 2, 0, 8],
  }
}

function factsOf(facts: [string, string[]][]): Content {
  return {
    table: {
      widths: [84, WIDTH - 84 - 8],
      dontBreakRows: true,
      body: facts.map(([label, values]) => [{ text: label, color: MUTED }, { stack: values.map(text => ({ text, lineHeight: 1.1 })) }]),
    },
    layout: {
      hLineWidth: () => 0,
      vLineWidth: () => 0,
      paddingLeft: () => 0,
      paddingRight: () => 8,
      paddingTop: () => 1.5,
      paddingBottom: () => 1.5,
    },
    margin: [0, 0, 0, 8],
  }
}

const PLAN = { width: 232, height: 110 }

function planOf({ caption, shapes }: PaperPlan): Content {
  const all = shapes.flatMap(shape => shape.corners)
  const [xs, ys] = [all.map(corner => corner[0]), all.map(corner => corner[1])]
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  const scale = Math.min(PLAN.width / Math.max(1, Math.max(...xs) - left), PLAN.height / Math.max(1, Math.max(...ys) - top))
  const drawn = [...shapes].sort((a, b) => Number(a.own) - Number(b.own))
  return {
    width: PLAN.width,
    unbreakable: true,
    stack: [
      {
        canvas: drawn.map(({ corners, own }) => ({
          type: 'polyline' as const,
          closePath: true,
          lineWidth: own ? 1.2 : 0.5,
          lineColor: own ? BRAND : LINE,
          color: own ? SOFT : '#ffffff',
          points: corners.map(([x, y]) => ({ x: (x - left) * scale, y: (y - top) * scale })),
        })),
      },
      { text: caption, fontSize: 8, color: MUTED, margin: [0, 4, 0, 0] },
    ],
  } as Content
}

function plansOf(plans: PaperPlan[]): Content[] {
  const rows = Array.from({ length: Math.ceil(plans.length / 2) }, (_, i) => plans.slice(2 * i, 2 * i + 2))
  return rows.map(pair => ({ columns: pair.map(planOf), columnGap: 24, unbreakable: true, margin: [0, 4, 0, 10] }) as Content)
}

function blockOf(block: PaperBlock): Content | Content[] {
  if (block.kind === 'table') return tableOf(block)
  if (block.kind === 'facts') return factsOf(block.facts)
  if (block.kind === 'plans') return plansOf(block.plans)
  if (block.kind === 'heading')
    return { text: block.text, bold: true, fontSize: 11.5, color: BRAND, headlineLevel: 1, margin: [0, 8, 0, 4] }
  return { text: block.text, bold: block.strong ?? false, fontSize: block.small ? 8.5 : 10, lineHeight: 1.1, margin: [0, 0, 0, 4] }
}

function footOf(task: OfferPaperTask) {
  return (page: number, of: number, _size: ContextPageSize): Content => ({
    columns: [
      { text: task.title, width: '*' },
      { text: task.footer.replace('{page}', String(page)).replace('{of}', String(of)), alignment: 'right', width: 140 },
    ],
    fontSize: 8,
    color: MUTED,
    margin: [SIDE, 16, SIDE, 0],
  })
}

export default async function offerPaper(task: OfferPaperTask): Promise<Uint8Array> {
  const { issuer, lines } = task.signature
  const definition: TDocumentDefinitions = {
    info: { title: task.title, producer: 'Zhigu', creator: 'Zhigu' },
    language: task.lang,
    pageSize: A4,
    pageMargins: [SIDE, 44, SIDE, 52],
    defaultStyle: { font: 'NotoSans', fontSize: 10 },
    content: [
      ...headOf(task),
      ...task.blocks.flatMap(blockOf),
      {
        unbreakable: true,
        stack: [
          { text: issuer, bold: true, margin: [0, 14, 0, 3] },
          ...lines.map((text): Content => ({ text, fontSize: 9.5, margin: [0, 0, 0, 2] })),
        ],
      },
    ],
    footer: footOf(task),
    // A heading never stands alone at the foot of a page.
    pageBreakBefore: (node, nodes) => node.headlineLevel === 1 && nodes.getFollowingNodesOnPage().length === 0,
    ...(task.watermark ? { watermark: { text: task.watermark, color: '#b42318', opacity: 0.08, bold: true } } : {}),
  }
  return new Uint8Array(await pdfmake.createPdf(definition).getBuffer())
}
