import type { Row } from './columns.ts'

/** Offers to leads: read by promotion and the manager, made and sent by the lead's owner (nobody of the columns) and who leads. */
// anonymous applicant reception finance promotion manager official owner member admin
export const OFFER_ROUTES: Row[] = [
  ['GET /parks/:park/leads/offers', '-nff++fff+'],
  ['GET /parks/:park/leads/offers/:offer', '-nff++fff+', [303]],
  ['GET /parks/:park/leads/:lead/offers/new', '-nfff+fff+'],
  ['POST /parks/:park/leads/:lead/offers', '-nfff+fff+'],
  ['POST /parks/:park/leads/:lead/offers/preview', '-nff++fff+', [200]],
  ['GET /parks/:park/leads/:lead/offers/:offer', '-nff++fff+'],
  ['GET /parks/:park/leads/:lead/offers/:offer/edit', '-nfff+fff+'],
  ['POST /parks/:park/leads/:lead/offers/:offer/edit', '-nfff+fff+'],
  ['GET /parks/:park/leads/:lead/offers/:offer/document.pdf', '-nff++fff+'],
  ['GET /parks/:park/leads/:lead/offers/:offer/pages/:page', '-nff++fff+'],
  ['POST /parks/:park/leads/:lead/offers/:offer/sending', '-nfff+fff+'],
  ['POST /parks/:park/leads/:lead/offers/:offer/acceptance', '-nfff+fff+'],
  ['POST /parks/:park/leads/:lead/offers/:offer/refusal', '-nfff+fff+'],
  ['POST /parks/:park/leads/:lead/offers/:offer/withdrawal', '-nfff+fff+'],
]
