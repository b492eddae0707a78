import { Lease } from '../leases/lease.ts'
import { statusOn } from '../leases/status.ts'
import { addMonths, type Day, monthStart, today as todayIn } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import type { Park } from '../parks/park.ts'
import { type Occupancy, occupancyCurve, occupancyOn } from '../spaces/occupancy.ts'
import { unitsWithin, whenOf } from '../spaces/plan.ts'
import type { Unit } from '../spaces/unit.ts'
import { incubationOn } from '../tenants/incubation.ts'
import { Tenant } from '../tenants/tenant.ts'

/** A district's figures: those of its own parks, and their sum, in which an enterprise counts once by its credit code. */
export interface Figures {
  occupancy: Occupancy
  expiring: { leases: number; area: number }
  holding: { leases: number; area: number }
  enterprises: number
  incubating: number
  over: number
  hightech: number
  provincial: number
}

export interface ParkFigures extends Figures {
  park: Park
  today: Day
}

export interface Month {
  day: Day
  share: number | null
  now: boolean
}

const MONTHS = 12

type LeaseRow = Pick<Lease, 'park' | 'tenant' | 'area' | 'state' | 'from' | 'to' | 'end' | 'occupied' | 'terminated' | 'renewedBy'>
type TenantRow = Pick<Tenant, 'park' | '_id' | 'creditCode' | 'incubation' | 'qualifications'>

const LEASE_FIELDS = { park: 1, tenant: 1, area: 1, state: 1, from: 1, to: 1, end: 1, occupied: 1, terminated: 1, renewedBy: 1 }
const TENANT_FIELDS = { park: 1, creditCode: 1, incubation: 1, qualifications: 1 }

const emptySum = (): { leases: number; area: number } => ({ leases: 0, area: 0 })

function leaseSums(leases: LeaseRow[], on: Day, expiringDays: number) {
  const expiring = emptySum()
  const holding = emptySum()
  const inside = new Set<string>()
  for (const lease of leases) {
    const status = statusOn(lease, on, expiringDays)
    const sum = status === 'expiring' ? expiring : status === 'holding' ? holding : null
    if (sum) {
      sum.leases += 1
      sum.area += lease.area
    }
    if (['active', 'expiring', 'holding'].includes(status)) inside.add(String(lease.tenant))
  }
  return { expiring, holding, inside }
}

/** What of a list of tenants is in the park, in incubation, recognised: each enterprise once. */
function tenantSums(tenants: TenantRow[], inside: Set<string>, on: Day) {
  const who = (tenant: TenantRow) => tenant.creditCode ?? String(tenant._id)
  const count = (keep: (tenant: TenantRow) => boolean) => new Set(tenants.filter(keep).map(who)).size
  const has = (kind: string) => (tenant: TenantRow) =>
    inside.has(String(tenant._id)) &&
    tenant.qualifications.some(one => one.kind === kind && one.grantedOn <= on && (one.validTo === null || one.validTo >= on))
  return {
    enterprises: count(tenant => inside.has(String(tenant._id))),
    incubating: count(tenant => incubationOn(tenant.incubation, on) === 'incubating'),
    over: count(tenant => incubationOn(tenant.incubation, on) === 'over'),
    hightech: count(has('hightech')),
    provincial: count(has('provincialTech')),
  }
}

function sumOccupancy(all: Occupancy[]): Occupancy {
  const [first, ...rest] = structuredClone(all)
  for (const one of rest) {
    for (const measure of ['area', 'units'] as const) {
      first![measure].let += one[measure].let
      first![measure].lettable += one[measure].lettable
    }
    for (const [state, sum] of Object.entries(one.byState)) {
      const into = first!.byState[state as keyof Occupancy['byState']]
      into.units += sum.units
      into.area += sum.area
    }
  }
  return first ?? occupancyOn([], { on: '', today: '', now: new Date(0), expiringDays: 0 })
}

const plus = (rows: Figures[], name: 'expiring' | 'holding') => ({
  leases: rows.reduce((sum, row) => sum + row[name].leases, 0),
  area: rows.reduce((sum, row) => sum + row[name].area, 0),
})

function monthsAround(units: Unit[], today: Day): Month[] {
  const first = monthStart(today)
  const days = Array.from({ length: 2 * MONTHS + 1 }, (_, i) => addMonths(first, i - MONTHS))
  // The bar of this month is today's figure.
  const asked = days.map(day => (day === first ? today : day))
  const shares = occupancyCurve(units, asked)
  return days.map((day, i) => ({ day, share: shares[i]!, now: day === first }))
}

interface Read {
  units: Unit[]
  leases: LeaseRow[]
  tenants: TenantRow[]
}

async function readAll(parks: Park[], today: Day): Promise<Read> {
  const slugs = parks.map(park => park._id)
  const range = { from: addMonths(monthStart(today), -MONTHS), to: addMonths(today, MONTHS) }
  const signed = (more: Record<string, unknown>) =>
    scopedFind<LeaseRow>(Lease, { park: { $in: slugs }, state: 'signed', ...more }, { projection: LEASE_FIELDS })
  const [units, running, past, tenants] = await Promise.all([
    Promise.all(slugs.map(slug => unitsWithin(slug, range, {}, { park: 1 } as never))),
    // Signed leases that run, and those past their end that nobody handed back: each has its index.
    signed({ end: { $gte: today } }),
    signed({ end: { $lt: today }, 'occupied.0': { $exists: true } }),
    scopedFind<TenantRow>(Tenant, { park: { $in: slugs }, mergedInto: null }, { projection: TENANT_FIELDS }),
  ])
  return { units: units.flat(), leases: [...running, ...past], tenants }
}

export interface DistrictFigures {
  parks: ParkFigures[]
  total: Figures
  months: Month[]
}

/** The figures of parks that belong together, today. */
export async function figuresOf(parks: Park[]): Promise<DistrictFigures> {
  const on = todayIn(parks[0]?.zone)
  const { units, leases, tenants } = await readAll(parks, on)
  const insideAll = new Set<string>()
  const rows = parks.map((park): ParkFigures => {
    const here = <T extends { park: string }>(list: T[]) => list.filter(one => one.park === park._id)
    const today = todayIn(park.zone)
    const { inside, ...sums } = leaseSums(here(leases), today, park.settings.expiringDays)
    for (const tenant of inside) insideAll.add(tenant)
    const occupancy = occupancyOn(here(units), whenOf(park, today, today))
    return { park, today, occupancy, ...sums, ...tenantSums(here(tenants), inside, today) }
  })
  const occupancy = sumOccupancy(rows.map(row => row.occupancy))
  const total = { occupancy, expiring: plus(rows, 'expiring'), holding: plus(rows, 'holding'), ...tenantSums(tenants, insideAll, on) }
  return { parks: rows, total, months: monthsAround(units, on) }
}
