import type { Shape } from '../shape.ts'
import type { leases as zh } from '../zh-CN/leases.ts'

export const leases = {
  new: 'New lease',
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
