import type { Shape } from '../shape.ts'
import type { checkIn as zh } from '../zh-CN/check-in.ts'

export const checkIn = {
  title: 'Check in: {{room}}',
  yours: 'Your booking',
  submit: 'Check in',
  done: 'You are checked in.',
  in: 'Checked in',
  opens: 'Check-in opens at {{clock}}, {{minutes}} minutes before the start.',
  free: 'Free now',
  freeUntil: 'Free until {{clock}}',
  freeRest: 'Nothing else is booked today',
  busy: 'In use',
  busyUntil: 'In use until {{clock}}',
  retired: 'This room is no longer in use',
  book: 'Book it now',
  other: 'Find another room',
  open: 'See the booking',
  room: 'The room and its week',
  none: 'You have no booking here today.',
} as const satisfies Shape<typeof zh>
