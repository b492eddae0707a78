/** Texts of leads: leads-intake. */
export const leadIntake = {} as const

export const leadIntakeErrors = { inquiry: {} } as const
export const leadIntakeNotices = {} as const
export const leadIntakeActions = { inquiry: {} } as const
export const leadIntakeFields = {} as const
