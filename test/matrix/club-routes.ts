import type { Row } from './columns.ts'

/** The club: notices and the directory, read by the park's own people; a company's entry is its owner's alone, an administrator's too little. */
// anonymous applicant reception finance promotion manager official owner member admin
export const CLUB_ROUTES: Row[] = [
  ['GET /parks/:park/notices', '-n++++f+++'],
  ['GET /parks/:park/notices/new', '-nff++fff+'],
  ['POST /parks/:park/notices', '-nff++fff+'],
  ['GET /parks/:park/notices/:notice', '-n++++f+++'],
  ['GET /parks/:park/notices/:notice/edit', '-nff++fff+'],
  ['POST /parks/:park/notices/:notice/edit', '-nff++fff+'],
  ['POST /parks/:park/notices/:notice/correction', '-nff++fff+'],
  ['GET /parks/:park/notices/:notice/readers', '-n++++fnn+'],
  ['POST /parks/:park/notices/:notice/publication', '-nff++fff+'],
  ['POST /parks/:park/notices/:notice/withdrawal', '-nff++fff+'],
  ['POST /parks/:park/notices/:notice/reminder', '-nff++fff+'],
  ['POST /parks/:park/notices/:notice/removal', '-nff++fff+'],
  ['GET /parks/:park/directory', '-n++++f+++'],
  ['GET /parks/:park/directory/:listing', '-n++++f+++'],
  ['POST /parks/:park/directory/:listing/hiding', '-nff++fff+'],
  ['POST /parks/:park/directory/:listing/showing', '-nff++fff+'],
  ['GET /parks/:park/company/:tenant/listing', '-nfffff+fn'],
  ['POST /parks/:park/company/:tenant/listing', '-nfffff+fn'],
  ['POST /parks/:park/company/:tenant/listing/withdrawal', '-nfffff+fn'],
]
