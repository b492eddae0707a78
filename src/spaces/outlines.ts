import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { transact } from '../db/transact.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { Building } from './building.ts'
import { auditBuilding, type FloorRef, type Size, sheetOf } from './drawings.ts'
import { areaOf, type Corner, cornersText, MAX_CORNERS, MIN_CORNERS } from './polygon.ts'
import { Unit } from './unit.ts'

/** Outlines of a floor's units, saved together: the building's version makes two editors of one floor see each other. */
export interface Drawn {
  unit: Types.ObjectId
  outline: Corner[]
}

/** Square units below which an outline can't be meant. */
const SPECK = 4

const fieldOf = (unit: Types.ObjectId): string => `outlines[${unit}]`

/** Throws drawing.corners, drawing.outside or drawing.flat at the unit's field. None at all is fine: the unit isn't drawn. */
function refuseBad({ unit, outline }: Drawn, code: string, sheet: Size): void {
  const field = fieldOf(unit)
  if (!outline.length) return
  if (outline.length < MIN_CORNERS || outline.length > MAX_CORNERS)
    throw new RuleError('drawing.corners', { unit: code, min: MIN_CORNERS, max: MAX_CORNERS }, { field })
  if (outline.some(([x, y]) => x < 0 || y < 0 || x > sheet.width || y > sheet.height))
    throw new RuleError('drawing.outside', { unit: code, width: sheet.width, height: sheet.height }, { field })
  if (areaOf(outline) < SPECK) throw new RuleError('drawing.flat', { unit: code }, { field })
}

/**
 * Saves the outlines given; units not named keep theirs. Throws notFound for a unit of another floor, stale (409) when the building
 * changed since `version`, and what refuseBad() throws.
 */
export async function saveOutlines({ park, building, floor }: FloorRef, version: number, drawn: Drawn[], by: Actor): Promise<void> {
  await transact(async () => {
    const home = await Building.findOne({ park, code: building }).lean()
    const here = home?.floors.find(one => one.code === floor)
    if (!home || !here) throw notFound()
    if (home.version !== version) throw conflict('stale')
    const all = await Unit.find({ park, building, floor }, { code: 1, outline: 1 }).lean()
    const units = new Map(all.map(unit => [String(unit._id), unit]))
    const sheet = sheetOf(
      here,
      all.map(unit => unit.outline),
    )
    const changed: string[] = []
    for (const one of drawn) {
      const unit = units.get(String(one.unit))
      if (!unit) throw notFound()
      refuseBad(one, unit.code, sheet)
      if (cornersText(unit.outline) === cornersText(one.outline)) continue
      await Unit.updateOne({ park, _id: unit._id }, { outline: one.outline })
      changed.push(unit.code)
    }
    if (!changed.length) return
    const { matchedCount } = await Building.updateOne({ park, code: building, version }, { $inc: { version: 1 } })
    if (!matchedCount) throw conflict('stale')
    await auditBuilding(home, 'unit.outline', { floor, unit: changed }, by)
  })
}
