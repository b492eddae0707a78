import type { Shape } from '../shape.ts'
import type { leases as zh } from '../zh-CN/leases.ts'

export const leases = {
  new: 'New lease',
  list: { within: 'Ends within {{days}} days' },
  field: { number: 'Lease number', tenant: 'Tenant', units: 'Units', area: 'Area', from: 'First day', end: 'Last day', status: 'Status' },
  done: {
    drafted: 'The draft is saved.',
    submitted: 'Submitted for approval; its units are taken.',
    withdrawn: 'Withdrawn; its units are free again.',
    approved: 'The lease is approved.',
    returned: 'Returned for changes; its units are free again.',
    cancelled: 'The draft is cancelled.',
    signed: 'The lease is signed.',
    attached: 'The files are added.',
  },
  status: {
    draft: 'Draft',
    review: 'In review',
    approved: 'To be signed',
    signed: 'Signed',
    upcoming: 'Upcoming',
    active: 'Active',
    expiring: 'Expiring',
    holding: 'Holding over',
    ended: 'Ended',
    terminated: 'Terminated',
    renewed: 'Renewed',
    cancelled: 'Cancelled',
  },
} as const satisfies Shape<typeof zh>
