import type { Shape } from '../shape.ts'
import type {
  visit as zh,
  visitActions as zhActions,
  visitErrors as zhErrors,
  visitFields as zhFields,
  visitNotices as zhNotices,
} from '../zh-CN/leads-visits.ts'

export const visit = {} as const satisfies Shape<typeof zh>

export const visitErrors = { visit: {} } as const satisfies Shape<typeof zhErrors>
export const visitNotices = {} as const satisfies Shape<typeof zhNotices>
export const visitActions = { visit: {} } as const satisfies Shape<typeof zhActions>
export const visitFields = {} as const satisfies Shape<typeof zhFields>
