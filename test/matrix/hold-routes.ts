import type { Row } from './columns.ts'

/** Holds: made by promotion, approved by the manager. The hold of the world is nobody's of the columns: who leads releases and prolongs it. */
// anonymous applicant reception finance promotion manager official owner member admin
export const HOLD_ROUTES: Row[] = [
  ['GET /parks/:park/units/:unit/holds', '-nff++fff+'],
  ['POST /parks/:park/units/:unit/holds', '-nff++fff+'],
  ['GET /parks/:park/units/:unit/holds/:claim', '-nff++fff+'],
  ['POST /parks/:park/units/:unit/holds/:claim/prolongation', '-nff++fff+'],
  ['POST /parks/:park/units/:unit/holds/:claim/approval', '-nfff+fff+'],
  ['POST /parks/:park/units/:unit/holds/:claim/refusal', '-nfff+fff+'],
  ['POST /parks/:park/units/:unit/holds/:claim/release', '-nfff+fff+'],
  ['GET /parks/:park/leads/holds', '-nff++fff+'],
]
