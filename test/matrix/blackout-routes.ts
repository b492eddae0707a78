import type { Row } from './columns.ts'

/** Closures, check-in at the door, and the waitlist. */
// anonymous applicant reception finance promotion manager official owner member admin
export const BLACKOUT_ROUTES: Row[] = [
  ['GET /parks/:park/rooms/blackouts', '-nfff+fff+'],
  ['GET /parks/:park/rooms/blackouts/new', '-nfff+fff+'],
  ['POST /parks/:park/rooms/blackouts', '-nfff+fff+'],
  ['POST /parks/:park/rooms/blackouts/displacement', '-nfff+fff+'],
  ['GET /parks/:park/rooms/blackouts/:blackout', '-nfff+fff+'],
  ['POST /parks/:park/rooms/blackouts/:blackout/removal', '-nfff+fff+'],
  ['GET /parks/:park/rooms/:room/retirement', '-nfff+fff+'],
  ['POST /parks/:park/rooms/:room/retirement', '-nfff+fff+'],
  ['POST /parks/:park/rooms/:room/reopening', '-nfff+fff+'],
  ['GET /parks/:park/rooms/:room/here', '-n++++++++'],
  // Nobody here has a booking to check in now.
  ['POST /parks/:park/rooms/:room/here', '-nnnnnnnnn'],
  ['GET /parks/:park/bookings/waitlist', '-n++++f+++'],
  ['POST /parks/:park/bookings/waitlist', '-n++++f+++'],
  ['POST /parks/:park/bookings/waitlist/:wait/acceptance', '-n+nn+f+++'],
  ['POST /parks/:park/bookings/waitlist/:wait/refusal', '-n+nn+f+++'],
  ['POST /parks/:park/bookings/waitlist/:wait/withdrawal', '-n+nn+f+++'],
]
