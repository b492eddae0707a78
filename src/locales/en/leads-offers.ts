import type { Shape } from '../shape.ts'
import type {
  offer as zh,
  offerActions as zhActions,
  offerErrors as zhErrors,
  offerFields as zhFields,
  offerNotices as zhNotices,
} from '../zh-CN/leads-offers.ts'

export const offer = {} as const satisfies Shape<typeof zh>

export const offerErrors = { offer: {} } as const satisfies Shape<typeof zhErrors>
export const offerNotices = {} as const satisfies Shape<typeof zhNotices>
export const offerActions = { offer: {} } as const satisfies Shape<typeof zhActions>
export const offerFields = {} as const satisfies Shape<typeof zhFields>
