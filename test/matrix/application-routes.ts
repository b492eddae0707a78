import type { Row } from './columns.ts'

/**
 * Applications that were handed in, here of a company: read by its people and the park's, worked on by the role of their step and by who
 * leads. That their owner alone does so is tested on the pages; nobody of the columns is it.
 */
// anonymous applicant reception finance promotion manager official owner member admin
export const APPLICATION_ROUTES: Row[] = [
  ['GET /parks/:park/applications', '-+++++++++'],
  ['GET /parks/:park/applications/hand-over', '-nfff+fff+'],
  ['POST /parks/:park/applications/hand-over', '-nfff+fff+'],
  ['GET /parks/:park/applications/:application', '-n++++n+++'],
  ['POST /parks/:park/applications/:application/finish', '-n+ff+nff+'],
  ['POST /parks/:park/applications/:application/ask', '-n+ff+nff+'],
  ['POST /parks/:park/applications/:application/resumption', '-n+ff+nff+'],
  ['POST /parks/:park/applications/:application/refusal', '-n+ff+nff+'],
  ['POST /parks/:park/applications/:application/hand-over', '-n+ff+nff+'],
  ['POST /parks/:park/applications/:application/papers/:paper/acceptance', '-n+ff+nff+'],
  ['POST /parks/:park/applications/:application/papers/:paper/refusal', '-n+ff+nff+'],
  ['POST /parks/:park/applications/:application/withdrawal', '-nffffn++f'],
  ['POST /parks/:park/applications/:application/reopening', '-nffffn++f'],
  ['POST /parks/:park/applications/:application/rating', '-nffffn++f'],
  ['GET /parks/:park/applications/:application/papers/:paper/preview', '-n++++n+++'],
  ['GET /parks/:park/applications/:application/papers/:paper/pages/:page', '-n++++n+++'],
  ['GET /parks/:park/applications/:application/papers/:paper/original', '-n++++n+++'],
  ['GET /parks/:park/applications/:application/results/:file', '-nnnnnnnnn'],
  ['GET /parks/:park/applications/:application/numbers', '-nffffnfff'],
  ['GET /parks/:park/reports/applications', '-nf++++ff+'],
]
