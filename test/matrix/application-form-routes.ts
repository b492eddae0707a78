import type { Row } from './columns.ts'

/** The form of an application: begun by anybody who is signed in, filled in by whose it is; here of a company, and more is asked for. */
// anonymous applicant reception finance promotion manager official owner member admin
export const APPLICATION_FORM_ROUTES: Row[] = [
  ['GET /parks/:park/applications/new', '-+++++++++', [200, 303]],
  ['POST /parks/:park/applications', '-+++++++++'],
  ['GET /parks/:park/applications/:application/tasks', '-nffffn++f'],
  ['GET /parks/:park/applications/:application/tasks/:task', '-nffffn++f'],
  ['POST /parks/:park/applications/:application/tasks/:task', '-nffffn++f'],
  ['POST /parks/:park/applications/:application/papers', '-nffffn++f'],
  ['POST /parks/:park/applications/:application/papers/:paper/removal', '-nffffn++f'],
  ['GET /parks/:park/applications/:application/papers/:paper/file', '-nffffn++f'],
  ['GET /parks/:park/applications/:application/examples/:document', '-nffffn++f'],
  ['GET /parks/:park/applications/:application/check', '-nffffn++f'],
  ['POST /parks/:park/applications/:application/submission', '-nffffn++f'],
  ['POST /parks/:park/applications/:application/answer', '-nffffn++f'],
  ['POST /parks/:park/applications/:application/discard', '-nffffn++f'],
]
