import type { Row } from './columns.ts'

/** Calendar addresses, the pages at doors, the sheet of the day. What is open to everybody is named by a secret: here by none. */
// anonymous applicant reception finance promotion manager official owner member admin
export const FEED_ROUTES: Row[] = [
  ['GET /feeds/:token.ics', '++++++++++', [404]],
  ['GET /parks/:park/bookings/feeds', '-n++++++++'],
  ['POST /parks/:park/bookings/feeds', '-n++++++++'],
  // Nobody's but one's own.
  ['POST /parks/:park/bookings/feeds/:feed/revocation', '-nnnnnnnnn'],
  ['GET /parks/:park/bookings/day-sheet', '-n+ff+fff+'],
  ['GET /parks/:park/door/:token', '++++++++++', [404]],
  ['GET /parks/:park/door/:token/qr.svg', '++++++++++', [404]],
  ['POST /parks/:park/door/:token/check-in', '++++++++++', [404]],
  ['POST /parks/:park/door/:token/booking', '++++++++++', [404]],
  ['GET /parks/:park/rooms/:room/door', '-nfff+fff+'],
  ['GET /parks/:park/rooms/:room/door.svg', '-nfff+fff+'],
  ['POST /parks/:park/rooms/:room/door-token', '-nfff+fff+'],
  ['POST /parks/:park/rooms/:room/door-token/revocation', '-nfff+fff+'],
]
