import { expect } from 'chai'
import { Types } from 'mongoose'
import { clockOf } from '../../src/lib/wall.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { bookingPath } from '../../src/rooms/booking.ts'
import { RoomDay } from '../../src/rooms/room-day.ts'
import { WaitEntry } from '../../src/rooms/waitlist.ts'
import { signedInAs } from '../setup/app.ts'
import { buildPark, buildTenant, inDays } from '../setup/factories.ts'
import { buildBooking, buildRoom, holderOf, type RoomOptions } from '../setup/rooms.ts'
import type { Visitor } from '../setup/visitor.ts'

export const day = inDays(7)

/** A company's booking from 9 to 11, and a person of another company who wants a part of that. */
export async function scene(options: RoomOptions = {}) {
  const park = (await buildPark())._id
  const room = await buildRoom({ park, ...options })
  const joinAs = async (target?: Visitor) => {
    const tenant = await buildTenant(park)
    const who = await signedInAs('member', { park, tenant: tenant._id }, target)
    return Object.assign(who, { tenant: tenant._id })
  }
  const owner = await joinAs()
  const holder = await holderOf(park, owner.tenant)
  const { booking } = await buildBooking({ room, holder, contact: new Types.ObjectId(owner.userId), day, from: 540, to: 660 })
  const list = `/parks/${park}/bookings/waitlist`
  const wish = (from = 540, to = 600, more: Record<string, string> = {}) => ({
    room: String(room._id),
    day,
    from: clockOf(from),
    to: clockOf(to),
    title: 'Talk of ours',
    ...more,
  })
  const wait = async (who: Visitor, from?: number, to?: number) => {
    const before = await WaitEntry.distinct('_id', { park })
    const answer = await who.post(list, wish(from, to))
    expect(answer.status, answer.text).to.equal(303)
    return (await WaitEntry.findOne({ park, _id: { $nin: before } }).lean())!
  }
  const cancel = async (which = booking, who: Visitor = owner) =>
    expect((await who.post(`${bookingPath(which)}/cancellation`)).status).to.equal(303)
  const now = async (entry: WaitEntry) => (await WaitEntry.findOne({ park, _id: entry._id }).lean())!
  const mails = (what: string) => Mail.countDocuments({ key: `notice.waitlist.${what}`, path: list })
  const offers = () => RoomDay.countDocuments({ park, 'claims.kind': 'offer' })
  return { park, room, owner, booking, joinAs, list, wish, wait, cancel, now, mails, offers }
}
