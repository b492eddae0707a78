import type { Action } from '../accounts/roles.ts'
import { AuditEntry } from '../audit/entry.ts'
import { rowOf } from '../leads/hold-words.ts'
import { Lease } from '../leases/lease.ts'
import { statusFilter } from '../leases/list.ts'
import { statusOn } from '../leases/status.ts'
import { addDays, addMonths, type Day, monthStart } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import type { Park } from '../parks/park.ts'
import { Building } from '../spaces/building.ts'
import { askedHolds, type Holding } from '../spaces/holds.ts'
import { type Occupancy, occupancyCurve, occupancyOn } from '../spaces/occupancy.ts'
import { unitsWithin, whenOf } from '../spaces/plan.ts'
import { type Mismatch, mismatchesOf } from '../spaces/reconcile.ts'
import type { Unit } from '../spaces/unit.ts'
import { incubationOn } from '../tenants/incubation.ts'
import { Tenant } from '../tenants/tenant.ts'
import { type DeskApplication, deskApplications } from './desk-applications.ts'
import { type DeskBooking, deskBookings, requests } from './desk-bookings.ts'
import { type DeskLeads, deskLeads } from './desk-leads.ts'
import { type Move, movesAhead, toHandOver } from './desk-moves.ts'
import { type DeskVisit, deskVisits } from './desk-visits.ts'
import { type OpenLease, type OverLimit, type Reader, WAITING_ACTIONS, type Waiting, waitingFor } from './waiting.ts'

/** What the people of a park (and its district's officials) see first. A handful of reads side by side, then pure functions. */
export interface Sum {
  count: number
  area: number
}

export interface Desk {
  on: Day
  /** The park's units ever, so that an empty park is told from a full one. */
  units: number
  buildings: Building[]
  occupancy: Occupancy
  /** Leases about to end and held over; null where the person may not see leases. */
  expiring: Sum | null
  holding: Sum | null
  months: { day: Day; share: number | null; now: boolean }[]
  /** Null for somebody who has no step to take. */
  waiting: Waiting[] | null
  moves: Move[]
  mismatches: Mismatch[]
  trail: AuditEntry[]
  /** Today's bookings and open requests; null for who isn't at the desk. */
  bookings: DeskBooking[] | null
  /** Today's visits of leads; null for who doesn't work on leads. */
  visits: DeskVisit[] | null
  /** Next steps of one's own leads; null for who doesn't work on them. */
  leads: DeskLeads | null
}

const MONTHS = 12
export const MOVE_DAYS = 30
const TRAIL = 6

const LEASE_FIELDS = {
  number: 1,
  tenantName: 1,
  unitCodes: 1,
  area: 1,
  state: 1,
  amending: 1,
  from: 1,
  to: 1,
  end: 1,
  occupied: 1,
  terminated: 1,
  renewedBy: 1,
  renewalOf: 1,
  createdBy: 1,
  // Old versions with all their lines stay where they are.
  versions: { $slice: ['$versions', -1] },
}

/**
 * Leases with a step to come: on their way, being amended, about to end, held over. Four short looks, each into its own index: as
 * one $or the planner walks through every lease the park ever had.
 */
async function openLeases(park: Park, on: Day): Promise<OpenLease[]> {
  const { expiringDays } = park.settings
  const open: Record<string, unknown>[] = [
    { state: { $in: ['draft', 'review', 'approved'] } },
    { amending: { $type: 'string' } },
    statusFilter('expiring', on, expiringDays),
    statusFilter('holding', on, expiringDays),
  ]
  const found = await Promise.all(open.map(one => scopedFind<OpenLease>(Lease, { ...one, park: park._id }, { projection: LEASE_FIELDS })))
  return [...new Map(found.flat().map(lease => [String(lease._id), lease])).values()]
}

async function overLimit(park: string, on: Day): Promise<OverLimit[]> {
  const inside = { 'incubation.enteredOn': { $type: 'string' }, 'incubation.graduatedOn': null, 'incubation.leftOn': null }
  const filter = { park, mergedInto: null, ...inside }
  const rows = await scopedFind<OverLimit>(Tenant, filter, { projection: { name: 1, incubation: 1 } })
  return rows.filter(tenant => incubationOn(tenant.incubation, on) === 'over')
}

const BUILDING_FIELDS = { code: 1, name: 1, 'floors.code': 1, 'floors.area': 1, 'floors.common': 1 }

function monthsFrom(units: Unit[], on: Day): Desk['months'] {
  const days = [on, ...Array.from({ length: MONTHS }, (_, i) => addMonths(monthStart(on), i + 1))]
  const shares = occupancyCurve(units, days)
  return days.map((day, i) => ({ day, share: shares[i]!, now: i === 0 }))
}

function sumOf(leases: OpenLease[], status: 'expiring' | 'holding', on: Day, expiringDays: number): Sum {
  const found = leases.filter(lease => statusOn(lease, on, expiringDays) === status)
  return { count: found.length, area: found.reduce((area, lease) => area + lease.area, 0) }
}

const nothing = async <T>(): Promise<T[]> => []

export async function deskOf(park: Park, on: Day, who: { id: string; may(action: Action): boolean }): Promise<Desk> {
  const { _id: slug, settings } = park
  const { may } = who
  const busy = WAITING_ACTIONS.some(may)
  const [units, leases, buildings, over, trail, bookings, applications, visits, leads, holds] = await Promise.all([
    unitsWithin(slug, { from: on, to: addDays(addMonths(monthStart(on), MONTHS), 1) }),
    may('lease.read') ? openLeases(park, on) : nothing<OpenLease>(),
    scopedFind<Building>(Building, { park: slug }, { projection: BUILDING_FIELDS, sort: { code: 1 } }),
    may('tenant.incubation') ? overLimit(slug, on) : nothing<OverLimit>(),
    may('audit.read') ? scopedFind<AuditEntry>(AuditEntry, { park: slug }, { sort: { at: -1 }, limit: TRAIL }) : nothing<AuditEntry>(),
    may('booking.desk') ? deskBookings(slug, on) : null,
    may('application.work') ? deskApplications(slug, who.id) : nothing<DeskApplication>(),
    may('lead.work') ? deskVisits(slug, on) : null,
    may('lead.work') ? deskLeads(slug, who.id, on) : null,
    may('hold.approve') ? askedHolds(slug) : nothing<Holding>(),
  ])
  const reader: Reader = { ...who, on, expiringDays: settings.expiringDays, selfApproval: settings.selfApproval }
  const sum = (status: 'expiring' | 'holding') => (may('lease.read') ? sumOf(leases, status, on, settings.expiringDays) : null)
  return {
    on,
    units: units.length,
    buildings,
    occupancy: occupancyOn(units, whenOf(park, on, on)),
    expiring: sum('expiring'),
    holding: sum('holding'),
    months: monthsFrom(units, on),
    waiting: busy
      ? waitingFor(
          {
            leases,
            moves: toHandOver(units, on),
            over,
            bookings: requests(bookings ?? []),
            applications,
            holds: holds.map(one => rowOf(park.zone, one)),
          },
          reader,
          `/parks/${slug}`,
        )
      : null,
    moves: movesAhead(units, on, MOVE_DAYS),
    mismatches: may('space.edit') ? mismatchesOf(park, buildings, units, on) : [],
    trail,
    bookings,
    visits,
    leads,
  }
}
