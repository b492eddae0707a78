import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import type { Area } from '../lib/area.ts'
import { now } from '../lib/clock.ts'
import { type Day, dayAfter, dayBefore, FOREVER, today } from '../lib/days.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { Building } from './building.ts'
import { gapsOf } from './gaps.ts'
import { insertUnits, type NewUnit, type Part, type Shape } from './insert-units.ts'
import { heldOverBy, isLive } from './state.ts'
import { type Claim, type Lineage, Unit } from './unit.ts'

export type { Part } from './insert-units.ts'

/**
 * Dated changes of what units there are (DESIGN §3): the old unit ends the day before, new ones begin on the day; leases keep
 * showing the old unit. A claim past the date refuses the change. All of it bumps the building's version, so that two changes of
 * one building wait for each other and a code is never in use twice on a day.
 */
type UnitDoc = NonNullable<Awaited<ReturnType<typeof loadUnit>>>

const loadUnit = (park: string, _id: Types.ObjectId) => Unit.findOne({ park, _id }).lean()

async function lockBuilding(park: string, building: string): Promise<void> {
  const { matchedCount } = await Building.updateOne({ park, code: building }, { $inc: { version: 1 } })
  if (!matchedCount) throw notFound()
}

async function insert(shape: Shape, part: Part, from: Day, to: Day, lineage: Lineage | null, claims: Claim[], by: Actor): Promise<UnitDoc> {
  const [unit] = await insertUnits(shape.park, [{ shape, part, from, to, lineage, claims }], by)
  return unit as UnitDoc
}

/** Adds a unit to a floor from a day on. */
export async function createUnit(shape: Shape, part: Part, from: Day, by: Actor, to: Day = FOREVER): Promise<UnitDoc> {
  const [unit] = await createUnits(shape.park, [{ shape, part, from, to }], by)
  return unit!
}

/** Adds many units of a park, all or none of them. */
export async function createUnits(
  park: string,
  list: Omit<NewUnit, 'lineage' | 'claims'>[],
  by: Actor,
  options: { foundLater?: boolean } = {},
): Promise<UnitDoc[]> {
  return transact(async () => {
    for (const building of new Set(list.map(({ shape }) => shape.building))) await lockBuilding(park, building)
    const fresh = list.map(unit => ({ ...unit, lineage: null, claims: [] }))
    return (await insertUnits(park, fresh, by, options)) as UnitDoc[]
  })
}

/** Already split, merged or re-measured, from the day after its last: what it becomes then follows from it as it is. */
async function hasBecome({ park, building, _id, activeTo }: UnitDoc): Promise<boolean> {
  if (activeTo === FOREVER) return false
  return (await Unit.exists({ park, building, activeFrom: dayAfter(activeTo), 'lineage.from': _id })) !== null
}

/** The last day of a unit. Throws unit.claimedPast when anything claims it later, unit.heldOver while somebody is still in it. */
async function close(unit: UnitDoc, lastDay: Day, by: Actor, action: string): Promise<void> {
  const past = unit.claims.find(claim => claim.to > lastDay && !claim.of && isLive(claim, now()))
  if (past) throw new RuleError('unit.claimedPast', { unit: unit.code, to: past.to, number: past.number ?? '' }, { field: 'on' })
  if (lastDay < unit.activeFrom) throw new RuleError('unit.before', { unit: unit.code, from: unit.activeFrom }, { field: 'on' })
  if (lastDay >= unit.activeTo || (await hasBecome(unit))) throw conflict('unit.endsBefore', { unit: unit.code, to: unit.activeTo })
  const over = heldOverBy(unit, { on: today(), today: today() })
  if (over && lastDay < today())
    throw new RuleError('unit.heldOver', { unit: unit.code, tenant: over.tenantName ?? '', to: over.to }, { field: 'on' })
  const busy = { to: { $gt: lastDay }, of: null, $or: [{ expiresAt: null }, { expiresAt: { $gt: now() } }] }
  const { matchedCount } = await Unit.updateOne(
    { park: unit.park, _id: unit._id, activeTo: unit.activeTo, claims: { $not: { $elemMatch: busy } } },
    { $set: { activeTo: lastDay, gaps: gapsOf({ ...unit, activeTo: lastDay }, today()) }, $inc: { version: 1 } },
  )
  if (!matchedCount) throw conflict('unit.busy', { unit: unit.code })
  await audit(
    by,
    action,
    { park: unit.park, kind: 'unit', ref: unit._id, label: unit.code },
    { before: { activeTo: unit.activeTo }, after: { activeTo: lastDay } },
  )
}

/** The handover that is still due from a unit goes on with what becomes of it. */
function inherited(parents: UnitDoc[]): Claim[] {
  return parents.flatMap(unit => {
    const open = unit.claims.filter(claim => claim.kind === 'lease' && claim.stage === 'signed' && !claim.vacatedOn && !claim.continued)
    return open.map(claim => ({ ...claim, _id: new Types.ObjectId(), of: claim.of ?? unit._id }))
  })
}

const sum = (parts: { gross: Area; chargeable: Area }[], field: 'gross' | 'chargeable'): Area =>
  parts.reduce((total, part) => total + part[field], 0)

function refuseLostArea(before: { gross: Area; chargeable: Area }[], after: Part[]): void {
  for (const field of ['gross', 'chargeable'] as const) {
    const [had, has] = [sum(before, field), sum(after, field)]
    if (had !== has)
      throw new RuleError('unit.areaLost', { had: had / 100, has: has / 100, which: `key:space.unit.${field}` }, { field: 'parts' })
  }
}

async function loadOpen(park: string, ids: Types.ObjectId[], on: Day): Promise<UnitDoc[]> {
  const units: UnitDoc[] = []
  for (const id of ids) {
    const unit = await loadUnit(park, id)
    if (!unit) throw notFound()
    if (unit.activeFrom >= on || unit.activeTo < on) throw new RuleError('unit.notOn', { unit: unit.code, on }, { field: 'on' })
    units.push(unit)
  }
  return units
}

async function replace(parents: UnitDoc[], parts: Part[], on: Day, kind: Lineage['kind'], by: Actor): Promise<UnitDoc[]> {
  const [first] = parents
  const shape = { park: first!.park, building: first!.building, floor: first!.floor }
  await lockBuilding(shape.park, shape.building)
  for (const unit of parents) await close(unit, dayBefore(on), by, `unit.${kind}`)
  const lineage: Lineage = { kind, from: parents.map(unit => unit._id), on }
  const claims = inherited(parents)
  const made: UnitDoc[] = []
  const until = parents.reduce((to, unit) => (unit.activeTo < to ? unit.activeTo : to), FOREVER)
  for (const part of parts)
    made.push(
      await insert(
        shape,
        part,
        on,
        until,
        lineage,
        claims.map(claim => ({ ...claim, _id: new Types.ObjectId() })),
        by,
      ),
    )
  return made
}

/** From `on` the unit is several; their areas sum to its own. */
export async function splitUnit(park: string, id: Types.ObjectId, on: Day, parts: Part[], by: Actor): Promise<UnitDoc[]> {
  if (parts.length < 2) throw new RuleError('unit.splitIntoTwo', {}, { field: 'parts' })
  return transact(async () => {
    const [unit] = await loadOpen(park, [id], on)
    refuseLostArea([unit!], parts)
    return replace([unit!], parts, on, 'split', by)
  })
}

/** From `on` several units of one floor are one, with the sum of their areas. */
export async function mergeUnits(
  park: string,
  ids: Types.ObjectId[],
  on: Day,
  part: Omit<Part, 'gross' | 'chargeable'>,
  by: Actor,
): Promise<UnitDoc> {
  if (new Set(ids.map(String)).size < 2) throw new RuleError('unit.mergeTwo', {}, { field: 'units' })
  return transact(async () => {
    const units = await loadOpen(park, ids, on)
    const [first] = units
    if (units.some(unit => unit.floor !== first!.floor || unit.building !== first!.building))
      throw new RuleError('unit.sameFloor', {}, { field: 'units' })
    const whole = { ...part, gross: sum(units, 'gross'), chargeable: sum(units, 'chargeable') }
    const [made] = await replace(units, [whole], on, 'merge', by)
    return made!
  })
}

/**
 * From `on` the unit has other areas. The difference to the old gross area goes to or comes from the floor's common area when
 * `moveCommon` is set; otherwise the floor no longer adds up, and the desk says so.
 */
export async function remeasureUnit(
  park: string,
  id: Types.ObjectId,
  on: Day,
  areas: { gross: Area; chargeable: Area },
  moveCommon: boolean,
  by: Actor,
): Promise<UnitDoc> {
  return transact(async () => {
    const [unit] = await loadOpen(park, [id], on)
    const { code, product, desks, listRate, outline } = unit!
    const [made] = await replace([unit!], [{ code, product, desks, listRate, outline, ...areas }], on, 'remeasure', by)
    if (moveCommon) await shiftCommon(unit!, on, unit!.gross - areas.gross)
    return made!
  })
}

/** Adds to the common area of a floor from a day on; later steps move along. */
async function shiftCommon(unit: UnitDoc, on: Day, by: Area): Promise<void> {
  const building = await Building.findOne({ park: unit.park, code: unit.building }).orFail(notFound)
  const floor = building.floors.find(one => one.code === unit.floor)
  if (!floor) throw notFound()
  const steps = [...floor.common].map(({ from, area }) => ({ from, area })).sort((a, b) => (a.from < b.from ? -1 : 1))
  const base = steps.filter(step => step.from <= on).at(-1)?.area ?? 0
  if (!steps.some(step => step.from === on)) steps.push({ from: on, area: base })
  floor.common = steps.map(step => (step.from >= on ? { ...step, area: step.area + by } : step)).sort((a, b) => (a.from < b.from ? -1 : 1))
  if (floor.common.some(step => step.area < 0)) throw new RuleError('floor.commonNegative', {}, { field: 'gross' })
  await building.save()
}

/** The unit's last day. */
export async function retireUnit(park: string, id: Types.ObjectId, lastDay: Day, by: Actor): Promise<void> {
  await transact(async () => {
    const unit = await loadUnit(park, id)
    if (!unit) throw notFound()
    await lockBuilding(park, unit.building)
    await close(unit, lastDay, by, 'unit.retire')
  })
}
