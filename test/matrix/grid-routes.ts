import type { Row } from './columns.ts'

/** The grids of rooms, finding one, and the report on them. */
// anonymous applicant reception finance promotion manager official owner member admin
export const GRID_ROUTES: Row[] = [
  ['GET /parks/:park/rooms', '-n++++++++'],
  ['GET /parks/:park/rooms/week', '-n++++++++'],
  ['GET /parks/:park/rooms/month', '-n++++++++'],
  ['GET /parks/:park/rooms/changes', '-n++++++++'],
  ['GET /parks/:park/rooms/find', '-n++++++++'],
  ['GET /parks/:park/reports/rooms', '-n++f++ff+'],
]
