import type { Day } from '../lib/days.ts'
import { daysBetween } from '../lib/days.ts'
import type { Lease, LeaseVersion } from './lease.ts'

/** What a lease is on a day: derived from its events, never stored (DESIGN §3). */
export const STATUSES = [
  'draft',
  'review',
  'approved',
  'upcoming',
  'active',
  'expiring',
  'holding',
  'ended',
  'terminated',
  'renewed',
  'cancelled',
] as const
export type Status = (typeof STATUSES)[number]

/** The badge of a status, wherever one is shown: its colour goes with the word of lease.status. */
export const TONES: Record<Status, string> = {
  draft: '',
  review: 'badge-info',
  approved: 'badge-info',
  upcoming: 'badge-info',
  active: 'badge-good',
  expiring: 'badge-warn',
  holding: 'badge-bad',
  ended: '',
  terminated: '',
  renewed: '',
  cancelled: '',
}

type Dated = Pick<Lease, 'state' | 'from' | 'end' | 'to' | 'occupied' | 'terminated' | 'renewedBy'>

export function statusOn(lease: Dated, on: Day, expiringDays: number): Status {
  if (lease.state !== 'signed') return lease.state
  if (on < lease.from) return 'upcoming'
  if (on > lease.end) {
    if (lease.occupied.length) return 'holding'
    if (lease.renewedBy) return 'renewed'
    return lease.terminated ? 'terminated' : 'ended'
  }
  return daysBetween(on, lease.end) <= expiringDays && !lease.renewedBy ? 'expiring' : 'active'
}

/** The version in force on a day; before the first, the first. */
export function versionOn(lease: Pick<Lease, 'versions'>, on: Day): LeaseVersion {
  const signed = lease.versions.filter(version => version.stage === 'signed' && version.from <= on)
  return signed.at(-1) ?? lease.versions[0]!
}

/** The version that is being worked on, or else the last one agreed. */
export const newestVersion = (lease: Pick<Lease, 'versions'>): LeaseVersion => lease.versions.at(-1)!
