import type { Types } from 'mongoose'
import { notFound, RuleError } from '../lib/rule-error.ts'
import { Attendee } from './attendee.ts'
import { Event } from './event.ts'

/**
 * *An event never has more places taken than its capacity, and nobody waits while a place is free.* The count stands in the event
 * itself: taking a place is one guarded write on it, and so is everything that gives one back, so that of two at once the second
 * runs again and sees what the first left. Call all of these inside the transaction of what they are for.
 */
type EventRef = Pick<Event, 'park' | '_id'>

const FREE = { $or: [{ capacity: null }, { $expr: { $lt: ['$taken', '$capacity'] } }] }
const after = { returnDocument: 'after' } as const

/** Takes a place where one is free. False when there is none. */
export async function takePlace({ park, _id }: EventRef): Promise<boolean> {
  const { modifiedCount } = await Event.updateOne({ park, _id, state: 'published', ...FREE }, { $inc: { taken: 1 } })
  return modifiedCount === 1
}

/** A number at the end of the waiting line. */
export async function joinLine({ park, _id }: EventRef): Promise<number> {
  const event = await Event.findOneAndUpdate({ park, _id, state: 'published' }, { $inc: { waiting: 1, turns: 1 } }, after).lean()
  if (!event) throw new RuleError('event.notOpen', {}, { status: 409 })
  return event.turns
}

/** Gives back what a record had: its place, or its place in the line. Answers the event as it is then. */
export async function giveBack({ park, _id }: EventRef, had: 'going' | 'waiting'): Promise<Event> {
  const change = had === 'going' ? { taken: -1 } : { waiting: -1 }
  const event = await Event.findOneAndUpdate({ park, _id }, { $inc: change }, after).lean()
  if (!event) throw notFound()
  return event as Event
}

/**
 * Gives what is free to those who have waited longest, in order, and answers them as they are then. `event` must have been written
 * in this transaction, and be as that write left it.
 */
export async function promoteWaiting(event: Pick<Event, 'park' | '_id' | 'capacity' | 'taken' | 'waiting'>): Promise<Attendee[]> {
  const { park, _id, capacity, taken, waiting } = event
  const count = Math.min(waiting, capacity === null ? waiting : capacity - taken)
  if (count <= 0) return []
  const filter = { park, event: _id, state: 'waiting' as const }
  const next = (await Attendee.find(filter).sort({ turn: 1 }).limit(count).lean()) as Attendee[]
  const ids = next.map(one => one._id)
  await Attendee.updateMany({ park, _id: { $in: ids } }, { $set: { state: 'going', turn: null } })
  await Event.updateOne({ park, _id }, { $inc: { taken: next.length, waiting: -next.length } })
  return next.map(one => ({ ...one, state: 'going', turn: null }))
}

/** Where somebody stands in the line: 1 is next. */
export async function positionOf({ park, event, turn }: Pick<Attendee, 'park' | 'event' | 'turn'>): Promise<number | null> {
  if (turn === null) return null
  return 1 + (await Attendee.countDocuments({ park, event, state: 'waiting', turn: { $lt: turn } }))
}

/** The ids in the order of the line, for lists. */
export async function lineOf(park: string, event: Types.ObjectId): Promise<Map<string, number>> {
  const rows = await Attendee.find({ park, event, state: 'waiting' }, { _id: 1 }).sort({ turn: 1 }).lean()
  return new Map(rows.map(({ _id }, i) => [String(_id), i + 1]))
}
