import type { Shape } from '../shape.ts'
import type {
  leadBoard as zh,
  leadBoardActions as zhActions,
  leadBoardErrors as zhErrors,
  leadBoardFields as zhFields,
  leadBoardNotices as zhNotices,
} from '../zh-CN/leads-board.ts'

export const leadBoard = {} as const satisfies Shape<typeof zh>

export const leadBoardErrors = { board: {} } as const satisfies Shape<typeof zhErrors>
export const leadBoardNotices = {} as const satisfies Shape<typeof zhNotices>
export const leadBoardActions = { board: {} } as const satisfies Shape<typeof zhActions>
export const leadBoardFields = {} as const satisfies Shape<typeof zhFields>
