import type { Content, ContentText } from 'pdfmake/interfaces.js'
import type { Numbering } from './docx-numbering.ts'
import { type ParagraphLook, paragraphLook, type Styles, type TextLook, textLook } from './docx-styles.ts'
import { tableOf } from './docx-tables.ts'
import { attribute, child, children, type Element, value } from './docx-xml.ts'

/** From the body of a Word file to what pdfmake draws: what a lease needs, not all that Word can do. */
export interface Walk {
  styles: Styles
  numbering: Numbering
  images: Map<string, string>
  /** Width between the margins, in points. */
  width: number
  page?: { current: number; of: number }
}

interface Run {
  text: string
  look: TextLook
}

interface Pieces {
  runs: Run[]
  images: Content[]
  breaks: boolean
}

/** Words that Word computes: only page numbers are computed here, others keep their last result. */
function fieldText(instruction: string, { page }: Walk): string | null {
  const name = instruction.trim().split(/\s+/)[0]?.toUpperCase()
  if (name === 'PAGE') return String(page?.current ?? '')
  if (name === 'NUMPAGES' || name === 'SECTIONPAGES') return String(page?.of ?? '')
  return null
}

const CHARACTERS: Record<string, string> = { tab: '    ', cr: '\n', noBreakHyphen: '\u2011', softHyphen: '\u00ad' }

interface Field {
  instruction: string
  shown: boolean
  hide: boolean
}

/** Collects a paragraph's text, with the state of a complex field (begin … separate … end) that spans runs. */
class Collector {
  readonly pieces: Pieces = { runs: [], images: [], breaks: false }
  #fields: Field[] = []
  readonly #walk: Walk
  readonly #base: TextLook

  constructor(walk: Walk, base: TextLook) {
    this.#walk = walk
    this.#base = base
  }

  #add(text: string, look: TextLook): void {
    if (this.#fields.some(field => !field.shown || field.hide)) return
    this.pieces.runs.push({ text, look })
  }

  #field(type: string | undefined, look: TextLook): void {
    if (type === 'begin') this.#fields.push({ instruction: '', shown: false, hide: false })
    else if (type === 'end') this.#fields.pop()
    else if (type === 'separate' && this.#fields.length) {
      const field = this.#fields.pop()!
      const text = fieldText(field.instruction, this.#walk)
      if (text !== null) this.#add(text, look)
      this.#fields.push({ ...field, shown: true, hide: text !== null })
    }
  }

  run(run: Element): void {
    const props = child(run, 'rPr')
    const look = { ...this.#base, ...this.#walk.styles.text(value(props, 'rStyle')), ...this.#base, ...textLook(props) }
    for (const part of children(run)) {
      const name = part.localName!
      const open = this.#fields.at(-1)
      if (name === 't') this.#add(part.textContent ?? '', look)
      else if (name === 'instrText') open && (open.instruction += part.textContent ?? '')
      else if (name === 'fldChar') this.#field(attribute(part, 'fldCharType'), look)
      else if (name === 'br' && attribute(part, 'type') === 'page') this.pieces.breaks = true
      else if (name === 'br') this.#add('\n', look)
      else if (name === 'drawing') this.#image(part)
      else if (CHARACTERS[name]) this.#add(CHARACTERS[name], look)
    }
  }

  #image(drawing: Element): void {
    const holder = child(drawing, 'inline') ?? child(drawing, 'anchor')
    const blip = child(holder, 'graphic', 'graphicData', 'pic', 'blipFill', 'blip')
    const image = this.#walk.images.get(attribute(blip, 'embed') ?? '')
    const size = child(holder, 'extent')
    if (!image) return
    // English Metric Units: 12,700 a point.
    const fit = ['cx', 'cy'].map(side => Math.max(1, Number(attribute(size, side) ?? 0) / 12_700)) as [number, number]
    this.pieces.images.push({ image, fit: [Math.min(fit[0], this.#walk.width), fit[1]] })
  }

  inline(parent: Element): void {
    for (const part of children(parent)) {
      const name = part.localName!
      if (name === 'r') this.run(part)
      else if (name === 'fldSimple') this.#simple(part)
      else if (['hyperlink', 'ins', 'smartTag', 'moveTo'].includes(name)) this.inline(part)
      else if (name === 'sdt') this.inline(child(part, 'sdtContent') ?? part)
    }
  }

  #simple(part: Element): void {
    const text = fieldText(attribute(part, 'instr') ?? '', this.#walk)
    if (text === null) this.inline(part)
    else this.#add(text, { ...this.#base, ...textLook(child(part, 'r', 'rPr')) })
  }
}

function marginsOf(look: ParagraphLook): [number, number, number, number] {
  const left = (look.left ?? 0) + Math.min(0, look.firstLine ?? 0)
  return [Math.max(0, left), look.before ?? 0, look.right ?? 0, look.after ?? 0]
}

export function paragraphOf(paragraph: Element, walk: Walk): Content[] {
  const props = child(paragraph, 'pPr')
  const style = value(props, 'pStyle') ?? walk.styles.standard
  const look: ParagraphLook = { ...walk.styles.paragraph(style), ...paragraphLook(props) }
  const base = walk.styles.text(style)
  const collector = new Collector(walk, base)
  collector.inline(paragraph)
  const { runs, images, breaks } = collector.pieces
  const label = look.list ? walk.numbering.next(look.list.id, look.list.level) : ''
  if (label) runs.unshift({ text: `${label} `, look: base })
  const text: ContentText = {
    text: runs.length ? runs.map(({ text, look }) => ({ text, ...look })) : ' ',
    fontSize: base.fontSize,
    alignment: look.alignment ?? 'left',
    lineHeight: look.line ?? 1,
    margin: marginsOf(look),
    leadingIndent: look.firstLine && look.firstLine > 0 && !label ? look.firstLine : undefined,
    ...(look.pageBreak ? { pageBreak: 'before' as const } : {}),
    ...(look.keepNext ? { headlineLevel: 1 } : {}),
  }
  const drawn: Content[] = [...images.map(image => ({ stack: [image], alignment: look.alignment ?? 'left' }) as Content)]
  if (runs.length || !images.length) drawn.push(text)
  // A break in the middle of a paragraph is drawn after it.
  if (breaks) drawn.push({ text: '', pageBreak: 'after' })
  return drawn
}

export function blocksOf(parent: Element | null | undefined, walk: Walk): Content[] {
  return children(parent).flatMap((block): Content[] => {
    if (block.localName === 'p') return paragraphOf(block, walk)
    if (block.localName === 'tbl') return [tableOf(block, walk)]
    if (block.localName === 'sdt') return blocksOf(child(block, 'sdtContent'), walk)
    return []
  })
}
