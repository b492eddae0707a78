import type { Row } from './columns.ts'

/** Rooms as they are kept and shown. */
// anonymous applicant reception finance promotion manager official owner member admin
export const ROOM_ROUTES: Row[] = [
  ['GET /parks/:park/rooms/list', '-n++++++++'],
  ['GET /parks/:park/rooms/new', '-nfff+fff+'],
  ['POST /parks/:park/rooms', '-nfff+fff+'],
  ['GET /parks/:park/rooms/:room', '-n++++++++'],
  ['GET /parks/:park/rooms/:room/edit', '-nfff+fff+'],
  ['POST /parks/:park/rooms/:room/edit', '-nfff+fff+'],
  ['GET /parks/:park/rooms/:room/rules', '-nfff+fff+'],
  ['POST /parks/:park/rooms/:room/rules', '-nfff+fff+'],
  ['GET /parks/:park/rooms/:room/photos', '-nfff+fff+'],
  ['POST /parks/:park/rooms/:room/photos', '-nfff+fff+'],
  ['GET /parks/:park/rooms/:room/photos/:photo', '-n++++++++'],
  ['POST /parks/:park/rooms/:room/photos/:photo/removal', '-nfff+fff+'],
  ['GET /parks/:park/rooms/:room/sign', '-n+ff+fff+'],
  ['GET /parks/:park/rooms/:room/qr.svg', '-n+ff+fff+'],
]
