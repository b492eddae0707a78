import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type PizZip from 'pizzip'
import { readNumbering } from './docx-numbering.ts'
import { readStyles } from './docx-styles.ts'
import { blocksOf, type Walk } from './docx-walk.ts'
import { amount, attribute, child, children, type Element, readPart, relationsOf } from './docx-xml.ts'
import { pdfmake } from './pdf-fonts.ts'

/** A filled Word document as PDF, with an embedded Chinese font: an edited template looks the same in both. */
const POINTS = 20
const A4 = { width: 595.3, height: 841.9 }
const PICTURES: Record<string, string> = { png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg' }

interface Page {
  size: { width: number; height: number }
  margins: [number, number, number, number]
  /** Distance of footer and header text from the paper's edge. */
  edge: { header: number; footer: number }
}

function pageOf(section: Element | undefined): Page {
  const size = child(section, 'pgSz')
  const margin = child(section, 'pgMar')
  const points = (element: Element | undefined, name: string, fallback: number) =>
    Math.min(2000, Math.max(0, (amount(attribute(element, name)) ?? fallback * POINTS) / POINTS))
  return {
    size: { width: points(size, 'w', A4.width), height: points(size, 'h', A4.height) },
    margins: [points(margin, 'left', 72), points(margin, 'top', 72), points(margin, 'right', 72), points(margin, 'bottom', 72)],
    edge: { header: points(margin, 'header', 36), footer: points(margin, 'footer', 36) },
  }
}

function picturesOf(zip: PizZip, relations: Map<string, string>): Map<string, string> {
  const pictures = new Map<string, string>()
  for (const [id, path] of relations) {
    const type = PICTURES[path.split('.').at(-1)!.toLowerCase()]
    const file = type && zip.file(path)
    if (file) pictures.set(id, `data:${type};base64,${Buffer.from(file.asUint8Array()).toString('base64')}`)
  }
  return pictures
}

/** The text above or below each page, drawn again for every page: it holds the page's number. */
function margin(zip: PizZip, section: Element | undefined, kind: 'header' | 'footer', walk: Walk, page: Page) {
  const references = children(section, `${kind}Reference`)
  const reference = references.find(one => attribute(one, 'type') === 'default') ?? references[0]
  const path = relationsOf(zip, 'word/document.xml').get(attribute(reference, 'id') ?? '')
  const part = path ? readPart(zip, path) : null
  if (!part || !path) return undefined
  const images = picturesOf(zip, relationsOf(zip, path))
  const [left, top, right, bottom] = page.margins
  const above = kind === 'header' ? page.edge.header : Math.max(0, bottom - page.edge.footer - 14)
  return (current: number, of: number): Content => ({
    stack: blocksOf(part, { ...walk, images, page: { current, of } }),
    margin: [left, Math.min(above, kind === 'header' ? top : bottom), right, 0],
  })
}

export async function toPdf(zip: PizZip, { title, watermark }: { title: string; watermark: string | null }): Promise<Uint8Array> {
  const body = child(readPart(zip, 'word/document.xml'), 'body')
  const section = child(body, 'sectPr')
  const page = pageOf(section)
  const walk: Walk = {
    styles: readStyles(zip),
    numbering: readNumbering(zip),
    images: picturesOf(zip, relationsOf(zip, 'word/document.xml')),
    width: page.size.width - page.margins[0] - page.margins[2],
  }
  const definition: TDocumentDefinitions = {
    info: { title, producer: 'Zhigu', creator: 'Zhigu' },
    pageSize: page.size,
    pageMargins: page.margins,
    defaultStyle: { font: 'NotoSans', fontSize: 10.5 },
    content: blocksOf(body, walk),
    header: margin(zip, section, 'header', walk, page),
    footer: margin(zip, section, 'footer', walk, page),
    // A heading never stands alone at the foot of a page.
    pageBreakBefore: (node, nodes) => node.headlineLevel === 1 && nodes.getFollowingNodesOnPage().length === 0,
    ...(watermark ? { watermark: { text: watermark, color: '#b42318', opacity: 0.08, bold: true } } : {}),
  }
  return new Uint8Array(await pdfmake.createPdf(definition).getBuffer())
}
