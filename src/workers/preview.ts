import { readFileSync } from 'node:fs'
import type { WrappedPdfiumModule } from '@embedpdf/pdfium'
import type { CanvasKit, Image, Surface } from 'canvaskit-wasm'
import { imageSize } from 'image-size'
import { REGULAR } from './font-files.ts'
import { layMark } from './preview-mark.ts'
import { drawPage, type Points } from './preview-pdf.ts'
import { fitted, type Size, Undrawable } from './preview-size.ts'
import { hideNote, isAcross, isTurned, turning } from './preview-turn.ts'
import { openCanvas, openPdfium } from './preview-wasm.ts'

/** A thread's task: a file's picture, or one page of it, made small enough to look at and marked all over. */
export interface PreviewTask {
  bytes: Uint8Array
  pdf: boolean
  /** Empty: nothing is laid over it. */
  words: string
  /** From 1. */
  page: number
}

/** What can't be drawn is an answer, not a failure of the thread; nor is a page that isn't there. */
export type PreviewResult = { bytes: Uint8Array; pages: number } | { missing: true } | { undrawable: string }

interface Decoded {
  image: Image
  /** As Exif numbers it. */
  orientation: number
}

/** As many points as the largest photos of phones have (8192 × 6144). */
const MAX_POINTS = 8192 * 6144
const QUALITY = 82

function headOf(bytes: Uint8Array): ReturnType<typeof imageSize> {
  try {
    return imageSize(bytes)
  } catch (error) {
    throw new Undrawable(String(error))
  }
}

/** Its size is read from the head, before a point of it is decoded: a few bytes may claim to be a picture of any size. */
function decode(canvas: CanvasKit, bytes: Uint8Array): Decoded {
  const { width, height, orientation = 1 } = headOf(bytes)
  if (!width || !height || width * height > MAX_POINTS) throw new Undrawable(`${width} × ${height} points`)
  if (isTurned(orientation)) hideNote(bytes)
  const image = canvas.MakeImageFromEncoded(bytes)
  if (!image) throw new Undrawable('not a picture that can be decoded')
  if (!isBegun(canvas, image)) throw new Undrawable('a picture that breaks off at once')
  return { image, orientation }
}

/** A file that breaks off is shown as far as it goes, be it a sixteenth. Points that were never decoded are clear, whatever its kind. */
function isBegun(canvas: CanvasKit, image: Image): boolean {
  const { AlphaType, ColorSpace } = canvas
  const { alphaType, colorType } = image.getImageInfo()
  if (alphaType !== AlphaType.Opaque) return true
  const info = { width: 1, height: 1, colorType, alphaType: AlphaType.Premul, colorSpace: ColorSpace.SRGB }
  const point = image.readPixels(0, Math.floor(image.height() / 16), info)
  return point?.[3] !== 0
}

function pageImage(canvas: CanvasKit, { bytes, width, height }: Points): Decoded {
  const { ColorType, AlphaType, ColorSpace } = canvas
  const info = { width, height, colorType: ColorType.BGRA_8888, alphaType: AlphaType.Opaque, colorSpace: ColorSpace.SRGB }
  const image = canvas.MakeImage(info, bytes, bytes.length / height)
  if (!image) throw new Undrawable('no memory for the page')
  return { image, orientation: 1 }
}

function drawnAt(canvas: CanvasKit, image: Image, size: Size, orientation = 1): Surface {
  const surface = canvas.MakeSurface(size.width, size.height)
  if (!surface) throw new Undrawable('no memory for its preview')
  const stored = isAcross(orientation) ? { width: size.height, height: size.width } : size
  const sheet = surface.getCanvas()
  sheet.save()
  sheet.concat(turning(orientation, size))
  const from = canvas.LTRBRect(0, 0, image.width(), image.height())
  const to = canvas.LTRBRect(0, 0, stored.width, stored.height)
  sheet.drawImageRectOptions(image, from, to, canvas.FilterMode.Linear, canvas.MipmapMode.None)
  sheet.restore()
  return surface
}

/** Halved while it is twice too large: each new point is the mean of four, in half the time that levels of detail take. */
function halved(canvas: CanvasKit, image: Image): Image {
  const size = { width: image.width(), height: image.height() }
  const half = { width: Math.ceil(size.width / 2), height: Math.ceil(size.height / 2) }
  const shown = fitted(size)
  if (half.width < shown.width || half.height < shown.height) return image
  const smaller = drawnAt(canvas, image, half).makeImageSnapshot()
  image.delete()
  return halved(canvas, smaller)
}

function marked(canvas: CanvasKit, { image: whole, orientation }: Decoded, words: string): Uint8Array {
  const image = halved(canvas, whole)
  const [width, height] = isAcross(orientation) ? [image.height(), image.width()] : [image.width(), image.height()]
  const size = fitted({ width, height })
  const surface = drawnAt(canvas, image, size, orientation)
  const sheet = surface.getCanvas()
  // JPEG knows no transparency: what shows through, or is missing where a file ends too early, is paper.
  sheet.drawColor(canvas.WHITE, canvas.BlendMode.DstOver)
  if (words) layMark(canvas, sheet, size, words, readFileSync(REGULAR).buffer as ArrayBuffer)
  const bytes = surface.makeImageSnapshot().encodeToBytes(canvas.ImageFormat.JPEG, QUALITY)
  if (!bytes) throw new Undrawable('its preview can’t be encoded')
  return new Uint8Array(bytes)
}

function previewOfPage(canvas: CanvasKit, pdfium: WrappedPdfiumModule, { bytes, words, page }: PreviewTask): PreviewResult {
  const { pages, points } = drawPage(pdfium, bytes, page)
  return points ? { bytes: marked(canvas, pageImage(canvas, points), words), pages } : { missing: true }
}

const previewOfPicture = (canvas: CanvasKit, { bytes, words, page }: PreviewTask): PreviewResult =>
  page === 1 ? { bytes: marked(canvas, decode(canvas, bytes), words), pages: 1 } : { missing: true }

/** The content's doing: refused by us, or a trap, an overflow or a foreign exception of the libraries. Anything else is a mistake. */
const isContents = (error: unknown): boolean =>
  error instanceof Undrawable || error instanceof WebAssembly.RuntimeError || error instanceof RangeError || !(error instanceof Error)

export default async function preview(task: PreviewTask): Promise<PreviewResult> {
  const canvas = await openCanvas()
  const pdfium = task.pdf ? await openPdfium() : null
  try {
    return pdfium ? previewOfPage(canvas, pdfium, task) : previewOfPicture(canvas, task)
  } catch (error) {
    if (isContents(error)) return { undrawable: String(error) }
    throw error
  }
}
