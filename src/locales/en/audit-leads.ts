import { leadActions, leadFields } from './leads.ts'
import { leadBoardActions, leadBoardFields } from './leads-board.ts'
import { leadEventActions, leadEventFields } from './leads-events.ts'
import { holdActions, holdFields } from './leads-holds.ts'
import { leadIntakeActions, leadIntakeFields } from './leads-intake.ts'
import { leadMatchActions, leadMatchFields } from './leads-match.ts'
import { offerActions, offerFields } from './leads-offers.ts'
import { leadReportActions, leadReportFields } from './leads-report.ts'
import { visitActions, visitFields } from './leads-visits.ts'

/** The words of the trail for leads and what belongs to them. */
export const leadTrailActions = {
  ...leadActions,
  ...leadBoardActions,
  ...leadEventActions,
  ...holdActions,
  ...leadIntakeActions,
  ...leadMatchActions,
  ...offerActions,
  ...leadReportActions,
  ...visitActions,
} as const

export const leadTrailFields = {
  ...leadFields,
  ...leadBoardFields,
  ...leadEventFields,
  ...holdFields,
  ...leadIntakeFields,
  ...leadMatchFields,
  ...offerFields,
  ...leadReportFields,
  ...visitFields,
} as const
