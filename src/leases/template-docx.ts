import PizZip from 'pizzip'
import { BLOCKS, type Block, FOOTER, TAGS } from '../locales/lease-template.ts'

/** The default lease template as a Word file, built from the blocks of the locale: what a park downloads, edits and uploads again. */
const W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const R = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const OFFICE = 'application/vnd.openxmlformats-officedocument.wordprocessingml'
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
/** Width between the margins of an A4 page, in twentieths of a point. */
const TEXT_WIDTH = 9070

const xmlText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const run = (text: string, props = ''): string =>
  `<w:r>${props && `<w:rPr>${props}</w:rPr>`}<w:t xml:space="preserve">${xmlText(text)}</w:t></w:r>`
const paragraph = (inner: string, props = ''): string => `<w:p>${props && `<w:pPr>${props}</w:pPr>`}${inner}</w:p>`
const styled = (style: string, text: string): string => paragraph(run(text), `<w:pStyle w:val="${style}"/>`)

const STYLE_OF = { title: 'Title', heading: 'Heading1', center: 'Center', text: 'Clause', plain: 'Normal', space: 'Normal' } as const

function cell(text: string, width: number, { right = false, bold = false, shade = false } = {}): string {
  const fill = shade ? '<w:shd w:val="clear" w:color="auto" w:fill="F0F3F5"/>' : ''
  const align = right ? '<w:jc w:val="right"/>' : ''
  const inner = paragraph(run(text, bold ? '<w:b/>' : ''), `<w:pStyle w:val="Cell"/>${align}`)
  return `<w:tc><w:tcPr><w:tcW w:w="${width}" w:type="dxa"/>${fill}</w:tcPr>${inner}</w:tc>`
}

const grid = (widths: number[]): string => `<w:tblGrid>${widths.map(width => `<w:gridCol w:w="${width}"/>`).join('')}</w:tblGrid>`

function borders(): string {
  const sides = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV']
  return `<w:tblBorders>${sides.map(side => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="8A97A3"/>`).join('')}</w:tblBorders>`
}

const tableProps = (lined: boolean): string =>
  `<w:tblPr><w:tblW w:w="${TEXT_WIDTH}" w:type="dxa"/>${lined ? borders() : ''}<w:tblLayout w:type="fixed"/></w:tblPr>`

function table({ loop, columns }: Extract<Block, { kind: 'table' }>): string {
  const all = columns.reduce((sum, column) => sum + column.width, 0)
  const widths = columns.map(column => Math.floor((column.width * TEXT_WIDTH) / all))
  const head = columns.map(({ head, right }, i) => cell(head, widths[i]!, { right, bold: true, shade: true })).join('')
  const body = columns.map(({ tag, right }, i) => {
    const [open, close] = [i === 0 ? `{#${TAGS[loop]}}` : '', i === columns.length - 1 ? `{/${TAGS[loop]}}` : '']
    return cell(`${open}{${TAGS[tag]}}${close}`, widths[i]!, { right })
  })
  const rows = `<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>${head}</w:tr><w:tr><w:trPr><w:cantSplit/></w:trPr>${body.join('')}</w:tr>`
  return `<w:tbl>${tableProps(true)}${grid(widths)}${rows}</w:tbl>${styled('Cell', '')}`
}

function signatures({ left, right }: Extract<Block, { kind: 'sign' }>): string {
  const half = TEXT_WIDTH / 2
  const side = (lines: string[]) =>
    `<w:tc><w:tcPr><w:tcW w:w="${half}" w:type="dxa"/></w:tcPr>${lines.map(line => styled('Sign', line)).join('')}</w:tc>`
  const row = `<w:tr><w:trPr><w:cantSplit/></w:trPr>${side(left)}${side(right)}</w:tr>`
  return `${styled('Normal', '')}<w:tbl>${tableProps(false)}${grid([half, half])}${row}</w:tbl>`
}

function blockXml(block: Block): string {
  if (block.kind === 'table') return table(block)
  if (block.kind === 'sign') return signatures(block)
  const inner = styled(STYLE_OF[block.kind], block.text)
  if (!block.if) return inner
  return `${styled('Normal', `{#${TAGS[block.if]}}`)}${inner}${styled('Normal', `{/${TAGS[block.if]}}`)}`
}

const field = (name: string): string => `<w:fldSimple w:instr=" ${name} ">${run('1')}</w:fldSimple>`

function footer(): string {
  const inner = `${run(`${FOOTER.number}{${TAGS.number}}    ${FOOTER.page}`)}${field('PAGE')}${run(FOOTER.of)}${field('NUMPAGES')}${run(FOOTER.end)}`
  return `${HEAD}<w:ftr xmlns:w="${W}">${paragraph(inner, '<w:pStyle w:val="Footer"/>')}</w:ftr>`
}

function body(): string {
  const page =
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1418" w:right="1418" w:bottom="1418" w:left="1418" w:header="709" w:footer="709" w:gutter="0"/>'
  const section = `<w:sectPr><w:footerReference w:type="default" r:id="rId2"/>${page}</w:sectPr>`
  return `${HEAD}<w:document xmlns:w="${W}" xmlns:r="${R}"><w:body>${BLOCKS.map(blockXml).join('')}${section}</w:body></w:document>`
}

interface Look {
  size: number
  bold?: boolean
  align?: 'center' | 'both'
  before?: number
  after?: number
  line?: number
  indent?: number
  keep?: boolean
}

const LOOKS: Record<string, Look> = {
  Normal: { size: 21, after: 60, line: 320 },
  Title: { size: 36, bold: true, align: 'center', after: 160 },
  Heading1: { size: 23, bold: true, before: 180, after: 60, keep: true },
  Center: { size: 21, align: 'center', after: 160 },
  Clause: { size: 21, align: 'both', after: 80, line: 340, indent: 420 },
  Cell: { size: 19, before: 30, after: 30 },
  Sign: { size: 21, before: 120, after: 120 },
  Footer: { size: 17, align: 'center' },
}

function style(name: string, look: Look): string {
  const spacing = `<w:spacing w:before="${look.before ?? 0}" w:after="${look.after ?? 0}" w:line="${look.line ?? 280}" w:lineRule="auto"/>`
  const indent = look.indent ? `<w:ind w:firstLine="${look.indent}"/>` : ''
  const align = look.align ? `<w:jc w:val="${look.align}"/>` : ''
  const level = name === 'Heading1' ? '<w:outlineLvl w:val="0"/>' : ''
  const para = `<w:pPr>${look.keep ? '<w:keepNext/>' : ''}${spacing}${indent}${align}${level}</w:pPr>`
  const text = `<w:rPr>${look.bold ? '<w:b/>' : ''}<w:sz w:val="${look.size}"/><w:szCs w:val="${look.size}"/></w:rPr>`
  const based = name === 'Normal' ? '' : '<w:basedOn w:val="Normal"/>'
  const standard = name === 'Normal' ? ' w:default="1"' : ''
  return `<w:style w:type="paragraph"${standard} w:styleId="${name}"><w:name w:val="${name === 'Heading1' ? 'heading 1' : name}"/>${based}<w:qFormat/>${para}${text}</w:style>`
}

function styles(): string {
  const fonts = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="SimSun" w:cs="Times New Roman"/>'
  const defaults = `<w:docDefaults><w:rPrDefault><w:rPr>${fonts}<w:sz w:val="21"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>`
  const all = Object.entries(LOOKS).map(([name, look]) => style(name, look))
  return `${HEAD}<w:styles xmlns:w="${W}">${defaults}${all.join('')}</w:styles>`
}

function contentTypes(): string {
  const parts = { document: 'document.main', styles: 'styles', footer1: 'footer' }
  const overrides = Object.entries(parts).map(
    ([name, type]) => `<Override PartName="/word/${name}.xml" ContentType="${OFFICE}.${type}+xml"/>`,
  )
  const standard =
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
  return `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${standard}${overrides.join('')}</Types>`
}

const links = (targets: [string, string][]): string =>
  `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${targets
    .map(([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${R}/${type}" Target="${target}"/>`)
    .join('')}</Relationships>`

let built: Buffer | null = null

export function defaultTemplate(): Buffer {
  if (built) return built
  const zip = new PizZip()
  zip.file('[Content_Types].xml', contentTypes())
  zip.file('_rels/.rels', links([['officeDocument', 'word/document.xml']]))
  zip.file(
    'word/_rels/document.xml.rels',
    links([
      ['styles', 'styles.xml'],
      ['footer', 'footer1.xml'],
    ]),
  )
  zip.file('word/document.xml', body())
  zip.file('word/styles.xml', styles())
  zip.file('word/footer1.xml', footer())
  built = zip.generate({ type: 'nodebuffer', compression: 'DEFLATE' })
  return built
}
