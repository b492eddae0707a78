import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { isDuplicateKey, transact } from '../db/transact.ts'
import { type Area, plainArea } from '../lib/area.ts'
import type { Day } from '../lib/days.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import type { Bilingual } from '../lib/text.ts'
import { Building, commonOn, type Floor, levelOf } from './building.ts'
import { Unit } from './unit.ts'

/** Creating and changing buildings and their floors. Areas in hundredths of a ㎡. */
export interface FloorInput {
  /** The code the floor had when the form was opened; null for a new one. */
  was: string | null
  code: string
  area: Area
  common: Area
}

export interface BuildingInput {
  name: Bilingual
  floors: FloorInput[]
  /** The day from which a changed common area counts. */
  commonFrom: Day
}

/** A new floor's common area holds for all of its past too. */
const ALWAYS: Day = '1900-01-01'

const shown = ({ name, floors }: Pick<Building, 'name' | 'floors'>, on: Day) => ({
  name,
  floors: floors.map(floor => `${floor.code} ${plainArea(floor.area)} / ${plainArea(commonOn(floor, on))} ㎡`),
})

function refuseTwins(floors: FloorInput[]): void {
  const seen = new Set<string>()
  floors.forEach(({ code, area, common }, i) => {
    const key = code.toUpperCase()
    if (seen.has(key)) throw new RuleError('building.floorTaken', {}, { field: `floors[${i}][code]` })
    if (common > area) throw new RuleError('floor.commonTooLarge', {}, { field: `floors[${i}][common]` })
    seen.add(key)
  })
}

/** The steps of common area with a change recorded from a day on; what was measured for later days stays. */
function withCommon(floor: Floor, common: Area, from: Day, today: Day): Floor['common'] {
  const steps = floor.common.map(step => ({ from: step.from, area: step.area }))
  if (commonOn(floor, today) === common) return steps
  return [...steps.filter(step => step.from !== from), { from, area: common }].sort((a, b) => (a.from < b.from ? -1 : 1))
}

function floorOf(input: FloorInput, before: Floor | undefined, from: Day, today: Day): Floor {
  const { code, area, common } = input
  if (!before) return { code, level: levelOf(code), area, common: [{ from: ALWAYS, area: common }], drawing: null }
  const level = before.code === code ? before.level : levelOf(code)
  return { code, level, area, common: withCommon(before, common, from, today), drawing: before.drawing }
}

/** A floor that units stand or stood on keeps its code and can't go. */
async function refuseUsed(building: Building, floors: FloorInput[]): Promise<void> {
  const kept = new Set(floors.filter(floor => floor.was === floor.code).map(floor => floor.code))
  for (const { code } of building.floors) {
    if (kept.has(code)) continue
    if (await Unit.exists({ park: building.park, building: building.code, floor: code })) {
      const row = floors.findIndex(floor => floor.was === code)
      throw new RuleError('floor.inUse', { floor: code }, { field: row < 0 ? 'floors' : `floors[${row}][code]` })
    }
  }
}

/** Adds a building. Throws building.codeTaken, building.floorTaken, floor.commonTooLarge. */
export async function createBuilding(park: string, code: string, input: BuildingInput, by: Actor): Promise<Building> {
  refuseTwins(input.floors)
  const taken = () => conflict('building.codeTaken', {}, 'code')
  const floors = input.floors.map(floor => floorOf(floor, undefined, input.commonFrom, input.commonFrom))
  try {
    return await transact(async () => {
      if (await Building.exists({ park, code })) throw taken()
      const [building] = await Building.create([{ park, code, name: input.name, floors }])
      const subject = { park, kind: 'building', ref: building!._id, label: input.name.zh }
      await audit(by, 'building.create', subject, { after: { code, ...shown({ name: input.name, floors }, input.commonFrom) } })
      return building!.toObject() as Building
    })
  } catch (error) {
    throw isDuplicateKey(error) && error.keyPattern?.['code'] ? taken() : error
  }
}

/**
 * Changes a building's name and floors from the version the form showed. Throws error.stale when it was saved in between,
 * floor.inUse when a floor with units would go or change its code.
 */
export async function editBuilding(
  park: string,
  code: string,
  version: number,
  input: BuildingInput,
  today: Day,
  by: Actor,
): Promise<void> {
  refuseTwins(input.floors)
  await transact(async () => {
    const before = (await Building.findOne({ park, code }).lean()) as Building | null
    if (!before) throw notFound()
    if (before.version !== version) throw conflict('stale')
    await refuseUsed(before, input.floors)
    const byCode = new Map(before.floors.map(floor => [floor.code, floor]))
    const floors = input.floors.map(floor => floorOf(floor, byCode.get(floor.was ?? ''), input.commonFrom, today))
    const { matchedCount } = await Building.updateOne({ park, code, version }, { $set: { name: input.name, floors }, $inc: { version: 1 } })
    if (!matchedCount) throw conflict('stale')
    const subject = { park, kind: 'building', ref: before._id, label: input.name.zh }
    await audit(by, 'building.edit', subject, {
      before: shown(before, input.commonFrom),
      after: shown({ name: input.name, floors }, input.commonFrom),
    })
  })
}
