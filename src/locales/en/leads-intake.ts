import type { Shape } from '../shape.ts'
import type {
  leadIntake as zh,
  leadIntakeActions as zhActions,
  leadIntakeErrors as zhErrors,
  leadIntakeFields as zhFields,
  leadIntakeNotices as zhNotices,
} from '../zh-CN/leads-intake.ts'

export const leadIntake = {} as const satisfies Shape<typeof zh>

export const leadIntakeErrors = { inquiry: {} } as const satisfies Shape<typeof zhErrors>
export const leadIntakeNotices = {} as const satisfies Shape<typeof zhNotices>
export const leadIntakeActions = { inquiry: {} } as const satisfies Shape<typeof zhActions>
export const leadIntakeFields = {} as const satisfies Shape<typeof zhFields>
