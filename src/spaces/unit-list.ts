import type { Request } from 'express'
import { z } from 'zod'
import type { Area } from '../lib/area.ts'
import { type Day, FOREVER, isDay } from '../lib/days.ts'
import { refsOf } from '../search/entry.ts'
import { f } from '../web/fields.ts'
import { readMany } from '../web/forms.ts'
import { pageSchema, type Tag } from '../web/list.ts'
import { levelOf } from './building.ts'
import { unitsWithin, whenOf } from './plan.ts'
import { byCode } from './plan-layout.ts'
import { isActive, STATES, type UnitState, unitState } from './state.ts'
import { PRODUCTS, type Unit } from './unit.ts'

/**
 * The units of a day with their states. What a date decides can't be asked of the database: it gives the units that exist, and the
 * same functions that colour the plan say what they are.
 */
export const unitQuery = z.object({
  q: z.string().trim().max(60).optional(),
  on: z.string().refine(isDay).optional(),
  building: z.string().max(20).optional(),
  floor: z.string().max(20).optional(),
  product: z.enum(PRODUCTS).optional(),
  state: z.enum(STATES).optional(),
  area: f.optionalArea().optional(),
  areaMax: f.optionalArea().optional(),
  rate: f.optionalRate().optional(),
  rateMax: f.optionalRate().optional(),
  sort: z.string().max(20).optional(),
  ...pageSchema,
})
export type Asked = z.output<typeof unitQuery>

export interface UnitRow {
  unit: Unit
  is: UnitState
}

/** Who or what takes the unit, as far as the claim says it. */
export const takerOf = ({ claim }: UnitState): string => claim?.tenantName ?? claim?.label ?? ''

const rateOf = (unit: Unit): number => (unit.listRate === null ? -1 : Number(unit.listRate))
const byPlace = (a: UnitRow, b: UnitRow): number =>
  a.unit.building.localeCompare(b.unit.building) || levelOf(a.unit.floor) - levelOf(b.unit.floor) || byCode(a.unit, b.unit)
const byText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)

const SORTS = {
  code: byPlace,
  state: (a, b) => STATES.indexOf(a.is.state) - STATES.indexOf(b.is.state),
  tenant: (a, b) => takerOf(a.is).localeCompare(takerOf(b.is), 'zh-CN'),
  product: (a, b) => PRODUCTS.indexOf(a.unit.product) - PRODUCTS.indexOf(b.unit.product),
  area: (a, b) => a.unit.gross - b.unit.gross,
  rate: (a, b) => rateOf(a.unit) - rateOf(b.unit),
  until: (a, b) => byText(a.is.until, b.is.until),
} satisfies Record<string, (a: UnitRow, b: UnitRow) => number>
type Sort = keyof typeof SORTS

/** `sort=-area`: a known column, descending with a minus; units that are equal in it stand by their place. */
export function sortUnits(rows: UnitRow[], given: string | undefined): { name: string; rows: UnitRow[] } {
  const name = given && given.replace(/^-/, '') in SORTS ? given : 'code'
  const compare: (a: UnitRow, b: UnitRow) => number = SORTS[name.replace(/^-/, '') as Sort]
  const way = name.startsWith('-') ? -1 : 1
  return { name, rows: [...rows].sort((a, b) => way * compare(a, b) || byPlace(a, b)) }
}

const between = (value: number, from: number | null | undefined, to: number | null | undefined): boolean =>
  (from === null || from === undefined || value >= from) && (to === null || to === undefined || value <= to)

const number = (text: string | null | undefined): number | null => (text ? Number(text) : null)

/** What is asked of a unit whatever the day. */
function fits(unit: Unit, asked: Asked): boolean {
  if (asked.product && unit.product !== asked.product) return false
  if (!between(unit.gross, asked.area, asked.areaMax)) return false
  if (!asked.rate && !asked.rateMax) return true
  return unit.listRate !== null && between(Number(unit.listRate), number(asked.rate), number(asked.rateMax))
}

export interface Found {
  /** Fits all that is asked but the state: what the sums by state are made of. */
  anyState: UnitRow[]
  rows: UnitRow[]
}

/** The units of the park that exist on `on` and fit; a text finds a unit by its code, or by the tenant that has it on the day. */
export async function findUnits(req: Request, asked: Asked, on: Day, today: Day): Promise<Found> {
  const park = req.park._id
  const where = { ...(asked.building && { building: asked.building }), ...(asked.floor && { floor: asked.floor }) }
  const [units, found, tenants] = await Promise.all([
    // Until when a unit is free says its next claim, however far ahead.
    unitsWithin(park, { from: on, to: FOREVER }, where),
    asked.q ? refsOf(park, 'unit', asked.q) : null,
    asked.q ? refsOf(park, 'tenant', asked.q) : null,
  ])
  const when = whenOf(req.park, on, today)
  const named = found && new Set([...found, ...tenants!].map(String))
  const picked = new Set(readMany(req, 'unit'))
  const anyState: UnitRow[] = []
  for (const unit of units) {
    if (!isActive(unit, on) || !fits(unit, asked)) continue
    const is = unitState(unit, when)!
    if (named && !named.has(String(unit._id)) && !named.has(String(is.claim?.tenant))) continue
    if (picked.size && !picked.has(String(unit._id))) continue
    anyState.push({ unit, is })
  }
  return { anyState, rows: asked.state ? anyState.filter(row => row.is.state === asked.state) : anyState }
}

export const areaOf = (rows: UnitRow[]): Area => rows.reduce((sum, row) => sum + row.unit.gross, 0)

const range = (from: string | undefined, to: string | undefined): string =>
  from && to ? `${from} – ${to}` : from ? `\u2265 ${from}` : `\u2264 ${to}`
const square = (req: Request, area: Area | null | undefined): string | undefined => (area ? req.fmt.areaNumber(area) : undefined)

export function tagsOf(req: Request, asked: Asked): Tag[] {
  const tags: Tag[] = []
  const picked = readMany(req, 'unit').length
  const [area, areaMax] = [square(req, asked.area), square(req, asked.areaMax)]
  const [rate, rateMax] = [asked.rate ?? undefined, asked.rateMax ?? undefined]
  if (asked.q) tags.push({ names: ['q'], text: asked.q })
  if (picked) tags.push({ names: ['unit'], text: req.t('list.selected', { count: picked }) })
  if (asked.building) tags.push({ names: ['building'], text: `${req.t('unit.building')} ${asked.building}` })
  if (asked.floor) tags.push({ names: ['floor'], text: `${req.t('unit.floor')} ${asked.floor}` })
  if (asked.product) tags.push({ names: ['product'], text: req.t(`space.product.${asked.product}`) })
  if (asked.state) tags.push({ names: ['state'], text: req.t(`space.state.${asked.state}`) })
  if (area || areaMax) tags.push({ names: ['area', 'areaMax'], text: `${range(area, areaMax)} ㎡` })
  if (rate || rateMax) tags.push({ names: ['rate', 'rateMax'], text: `${req.t('space.unit.listRate')} ${range(rate, rateMax)}` })
  return tags
}
