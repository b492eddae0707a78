import type { Row } from './columns.ts'

/** Reports on leads: figures, for who works on leads, leads the park or sees it from the district. */
// anonymous applicant reception finance promotion manager official owner member admin
export const LEAD_REPORT_ROUTES: Row[] = [
  ['GET /parks/:park/reports/leads', '-nff+++ff+'],
  ['GET /parks/:park/reports/leads/lost', '-nff+++ff+'],
  ['GET /parks/:park/reports/leads/ageing', '-nff+++ff+'],
  ['GET /parks/:park/reports/leads/forecast', '-nff+++ff+'],
]
