import type { Action } from '../accounts/roles.ts'
import { isOwn } from '../leads/hold-rules.ts'
import type { HoldRow } from '../leads/hold-words.ts'
import type { Lease, LeaseVersion } from '../leases/lease.ts'
import { statusOn } from '../leases/status.ts'
import { type Day, dayAfter, daysBetween } from '../lib/days.ts'
import { isSubmitter } from '../rooms/booking.ts'
import { clocksOf } from '../rooms/slot.ts'
import { lastDayOf } from '../tenants/incubation.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { DeskApplication } from './desk-applications.ts'
import type { DeskBooking } from './desk-bookings.ts'
import type { Move } from './desk-moves.ts'

/** What waits for somebody: the next step of records that they may take, one verb a row. Pure: reads nothing, so it can be tested. */
export const WAITING = [
  'holding',
  'review',
  'hold',
  'application',
  'booking',
  'returned',
  'approved',
  'handover',
  'expiring',
  'incubation',
  'draft',
] as const
export type WaitingKind = (typeof WAITING)[number]

export interface Waiting {
  kind: WaitingKind
  /** A lease's number; none for a tenant. */
  number: string | null
  tenant: string
  units: string[]
  /** The day it is about: the first or last of the lease, the last of incubation. */
  day: Day
  /** Days from today to that day; negative when it has passed. */
  days: number
  /** Why it was returned. */
  note: string | null
  urgent: boolean
  path: string
}

export type OpenLease = Pick<
  Lease,
  | '_id'
  | 'number'
  | 'tenantName'
  | 'unitCodes'
  | 'area'
  | 'state'
  | 'amending'
  | 'from'
  | 'to'
  | 'end'
  | 'occupied'
  | 'terminated'
  | 'renewedBy'
  | 'renewalOf'
  | 'createdBy'
> & { versions: Pick<LeaseVersion, 'from' | 'submittedBy' | 'comment'>[] }

export type OverLimit = Pick<Tenant, '_id' | 'name' | 'incubation'>

export interface Reader {
  id: string
  may(action: Action): boolean
  on: Day
  expiringDays: number
  /** The park lets a person approve what they submitted. */
  selfApproval: boolean
}

const SOON = 7

type Judged = { kind: WaitingKind; day: Day; note?: string | null; urgent?: boolean; step?: string }

/** A lease or amendment on its way, to whoever has the next step. */
function ofStage(lease: OpenLease, { id, may, on, selfApproval }: Reader): Judged | null {
  const version = lease.versions.at(-1)!
  const day = version.from
  const urgent = daysBetween(on, day) <= SOON
  const stage = lease.state === 'signed' ? lease.amending : lease.state
  if (stage === 'review') {
    // Nobody approves what they submitted: it isn't offered either.
    const own = version.submittedBy === id && !selfApproval
    return may('lease.approve') && !own ? { kind: 'review', day, urgent } : null
  }
  if (stage === 'approved') return may('lease.sign') ? { kind: 'approved', day, urgent } : null
  if (stage !== 'draft' || !may('lease.draft')) return null
  const mine = lease.createdBy === id || version.submittedBy === id
  if (!mine) return null
  const step = lease.amending ? '/amendment' : '/edit'
  return version.comment ? { kind: 'returned', day, note: version.comment, urgent: true, step } : { kind: 'draft', day, step }
}

function ofEnd(lease: OpenLease, renewing: Set<string>, { may, on, expiringDays }: Reader): Judged | null {
  const status = statusOn(lease, on, expiringDays)
  if (status === 'holding') return may('lease.handover') ? { kind: 'holding', day: lease.end, urgent: true, step: '/handover/out' } : null
  const open = status === 'expiring' && !lease.terminated && !renewing.has(String(lease._id))
  return open && may('lease.draft')
    ? { kind: 'expiring', day: lease.end, urgent: daysBetween(on, lease.end) <= 30, step: '/renewal' }
    : null
}

function fromLeases(leases: OpenLease[], reader: Reader, root: string): Waiting[] {
  const renewing = new Set(leases.filter(lease => lease.renewalOf && lease.state !== 'signed').map(lease => String(lease.renewalOf)))
  return leases.flatMap(lease =>
    [ofStage(lease, reader), ofEnd(lease, renewing, reader)].flatMap(found => {
      if (!found) return []
      const { step = '', note = null, urgent = false, ...rest } = found
      const { number, tenantName: tenant, unitCodes: units } = lease
      return [
        {
          ...rest,
          note,
          urgent,
          number,
          tenant,
          units,
          days: daysBetween(reader.on, found.day),
          path: `${root}/leases/${lease._id}${step}`,
        },
      ]
    }),
  )
}

const fromMove = (move: Move, { on }: Reader, root: string): Waiting => {
  const days = daysBetween(on, move.on)
  const { number, tenantName: tenant, codes: units, on: day } = move
  return {
    kind: 'handover',
    number,
    tenant,
    units,
    day,
    days,
    note: null,
    urgent: days < -SOON,
    path: `${root}/leases/${move.lease}/handover/in`,
  }
}

function fromTenant({ _id, name, incubation }: OverLimit, { on }: Reader, root: string): Waiting {
  const day = lastDayOf(incubation!)
  const days = daysBetween(on, dayAfter(day))
  return {
    kind: 'incubation',
    number: null,
    tenant: name,
    units: [],
    day,
    days,
    note: null,
    urgent: false,
    path: `${root}/tenants/${_id}/incubation`,
  }
}

/** An application whose step is theirs. */
function fromApplication({ _id, number, name, title, dueOn }: DeskApplication, { on }: Reader, root: string): Waiting[] {
  if (!dueOn) return []
  const days = daysBetween(on, dueOn)
  const path = `${root}/applications/${_id}`
  return [{ kind: 'application', number, tenant: name, units: [title.zh], day: dueOn, days, note: null, urgent: days <= 1, path }]
}

/** A request for a room, to whoever may decide it: not to who asked. */
function fromBooking({ _id, code, holder, contact, by, roomName, ...when }: DeskBooking, reader: Reader, root: string): Waiting[] {
  if (isSubmitter({ by, contact }, reader.id) && !reader.selfApproval) return []
  const days = daysBetween(reader.on, when.day)
  const units = [roomName.zh, clocksOf(when)]
  const path = `${root}/bookings/${_id}`
  return [{ kind: 'booking', number: code, tenant: holder.name, units, day: when.day, days, note: null, urgent: days <= 1, path }]
}

/** A hold asked for longer than without approval, to whoever may decide it: not to who asked. */
function fromHold({ unit, hold, askedUntil, until, path }: HoldRow, { id, on, selfApproval }: Reader): Waiting[] {
  if (!askedUntil || (isOwn(hold, { id }) && !selfApproval)) return []
  // Decided too late the unit is anybody's.
  const day = until ?? askedUntil
  const days = daysBetween(on, day)
  const units = [`${unit.floor} ${unit.code}`]
  return [{ kind: 'hold', number: null, tenant: hold.label ?? '', units, day, days, note: null, urgent: days <= 3, path }]
}

/** Everything that waits, most urgent kind first, in each the earliest day first. */
export function waitingFor(
  {
    leases,
    moves,
    over,
    bookings,
    applications,
    holds = [],
  }: {
    leases: OpenLease[]
    moves: Move[]
    over: OverLimit[]
    bookings: DeskBooking[]
    applications: DeskApplication[]
    holds?: HoldRow[]
  },
  reader: Reader,
  root: string,
): Waiting[] {
  const rows = fromLeases(leases, reader, root)
  if (reader.may('lease.handover')) rows.push(...moves.map(move => fromMove(move, reader, root)))
  if (reader.may('application.work')) rows.push(...applications.flatMap(one => fromApplication(one, reader, root)))
  if (reader.may('booking.desk')) rows.push(...bookings.flatMap(one => fromBooking(one, reader, root)))
  if (reader.may('hold.approve')) rows.push(...holds.flatMap(one => fromHold(one, reader)))
  if (reader.may('tenant.incubation')) rows.push(...over.map(tenant => fromTenant(tenant, reader, root)))
  const rank = (row: Waiting) => WAITING.indexOf(row.kind)
  return rows.sort((a, b) => rank(a) - rank(b) || (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
}

/** The actions that can put something on the list: whoever has none of them is shown no empty one. */
export const WAITING_ACTIONS: Action[] = [
  'lease.approve',
  'lease.sign',
  'lease.handover',
  'lease.draft',
  'tenant.incubation',
  'booking.desk',
  'application.work',
  'hold.approve',
]
