import type { WrappedPdfiumModule } from '@embedpdf/pdfium'
import { lendFont } from './preview-fonts.ts'
import { fittedPage, type Size, Undrawable } from './preview-size.ts'
import { heapOf } from './preview-wasm.ts'

/** Points of a drawn page: four bytes each, blue first. */
export interface Points extends Size {
  bytes: Uint8Array
}

/** 1/72 inch: 200 inches, the largest side that PDF allowed for long and readers still keep to. */
const LARGEST_SIDE = 14_400
const WITH_ANNOTATIONS = 0x01
const WHITE = 0xffffffff

function load(pdfium: WrappedPdfiumModule, bytes: Uint8Array): number {
  const at = pdfium.pdfium.wasmExports.malloc(bytes.length)
  if (!at) throw new Undrawable('no memory for the document')
  heapOf(pdfium).set(bytes, at)
  const document = pdfium.FPDF_LoadMemDocument(at, bytes.length, '')
  if (!document) throw new Undrawable(`not a document that can be opened (${pdfium.FPDF_GetLastError()})`)
  return document
}

function sizeOf(pdfium: WrappedPdfiumModule, page: number): Size {
  const size = { width: pdfium.FPDF_GetPageWidthF(page), height: pdfium.FPDF_GetPageHeightF(page) }
  const fits = (side: number) => side > 0 && side <= LARGEST_SIDE
  if (!fits(size.width) || !fits(size.height)) throw new Undrawable(`a page of ${size.width} × ${size.height} points`)
  return fittedPage(size)
}

function render(pdfium: WrappedPdfiumModule, page: number, { width, height }: Size): Points {
  const bitmap = pdfium.FPDFBitmap_Create(width, height, 0)
  if (!bitmap) throw new Undrawable('no memory for the page')
  pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, WHITE)
  pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, WITH_ANNOTATIONS)
  const at = pdfium.FPDFBitmap_GetBuffer(bitmap)
  const bytes = heapOf(pdfium).slice(at, at + pdfium.FPDFBitmap_GetStride(bitmap) * height)
  return { bytes, width, height }
}

/** How many pages the document has, and the points of one (from 1), or null where there is no such page. Throws Undrawable. */
export function drawPage(pdfium: WrappedPdfiumModule, bytes: Uint8Array, number: number): { pages: number; points: Points | null } {
  lendFont(pdfium)
  const document = load(pdfium, bytes)
  const pages = pdfium.FPDF_GetPageCount(document)
  if (!pages) throw new Undrawable('a document without pages')
  if (!(Number.isInteger(number) && number >= 1 && number <= pages)) return { pages, points: null }
  const page = pdfium.FPDF_LoadPage(document, number - 1)
  if (!page) throw new Undrawable('a page that can’t be read')
  return { pages, points: render(pdfium, page, sizeOf(pdfium, page)) }
}
