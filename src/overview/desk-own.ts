import type { Request } from 'express'
import { Types } from 'mongoose'
import { type OwnNotice, unreadFor } from '../club/own-notices.ts'
import { standingsOf } from '../club/standing.ts'
import { newestFilesOf, type StoredFile } from '../files/store.ts'
import type { Lease } from '../leases/lease.ts'
import { Lease as LeaseModel } from '../leases/lease.ts'
import { scheduleOf } from '../leases/preview.ts'
import type { PeriodSum } from '../leases/rent.ts'
import { type Status, statusOn, versionOn } from '../leases/status.ts'
import { type Day, daysBetween } from '../lib/days.ts'
import type { Fen } from '../lib/money.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { within } from '../parks/scope.ts'
import { type Contact, Tenant } from '../tenants/tenant.ts'

/** What a tenant's own people see first: their leases with what is payable next, papers, contacts. Nothing of anybody else. */
export interface OwnLease {
  lease: Lease
  status: Status
  units: string[]
  area: number
  /** The billing period of today, and the next to come. */
  current: PeriodSum | null
  next: PeriodSum | null
  deposit: Fen
  /** Days to its end; negative once it has passed. */
  left: number
}

export interface OwnDesk {
  tenant: Pick<Tenant, '_id' | 'name' | 'creditCode' | 'contacts'>
  leases: OwnLease[]
  files: StoredFile[]
  contacts: Contact[]
}

const NOTICES = 3
const FILES = 5
const LIVE: Status[] = ['upcoming', 'active', 'expiring', 'holding']

function shown(lease: Lease, on: Day, expiringDays: number): OwnLease {
  const schedule = scheduleOf(lease)
  const lines = versionOn(lease, on).lines
  return {
    lease,
    status: statusOn(lease, on, expiringDays),
    units: lines.map(line => `${line.floor} ${line.code}`),
    area: lines.reduce((sum, line) => sum + line.area, 0),
    current: schedule.periods.find(period => period.from <= on && on <= period.to) ?? null,
    next: schedule.periods.find(period => period.from > on) ?? null,
    deposit: schedule.deposit,
    left: daysBetween(on, lease.end),
  }
}

/** What they haven't read of what the park has to tell their companies: how many, and the newest. */
export async function ownNotices(req: Request, on: Day): Promise<{ count: number; newest: OwnNotice[] }> {
  const park = req.park._id
  const tenants = (req.reach?.tenants ?? []).map(id => new Types.ObjectId(id))
  return unreadFor(park, req.me!.id, await standingsOf(park, on, tenants), on, NOTICES)
}

/** One part for each tenant the person belongs to. */
export async function ownDesks(req: Request, on: Day): Promise<OwnDesk[]> {
  const park = req.park._id
  const live = { state: 'signed', $or: [{ end: { $gte: on } }, { 'occupied.0': { $exists: true } }] }
  const [tenants, leases] = await Promise.all([
    scopedFind<OwnDesk['tenant']>(
      Tenant,
      { ...within(req, '_id'), mergedInto: null },
      { projection: { name: 1, creditCode: 1, contacts: 1 }, sort: { name: 1 } },
    ),
    scopedFind<Lease>(LeaseModel, { ...within(req), ...live }, { sort: { from: 1 } }),
  ])
  return Promise.all(
    tenants.map(async tenant => {
      const own = leases.filter(lease => lease.tenant.equals(tenant._id))
      const files = await newestFilesOf(park, ['tenant', 'lease'], [tenant._id, ...own.map(lease => lease._id)], FILES)
      const rows = own.map(lease => shown(lease, on, req.park.settings.expiringDays)).filter(row => LIVE.includes(row.status))
      const contacts = [...tenant.contacts].sort((a, b) => Number(b.primary) - Number(a.primary))
      return { tenant, leases: rows, files, contacts }
    }),
  )
}
