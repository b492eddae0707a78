/** Texts of leads: leads-offers. */
export const offer = {} as const

export const offerErrors = { offer: {} } as const
export const offerNotices = {} as const
export const offerActions = { offer: {} } as const
export const offerFields = {} as const
