/** Texts of leads: leads-board. */
export const leadBoard = {} as const

export const leadBoardErrors = { board: {} } as const
export const leadBoardNotices = {} as const
export const leadBoardActions = { board: {} } as const
export const leadBoardFields = {} as const
