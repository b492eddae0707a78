import type { Shape } from '../shape.ts'
import type {
  leadEvent as zh,
  leadEventActions as zhActions,
  leadEventErrors as zhErrors,
  leadEventFields as zhFields,
  leadEventNotices as zhNotices,
} from '../zh-CN/leads-events.ts'

export const leadEvent = {} as const satisfies Shape<typeof zh>

export const leadEventErrors = { leadEvent: {} } as const satisfies Shape<typeof zhErrors>
export const leadEventNotices = {} as const satisfies Shape<typeof zhNotices>
export const leadEventActions = { leadEvent: {} } as const satisfies Shape<typeof zhActions>
export const leadEventFields = {} as const satisfies Shape<typeof zhFields>
