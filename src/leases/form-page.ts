import type { Request } from 'express'
import { now } from '../lib/clock.ts'
import { isDay, overlaps, today as todayIn } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { ANCHORS, BROKEN } from '../parks/park.ts'
import { byCode } from '../spaces/plan-layout.ts'
import { isActive, isLive } from '../spaces/state.ts'
import { Unit } from '../spaces/unit.ts'
import { Tenant } from '../tenants/tenant.ts'
import { type FormState, formState } from '../web/forms.ts'
import { rowsIn } from './form.ts'
import { BASES, CYCLES } from './terms.ts'

/** What every page with the lease form needs: choices, the rows to draw, and which units are free in the wanted period. */
interface Choice {
  id: string
  code: string
  floor: string
  area: number
  rate: string
  desks: number | null
  free: boolean
}

const FIELDS = { floor: 1, code: 1, chargeable: 1, desks: 1, listRate: 1, activeFrom: 1, activeTo: 1, claims: 1 }

async function unitChoices(park: string, from: string, to: string, own: string | null): Promise<Choice[]> {
  const units = await scopedFind<Unit>(Unit, { park, activeTo: { $gte: from } }, { projection: FIELDS, limit: 2000 })
  const free = (unit: Unit) =>
    isActive(unit, from) &&
    isActive(unit, to) &&
    !unit.claims.some(claim => !claim.of && String(claim.lease) !== own && isLive(claim, now()) && overlaps(claim, { from, to }))
  return units.sort(byCode).map(unit => ({
    id: String(unit._id),
    code: unit.code,
    floor: unit.floor,
    area: unit.chargeable,
    rate: unit.listRate ?? '',
    desks: unit.desks,
    free: free(unit),
  }))
}

const tenantChoices = (park: string): Promise<Pick<Tenant, '_id' | 'name'>[]> =>
  scopedFind<Pick<Tenant, '_id' | 'name'>>(Tenant, { park, mergedInto: null }, { projection: { name: 1 }, sort: { name: 1 }, limit: 3000 })

const dayOr = (value: unknown, fallback: string): string => (isDay(value) ? value : fallback)

export async function formPage(req: Request, values: Record<string, unknown>, own: string | null = null) {
  const form: FormState = formState(req, values)
  const park = req.park._id
  const today = todayIn(req.park.zone)
  const from = dayOr(form.values['from'], today)
  const to = dayOr(form.values['to'], from)
  const [units, tenants] = await Promise.all([unitChoices(park, from, to < from ? from : to, own), tenantChoices(park)])
  const rows = Object.fromEntries(['lines', 'rentFree', 'escalation', 'reductions'].map(name => [name, rowsIn(form.values, name)]))
  return { form, units, tenants, rows, bases: BASES, cycles: CYCLES, anchors: ANCHORS, brokens: BROKEN, scripts: ['lease-form.js'] }
}
