import type PizZip from 'pizzip'
import { amount, attribute, child, children, type Element, readPart, toggle, value } from './docx-xml.ts'

/** How a paragraph and its text look: defaults, then the style and what it is based on, then what stands at the place itself. */
export interface TextLook {
  bold?: boolean
  fontSize?: number
  color?: string
  decoration?: 'underline' | 'lineThrough'
}

export interface ParagraphLook {
  alignment?: 'left' | 'center' | 'right' | 'justify'
  before?: number
  after?: number
  /** Line height as a factor. */
  line?: number
  left?: number
  right?: number
  firstLine?: number
  pageBreak?: boolean
  keepNext?: boolean
  list?: { id: string; level: number }
}

interface Style {
  basedOn?: string
  text: TextLook
  paragraph: ParagraphLook
}

export interface Styles {
  text(style: string | undefined): TextLook
  paragraph(style: string | undefined): ParagraphLook
  standard: string | undefined
}

const POINTS = 20
const points = (text: string | undefined): number | undefined => {
  const twentieths = amount(text)
  return twentieths === undefined ? undefined : twentieths / POINTS
}

const defined = <T extends object>(look: T): T =>
  Object.fromEntries(Object.entries(look).filter(([, one]) => one !== undefined)) as unknown as T

const ALIGN: Record<string, ParagraphLook['alignment']> = {
  left: 'left',
  start: 'left',
  center: 'center',
  right: 'right',
  end: 'right',
  both: 'justify',
  distribute: 'justify',
}

export function textLook(props: Element | undefined): TextLook {
  const size = amount(value(props, 'sz'))
  const color = value(props, 'color')
  const underline = value(props, 'u')
  const struck = toggle(props, 'strike')
  return defined<TextLook>({
    bold: toggle(props, 'b'),
    fontSize: size === undefined ? undefined : Math.min(96, Math.max(4, size / 2)),
    color: color && /^[0-9a-f]{6}$/i.test(color) ? `#${color}` : undefined,
    decoration: struck ? 'lineThrough' : underline && underline !== 'none' ? 'underline' : undefined,
  })
}

function lineHeight(spacing: Element | undefined): number | undefined {
  const line = amount(attribute(spacing, 'line'))
  if (line === undefined) return undefined
  // Exact heights can't be had in the PDF: they count as if the text were of ordinary size.
  const rule = attribute(spacing, 'lineRule') ?? 'auto'
  const factor = rule === 'auto' ? line / 240 : line / POINTS / 13
  // The embedded font's own line is taller than that of the Word fonts by about a fifth.
  return Math.min(3, Math.max(0.8, factor * 0.84))
}

export function paragraphLook(props: Element | undefined): ParagraphLook {
  const [spacing, indent, numbering] = [child(props, 'spacing'), child(props, 'ind'), child(props, 'numPr')]
  const hanging = points(attribute(indent, 'hanging'))
  const id = value(numbering, 'numId')
  return defined<ParagraphLook>({
    alignment: ALIGN[value(props, 'jc') ?? ''],
    before: points(attribute(spacing, 'before')),
    after: points(attribute(spacing, 'after')),
    line: lineHeight(spacing),
    left: points(attribute(indent, 'left') ?? attribute(indent, 'start')),
    right: points(attribute(indent, 'right') ?? attribute(indent, 'end')),
    firstLine: hanging === undefined ? points(attribute(indent, 'firstLine')) : -hanging,
    pageBreak: toggle(props, 'pageBreakBefore'),
    keepNext: toggle(props, 'keepNext'),
    list: id === undefined ? undefined : { id, level: amount(value(numbering, 'ilvl')) ?? 0 },
  })
}

export function readStyles(zip: PizZip): Styles {
  const root = readPart(zip, 'word/styles.xml')
  const base: Style = {
    text: { fontSize: 10.5, ...textLook(child(root, 'docDefaults', 'rPrDefault', 'rPr')) },
    paragraph: paragraphLook(child(root, 'docDefaults', 'pPrDefault', 'pPr')),
  }
  const styles = new Map<string, Style>()
  let standard: string | undefined
  for (const style of children(root, 'style')) {
    const id = attribute(style, 'styleId')
    if (!id) continue
    if (attribute(style, 'type') === 'paragraph' && attribute(style, 'default') === '1') standard = id
    styles.set(id, {
      basedOn: value(style, 'basedOn'),
      text: textLook(child(style, 'rPr')),
      paragraph: paragraphLook(child(style, 'pPr')),
    })
  }
  // A broken file may base styles on each other in a circle.
  const chain = (id: string | undefined, depth = 0): Style[] => {
    const style = id === undefined ? undefined : styles.get(id)
    return style && depth < 20 ? [...chain(style.basedOn, depth + 1), style] : []
  }
  return {
    text: id => Object.assign({}, base.text, ...chain(id).map(style => style.text)),
    paragraph: id => Object.assign({}, base.paragraph, ...chain(id).map(style => style.paragraph)),
    standard,
  }
}
