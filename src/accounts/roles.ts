/** What each role may do. Code checks actions, never roles; a person with several roles in a park may do what any of them may. */
export const ROLES = [
  'admin',
  'manager',
  'promotion',
  'reception',
  'finance',
  'official',
  'owner',
  'member',
  'applicant',
  'mentor',
] as const
export type Role = (typeof ROLES)[number]

/** Roles that work for a park and see all of it. */
export const STAFF_ROLES = ['manager', 'promotion', 'reception', 'finance'] as const satisfies Role[]
/** Roles that see what belongs to their own tenant. */
export const TENANT_ROLES = ['owner', 'member'] as const satisfies Role[]

export const ACTIONS = [
  'desk.read',
  'park.edit',
  'park.staff',
  'audit.read',
  'search',
  'space.read',
  'space.edit',
  'space.block',
  'space.hold',
  'tenant.read',
  'tenant.edit',
  'tenant.merge',
  'tenant.override',
  'tenant.profile',
  'tenant.invite',
  'tenant.incubation',
  'company.edit',
  'lease.read',
  'lease.draft',
  'lease.approve',
  'lease.sign',
  'lease.handover',
  'lease.terminate',
  'file.read',
  'file.add',
  'charge.read',
  'room.read',
  'room.edit',
  'room.report',
  'booking.make',
  'booking.desk',
  'service.edit',
  'application.read',
  'application.work',
  'application.report',
  'mentoring.read',
  'mentoring.book',
  'mentoring.edit',
  'mentoring.own',
  'trustee.read',
  'trustee.edit',
  'trustee.papers',
  'event.edit',
  'event.checkin',
  'event.report',
  'notice.read',
  'notice.edit',
  'directory.read',
  'directory.own',
  'directory.hide',
  'lead.read',
  'lead.enter',
  'lead.work',
  'lead.lead',
  'lead.report',
  'hold.approve',
  'district.read',
  'admin.parks',
  'admin.users',
  'admin.system',
] as const
export type Action = (typeof ACTIONS)[number]

const read: Action[] = ['desk.read', 'search', 'space.read', 'tenant.read', 'lease.read', 'file.read', 'room.read']
const keepsMentoring: Action[] = ['mentoring.read', 'mentoring.book', 'mentoring.edit']
const keepsBooks: Action[] = ['trustee.read', 'trustee.edit', 'trustee.papers']
const worksOnApplications: Action[] = ['application.read', 'application.work']
const keepsEvents: Action[] = ['event.edit', 'event.checkin', 'event.report']
/** The club: notices to tenants with their read state, and the directory. */
const readsClub: Action[] = ['notice.read', 'directory.read']
const keepsClub: Action[] = [...readsClub, 'notice.edit', 'directory.hide']
/** Leads: entered by whoever answers the phone, worked on by promotion, led (given out, taken away, approved) by the manager. */
const worksOnLeads: Action[] = ['lead.read', 'lead.enter', 'lead.work', 'lead.report']
const manager: Action[] = [
  ...read,
  'park.edit',
  'park.staff',
  'audit.read',
  'space.edit',
  'space.block',
  'space.hold',
  'tenant.edit',
  'tenant.merge',
  'tenant.override',
  'tenant.profile',
  'tenant.invite',
  'tenant.incubation',
  'lease.draft',
  'lease.approve',
  'lease.sign',
  'lease.handover',
  'lease.terminate',
  'file.add',
  'charge.read',
  'room.edit',
  'room.report',
  'booking.make',
  'booking.desk',
  'service.edit',
  ...worksOnApplications,
  'application.report',
  ...keepsMentoring,
  ...keepsBooks,
  ...keepsEvents,
  ...keepsClub,
  ...worksOnLeads,
  'lead.lead',
  'hold.approve',
]

/** What anybody of a tenant may do for it. */
const member: Action[] = [
  'desk.read',
  'lease.read',
  'tenant.profile',
  'file.read',
  'room.read',
  'booking.make',
  'mentoring.read',
  'mentoring.book',
  'trustee.read',
  'trustee.papers',
  ...readsClub,
]

const granted: Record<Role, readonly Action[]> = {
  admin: ACTIONS,
  manager,
  promotion: [
    ...read,
    'space.hold',
    'tenant.edit',
    'tenant.profile',
    'lease.draft',
    'file.add',
    'booking.make',
    ...worksOnApplications,
    'application.report',
    ...keepsMentoring,
    ...keepsEvents,
    ...keepsClub,
    ...worksOnLeads,
  ],
  reception: [
    'desk.read',
    'search',
    'space.read',
    'tenant.read',
    'room.read',
    'room.report',
    'booking.make',
    'booking.desk',
    ...worksOnApplications,
    'event.checkin',
    'lead.enter',
    ...readsClub,
  ],
  finance: [
    ...read,
    'charge.read',
    'room.report',
    'booking.make',
    'event.report',
    ...worksOnApplications,
    'application.report',
    ...keepsBooks,
    ...readsClub,
  ],
  official: [...read, 'room.report', 'event.report', 'application.report', 'lead.report', 'district.read'],
  owner: [...member, 'tenant.invite', 'company.edit', 'file.add', 'directory.own'],
  member,
  applicant: ['room.read', 'booking.make', 'mentoring.read', 'mentoring.book', 'directory.read'],
  mentor: ['mentoring.read', 'mentoring.own'],
}

/** What a founder without a tenant may do in any park that offers it, before one has taken them in. */
const FOUNDERS_ANYWHERE: readonly Action[] = ['mentoring.read', 'mentoring.book']
export const foundersMay = (action: Action): boolean => FOUNDERS_ANYWHERE.includes(action)

const sets = new Map<Role, ReadonlySet<Action>>(ROLES.map(role => [role, new Set(granted[role])]))

export const roleMay = (role: Role, action: Action): boolean => sets.get(role)?.has(action) ?? false
export const isStaff = (role: Role): boolean => (STAFF_ROLES as readonly Role[]).includes(role)
/** Roles that look at a park as a whole, whatever they may do in it. */
export const seesPark = (role: Role): boolean => role === 'admin' || role === 'official' || isStaff(role)
export const isTenantRole = (role: Role): boolean => (TENANT_ROLES as readonly Role[]).includes(role)
