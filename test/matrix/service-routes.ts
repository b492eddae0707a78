import type { Row } from './columns.ts'

/** The catalogue: kept by the manager, read by everybody once it is published. */
// anonymous applicant reception finance promotion manager official owner member admin
export const SERVICE_ROUTES: Row[] = [
  ['GET /parks/:park/services', '++++++++++'],
  ['GET /parks/:park/services/:service', '++++++++++'],
  ['GET /parks/:park/services/:service/examples/:document', '++++++++++'],
  ['GET /parks/:park/start', '++++++++++'],
  ['GET /parks/:park/settings/services', '-nfff+fff+'],
  ['POST /parks/:park/settings/services', '-nfff+fff+'],
  ['POST /parks/:park/settings/services/order', '-nfff+fff+'],
  ['GET /parks/:park/settings/services/new', '-nfff+fff+'],
  ['GET /parks/:park/settings/services/:service', '-nfff+fff+'],
  ['GET /parks/:park/settings/services/:service/basics', '-nfff+fff+'],
  ['POST /parks/:park/settings/services/:service/basics', '-nfff+fff+'],
  ['GET /parks/:park/settings/services/:service/form', '-nfff+fff+'],
  ['POST /parks/:park/settings/services/:service/form', '-nfff+fff+'],
  ['GET /parks/:park/settings/services/:service/documents', '-nfff+fff+'],
  ['POST /parks/:park/settings/services/:service/documents', '-nfff+fff+'],
  ['GET /parks/:park/settings/services/:service/documents/:document/example', '-nfff+fff+'],
  ['POST /parks/:park/settings/services/:service/documents/:document/example', '-nfff+fff+'],
  ['POST /parks/:park/settings/services/:service/documents/:document/example/removal', '-nfff+fff+'],
  ['GET /parks/:park/settings/services/:service/steps', '-nfff+fff+'],
  ['POST /parks/:park/settings/services/:service/steps', '-nfff+fff+'],
  ['GET /parks/:park/settings/services/:service/preview', '-nfff+fff+'],
  ['GET /parks/:park/settings/services/:service/versions/:no', '-nfff+fff+'],
  ['POST /parks/:park/settings/services/:service/publication', '-nfff+fff+'],
  ['POST /parks/:park/settings/services/:service/retirement', '-nfff+fff+'],
]
