import { addDays, type Day } from '../../src/lib/days.ts'
import type { Park } from '../../src/parks/park.ts'
import { Blackout } from '../../src/rooms/blackout.ts'
import { makeBlackout, removeBlackout } from '../../src/rooms/blackout-make.ts'
import { bookRoom, type Wish } from '../../src/rooms/book.ts'
import { Booking } from '../../src/rooms/booking.ts'
import { cancelBooking } from '../../src/rooms/cancel.ts'
import { endEarly, extendBooking, moveBooking } from '../../src/rooms/change.ts'
import { checkIn } from '../../src/rooms/check-in.ts'
import { approveBooking, rejectBooking } from '../../src/rooms/decide.ts'
import { releaseBooking } from '../../src/rooms/release.ts'
import type { Room } from '../../src/rooms/room.ts'
import { BookingSeries, daysOfSeries } from '../../src/rooms/series.ts'
import { cancelSeries } from '../../src/rooms/series-cancel.ts'
import { changeSeries } from '../../src/rooms/series-change.ts'
import { addDates, makeSeries } from '../../src/rooms/series-make.ts'
import type { Slot } from '../../src/rooms/slot.ts'
import { WaitEntry } from '../../src/rooms/waitlist.ts'
import { acceptOffer, joinWaitlist, leaveWaitlist } from '../../src/rooms/waitlist-steps.ts'
import type { Holder } from '../../src/rooms/wish.ts'
import { BY, OTHER } from '../setup/factories.ts'

/** Random things people do to rooms: each chosen by what the records look like when the round begins. */
export interface RoomScene {
  park: Park
  rooms: Room['_id'][]
  holders: Holder[]
  first: Day
}

export type Work = [name: string, run: () => Promise<unknown>]
type Pick = (max: number) => number

const some = <T>(pick: Pick, list: T[]): T => list[pick(list.length)]!

/** Late and early hours of three days: many cross midnight, some a month's end. */
function slotOf(pick: Pick, first: Day): Slot {
  const from = pick(48) * 30
  return { day: addDays(first, pick(3)), from, to: from + (1 + pick(6)) * 30 * (pick(4) ? 1 : 4) }
}

const wishOf = (pick: Pick, { rooms, holders, first }: RoomScene): Wish => ({
  room: some(pick, rooms),
  slot: slotOf(pick, first),
  holder: some(pick, holders),
  contact: null,
  title: 'Work',
  private: pick(2) === 0,
  people: null,
  note: null,
  attendees: [],
  extras: [],
})

function onSeries(pick: Pick, scene: RoomScene, all: BookingSeries[]): Work {
  const { park, rooms, first } = scene
  const one = all.length ? some(pick, all) : null
  const what = one ? pick(4) : 0
  if (!one || what === 0) {
    const wish = wishOf(pick, scene)
    const slot = { ...wish.slot, to: wish.slot.from + 60 }
    const days = [0, 1, 2, 3].map(i => addDays(first, i))
    const rule = { freq: 'DAILY' as const, interval: 1, count: 4 }
    const dates = days.map(day => ({ day, room: wish.room, slot: { ...slot, day }, changed: false }))
    const start = { ...slot, day: first }
    return ['series', () => makeSeries(park, { ...wish, slot: start, rule }, dates, [], BY, { desk: false, shown: null })]
  }
  const days = daysOfSeries(one)
  const at = some(pick, days)
  if (what === 1)
    return [
      'series cancel',
      () => cancelSeries(park, one._id, { scope: some(pick, ['one', 'following', 'all'] as const), at, reason: null, shown: null }, BY),
    ]
  if (what === 2) return ['series add', () => addDates(park, one._id, [at], BY, { desk: false, shown: null })]
  const from = pick(46) * 30
  const { title, private: closed, people } = one
  const edit = { room: some(pick, rooms), from, to: from + 60, title, private: closed, people }
  const scope = some(pick, ['one', 'following', 'all'] as const)
  const dates = days.map(day => ({ day, room: edit.room, slot: { day, from, to: edit.to }, changed: false }))
  return ['series edit', () => changeSeries(park, one._id, { scope, at, edit, dates, desk: false, shown: null, version: one.version }, BY)]
}

async function onClosing(pick: Pick, scene: RoomScene): Promise<Work> {
  const { park, rooms } = scene
  const there = await Blackout.find({ park: park._id, state: 'active' }).sort({ _id: 1 }).lean()
  if (there.length && pick(2)) return ['reopen', () => removeBlackout(park, some(pick, there)._id, BY)]
  // Who agreed to everything that was there when they looked.
  const seen = (await Booking.find({ park: park._id }, { _id: 1 }).lean()).map(one => String(one._id))
  const wish = { rooms: [some(pick, rooms)], slot: slotOf(pick, scene.first), rule: null, reason: { zh: 'Works' } }
  return ['blackout', () => makeBlackout(park, wish, pick(3) ? seen : null, BY)]
}

async function onWaiting(pick: Pick, scene: RoomScene): Promise<Work> {
  const { park } = scene
  const open = await WaitEntry.find({ park: park._id, state: { $in: ['waiting', 'offered'] } })
    .sort({ _id: 1 })
    .lean()
  const offered = open.filter(one => one.state === 'offered')
  if (offered.length && pick(3)) return ['accept', () => acceptOffer(park, some(pick, offered)._id, BY, { desk: false })]
  if (open.length && !pick(4)) return ['leave', () => leaveWaitlist(park, some(pick, open)._id, BY)]
  // Somebody else's time is what people wait for.
  const taken = await Booking.find({ park: park._id, state: 'confirmed' }).sort({ code: 1 }).limit(20).lean()
  const wish = wishOf(pick, scene)
  if (!taken.length) return ['wait', () => joinWaitlist(park, wish, BY, { desk: false })]
  const { room, day, from, to } = some(pick, taken)
  return ['wait', () => joinWaitlist(park, { ...wish, room, slot: { day, from, to } }, BY, { desk: false })]
}

function onBooking(pick: Pick, scene: RoomScene, one: Booking): Work {
  const { park, rooms, first } = scene
  const desk = false
  if (one.state === 'pending' && pick(2))
    return pick(3) ? ['approve', () => approveBooking(park, one._id, OTHER)] : ['reject', () => rejectBooking(park, one._id, 'No', OTHER)]
  const move = (slot: Slot, room: Room['_id'] | null, version: number | null) =>
    moveBooking(park, one._id, { room, slot, version, desk }, BY)
  const steps: Work[] = [
    ['move', () => move(slotOf(pick, first), pick(2) ? some(pick, rooms) : null, null)],
    ['resize', () => move({ day: one.day, from: one.from, to: one.to + (pick(2) ? 60 : -30) }, null, one.version)],
    ['cancel', () => cancelBooking(park, one._id, { reason: null, shown: null }, BY)],
    ['check in', () => checkIn(park, one._id, BY)],
    ['release', () => releaseBooking(park, one._id)],
    ['end', () => endEarly(park, one._id, BY)],
    ['extend', () => extendBooking(park, one._id, one.to + 30, BY)],
  ]
  return some(pick, steps)
}

export async function workOn(scene: RoomScene, pick: Pick): Promise<Work> {
  const { park } = scene
  const what = pick(20)
  if (what < 6) return ['book', () => bookRoom(park, wishOf(pick, scene), BY, { desk: false })]
  if (what < 9) return onSeries(pick, scene, (await BookingSeries.find({ park: park._id }).sort({ _id: 1 }).lean()) as BookingSeries[])
  if (what < 11) return onClosing(pick, scene)
  if (what < 14) return onWaiting(pick, scene)
  const bookings = (await Booking.find({ park: park._id, state: { $in: ['confirmed', 'pending'] } })
    .sort({ code: 1 })
    .lean()) as Booking[]
  if (!bookings.length) return ['book', () => bookRoom(park, wishOf(pick, scene), BY, { desk: false })]
  return onBooking(pick, scene, some(pick, bookings))
}
