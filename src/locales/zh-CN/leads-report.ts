/** Texts of leads: leads-report. */
export const leadReport = {} as const

export const leadReportErrors = { leadReport: {} } as const
export const leadReportNotices = {} as const
export const leadReportActions = { leadReport: {} } as const
export const leadReportFields = {} as const
