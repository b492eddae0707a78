import type { Canvas, CanvasKit, Paint } from 'canvaskit-wasm'
import { type Size, Undrawable } from './preview-size.ts'

/** Words laid over a picture in slanted rows from edge to edge, each row beginning elsewhere: no cut leaves a part without them. */
const SLANT = -28
/** Of the longer side. */
const LETTER = 1 / 44
const MAX_WIDTH = 0.6
const MIN_LETTER = 10
/** In letters: from row to row, and from one set of the words to the next. */
const ROW = 3.2
const GAP = 2.5
/** What part of a set each row begins later. */
const SHIFT = 0.38

/** Dark letters with a light edge: seen on paper, on a photo and on a black page alike. */
function paints(canvas: CanvasKit, letter: number): Paint[] {
  const edge = new canvas.Paint()
  edge.setStyle(canvas.PaintStyle.Stroke)
  edge.setStrokeWidth(letter / 9)
  edge.setColor(canvas.Color4f(1, 1, 1, 0.38))
  const fill = new canvas.Paint()
  fill.setColor(canvas.Color4f(0.16, 0.2, 0.26, 0.34))
  for (const paint of [edge, fill]) paint.setAntiAlias(true)
  return [edge, fill]
}

/** Draws `words` over all of `sheet` in the font given as a file's bytes. */
export function layMark(canvas: CanvasKit, sheet: Canvas, { width, height }: Size, words: string, file: ArrayBuffer): void {
  const typeface = canvas.Typeface.MakeTypefaceFromData(file)
  if (!typeface) throw new Undrawable('no font for the words')
  const longer = Math.max(width, height)
  const widthAt = (font: InstanceType<CanvasKit['Font']>) => font.getGlyphWidths(font.getGlyphIDs(words)).reduce((sum, one) => sum + one, 0)
  const usual = longer * LETTER
  const natural = widthAt(new canvas.Font(typeface, usual))
  const letter = Math.max(MIN_LETTER, usual * Math.min(1, (longer * MAX_WIDTH) / natural))
  const font = new canvas.Font(typeface, letter)
  const set = widthAt(font) + GAP * letter
  const half = Math.hypot(width, height) / 2
  const layers = paints(canvas, letter)
  sheet.save()
  sheet.translate(width / 2, height / 2)
  sheet.rotate(SLANT, 0, 0)
  for (let row = 0, y = -half; y < half + letter; y += ROW * letter, row += 1) {
    for (let x = -half - ((row * SHIFT) % 1) * set; x < half; x += set) {
      for (const paint of layers) sheet.drawText(words, x, y, paint, font)
    }
  }
  sheet.restore()
}
