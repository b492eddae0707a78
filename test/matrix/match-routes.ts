import type { Row } from './columns.ts'

/** Units matched to a lead: for who reads leads. */
// anonymous applicant reception finance promotion manager official owner member admin
export const MATCH_ROUTES: Row[] = [
  ['GET /parks/:park/leads/:lead/matches', '-nff++fff+'],
  ['GET /parks/:park/leads/:lead/matches/plan', '-nff++fff+'],
  ['GET /parks/:park/leads/:lead/compare', '-nff++fff+'],
]
