import type { Shape } from '../shape.ts'
import type {
  leadMatch as zh,
  leadMatchActions as zhActions,
  leadMatchErrors as zhErrors,
  leadMatchFields as zhFields,
  leadMatchNotices as zhNotices,
} from '../zh-CN/leads-match.ts'

export const leadMatch = {} as const satisfies Shape<typeof zh>

export const leadMatchErrors = { match: {} } as const satisfies Shape<typeof zhErrors>
export const leadMatchNotices = {} as const satisfies Shape<typeof zhNotices>
export const leadMatchActions = { match: {} } as const satisfies Shape<typeof zhActions>
export const leadMatchFields = {} as const satisfies Shape<typeof zhFields>
