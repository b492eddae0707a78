import type { Row } from './columns.ts'

/** Bookings that repeat: the desk reaches all of them, others their own and their company's. */
// anonymous applicant reception finance promotion manager official owner member admin
export const SERIES_ROUTES: Row[] = [
  ['POST /parks/:park/bookings/series/preview', '-n++++f+++'],
  ['POST /parks/:park/bookings/series', '-n++++f+++'],
  ['GET /parks/:park/bookings/series/:series', '-n+nn+f+++'],
  ['POST /parks/:park/bookings/series/:series/dates', '-n+nn+f+++'],
  ['GET /parks/:park/bookings/series/:series/edit', '-n+nn+f+++'],
  ['POST /parks/:park/bookings/series/:series/preview', '-n+nn+f+++'],
  ['POST /parks/:park/bookings/series/:series/edit', '-n+nn+f+++'],
  ['GET /parks/:park/bookings/series/:series/cancel', '-n+nn+f+++'],
  ['POST /parks/:park/bookings/series/:series/cancellation', '-n+nn+f+++'],
]
