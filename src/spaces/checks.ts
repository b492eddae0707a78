import type { Types } from 'mongoose'
import { plainArea } from '../lib/area.ts'
import type { Check, Report, Subject } from '../lib/check.ts'
import { now } from '../lib/clock.ts'
import { type Day, dayBefore, overlaps, today } from '../lib/days.ts'
import { Park } from '../parks/park.ts'
import { Building, commonOn, type Floor } from './building.ts'
import { gapsOf } from './gaps.ts'
import { isActive, isLive } from './state.ts'
import { type Claim, type Lineage, Unit } from './unit.ts'

/** What must hold of units, whatever wrote them (DESIGN §3): one claim a day, dated structure, areas that are conserved. */
export const unitSubject = ({ park, _id, floor, code }: Pick<Unit, 'park' | '_id' | 'floor' | 'code'>): Subject => ({
  park,
  kind: 'unit',
  id: _id,
  label: `${floor} ${code}`,
})

const slugs = async (): Promise<string[]> => (await Park.find({}, { _id: 1 }).lean()).map(park => park._id)

/** All units of a park, without what grows with its history. */
const structureOf = (park: string): Promise<Unit[]> =>
  Unit.find({ park }, { claims: 0, gaps: 0, outline: 0 }).sort({ building: 1, code: 1, activeFrom: 1 }).lean() as unknown as Promise<Unit[]>

async function eachUnit(work: (unit: Unit) => void): Promise<void> {
  for (const park of await slugs()) for await (const unit of Unit.find({ park }).lean().cursor()) work(unit as Unit)
}

const span = ({ from, to }: { from: Day; to: Day }): string => `${from}…${to}`
const named = (claim: Claim): string => `${claim.kind} ${claim.number ?? claim._id} ${span(claim)}`

/** Claims that count: copies of a parent's claim and holds that have run out don't. */
const counting = (unit: Unit): Claim[] => unit.claims.filter(claim => !claim.of && isLive(claim, now()))

function checkOverlaps(unit: Unit, report: Report): void {
  const claims = counting(unit).sort((a, b) => (a.from < b.from ? -1 : 1))
  claims.forEach((claim, i) => {
    const other = claims.slice(0, i).find(one => overlaps(one, claim))
    if (other) report(`is claimed twice: ${named(other)} and ${named(claim)}`, unitSubject(unit))
  })
}

function checkRanges(unit: Unit, report: Report): void {
  const subject = unitSubject(unit)
  if (unit.activeFrom > unit.activeTo) report(`begins on ${unit.activeFrom}, after its last day ${unit.activeTo}`, subject)
  for (const claim of unit.claims) {
    if (claim.from > claim.to) report(`has a claim that ends before it begins: ${named(claim)}`, subject)
    if (claim.kind === 'lease' && !(claim.lease && claim.number && claim.tenant && claim.stage))
      report(`has a lease's claim without its lease, number, tenant or stage: ${named(claim)}`, subject)
  }
  for (const claim of counting(unit))
    if (claim.from < unit.activeFrom || claim.to > unit.activeTo)
      report(`exists ${unit.activeFrom}…${unit.activeTo} and is claimed outside of it: ${named(claim)}`, subject)
}

/** Gaps that ended before the last write may have been dropped, so only those that reach today are compared. */
function checkGaps(unit: Unit, report: Report): void {
  const day = today()
  const shown = (gaps: { from: Day; to: Day }[]) =>
    gaps
      .filter(gap => gap.to >= day)
      .map(span)
      .join(', ')
  const [kept, right] = [shown(unit.gaps), shown(gapsOf(unit, day))]
  if (kept !== right) report(`keeps the free ranges [${kept}], its claims leave [${right}]`, unitSubject(unit))
}

function checkAreas(unit: Unit, report: Report): void {
  for (const field of ['gross', 'chargeable'] as const)
    if (!Number.isSafeInteger(unit[field]) || unit[field] < 0)
      report(`has a ${field} area of ${unit[field]}, not whole hundredths of ㎡`, unitSubject(unit))
}

/** One code may name many units over time, and one a day. */
async function checkCodes(report: Report): Promise<void> {
  for (const park of await slugs()) {
    const units = await structureOf(park)
    units.forEach((unit, i) => {
      const before = units[i - 1]
      if (before?.building === unit.building && before.code === unit.code && before.activeTo >= unit.activeFrom)
        report(`has the code of ${before._id} from ${unit.activeFrom} to ${before.activeTo}`, unitSubject(unit))
    })
  }
}

async function checkPlaces(report: Report): Promise<void> {
  for (const park of await slugs()) {
    const buildings = await Building.find({ park }).lean()
    for (const { _id, code, floors } of buildings) {
      const codes = floors.map(floor => floor.code)
      if (new Set(codes).size < codes.length) report('has two floors of one code', { park, kind: 'building', id: _id, label: code })
    }
    const floors = new Set(buildings.flatMap(building => building.floors.map(floor => `${building.code}/${floor.code}`)))
    for (const unit of await structureOf(park))
      if (!floors.has(`${unit.building}/${unit.floor}`))
        report(`stands on floor ${unit.floor} of building ${unit.building}, which isn't there`, unitSubject(unit))
  }
}

type Family = { lineage: Lineage; children: Unit[]; parents: Unit[] }

function familiesOf(units: Unit[]): Family[] {
  const byId = new Map(units.map(unit => [String(unit._id), unit]))
  const families = new Map<string, Family>()
  for (const unit of units) {
    if (!unit.lineage) continue
    const { kind, from, on } = unit.lineage
    const key = `${kind} ${on} ${from.map(String).sort().join(' ')}`
    const parents = from.flatMap((id: Types.ObjectId) => byId.get(String(id)) ?? [])
    const family = families.get(key) ?? { lineage: unit.lineage, children: [], parents }
    family.children.push(unit)
    families.set(key, family)
  }
  return [...families.values()]
}

function checkFamily({ lineage, children, parents }: Family, report: Report): void {
  const { kind, on, from } = lineage
  const [child] = children
  const tell = (message: string) => report(`${kind} on ${on}: ${message}`, unitSubject(child!))
  if (parents.length < from.length) return tell('a unit it was made of is gone')
  if (parents.some(unit => unit.building !== child!.building || unit.floor !== child!.floor)) tell('was made of units of another floor')
  if (children.some(unit => unit.activeFrom !== on)) tell('a unit made of it begins on another day')
  if (parents.some(unit => unit.activeTo !== dayBefore(on))) tell('a unit it was made of doesn’t end the day before')
  const [most, least] = kind === 'merge' ? [parents, children] : [children, parents]
  if (least.length !== 1 || most.length < (kind === 'remeasure' ? 1 : 2)) tell(`makes ${children.length} units of ${parents.length}`)
  if (kind === 'remeasure') return
  for (const field of ['gross', 'chargeable'] as const) {
    const sum = (units: Unit[]) => units.reduce((total, unit) => total + unit[field], 0)
    if (sum(parents) !== sum(children)) tell(`${plainArea(sum(parents))} ㎡ ${field} became ${plainArea(sum(children))} ㎡`)
  }
}

async function checkLineage(report: Report): Promise<void> {
  for (const park of await slugs()) {
    const units = await structureOf(park)
    for (const family of familiesOf(units)) checkFamily(family, report)
  }
}

/** On today and every later day on which a floor's units change: what is recorded against what it is made of. */
function noteFloor(building: Building, floor: Floor, units: Unit[], report: Report): void {
  const day = today()
  const days = [day, ...units.map(unit => unit.activeFrom).filter(from => from > day)]
  for (const on of new Set(days)) {
    const sum = units.filter(unit => isActive(unit, on)).reduce((total, unit) => total + unit.gross, commonOn(floor, on))
    const subject = { park: building.park, kind: 'floor', id: `${building.code}/${floor.code}` }
    if (sum !== floor.area)
      report(`is recorded as ${plainArea(floor.area)} ㎡; units and common area are ${plainArea(sum)} ㎡ on ${on}`, subject)
  }
}

async function noteAreas(report: Report): Promise<void> {
  for (const { _id: park, area } of await Park.find({}, { area: 1 }).lean()) {
    const buildings = (await Building.find({ park }).lean()) as Building[]
    const units = await structureOf(park)
    for (const building of buildings)
      for (const floor of building.floors) {
        const here = units.filter(unit => unit.building === building.code && unit.floor === floor.code)
        noteFloor(building, floor, here, report)
      }
    const total = buildings.flatMap(building => building.floors).reduce((sum, floor) => sum + floor.area, 0)
    if (area !== null && area !== total)
      report(`is recorded as ${plainArea(area)} ㎡; its floors are ${plainArea(total)} ㎡`, { park, kind: 'park', id: park })
  }
}

const ofUnits = (name: string, check: (unit: Unit, report: Report) => void): Check => ({
  name,
  run: report => eachUnit(unit => check(unit, report)),
})

export const checks: Check[] = [
  ofUnits('No day of a unit is claimed twice', checkOverlaps),
  ofUnits('Units are claimed while they exist', checkRanges),
  ofUnits('Free ranges follow from the claims', checkGaps),
  ofUnits('Areas are whole hundredths', checkAreas),
  { name: 'A code names one unit a day', run: checkCodes },
  { name: 'Units stand on a floor', run: checkPlaces },
  { name: 'Split, merged and re-measured units follow from what they were', run: checkLineage },
  { name: 'Areas add up', level: 'note', run: noteAreas },
]
