import type { Types } from 'mongoose'
import { z } from 'zod'
import { plainArea } from '../lib/area.ts'
import { type Day, FOREVER } from '../lib/days.ts'
import { halfWidth } from '../lib/text.ts'
import { Building } from '../spaces/building.ts'
import { unitEntry } from '../spaces/index-unit.ts'
import { codeClash, type NewUnit } from '../spaces/insert-units.ts'
import { createUnits } from '../spaces/structure.ts'
import { PRODUCTS, Unit } from '../spaces/unit.ts'
import { editUnits, type UnitChange, type UnitFacts } from '../spaces/unit-edit.ts'
import { partFields, withAreas } from '../spaces/unit-forms.ts'
import { f } from '../web/fields.ts'
import type { CellProblem } from './import.ts'
import type { Column, Decision, Kind, Ledger, SourceRow } from './kinds.ts'
import { readRow } from './read-row.ts'

/**
 * Units: by building, floor and code. A unit that is there keeps its areas and days, which change from a day on by re-measuring;
 * what may change without a date (unit-edit.ts) is brought up to date. An empty cell changes nothing.
 */
const COLUMNS: Column[] = [
  { name: 'building', example: '', width: 18 },
  { name: 'floor', required: true, example: '3F', width: 10 },
  { name: 'code', required: true, example: '301', width: 14 },
  { name: 'product', choice: { values: PRODUCTS, prefix: 'space.product' }, example: 'office', width: 14 },
  { name: 'gross', required: true, example: '120.5', width: 16 },
  { name: 'chargeable', example: '110', width: 16 },
  { name: 'desks', example: '', width: 10 },
  { name: 'listRate', example: '2.2', width: 16 },
  { name: 'activeFrom', day: true, example: '2026-01-01', width: 14 },
  { name: 'note', example: '', width: 30 },
]

const schema = z.object({
  ...partFields,
  // A file without kinds of space is one of offices.
  product: f.blankOr(f.choice(PRODUCTS)),
  building: f.optionalText(100),
  floor: f.text(40),
  activeFrom: f.optionalDay(),
  note: f.optionalText(1000),
})
type Typed = z.output<typeof schema>

const FIELDS = {
  building: 1,
  floor: 1,
  code: 1,
  product: 1,
  gross: 1,
  chargeable: 1,
  desks: 1,
  listRate: 1,
  note: 1,
  activeFrom: 1,
  activeTo: 1,
}
type Known = Pick<Unit, 'floor' | 'gross' | 'chargeable' | 'activeFrom' | 'activeTo' | 'code' | '_id'> & UnitFacts

const fold = (text: string): string => halfWidth(text).toLowerCase().replace(/\s/g, '')
/** “3F”, “3f” and “3” with a word for floor are one floor; “B1” is another than “1”. */
const foldFloor = (text: string): string =>
  fold(text)
    .replace(/[^0-9a-z]/g, '')
    .replace(/(?<=\d)f$/, '')

interface Site {
  building: string
  floor: string
}

/** The buildings and floors of the park, by any of their names. */
function placesOf(buildings: Building[]) {
  const find = (name: string): Building | undefined =>
    buildings.find(one => [one.code, one.name.zh, one.name.en ?? ''].some(word => word !== '' && fold(word) === fold(name)))
  return (building: string | null, floor: string): Site | CellProblem => {
    const at = building === null && buildings.length === 1 ? buildings[0] : find(building ?? '')
    if (!at && building === null) return { column: 'building', key: 'error.required', params: {}, value: '' }
    if (!at) return { column: 'building', key: 'error.import.noBuilding', params: { value: building }, value: building! }
    const storey = at.floors.find(one => fold(one.code) === fold(floor)) ?? at.floors.find(one => foldFloor(one.code) === foldFloor(floor))
    if (storey) return { building: at.code, floor: storey.code }
    return { column: 'floor', key: 'error.import.noFloor', params: { value: floor }, value: floor }
  }
}

const sameRate = (a: string | null, b: string | null): boolean => (a === null || b === null ? a === b : Number(a) === Number(b))

function compare(unit: Known, site: Site, typed: Typed, row: number): Decision {
  const bad = (column: string, key: string, params: object, value: string): Decision => ({
    row,
    does: 'bad',
    problems: [{ column, key: `error.import.${key}`, params: { unit: `${unit.floor} ${typed.code}`, ...params }, value }],
  })
  if (unit.floor !== site.floor) return bad('floor', 'otherFloor', { floor: unit.floor }, site.floor)
  for (const field of ['gross', 'chargeable'] as const)
    if (typed[field] !== null && typed[field] !== unit[field])
      return bad(field, 'otherArea', { area: plainArea(unit[field]) }, plainArea(typed[field]))
  const { product, desks, note } = {
    product: typed.product ?? unit.product,
    desks: typed.desks ?? unit.desks,
    note: typed.note ?? unit.note,
  }
  const listRate = typed.listRate === null || sameRate(typed.listRate, unit.listRate) ? unit.listRate : typed.listRate
  if (product === unit.product && desks === unit.desks && note === unit.note && listRate === unit.listRate) return { row, does: 'same' }
  return { row, does: 'update', value: { unit, facts: { product, desks, note, listRate } } satisfies UnitChange }
}

async function open(park: string, on: Day): Promise<Ledger> {
  const place = placesOf((await Building.find({ park }).lean()) as Building[])
  const known = new Map<string, Known[]>()
  for (const unit of await Unit.find({ park }, FIELDS).lean()) {
    const key = `${unit.building}/${unit.code}`
    known.set(key, [...(known.get(key) ?? []), unit as Known])
  }
  const seen = new Map<string, number>()

  function decide(source: SourceRow): Decision {
    const { row } = source
    const read = readRow<Typed>(unitKind, source)
    if ('problems' in read) return { row, does: 'bad', problems: read.problems }
    const typed = read.value
    const site = place(typed.building, typed.floor)
    if ('column' in site) return { row, does: 'bad', problems: [site] }
    const key = `${site.building}/${typed.code}`
    const twin = seen.get(key)
    const wrong = (column: string, name: string, params: Record<string, unknown>): Decision => ({
      row,
      does: 'bad',
      problems: [{ column, key: name, params, value: typed.code }],
    })
    if (twin) return wrong('code', 'error.import.duplicateRow', { row: twin })
    seen.set(key, row)
    const units = known.get(key) ?? []
    const now = units.filter(unit => unit.activeTo >= on).sort((a, b) => (a.activeFrom < b.activeFrom ? -1 : 1))[0]
    if (now) return compare(now, site, typed, row)
    const from = typed.activeFrom ?? on
    const clash = codeClash(units, from, FOREVER)
    if (clash) return wrong('code', 'error.unit.codeTaken', { code: typed.code, from: clash.activeFrom, to: clash.activeTo })
    const { building: _building, floor: _floor, activeFrom: _from, ...part } = withAreas({ ...typed, product: typed.product ?? 'office' })
    const fresh: Omit<NewUnit, 'lineage' | 'claims'> = { shape: { park, ...site }, part, from, to: FOREVER }
    return { row, does: 'create', value: fresh }
  }

  const apply: Ledger['apply'] = async (decisions, by, options) => {
    const fresh = decisions.flatMap(one => (one.does === 'create' ? [one.value as Omit<NewUnit, 'lineage' | 'claims'>] : []))
    if (fresh.length) await createUnits(park, fresh, by, options)
    const changes = decisions.flatMap(one => (one.does === 'update' ? [one.value as UnitChange] : []))
    if (changes.length) await editUnits(park, changes, by)
  }

  return { decide, apply }
}

const ids = (park: string) => Unit.distinct('_id', { park }) as Promise<Types.ObjectId[]>
const entries = async (park: string, some: Types.ObjectId[]) =>
  ((await Unit.find({ park, _id: { $in: some } }, { claims: 0, gaps: 0, outline: 0 }).lean()) as unknown as Unit[]).map(unitEntry)

export const unitKind: Kind = { name: 'units', action: 'space.edit', columns: COLUMNS, schema, open, found: 'unit', ids, entries }
