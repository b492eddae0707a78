import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import { pdfmake } from './pdf-fonts.ts'

/** A thread's task: a certificate on one sheet of A4, across. All its words come with it. */
export interface CertificateTask {
  heading: string
  subheading: string
  name: string
  /** What it is for: in Chinese, and in English below. */
  text: string
  textEn: string
  facts: [label: string, value: string][]
  issuer: string
  day: string
  /** Where it can be checked, as a code for cameras. */
  address: string
  hint: string
  title: string
}

const A4 = { width: 841.9, height: 595.3 }
const BRAND = '#0f6b5c'
const MUTED = '#5c6b7a'

/** Long names are set smaller, so that they stay on one line. */
const sizeFor = (name: string): number => Math.max(16, Math.min(34, Math.floor(520 / Math.max(1, [...name].length))))

function bodyOf(task: CertificateTask): Content[] {
  return [
    { text: task.heading, fontSize: 34, bold: true, color: BRAND, alignment: 'center', margin: [0, 54, 0, 6] },
    { text: task.subheading, fontSize: 13, color: MUTED, alignment: 'center', characterSpacing: 2, margin: [0, 0, 0, 44] },
    { text: task.name, fontSize: sizeFor(task.name), bold: true, alignment: 'center', margin: [0, 0, 0, 26] },
    { text: task.text, fontSize: 14, alignment: 'center', lineHeight: 1.35, margin: [90, 0, 90, 10] },
    { text: task.textEn, fontSize: 10, color: MUTED, alignment: 'center', margin: [90, 0, 90, 0] },
  ]
}

function footOf(task: CertificateTask): Content {
  return {
    absolutePosition: { x: 70, y: A4.height - 150 },
    columns: [
      { qr: task.address, fit: 84, width: 100 },
      {
        width: '*',
        stack: [
          ...task.facts.map(
            ([label, value]): Content => ({ text: [{ text: `${label}  `, color: MUTED }, value], fontSize: 10, margin: [0, 0, 0, 3] }),
          ),
          { text: task.hint, fontSize: 8.5, color: MUTED, margin: [0, 4, 0, 0] },
        ],
      },
      {
        width: 240,
        stack: [
          { text: task.issuer, fontSize: 14, bold: true, alignment: 'right', margin: [0, 22, 70, 4] },
          { text: task.day, fontSize: 11, color: MUTED, alignment: 'right', margin: [0, 0, 70, 0] },
        ],
      },
    ],
  }
}

const frame = (inset: number, lineWidth: number) =>
  ({ type: 'rect', x: inset, y: inset, w: A4.width - 2 * inset, h: A4.height - 2 * inset, lineWidth, lineColor: BRAND }) as const

export default async function eventCertificate(task: CertificateTask): Promise<Uint8Array> {
  const definition: TDocumentDefinitions = {
    info: { title: task.title, producer: 'Zhigu', creator: 'Zhigu' },
    pageSize: A4,
    pageMargins: [40, 40, 40, 30],
    defaultStyle: { font: 'NotoSans' },
    background: () => ({ canvas: [frame(22, 2.5), frame(30, 0.6)] }),
    content: [...bodyOf(task), footOf(task)],
  }
  return new Uint8Array(await pdfmake.createPdf(definition).getBuffer())
}
