import type { Row } from './columns.ts'

/** Leads as a list and a board, views, the pool, whose a lead is. That only its owner (or who leads) moves or gives one is a 403 of promotion. */
// anonymous applicant reception finance promotion manager official owner member admin
export const LEAD_BOARD_ROUTES: Row[] = [
  ['GET /parks/:park/leads', '-nff++fff+'],
  ['GET /parks/:park/leads/board', '-nff++fff+'],
  ['GET /parks/:park/leads/board/cards', '-nffnnfffn'],
  ['GET /parks/:park/leads/bulk', '-nff++fff+'],
  ['POST /parks/:park/leads/bulk/owner', '-nff++fff+'],
  ['POST /parks/:park/leads/bulk/pool', '-nff++fff+'],
  ['POST /parks/:park/leads/bulk/claim', '-nff++fff+'],
  ['GET /parks/:park/leads/views', '-nff++fff+'],
  ['POST /parks/:park/leads/views', '-nff++fff+'],
  ['POST /parks/:park/leads/views/:view', '-nff++fff+'],
  ['POST /parks/:park/leads/views/:view/removal', '-nffnnfffn'],
  ['GET /parks/:park/leads/hand-over', '-nfff+fff+'],
  ['POST /parks/:park/leads/hand-over', '-nfff+fff+'],
  ['GET /parks/:park/leads/:lead/owner', '-nff++fff+'],
  ['POST /parks/:park/leads/:lead/owner', '-nff++fff+'],
  ['POST /parks/:park/leads/:lead/claim', '-nff++fff+'],
  ['POST /parks/:park/leads/:lead/pool', '-nff++fff+'],
  ['GET /parks/:park/leads/:lead/stage', '-nff++fff+'],
  ['POST /parks/:park/leads/:lead/stage', '-nff++fff+'],
]
