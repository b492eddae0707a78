import { type Action, isTenantRole, type Role } from '../accounts/roles.ts'
import type { Key } from '../locales/index.ts'

/** The side menu of a park, and the five things of the bottom bar on a phone: what the person may open. */
export interface Item {
  key: Key
  icon: string
  path: string
  action: Action
  group: 'work' | 'manage'
  /** Lower comes first in the bottom bar. */
  bar: number
  /** Whoever may do this has a better entry. */
  unless?: Action
}

const STAFF: Item[] = [
  { key: 'nav.desk', icon: 'layout-dashboard', path: '/desk', action: 'desk.read', group: 'work', bar: 1 },
  { key: 'nav.plan', icon: 'stack-2', path: '/buildings', action: 'space.read', group: 'work', bar: 2 },
  { key: 'nav.units', icon: 'door', path: '/units', action: 'space.read', group: 'work', bar: 5 },
  { key: 'nav.tenants', icon: 'building-community', path: '/tenants', action: 'tenant.read', group: 'work', bar: 4 },
  { key: 'nav.leases', icon: 'file-text', path: '/leases', action: 'lease.read', group: 'work', bar: 3 },
  { key: 'nav.leads', icon: 'target-arrow', path: '/leads', action: 'lead.read', group: 'work', bar: 2 },
  { key: 'leadBoard.quick', icon: 'phone', path: '/leads/quick', action: 'lead.enter', group: 'work', bar: 5, unless: 'lead.read' },
  { key: 'nav.rooms', icon: 'calendar', path: '/rooms', action: 'room.read', group: 'work', bar: 6 },
  { key: 'nav.bookings', icon: 'list', path: '/bookings', action: 'booking.make', group: 'work', bar: 9 },
  { key: 'nav.applications', icon: 'clipboard-list', path: '/applications', action: 'application.read', group: 'work', bar: 7 },
  { key: 'nav.mentoring', icon: 'heart-handshake', path: '/mentoring', action: 'mentoring.read', group: 'work', bar: 8 },
  { key: 'nav.trusteeship', icon: 'report-money', path: '/trusteeship', action: 'trustee.read', group: 'work', bar: 9 },
  { key: 'nav.events', icon: 'presentation', path: '/programme', action: 'event.checkin', group: 'work', bar: 8 },
  { key: 'nav.notices', icon: 'speakerphone', path: '/notices', action: 'notice.read', group: 'work', bar: 9 },
  { key: 'nav.directory', icon: 'address-book', path: '/directory', action: 'directory.read', group: 'work', bar: 9 },
  { key: 'nav.reports', icon: 'chart-bar', path: '/reports/rooms', action: 'room.report', group: 'work', bar: 9 },
  { key: 'nav.eventReports', icon: 'chart-bar', path: '/reports/events', action: 'event.report', group: 'work', bar: 9 },
  { key: 'nav.applicationReports', icon: 'chart-bar', path: '/reports/applications', action: 'application.report', group: 'work', bar: 9 },
  { key: 'nav.leadReports', icon: 'chart-bar', path: '/reports/leads', action: 'lead.report', group: 'work', bar: 9 },
  { key: 'nav.settings', icon: 'settings', path: '/settings', action: 'park.edit', group: 'manage', bar: 9 },
  { key: 'nav.people', icon: 'users', path: '/people', action: 'park.staff', group: 'manage', bar: 9 },
  { key: 'nav.audit', icon: 'history', path: '/audit', action: 'audit.read', group: 'manage', bar: 9 },
]

const TENANT: Item[] = [
  { key: 'nav.home', icon: 'home', path: '/desk', action: 'desk.read', group: 'work', bar: 1 },
  { key: 'nav.rooms', icon: 'calendar', path: '/rooms', action: 'room.read', group: 'work', bar: 2 },
  { key: 'nav.ownBookings', icon: 'list', path: '/bookings', action: 'booking.make', group: 'work', bar: 3 },
  { key: 'nav.ownLeases', icon: 'file-text', path: '/leases', action: 'lease.read', group: 'work', bar: 4 },
  { key: 'nav.mentoring', icon: 'heart-handshake', path: '/mentoring', action: 'mentoring.read', group: 'work', bar: 6 },
  { key: 'nav.trusteeship', icon: 'report-money', path: '/trusteeship', action: 'trustee.read', group: 'work', bar: 6 },
  { key: 'nav.ownApplications', icon: 'clipboard-list', path: '/applications', action: 'desk.read', group: 'work', bar: 6 },
  { key: 'nav.notices', icon: 'speakerphone', path: '/notices', action: 'notice.read', group: 'work', bar: 6 },
  { key: 'nav.directory', icon: 'address-book', path: '/directory', action: 'directory.read', group: 'work', bar: 9 },
  { key: 'nav.ownEvents', icon: 'presentation', path: '/attendance', action: 'desk.read', group: 'work', bar: 9 },
  { key: 'nav.company', icon: 'building-community', path: '/company', action: 'tenant.profile', group: 'work', bar: 5 },
]

/** Of a founder: of no park yet, or taken into one without a company. */
const FOUNDER: Item[] = [
  { key: 'nav.ownApplications', icon: 'clipboard-list', path: '/applications', action: 'mentoring.book', group: 'work', bar: 1 },
  { key: 'nav.mentoring', icon: 'heart-handshake', path: '/mentoring', action: 'mentoring.read', group: 'work', bar: 2 },
  { key: 'nav.rooms', icon: 'calendar', path: '/rooms', action: 'room.read', group: 'work', bar: 3 },
  { key: 'nav.bookings', icon: 'list', path: '/bookings', action: 'booking.make', group: 'work', bar: 4 },
  { key: 'nav.directory', icon: 'address-book', path: '/directory', action: 'directory.read', group: 'work', bar: 9 },
  { key: 'nav.ownEvents', icon: 'presentation', path: '/attendance', action: 'mentoring.book', group: 'work', bar: 5 },
]

/** Whether somebody has no role but that of a founder. */
export const isFounder = (roles: Role[]): boolean => roles.length > 0 && roles.every(role => role === 'applicant')

export function navigation(can: (action: Action) => boolean, root: string, roles: Role[]): Item[] {
  if (!root || !roles.length) return []
  const items = isFounder(roles) ? FOUNDER : roles.every(isTenantRole) ? TENANT : STAFF
  return items.filter(item => can(item.action) && !(item.unless && can(item.unless))).map(item => ({ ...item, path: root + item.path }))
}
