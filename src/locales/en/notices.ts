import type { Shape } from '../shape.ts'
import type { notice as zh } from '../zh-CN/notices.ts'

export const notice = {
  notice: {
    leaseSubmitted: {
      title: 'Lease {{number}} waits for approval',
      text: 'The lease of {{tenant}} was submitted and its units are claimed. Please decide.',
    },
    leaseApproved: { title: 'Lease {{number}} is approved', text: 'The lease of {{tenant}} is approved and can be signed.' },
    leaseReturned: { title: 'Lease {{number}} was returned', text: 'The lease of {{tenant}} was returned: {{comment}}' },
    leaseExpiring: {
      title: 'Lease {{number}} ends in {{days}} days',
      text: 'The term of {{tenant}} ends on {{end}}. Please talk about a renewal or plan the move-out.',
    },
    ownLeaseExpiring: {
      title: 'Your lease {{number}} ends in {{days}} days',
      text: 'Its term ends on {{end}}. Please contact the park if you want to renew.',
    },
    importDone: { title: 'Import finished', text: '{{count}} rows were imported.' },
    importFailed: { title: 'Import not finished', text: 'Nothing was written. Please look at the reason and try again.' },
  },
  mail: {
    signature: '— Zhigu park management (automatic mail, please do not reply)',
    reset: {
      title: 'Set a new password',
      text: 'Hello {{name}}, please open the link below within {{hours}} hours to set a new password. If you did not ask for it, ignore this mail.',
    },
    invite: {
      title: '{{place}} invites you',
      text: '{{by}} invites you to join {{place}}. Please open the link below within {{days}} days to accept.',
    },
  },
} as const satisfies Shape<typeof zh>
