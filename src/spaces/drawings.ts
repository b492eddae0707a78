import { imageSize } from 'image-size'
import type { ObjectId } from 'mongodb'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { linkFiles, saveBuffer, unlinkFiles } from '../files/store.ts'
import { conflict, notFound } from '../lib/rule-error.ts'
import { Building, type Floor } from './building.ts'
import type { Corner } from './polygon.ts'
import { broken, cleanSvg } from './svg.ts'
import { Unit } from './unit.ts'

/** A floor's drawing: an SVG, cleaned before it is kept, or a picture; and the size in whose units outlines are drawn. */
export interface Size {
  width: number
  height: number
}

export interface Cleaned extends Size {
  bytes: Buffer
  type: string
}

export const DRAWING_MIB = 10
/** Sides are brought into this range, so that outlines never need more than a decimal. */
const SMALL = 500
const LARGE = 8000
const USUAL = 2000
const MAX_RATIO = 20
const MAX_PIXELS = 100_000_000

/** The size a drawing of `width` × `height` gets here. Throws drawing.broken for a size nothing can be drawn in. */
function canvasOf({ width, height }: Size): Size {
  const [long, short] = [Math.max(width, height), Math.min(width, height)]
  if (!(short > 0) || !Number.isFinite(long) || long / short > MAX_RATIO) throw broken()
  const scale = long < SMALL || long > LARGE ? USUAL / long : 1
  return { width: Math.round(width * scale), height: Math.round(height * scale) }
}

function pictureSize(bytes: Buffer): Size {
  let found: ReturnType<typeof imageSize>
  try {
    found = imageSize(bytes)
  } catch {
    throw broken()
  }
  const { width, height, orientation = 1 } = found
  if (!width || !height || width * height > MAX_PIXELS) throw broken()
  // Phones turn their photos by a note in the file, and browsers follow it.
  return orientation >= 5 ? { width: height, height: width } : { width, height }
}

/** What is kept of an uploaded drawing. Throws drawing.broken. */
export function readDrawing(bytes: Buffer, type: string): Cleaned {
  if (type !== 'image/svg+xml') return { bytes, type, ...canvasOf(pictureSize(bytes)) }
  const drawing = cleanSvg(bytes)
  const size = canvasOf(drawing)
  return { bytes: drawing.svg(size.width, size.height), type, ...size }
}

/** Units of length per metre on a floor without a drawing. */
const PER_METRE = 20

/** The area outlines are drawn in: the drawing's, or for a floor without one a blank 16 : 10 sheet with room for its area. */
export function sheetOf(floor: Pick<Floor, 'area' | 'drawing'>, outlines: Corner[][] = []): Size {
  if (floor.drawing) return { width: floor.drawing.width, height: floor.drawing.height }
  const metres = Math.sqrt(Math.max(100, floor.area / 100) * 1.6)
  const round = (value: number) => Math.ceil((value * PER_METRE) / 20) * 20
  const furthest = (axis: 0 | 1) => outlines.flat().reduce((most, corner) => Math.max(most, corner[axis]), 0)
  return { width: Math.max(round(metres), furthest(0)), height: Math.max(round(metres / 1.6), furthest(1)) }
}

const tenth = (value: number): number => Math.round(value * 10) / 10

/** Outlines keep their place in the frame when the drawing changes its size; all units the floor ever had. */
async function scaleOutlines(park: string, building: string, floor: string, old: Size, fresh: Size): Promise<void> {
  if (old.width === fresh.width && old.height === fresh.height) return
  const [x, y] = [fresh.width / old.width, fresh.height / old.height]
  const units = await Unit.find({ park, building, floor, 'outline.0': { $exists: true } }, { outline: 1 }).lean()
  for (const unit of units) {
    const outline = unit.outline.map(([a, b]) => [tenth(a * x), tenth(b * y)])
    await Unit.updateOne({ park, _id: unit._id }, { outline })
  }
}

export interface StoredDrawing extends Size {
  file: ObjectId
  name: string
}

export interface FloorRef {
  park: string
  building: string
  floor: string
}

/** Keeps a cleaned drawing, linked to nothing yet: GridFS takes no transaction. */
export async function storeDrawing(park: string, { bytes, type, width, height }: Cleaned, name: string, by: Actor): Promise<StoredDrawing> {
  const { id } = await saveBuffer(bytes, { park, name, type, by: by.id })
  return { file: id, name, width, height }
}

/**
 * Puts a stored drawing on a floor. The file it replaces is unlinked, the outlines are scaled to the new size. Throws stale (409)
 * when the building changed since `version`.
 */
export async function changeDrawing(
  { park, building, floor }: FloorRef,
  version: number,
  drawing: StoredDrawing,
  by: Actor,
): Promise<void> {
  const { file: id, name } = drawing
  await transact(async () => {
    const home = await Building.findOne({ park, code: building }).lean()
    const old = home?.floors.find(one => one.code === floor)
    if (!home || !old) throw notFound()
    const { matchedCount } = await Building.updateOne(
      { park, code: building, version, 'floors.code': floor },
      { $set: { 'floors.$.drawing': { file: id, width: drawing.width, height: drawing.height } }, $inc: { version: 1 } },
    )
    if (!matchedCount) throw conflict('stale')
    await linkFiles(park, [id], { kind: 'drawing', ref: home._id, slot: floor })
    if (old.drawing) await unlinkFiles(park, [old.drawing.file])
    const outlines = await Unit.find({ park, building, floor }, { outline: 1 }).lean()
    const before = sheetOf(
      old,
      outlines.map(unit => unit.outline),
    )
    await scaleOutlines(park, building, floor, before, drawing)
    await auditBuilding(home, 'building.drawing', { floor }, by, name)
  })
}

/** Takes the drawing off a floor; outlines stay as they are. Throws stale (409) when the building changed since `version`. */
export async function removeDrawing({ park, building, floor }: FloorRef, version: number, by: Actor): Promise<void> {
  await transact(async () => {
    const home = await Building.findOne({ park, code: building }).lean()
    const old = home?.floors.find(one => one.code === floor)
    if (!home || !old?.drawing) throw notFound()
    const { matchedCount } = await Building.updateOne(
      { park, code: building, version, 'floors.code': floor },
      { $set: { 'floors.$.drawing': null }, $inc: { version: 1 } },
    )
    if (!matchedCount) throw conflict('stale')
    await unlinkFiles(park, [old.drawing.file])
    await auditBuilding(home, 'building.undraw', { floor }, by)
  })
}

type Named = Pick<Building, 'park' | '_id' | 'code'>

export const auditBuilding = (
  { park, _id, code }: Named,
  action: string,
  after: object,
  by: Actor,
  note: string | null = null,
): Promise<void> => audit(by, action, { park, kind: 'building', ref: _id, label: code }, { after, note })
