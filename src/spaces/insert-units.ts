import type { Actor } from '../accounts/identity.ts'
import { auditAll } from '../audit/entry.ts'
import type { Area } from '../lib/area.ts'
import { type Day, overlaps } from '../lib/days.ts'
import { conflict } from '../lib/rule-error.ts'
import { addEntries } from '../search/entry.ts'
import { gapsOf } from './gaps.ts'
import { unitEntry } from './index-unit.ts'
import { type Claim, type Lineage, type Product, Unit } from './unit.ts'

/** What of a unit somebody says: the rest follows from where and when it stands. Areas in hundredths of a ㎡. */
export interface Part {
  code: string
  product: Product
  gross: Area
  chargeable: Area
  desks?: number | null
  listRate?: string | null
  note?: string | null
  outline?: [number, number][]
}

export interface Shape {
  park: string
  building: string
  floor: string
}

export interface NewUnit {
  shape: Shape
  part: Part
  from: Day
  to: Day
  lineage: Lineage | null
  claims: Claim[]
}

type Days = Pick<Unit, 'activeFrom' | 'activeTo'>

/** The one of a building's units with a code that has it on a day of the range: a code names one unit a day. */
export const codeClash = <U extends Days>(sameCode: U[], from: Day, to: Day): U | undefined =>
  sameCode.find(one => overlaps({ from: one.activeFrom, to: one.activeTo }, { from, to }))

const placeOf = (building: string, code: string): string => `${building}/${code}`

async function refuseTakenCodes(park: string, list: NewUnit[]): Promise<void> {
  const codes = { building: { $in: list.map(({ shape }) => shape.building) }, code: { $in: list.map(({ part }) => part.code) } }
  const used = new Map<string, Days[]>()
  const note = (place: string, days: Days) => used.set(place, [...(used.get(place) ?? []), days])
  for (const unit of await Unit.find({ park, ...codes }, { building: 1, code: 1, activeFrom: 1, activeTo: 1 }).lean())
    note(placeOf(unit.building, unit.code), unit)
  for (const { shape, part, from, to } of list) {
    const place = placeOf(shape.building, part.code)
    const other = codeClash(used.get(place) ?? [], from, to)
    if (other) throw conflict('unit.codeTaken', { code: part.code, from: other.activeFrom, to: other.activeTo }, 'code')
    note(place, { activeFrom: from, activeTo: to })
  }
}

const shown = ({ part, from }: NewUnit) => {
  const { code, gross, chargeable, product } = part
  return { code, gross, chargeable, product, activeFrom: from }
}

/**
 * Writes new units of a park with their search and audit entries, whether it is one or hundreds. Call it inside a transaction
 * that has locked their buildings; `foundLater`: the search entries are written after it, by unitEntry(). Throws unit.codeTaken.
 */
export async function insertUnits(park: string, list: NewUnit[], by: Actor, { foundLater = false } = {}): Promise<Unit[]> {
  await refuseTakenCodes(park, list)
  const docs = list.map(({ shape, part, from, to, lineage, claims }) => {
    const fresh = { ...shape, ...part, park, activeFrom: from, activeTo: to, lineage, claims }
    return { ...fresh, gaps: gapsOf(fresh, from) }
  })
  const made = (await Unit.insertMany(docs)).map(unit => unit.toObject() as unknown as Unit)
  if (!foundLater) await addEntries(made.map(unitEntry))
  await auditAll(
    by,
    'unit.create',
    made.map((unit, i) => ({ park, kind: 'unit', ref: unit._id, label: unit.code, after: shown(list[i]!) })),
  )
  return made
}
