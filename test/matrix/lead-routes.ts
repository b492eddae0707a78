import type { Row } from './columns.ts'

/** Leads: read and worked on by promotion and the manager. That only its owner works on one is tested on the pages; nobody of the columns is it. */
// anonymous applicant reception finance promotion manager official owner member admin
export const LEAD_ROUTES: Row[] = [
  ['GET /parks/:park/inquiries/new', '++++++++++'],
  ['POST /parks/:park/inquiries/new', '++++++++++'],
  ['GET /parks/:park/inquiries/thanks', '++++++++++'],
  ['GET /parks/:park/leads/quick', '-n+f++fff+'],
  ['POST /parks/:park/leads/quick', '-n+f++fff+'],
  ['POST /parks/:park/leads/quick/preview', '-n+f++fff+'],
  ['GET /parks/:park/leads/new', '-nff++fff+'],
  ['POST /parks/:park/leads', '-nff++fff+'],
  ['GET /parks/:park/leads/:lead', '-nff++fff+', [200]],
  ['GET /parks/:park/leads/:lead/edit', '-nff++fff+'],
  ['POST /parks/:park/leads/:lead/edit', '-nfff+fff+'],
  ['POST /parks/:park/leads/:lead/follow-ups', '-nfff+fff+'],
  ['POST /parks/:park/leads/:lead/next', '-nfff+fff+'],
  ['POST /parks/:park/leads/:lead/loss', '-nfff+fff+'],
  ['POST /parks/:park/leads/:lead/reopening', '-nff++fff+'],
  ['GET /parks/:park/leads/:lead/merge', '-nff++fff+'],
  ['POST /parks/:park/leads/:lead/merge', '-nff++fff+'],
  ['GET /parks/:park/leads/:lead/conversion', '-nfff+fff+'],
  ['POST /parks/:park/leads/:lead/conversion', '-nfff+fff+'],
  ['GET /parks/:park/settings/leads', '-nfff+fff+'],
  ['POST /parks/:park/settings/leads', '-nfff+fff+'],
]
