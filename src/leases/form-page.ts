import type { Request } from 'express'
import { isDay, today as todayIn } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { ANCHORS, BROKEN } from '../parks/park.ts'
import { Tenant } from '../tenants/tenant.ts'
import { type FormState, formState, readMany } from '../web/forms.ts'
import { type Choice, type Own, unitChoices } from './availability.ts'
import { rowsIn } from './form.ts'
import { BASES, CYCLES } from './terms.ts'
import { GROUPS, theirRows } from './theirs.ts'

/** What every page with the lease form needs: choices, the rows to draw, and which units are free in the wanted period. */
export const tenantChoices = (park: string): Promise<Pick<Tenant, '_id' | 'name'>[]> =>
  scopedFind<Pick<Tenant, '_id' | 'name'>>(Tenant, { park, mergedInto: null }, { projection: { name: 1 }, sort: { name: 1 }, limit: 3000 })

const dayOr = (value: unknown, fallback: string): string => (isDay(value) ? value : fallback)

/** Units by floor, as the select groups them; the building is named where there are several. */
function floorsOf(units: Choice[]): { name: string; units: Choice[] }[] {
  const several = new Set(units.map(unit => unit.building)).size > 1
  const floors = new Map<string, Choice[]>()
  for (const unit of units) {
    const name = several ? `${unit.building.toUpperCase()} · ${unit.floor}` : unit.floor
    floors.set(name, [...(floors.get(name) ?? []), unit])
  }
  return [...floors].map(([name, list]) => ({ name, units: list }))
}

/** The part of a form that says what is agreed. `own`: whose claims don't stand in its way. */
export async function termsPage(req: Request, values: Record<string, unknown>, own: Own = {}) {
  const form: FormState = formState(req, values)
  const today = todayIn(req.park.zone)
  const from = dayOr(form.values['from'], today)
  const to = dayOr(form.values['to'], from)
  const units = await unitChoices(req.park._id, { from, to: to < from ? from : to }, own)
  // A group that was sent empty is empty: the record's rows must not come back.
  const typed = req.failed ? req.failed.values : form.values
  const rows = Object.fromEntries(GROUPS.map(name => [name, rowsIn(typed, name)]))
  const theirs = theirRows(form.current, rows, units)
  return {
    form,
    units,
    floors: floorsOf(units),
    rows,
    theirs,
    bases: BASES,
    cycles: CYCLES,
    anchors: ANCHORS,
    brokens: BROKEN,
    scripts: ['lease-form.js'],
  }
}

/** Units that come with the address (?unit=), from the plan or the suggestions: a row each, with their list rate. */
export function addChosen(req: Request, page: Awaited<ReturnType<typeof termsPage>>): void {
  if (req.failed) return
  const rows = page.rows['lines']!
  for (const id of readMany(req, 'unit')) {
    const unit = page.units.find(one => one.id === id)
    if (unit && !rows.some(row => row['unit'] === id)) rows.push({ unit: id, rate: unit.rate, desks: unit.desks ?? '' })
  }
  const chosen = page.units.filter(unit => rows.some(row => row['unit'] === unit.id))
  const flexible = page.form.values['basis'] === 'sqm-day' && chosen.length > 0
  // List rates of workstations are per desk and month (FACTS): the basis goes with them.
  if (flexible && chosen.every(unit => unit.product === 'workstation')) page.form.values['basis'] = 'desk-month'
}

export async function formPage(req: Request, values: Record<string, unknown>, own: string | null = null) {
  const [page, tenants] = await Promise.all([termsPage(req, values, { lease: own }), tenantChoices(req.park._id)])
  return { ...page, tenants }
}
