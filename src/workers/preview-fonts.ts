import { readFileSync } from 'node:fs'
import type { WrappedPdfiumModule } from '@embedpdf/pdfium'
import { REGULAR } from './font-files.ts'
import { heapOf } from './preview-wasm.ts'

/** Character sets as Windows numbers them: simplified and traditional Chinese. */
const CHINESE = [134, 136]
const FONT = 1
/** One name whatever the document calls it: PDFium loads a font once for each name and weight. */
const NAME = new TextEncoder().encode('NotoSansHans\0')

/**
 * Lends PDFium the font for Chinese text whose own font isn't in the document, as in many forms of authorities: such text would be
 * left out without a trace. PDFium asks by the call-backs of FPDF_SYSFONTINFO (fpdf_sysfontinfo.h); its built-in fonts go on
 * serving other scripts.
 */
export function lendFont(pdfium: WrappedPdfiumModule): void {
  const { addFunction, setValue, wasmExports } = pdfium.pdfium
  /** Copied where there is room for it; the size alone otherwise. */
  const give = (data: Uint8Array, to: number, room: number): number => {
    if (to && room >= data.length) heapOf(pdfium).set(data, to)
    return data.length
  }
  let font: Uint8Array | null = null
  // In the order of the structure; the first argument is the structure itself.
  const calls = [
    addFunction(() => {}, 'vi'), // Release
    addFunction(() => {}, 'vii'), // EnumFonts
    addFunction((_info: number, _weight: number, _italic: number, charset: number) => (CHINESE.includes(charset) ? FONT : 0), 'iiiiiiii'), // MapFont
    addFunction(() => 0, 'iii'), // GetFont
    // GetFontData asks for single tables too, to find out whether it is a collection of fonts: it isn't.
    addFunction(
      (_info: number, _font: number, table: number, to: number, room: number) =>
        table ? 0 : give((font ??= readFileSync(REGULAR)), to, room),
      'iiiiii',
    ),
    addFunction((_info: number, _font: number, to: number, room: number) => give(NAME, to, room), 'iiiii'), // GetFaceName
    addFunction(() => CHINESE[0]!, 'iii'), // GetFontCharset
    addFunction(() => {}, 'vii'), // DeleteFont
  ]
  const VERSION = 1
  const info = wasmExports.malloc(4 * (calls.length + 1))
  for (const [index, value] of [VERSION, ...calls].entries()) setValue(info + 4 * index, value, 'i32')
  pdfium.FPDF_SetSystemFontInfo(info)
}
