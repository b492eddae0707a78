import type { Shape } from '../shape.ts'
import type {
  hold as zh,
  holdActions as zhActions,
  holdErrors as zhErrors,
  holdFields as zhFields,
  holdNotices as zhNotices,
} from '../zh-CN/leads-holds.ts'

export const hold = {} as const satisfies Shape<typeof zh>

export const holdErrors = { hold: {} } as const satisfies Shape<typeof zhErrors>
export const holdNotices = {} as const satisfies Shape<typeof zhNotices>
export const holdActions = { hold: {} } as const satisfies Shape<typeof zhActions>
export const holdFields = {} as const satisfies Shape<typeof zhFields>
