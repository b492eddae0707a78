import type { Row } from './columns.ts'

/** Bookings: the desk reaches all of them, others their own; finance what is payable, which these aren't. */
// anonymous applicant reception finance promotion manager official owner member admin
export const BOOKING_ROUTES: Row[] = [
  ['GET /parks/:park/bookings', '-n++++f+++'],
  ['GET /parks/:park/bookings/new', '-n++++f+++'],
  ['POST /parks/:park/bookings/new', '-n++++f+++', [200]],
  ['POST /parks/:park/bookings', '-n++++f+++'],
  ['GET /parks/:park/bookings/:booking', '-n+nn+f+++'],
  ['GET /parks/:park/bookings/:booking/quote', '-n+nn+f+++'],
  ['GET /parks/:park/bookings/:booking/move', '-n+nn+f+++'],
  ['POST /parks/:park/bookings/:booking/move', '-n+nn+f+++'],
  ['POST /parks/:park/bookings/:booking/move/price', '-n+nn+f+++', [200]],
  ['GET /parks/:park/bookings/:booking/edit', '-n+nn+f+++'],
  ['POST /parks/:park/bookings/:booking/details', '-n+nn+f+++'],
  ['POST /parks/:park/bookings/:booking/end', '-n+nn+f+++'],
  ['POST /parks/:park/bookings/:booking/extension', '-n+nn+f+++'],
  ['POST /parks/:park/bookings/:booking/check-in', '-n+ff+fff+'],
  ['POST /parks/:park/bookings/:booking/approval', '-n+ff+fff+'],
  ['POST /parks/:park/bookings/:booking/rejection', '-n+ff+fff+'],
  ['POST /parks/:park/bookings/:booking/payment', '-n+nn+fff+'],
  ['POST /parks/:park/bookings/:booking/cancellation', '-n+nn+f+++'],
]
