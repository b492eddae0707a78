/** Texts of leads: leads-match. */
export const leadMatch = {} as const

export const leadMatchErrors = { match: {} } as const
export const leadMatchNotices = {} as const
export const leadMatchActions = { match: {} } as const
export const leadMatchFields = {} as const
