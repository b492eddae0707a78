import { z } from 'zod'
import { plainArea } from '../lib/area.ts'
import type { Day } from '../lib/days.ts'
import { f, listIn } from '../web/fields.ts'
import { type Building, commonOn } from './building.ts'
import type { BuildingInput } from './building-edit.ts'

/** The form of a building with its floors as repeated rows. */
const CODE = /^[A-Za-z0-9][A-Za-z0-9-]{0,19}$/
const FLOOR = /^[\p{L}\p{N}][\p{L}\p{N}.-]{0,9}$/u

const row = z.object({
  was: f.optionalText(20),
  code: f.text(10).refine(code => FLOOR.test(code), 'error.invalid'),
  area: f.area(),
  common: f.optionalArea(),
})

const isTyped = (cells: unknown): boolean =>
  Object.entries((cells ?? {}) as object).some(([name, cell]) => name !== 'was' && String(cell ?? '').trim() !== '')

/** Rows as typed or recorded without the empty ones: a row with only its old code is one somebody emptied. */
export const floorRows = (value: unknown): Record<string, unknown>[] => listIn(value).filter(isTyped)

const facts = {
  nameZh: f.text(100),
  nameEn: f.optionalText(100),
  commonFrom: f.day(),
  floors: z.preprocess(floorRows, z.array(row).max(60, 'error.tooBig')),
}

export const newForm = z.object({ ...facts, code: f.text(20).refine(code => CODE.test(code) && code !== 'new', 'error.invalid') })
export const editForm = z.object({ ...facts, version: f.version() })

export const inputOf = ({ nameZh, nameEn, commonFrom, floors }: Omit<z.output<typeof editForm>, 'version'>): BuildingInput => ({
  name: { zh: nameZh, en: nameEn },
  commonFrom,
  floors: floors.map(({ was, code, area, common }) => ({ was, code, area, common: common ?? 0 })),
})

/** What the form shows of a building: areas as of today, highest floor first. */
export const valuesOf = (building: Building, today: Day) => ({
  version: building.version,
  code: building.code,
  nameZh: building.name.zh,
  nameEn: building.name.en ?? '',
  commonFrom: today,
  floors: [...building.floors]
    .sort((a, b) => b.level - a.level)
    .map(floor => ({ was: floor.code, code: floor.code, area: plainArea(floor.area), common: plainArea(commonOn(floor, today)) })),
})

type Rows = Record<string, unknown>[]

/** The rows a form draws. Where somebody saved in between, floors that came since stand at the end: nobody removes them unseen. */
export function rowsShown(typed: unknown, current: unknown): Rows {
  const rows = floorRows(typed)
  if (!current) return rows
  const known = new Set(rows.map(one => one['was']))
  return [...rows, ...(current as Rows).filter(one => !known.has(one['was']))]
}
