import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { bookRoom, roomOf } from '../rooms/book.ts'
import { Booking } from '../rooms/booking.ts'
import { editDetails } from '../rooms/booking-details.ts'
import { cancelBooking } from '../rooms/cancel.ts'
import { endEarly, extendBooking, isAhead, isRunning, moveBooking } from '../rooms/change.ts'
import { letGo } from '../rooms/holding.ts'
import type { Room } from '../rooms/room.ts'
import type { Slot } from '../rooms/slot.ts'
import { ruleOf } from '../rooms/terms.ts'
import { parkHolder } from '../rooms/viewer.ts'
import { Event, eventSubject, type Session, sessionEnd, sessionStart } from './event.ts'
import { asId, slotFor } from './room-slot.ts'

/**
 * *A session with a room has a booking that covers it, and moves, changes and ends with it.* Everything here runs in the transaction
 * of the event's own change, after its facts are written: what the rooms refuse leaves both as they were.
 */
export interface RoomWish {
  /** Null: without a room of the park. */
  room: Types.ObjectId | null
  /** The row of the form it was chosen in: where a refusal is shown. */
  row?: number
}

export interface RoomWishes {
  /** By session; who isn't named keeps what it has. */
  rooms: Map<string, RoomWish>
  desk: boolean
}

const LIVE = ['pending', 'confirmed'] as const

const liveBookings = async ({ park, _id }: Pick<Event, 'park' | '_id'>): Promise<Booking[]> =>
  (await Booking.find({ park, 'event.ref': _id, state: { $in: LIVE } }).lean()) as Booking[]

/** Whether a booking lasts as long as its session at least. */
export const covers = (booking: Pick<Booking, 'startsAt' | 'endsAt'>, session: Session, zone: string): boolean =>
  booking.startsAt <= sessionStart(session, zone) && booking.endsAt >= sessionEnd(session, zone)

const detailsOf = (event: Event, { note, attendees }: Pick<Booking, 'note' | 'attendees'>, people: number | null) => ({
  ...{ title: event.title.zh, private: event.state === 'draft', people, note, attendees },
})

/** Seats asked for: where some may follow online, the places say nothing of the room. */
const peopleOf = ({ capacity }: Event, { online }: Session): number | null => (online ? null : capacity)

/** A refusal of the rooms, at the row of the form that asked for it. */
async function atRow<T>(row: number | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof RuleError) || row === undefined) throw error
    const { key, params } = error.problem
    throw new RuleError(key.replace(/^error\./, ''), params, { field: `sessions[${row}][room]`, status: error.status })
  }
}

/** Gives a room back: before its time by cancelling, during it by ending; what is over stays as it was. */
async function drop(park: Park, booking: Booking, reason: string | null, by: Actor): Promise<void> {
  if (isAhead(booking)) await cancelBooking(park, booking._id, { reason, shown: null }, by)
  else if (isRunning(booking)) await endEarly(park, booking._id, by)
}

interface Step {
  session: Session
  had: Booking | null
  room: Room | null
  row: number | undefined
  /** Said on the event's page to need none: what was lost is no longer missed. */
  waived: boolean
}

async function stepsOf(park: Park, event: Event, live: Booking[], wishes: RoomWishes | null): Promise<Step[]> {
  const steps: Step[] = []
  for (const session of event.sessions) {
    const had = live.find(one => session.booking && one._id.equals(session.booking)) ?? null
    const wish = wishes?.rooms.get(String(session._id))
    const wanted = wish ? wish.room : (had?.room ?? null)
    steps.push({
      session,
      had,
      room: wanted && (await roomOf(park._id, wanted)),
      row: wish?.row,
      waived: wish !== undefined && wish.row === undefined,
    })
  }
  return steps
}

/** Sessions as they are before any booking is touched: without what they give up, and where they are named after their room. */
const settledSessions = (steps: Step[]): Session[] =>
  steps.map(({ session, had, room, waived }) => {
    const named = !session.place || session.place.zh === had?.roomName.zh
    const place = room && named ? { zh: room.name.zh, en: room.name.en ?? null } : session.place
    return { ...session, place, booking: room && had ? had._id : null, lostRoom: room || had || waived ? null : (session.lostRoom ?? null) }
  })

async function move(park: Park, before: Event, { session, had, room, row }: Step, desk: boolean, by: Actor): Promise<void> {
  const old = before.sessions.find(one => one._id.equals(session._id)) ?? session
  const slot = slotFor(session, ruleOf(room!, 'park').step, { session: old, booking: had! })
  await atRow(row, async () => {
    if (isAhead(had!)) await moveBooking(park, had!._id, { room: room!._id, slot, version: null, desk }, by)
    else if (had!.day === slot.day && had!.from === slot.from && slot.to > had!.to) await extendBooking(park, had!._id, slot.to, by)
    else throw conflict('booking.over', { code: had!.code })
  })
}

/** What must change of a booking: another room or time. What is over, or begun and long enough, stays. */
function isMoved(before: Event, { session, had, room }: Step, zone: string): boolean {
  if (!had || !room || (!isAhead(had) && !isRunning(had))) return false
  if (!room._id.equals(had.room)) return true
  const old = before.sessions.find(one => one._id.equals(session._id)) ?? session
  const same = old.day === session.day && old.from === session.from && old.to === session.to
  return !(same && covers(had, session, zone)) && !(isRunning(had) && covers(had, session, zone))
}

async function book(park: Park, event: Event, { session, room, row }: Step, desk: boolean, by: Actor): Promise<Types.ObjectId> {
  const slot: Slot = slotFor(session, ruleOf(room!, 'park').step)
  const told = { ...detailsOf(event, { note: null, attendees: [] }, peopleOf(event, session)), extras: [] }
  const wish = { room: room!._id, slot, holder: parkHolder(park), contact: asId(by.id), ...told }
  const use = { ref: event._id, code: event.code, session: session._id }
  return (await atRow(row, () => bookRoom(park, wish, by, { desk, event: use })))._id
}

/** The title follows the event's, and what isn't published yet isn't shown on the grid. */
async function retell(park: Park, event: Event, by: Actor): Promise<void> {
  for (const booking of await liveBookings(event)) {
    const session = event.sessions.find(one => one._id.equals(booking.event!.session))
    if (!session || !isAhead(booking)) continue
    const details = detailsOf(event, booking, peopleOf(event, session))
    const same = details.title === booking.title && details.private === booking.private && details.people === booking.people
    if (!same) await editDetails(park, booking._id, booking.version, details, by, true)
  }
}

const writeSessions = async ({ park, _id }: Pick<Event, 'park' | '_id'>, sessions: Session[]): Promise<void> => {
  await Event.updateOne({ park, _id }, { $set: { sessions } })
}

/**
 * Brings the rooms of an event to what its sessions are now: gives back, moves, books. `before` is the event as it was (itself, for a
 * new one), `after` as it was just written, with the bookings its sessions had. Answers the event with its bookings. Throws what the
 * rooms say (room.taken, room.blocked (409), room.* (422)) at the row that asked.
 */
export async function syncRooms(park: Park, before: Event, after: Event, wishes: RoomWishes | null, by: Actor): Promise<Event> {
  const live = await liveBookings(after)
  const wanted = [...(wishes?.rooms.values() ?? [])].some(({ room }) => room)
  if (!live.length && !wanted && !after.sessions.some(one => one.lostRoom)) return after
  const desk = wishes?.desk ?? false
  const steps = await stepsOf(park, after, live, wishes)
  const sessions = settledSessions(steps)
  // First the event: the bookings that end below belong to nobody then (follow-rooms.ts asks).
  await writeSessions(after, sessions)
  for (const booking of live) if (!sessions.some(one => one.booking?.equals(booking._id))) await drop(park, booking, null, by)
  const moves = steps.filter(step => isMoved(before, step, park.zone))
  // All at once: where two change places, neither stands in the other's way.
  for (const { had } of moves) if (isAhead(had!)) await letGo(had!, park.zone)
  for (const step of moves) await move(park, before, step, desk, by)
  for (const [i, step] of steps.entries()) if (step.room && !step.had) sessions[i]!.booking = await book(park, after, step, desk, by)
  await writeSessions(after, sessions)
  const fresh = { ...after, sessions }
  await retell(park, fresh, by)
  return fresh
}

/** Gives all rooms of an event back: it was called off. */
export async function dropRooms(park: Park, event: Event, reason: string | null, by: Actor): Promise<void> {
  const live = await liveBookings(event)
  if (!live.length) return
  await writeSessions(
    event,
    event.sessions.map(session => ({ ...session, booking: null })),
  )
  for (const booking of live) await drop(park, booking, reason, by)
}

/** One session's room, from the event's page. Throws stale (409) and what syncRooms() throws. */
export async function chooseRoom(
  park: Park,
  event: Event,
  session: Types.ObjectId,
  { version, room, desk }: { version: number; room: Types.ObjectId | null; desk: boolean },
  by: Actor,
): Promise<Event> {
  const filter = { park: park._id, _id: event._id, version, state: { $ne: 'cancelled' as const } }
  const after = (await Event.findOneAndUpdate(filter, { $inc: { version: 1 } }, { returnDocument: 'after' }).lean()) as Event | null
  if (!after) throw conflict('stale')
  const fresh = await syncRooms(park, event, after, { rooms: new Map([[String(session), { room }]]), desk }, by)
  const name = (one: Event) => one.sessions.find(({ _id }) => _id.equals(session))?.place?.zh ?? null
  await audit(by, room ? 'event.room' : 'event.noRoom', eventSubject(fresh), {
    before: { place: name(event) },
    after: { place: name(fresh) },
  })
  return fresh
}
