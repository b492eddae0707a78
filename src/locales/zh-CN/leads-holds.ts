/** Texts of leads: leads-holds. */
export const hold = {} as const

export const holdErrors = { hold: {} } as const
export const holdNotices = {} as const
export const holdActions = { hold: {} } as const
export const holdFields = {} as const
