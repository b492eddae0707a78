import type { Shape } from '../shape.ts'
import type {
  leadReport as zh,
  leadReportActions as zhActions,
  leadReportErrors as zhErrors,
  leadReportFields as zhFields,
  leadReportNotices as zhNotices,
} from '../zh-CN/leads-report.ts'

export const leadReport = {} as const satisfies Shape<typeof zh>

export const leadReportErrors = { leadReport: {} } as const satisfies Shape<typeof zhErrors>
export const leadReportNotices = {} as const satisfies Shape<typeof zhNotices>
export const leadReportActions = { leadReport: {} } as const satisfies Shape<typeof zhActions>
export const leadReportFields = {} as const satisfies Shape<typeof zhFields>
