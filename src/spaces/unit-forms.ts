import type { Request } from 'express'
import { z } from 'zod'
import { now } from '../lib/clock.ts'
import { type Day, dayAfter, FOREVER, later, today } from '../lib/days.ts'
import { scopedOne } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { f, listIn } from '../web/fields.ts'
import { idParam } from '../web/forms.ts'
import { heldOverBy, isLive } from './state.ts'
import { PRODUCTS, Unit } from './unit.ts'

/** What the forms that change units share: the unit of an address, the first day a change may have, fields. */
export async function findUnit(req: Request): Promise<Unit> {
  const unit = await scopedOne<Unit>(Unit, { park: req.park._id, _id: idParam(req, 'unit') })
  if (!unit) throw notFound()
  return unit
}

export const unitPath = (unit: Pick<Unit, 'park' | '_id'>): string => `/parks/${unit.park}/units/${unit._id}`

/** The last day anything takes the unit; its own first day where nothing does. */
export const takenUntil = (unit: Pick<Unit, 'claims' | 'activeFrom'>): Day =>
  unit.claims.filter(claim => !claim.of && isLive(claim, now())).reduce((last, claim) => later(last, claim.to), unit.activeFrom)

/** The earliest day from which the unit may be something else; null while it is taken with no end. */
export function earliestChange(unit: Unit, on: Day): Day | null {
  const taken = takenUntil(unit)
  if (taken === FOREVER) return null
  const first = dayAfter(taken)
  return heldOverBy(unit, { on, today: on }) ? later(first, dayAfter(on)) : first
}

/** What a dated form starts with: tomorrow, or the first day nothing stands against. */
export function datesOf(req: Request, unit: Unit): { earliest: Day | null; suggested: Day } {
  const day = today(req.park.zone)
  const earliest = earliestChange(unit, day)
  return { earliest, suggested: later(earliest ?? day, dayAfter(day)) }
}

export const code = () => f.text(20)

export const factsFields = {
  product: f.choice(PRODUCTS),
  desks: f.optionalWhole(1, 9999),
  listRate: f.optionalRate(),
}

export const partFields = { code: code(), ...factsFields, gross: f.area(), chargeable: f.optionalArea() }
const part = z.object(partFields)

/** A row counts once something besides what a new row comes with is typed. */
const isTyped = (cells: unknown): boolean =>
  ['code', 'gross', 'chargeable'].some(name => String((cells as Record<string, unknown> | null)?.[name] ?? '').trim() !== '')

export const partRows = (value: unknown): Record<string, unknown>[] => listIn(value).filter(isTyped)

export const splitForm = z.object({ on: f.day(), parts: z.preprocess(partRows, z.array(part).max(40, 'error.tooBig')) })

/** Chargeable area left empty is the gross area. */
export const withAreas = <T extends { gross: number; chargeable: number | null }>(typed: T): T & { chargeable: number } => ({
  ...typed,
  chargeable: typed.chargeable ?? typed.gross,
})
