import type { Row } from './columns.ts'

/** Visits, mails and files of leads: read by who reads leads, worked on by a lead's owner and host; nobody of the columns is either. */
// anonymous applicant reception finance promotion manager official owner member admin
export const VISIT_ROUTES: Row[] = [
  ['GET /parks/:park/leads/visits', '-nff++fff+'],
  ['GET /parks/:park/leads/visits/:visit', '-nff++fff+'],
  ['GET /parks/:park/leads/visits/:visit/edit', '-nfff+fff+'],
  ['POST /parks/:park/leads/visits/:visit/edit', '-nfff+fff+'],
  ['POST /parks/:park/leads/visits/:visit/cancellation', '-nfff+fff+'],
  ['GET /parks/:park/leads/visits/:visit/calendar.ics', '-nff++fff+'],
  ['GET /parks/:park/leads/visits/:visit/walk', '-nfff+fff+'],
  ['POST /parks/:park/leads/visits/:visit/units/:seen', '-nfff+fff+'],
  ['GET /parks/:park/leads/visits/:visit/outcome', '-nfff+fff+'],
  ['POST /parks/:park/leads/visits/:visit/outcome', '-nfff+fff+'],
  ['GET /parks/:park/leads/:lead/visits/new', '-nfff+fff+'],
  ['POST /parks/:park/leads/:lead/visits', '-nfff+fff+'],
  ['GET /parks/:park/leads/:lead/mails/new', '-nfff+fff+'],
  ['POST /parks/:park/leads/:lead/mails', '-nfff+fff+'],
  ['GET /parks/:park/leads/:lead/files', '-nff++fff+'],
  ['POST /parks/:park/leads/:lead/files', '-nfff+fff+'],
  ['GET /parks/:park/leads/:lead/files/:attachment/removal', '-nfff+fff+'],
  ['POST /parks/:park/leads/:lead/files/:attachment/removal', '-nfff+fff+'],
]
