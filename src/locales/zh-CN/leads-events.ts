/** Texts of leads: leads-events. */
export const leadEvent = {} as const

export const leadEventErrors = { leadEvent: {} } as const
export const leadEventNotices = {} as const
export const leadEventActions = { leadEvent: {} } as const
export const leadEventFields = {} as const
