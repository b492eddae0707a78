import type { Row } from './columns.ts'

/** Trusteeship: kept by managers and accountants, seen by the tenant it is of. */
// anonymous applicant reception finance promotion manager official owner member admin
const ONE = '/parks/:park/trusteeship/:agreement'
const MONTH = `${ONE}/:month`
export const TRUSTEE_ROUTES: Row[] = [
  ['GET /parks/:park/trusteeship', '-nf+f+f+++', [200, 303]],
  ['POST /parks/:park/trusteeship', '-nf+f+fff+'],
  ['GET /parks/:park/trusteeship/new', '-nf+f+fff+'],
  ['GET /parks/:park/trusteeship/rules', '-nf+f+fff+'],
  ['POST /parks/:park/trusteeship/rules', '-nf+f+fff+'],
  [`GET ${ONE}`, '-nf+f+f+++'],
  [`GET ${ONE}/terms`, '-nf+f+fff+'],
  [`POST ${ONE}/terms`, '-nf+f+fff+'],
  [`POST ${ONE}/handover`, '-nf+f+fff+'],
  [`POST ${ONE}/ending`, '-nf+f+fff+'],
  [`POST ${ONE}/document`, '-nf+f+fff+'],
  [`GET ${ONE}/reports/:year`, '-nf+f+f+++'],
  [`GET ${MONTH}`, '-nf+f+f+++'],
  [`POST ${MONTH}/papers/:paper`, '-nf+f+f+++'],
  [`POST ${MONTH}/papers/:paper/none`, '-nf+f+f+++'],
  [`POST ${MONTH}/items/:item/withdrawal`, '-nf+f+f+++'],
  [`POST ${MONTH}/items/:item/refusal`, '-nf+f+fff+'],
  [`POST ${MONTH}/receipt`, '-nf+f+f+++'],
  [`POST ${MONTH}/booking`, '-nf+f+fff+'],
  [`POST ${MONTH}/filing`, '-nf+f+fff+'],
  [`POST ${MONTH}/reporting`, '-nf+f+fff+'],
  [`POST ${MONTH}/return`, '-nf+f+fff+'],
  [`POST ${MONTH}/reports`, '-nf+f+fff+'],
  [`POST ${MONTH}/reports/:report/removal`, '-nf+f+fff+'],
]
