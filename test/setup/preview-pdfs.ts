import { pdfmake } from '../../src/workers/pdf-fonts.ts'
import { type Colour, pdfOf } from './painting.ts'

const bytesOf = async (definition: object): Promise<Buffer> =>
  pdfmake.createPdf({ defaultStyle: { font: 'NotoSans' }, ...definition } as never).getBuffer()
const hexOf = (colour: Colour): string => `#${colour.map(value => value.toString(16).padStart(2, '0')).join('')}`
const whole = (colour: Colour) => ({ canvas: [{ type: 'rect', x: 0, y: 0, w: 595, h: 800, color: hexOf(colour) }] })

/** Two sheets of A4, each of one colour. */
export const twoPages = (first: Colour, second: Colour): Promise<Buffer> =>
  bytesOf({ pageSize: 'A4', pageMargins: 0, content: [whole(first), { ...whole(second), pageBreak: 'before' }] })

export const lockedPdf = (): Promise<Buffer> => bytesOf({ content: ['x'], userPassword: 'secret', ownerPassword: 'other' })

const stream = (text: string, entries = ''): string => `<</Length ${text.length}${entries}>>\nstream\n${text}\nendstream`
const document = (box: string, resources: string, content: string, others: string[] = []): Buffer =>
  pdfOf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    `<</Type/Page/Parent 2 0 R/MediaBox[${box}]/Contents 4 0 R/Resources<<${resources}>>>>`,
    stream(content),
    ...others,
  ])

/** One empty page; sides in 1/72 inch. */
export const pageOf = (width: number, height: number): Buffer => document(`0 0 ${width} ${height}`, '', '')

/** Words in a font that every Chinese reader has and the file doesn't bring. */
export function unembedded(words: string): Buffer {
  const hex = [...words].map(letter => letter.charCodeAt(0).toString(16).padStart(4, '0')).join('')
  return document('0 0 595 842', '/Font<</F1 5 0 R>>', `BT /F1 60 Tf 50 700 Td <${hex}> Tj ET`, [
    '<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>',
    '<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 7 0 R/DW 1000>>',
    '<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>',
  ])
}

/** Forms that each draw the next ten times: a few hundred bytes that become ten thousand million objects. */
export function swelling(): Buffer {
  const DEPTH = 10
  const form = (index: number): string => {
    const next = index < DEPTH ? `/Resources<</XObject<</N ${5 + index} 0 R>>>>` : ''
    return stream(index < DEPTH ? '/N Do '.repeat(10) : '0 0 500 700 re S', `/Type/XObject/Subtype/Form/BBox[0 0 595 842]${next}`)
  }
  return document(
    '0 0 595 842',
    '/XObject<</N 5 0 R>>',
    '/N Do',
    Array.from({ length: DEPTH }, (_, index) => form(index + 1)),
  )
}

/** A page painted over, half seen through, a hundred thousand times. */
export const endless = (): Buffer =>
  document('0 0 595 842', '/ExtGState<</G<</ca 0.5>>>>', `/G gs ${'0 0 m 595 9 l 500 842 l f\n'.repeat(100_000)}`)
