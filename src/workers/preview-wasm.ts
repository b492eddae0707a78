import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { init, type WrappedPdfiumModule } from '@embedpdf/pdfium'
import type { CanvasKit } from 'canvaskit-wasm'

/**
 * The libraries that decode, draw and encode (Skia) and that read PDFs (PDFium), as WebAssembly: a file made to break them breaks
 * a sandbox without files or network. Each task opens its own instance, so that nothing of one person's document is left for the
 * next and memory goes with the task.
 */
const require = createRequire(import.meta.url)
const CANVAS = 'canvaskit-wasm/bin/full/canvaskit'
const PAGE = 65_536
/** Bytes: the largest photo decoded, turned and scaled, and no more; a content that asks for more breaks off. */
const CEILING = 768 * 1024 * 1024

/** The libraries grow their memory by this call alone. It is the thread's own: others are not touched. */
const { grow } = WebAssembly.Memory.prototype
WebAssembly.Memory.prototype.grow = function (this: WebAssembly.Memory, pages: number): number {
  if (this.buffer.byteLength + pages * PAGE > CEILING) throw new RangeError('the content asks for too much memory')
  return grow.call(this, pages)
}

type Open = (options: { locateFile: () => string }) => Promise<CanvasKit>

export const openCanvas = (): Promise<CanvasKit> =>
  (require(`${CANVAS}.js`) as Open)({ locateFile: () => require.resolve(`${CANVAS}.wasm`) })

export async function openPdfium(): Promise<WrappedPdfiumModule> {
  const file = readFileSync(require.resolve('@embedpdf/pdfium/pdfium.wasm'))
  const pdfium = await init({ wasmBinary: file.buffer as ArrayBuffer, print: () => {}, printErr: () => {} })
  pdfium.PDFiumExt_Init()
  return pdfium
}

/** The library's memory as it is now: whoever holds it over a call may hold an old one. */
export const heapOf = ({ pdfium }: WrappedPdfiumModule): Uint8Array => (pdfium as unknown as { HEAPU8: Uint8Array }).HEAPU8
