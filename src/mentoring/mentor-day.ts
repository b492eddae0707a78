import { model, Schema, type Types } from 'mongoose'
import { again } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import type { Day } from '../lib/days.ts'
import { type ParkOwned, parkOwned, scopedUpdate } from '../lib/park-scope.ts'
import { conflict } from '../lib/rule-error.ts'
import { clockOf } from '../lib/wall.ts'

/**
 * The rules that make slots: *a mentor's slots never overlap; a slot is never booked twice*. One document per mentor and civil day
 * holds that day's slots, so that check and write are one (docs/adr/0020). Times are minutes since the park's midnight.
 */
export interface Slot {
  _id: Types.ObjectId
  from: number
  to: number
  startsAt: Date
  endsAt: Date
  /** Where, or the link to meet at: told only to who booked. */
  place: string | null
  link: string | null
  /** The session it is booked for. */
  session: Types.ObjectId | null
}

export interface MentorDay extends ParkOwned {
  _id: Types.ObjectId
  mentor: Types.ObjectId
  day: Day
  slots: Slot[]
}

const number = { type: Number, required: true }
const date = { type: Date, required: true }
const text = { type: String, default: null }
const slot = new Schema<Slot>({
  from: number,
  to: number,
  startsAt: date,
  endsAt: date,
  place: text,
  link: text,
  session: { type: Schema.Types.ObjectId, default: null },
})

const schema = parkOwned<MentorDay>(
  {
    mentor: { type: Schema.Types.ObjectId, required: true },
    day: { type: String, required: true },
    slots: { type: [slot], default: [] },
  },
  { versionKey: false, timestamps: false },
)
schema.index({ park: 1, day: 1, mentor: 1 }, { unique: true })
schema.index({ park: 1, mentor: 1, day: 1 })
schema.index({ park: 1, 'slots._id': 1 })
export const MentorDay = model('MentorDay', schema, 'mentordays')

export interface Place {
  park: string
  mentor: Types.ObjectId
  day: Day
}

const meets = (slot: Pick<Slot, 'from' | 'to'>, other: Pick<Slot, 'from' | 'to'>): boolean => slot.from < other.to && other.from < slot.to

/** Adds a slot where none overlaps it, in the caller's transaction. Throws mentoring.overlap (409) naming the one in the way. */
export async function addSlot(place: Place, slot: Slot): Promise<void> {
  const { park, mentor, day } = place
  const key = { park, mentor, day }
  const free = { slots: { $not: { $elemMatch: { from: { $lt: slot.to }, to: { $gt: slot.from } } } } }
  if (await scopedUpdate(MentorDay, { ...key, ...free }, { $push: { slots: { $each: [slot], $sort: { from: 1 } } } })) return
  const found = (await MentorDay.findOne(key).lean()) as MentorDay | null
  if (found) {
    const other = found.slots.find(one => meets(one, slot)) ?? slot
    throw conflict('mentoring.overlap', { day, from: clockOf(other.from), to: clockOf(other.to) }, 'from')
  }
  try {
    await MentorDay.create([{ ...key, slots: [slot] }])
  } catch (error) {
    // Somebody opened the day between the look and the write.
    throw again(error)
  }
}

/** Books a slot for a session, if it is open and still ahead. Throws mentoring.slotTaken or mentoring.slotPast (409). */
export async function takeSlot({ park, mentor, day }: Place, slot: Types.ObjectId, session: Types.ObjectId): Promise<void> {
  const open = { _id: slot, session: null, startsAt: { $gt: now() } }
  const update = { $set: { 'slots.$.session': session } }
  if (await scopedUpdate(MentorDay, { park, mentor, day, slots: { $elemMatch: open } }, update)) return
  const found = await findSlot(park, slot)
  throw conflict(found && !found.slot.session ? 'mentoring.slotPast' : 'mentoring.slotTaken', {}, 'slot')
}

/** Gives a slot back: open for others, or gone where the mentor can't make it. */
export async function releaseSlot(
  { park, mentor, day }: Place,
  slot: Types.ObjectId,
  session: Types.ObjectId,
  reopen: boolean,
): Promise<void> {
  const update = reopen ? { $set: { 'slots.$.session': null } } : { $pull: { slots: { _id: slot, session } } }
  await scopedUpdate(MentorDay, { park, mentor, day, slots: { $elemMatch: { _id: slot, session } } }, update)
}

/** Takes an open slot away. Throws mentoring.slotBooked (409) once it is booked. */
export async function removeSlot({ park, mentor, day }: Place, slot: Types.ObjectId): Promise<void> {
  const open = { slots: { $elemMatch: { _id: slot, session: null } } }
  if (await scopedUpdate(MentorDay, { park, mentor, day, ...open }, { $pull: { slots: { _id: slot } } })) return
  throw conflict('mentoring.slotBooked')
}

export interface Found extends Place {
  slot: Slot
}

export async function findSlot(park: string, _id: Types.ObjectId): Promise<Found | null> {
  const day = (await MentorDay.findOne({ park, 'slots._id': _id }).lean()) as MentorDay | null
  const slot = day?.slots.find(one => one._id.equals(_id))
  return day && slot ? { park, mentor: day.mentor, day: day.day, slot } : null
}

export const isOpen = (slot: Pick<Slot, 'session' | 'startsAt'>, at: Date = now()): boolean => !slot.session && slot.startsAt > at
