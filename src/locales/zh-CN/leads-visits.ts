/** Texts of leads: leads-visits. */
export const visit = {} as const

export const visitErrors = { visit: {} } as const
export const visitNotices = {} as const
export const visitActions = { visit: {} } as const
export const visitFields = {} as const
