import { crc32 } from 'node:zlib'
import { openCanvas } from '../../src/workers/preview-wasm.ts'

/** Red, green, blue: 0–255 each. */
export type Colour = [number, number, number]
export type Encoding = 'JPEG' | 'PNG' | 'WEBP'

const canvas = await openCanvas()

/** A picture of four fields: above left and right, below left and right. One colour fills it. */
export function picture(width: number, height: number, colours: Colour[], encoding: Encoding = 'JPEG'): Buffer {
  const surface = canvas.MakeSurface(width, height)!
  const paint = new canvas.Paint()
  for (const [index, colour] of [0, 1, 2, 3].map(field => [field, colours[field % colours.length]!] as const)) {
    const [x, y] = [(index % 2) * (width / 2), Math.floor(index / 2) * (height / 2)]
    paint.setColor(canvas.Color(...colour))
    surface.getCanvas().drawRect(canvas.XYWHRect(x, y, width / 2, height / 2), paint)
  }
  const bytes = Buffer.from(surface.makeImageSnapshot().encodeToBytes(canvas.ImageFormat[encoding], 95)!)
  surface.delete()
  return bytes
}

/** A JPEG with the note a camera leaves that was held otherwise (Exif, 1–8). */
export function heldAs(jpeg: Buffer, orientation: number): Buffer {
  const directory = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
  const note = Buffer.concat([Buffer.from('Exif\0\0'), Buffer.from(directory)])
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1, 0, note.length + 2]), note, jpeg.subarray(2)])
}

/** The points of an encoded picture, read as people see it. */
export function pointsOf(bytes: Buffer) {
  const image = canvas.MakeImageFromEncoded(bytes)!
  const [width, height] = [image.width(), image.height()]
  const { ColorType, AlphaType, ColorSpace } = canvas
  const info = { width, height, colorType: ColorType.RGBA_8888, alphaType: AlphaType.Opaque, colorSpace: ColorSpace.SRGB }
  const data = image.readPixels(0, 0, info) as Uint8Array
  image.delete()
  const at = (x: number, y: number): Colour => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)] as Colour
  return { width, height, at }
}

/** A PDF of these objects, the first its catalogue. */
export function pdfOf(objects: string[]): Buffer {
  let text = '%PDF-1.4\n'
  const starts = objects.map((object, index) => {
    const start = text.length
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(start).padStart(10, '0')} 00000 n \n`
  })
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${starts.join('')}`
  return Buffer.from(`${text}${table}trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${text.length}\n%%EOF\n`, 'latin1')
}

/** A PNG of one chunk of points in shades of grey, `depth` bits a point. */
export function pngOf(width: number, height: number, depth: number, points: Buffer): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    size.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([size, body, sum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = depth
  const start = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([start, chunk('IHDR', head), chunk('IDAT', points), chunk('IEND', Buffer.alloc(0))])
}
