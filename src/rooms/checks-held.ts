import type { Report, Subject } from '../lib/check.ts'
import { now } from '../lib/clock.ts'
import type { Park } from '../parks/park.ts'
import type { Booking } from './booking.ts'
import { RoomDay } from './room-day.ts'
import { endsAt, lengthOf, piecesOf, startsAt } from './slot.ts'

/** What the days of a room say of a booking, and its instants of its wall time: the same twice, so it must agree. */
const subjectOf = ({ park, _id, code }: Booking): Subject => ({ park, kind: 'booking', id: _id, label: code })

interface Held {
  day: string
  times: string
  body: string
}

const timesOf = (one: { room: unknown; from: number; to: number; start: number; end: number }): string =>
  [one.room, one.from, one.to, one.start, one.end].join()

const bodyOf = (one: { title: string; private: boolean; who: string; tenant: unknown }): string =>
  JSON.stringify([one.title, one.private, one.who, one.tenant ? String(one.tenant) : null])

async function heldBy(booking: Booking, list: 'claims' | 'requests'): Promise<Held[]> {
  const days = await RoomDay.find({ park: booking.park, [`${list}.ref`]: booking._id }).lean()
  return days.flatMap(({ day, ...lists }) =>
    lists[list].filter(one => one.ref.equals(booking._id)).map(one => ({ day, times: timesOf(one), body: bodyOf(one) })),
  )
}

/** A confirmed booking holds exactly its time, a pending one has exactly its request, any other nothing (a released one: what passed). */
export async function checkHeld(booking: Booking, park: Park, report: Report): Promise<void> {
  const tell = (message: string) => report(message, subjectOf(booking))
  const { state, terms, room, title, holder } = booking
  const [claims, requests] = [await heldBy(booking, 'claims'), await heldBy(booking, 'requests')]
  const wanted = piecesOf(booking, terms.before, terms.after, park.zone).map(piece => `${piece.day} ${timesOf({ ...piece, room })}`)
  const named = (held: Held[]) => held.map(({ day, times }) => `${day} ${times}`)
  const same = (held: Held[]) => named(held).sort().join(' ') === [...wanted].sort().join(' ')
  if (state === 'confirmed' && !same(claims)) tell(`is confirmed and holds ${named(claims).join(' ') || 'nothing'}`)
  if (state === 'pending' && !same(requests)) tell('waits for approval and its request isn’t on the room’s day')
  if (state !== 'pending' && requests.length) tell(`is ${state} and still asks for its room`)
  if (!['confirmed', 'released'].includes(state) && claims.length) tell(`is ${state} and still holds its room`)
  const own = ({ day, times }: Held) => wanted.some(one => one.startsWith(`${day} `)) && times.startsWith(`${room},`)
  if (state === 'released' && !claims.every(own)) tell('was released and holds days that weren’t its own')
  // What is private stays out of the message.
  const body = bodyOf({ title, private: booking.private, who: holder.name, tenant: holder.tenant })
  if ([...claims, ...requests].some(one => one.body !== body)) tell('has another title, privacy or holder on the room’s day')
}

/** How late the job that closes requests may be. */
const GRACE = 5 * 60_000

export function checkTimes(booking: Booking, { zone }: Park, report: Report): void {
  const tell = (message: string) => report(message, subjectOf(booking))
  const { day, from, to, cost, endedAt } = booking
  if (booking.startsAt.getTime() !== startsAt(booking, zone).getTime()) tell(`begins ${booking.startsAt.toISOString()}, not ${day} ${from}`)
  if (booking.endsAt.getTime() !== endsAt(booking, zone).getTime()) tell(`ends ${booking.endsAt.toISOString()}, not ${day} ${to}`)
  const minutes = lengthOf(booking, zone)
  if (!endedAt && cost.minutes !== minutes) tell(`is charged ${cost.minutes} minutes and lasts ${minutes}`)
  if (booking.state === 'pending' && now().getTime() - booking.startsAt.getTime() > GRACE) tell('has begun and still waits for approval')
}
