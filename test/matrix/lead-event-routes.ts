import type { Row } from './columns.ts'

/** Leads and events: asked, answered by a secret link, made of attendees, and reported. */
// anonymous applicant reception finance promotion manager official owner member admin
export const LEAD_EVENT_ROUTES: Row[] = [
  ['GET /parks/:park/events/:event/invitations/:invited', 'nnnnnnnnnn'],
  ['POST /parks/:park/events/:event/invitations/:invited', 'nnnnnnnnnn'],
  ['POST /parks/:park/events/:event/invitations/:invited/declination', 'nnnnnnnnnn'],
  ['GET /parks/:park/programme/:event/invitations', '-nff++fff+'],
  ['GET /parks/:park/programme/:event/invitations/new', '-nff++fff+'],
  ['POST /parks/:park/programme/:event/invitations', '-nff++fff+'],
  ['POST /parks/:park/programme/:event/invitations/reminders', '-nff++fff+'],
  ['GET /parks/:park/programme/:event/leads', '-nff++fff+'],
  ['POST /parks/:park/programme/:event/leads', '-nff++fff+'],
  ['GET /parks/:park/programme/:event/outcome', '-nff++fff+'],
  ['GET /parks/:park/reports/event-leads', '-nff+++ff+'],
]
