import { Membership, User } from '../../accounts/user.ts'
import { setClock } from '../../lib/clock.ts'
import { addDays, weekday } from '../../lib/days.ts'
import { instantAt } from '../../lib/wall.ts'
import { Park } from '../../parks/park.ts'
import { Room, ruleFor } from '../../rooms/room.ts'
import { daysOfRule } from '../../rooms/series.ts'
import { makeSeries, wallOf } from '../../rooms/series-make.ts'
import { judge, willBook } from '../../rooms/series-plan.ts'
import { datedOf } from '../../rooms/series-preview.ts'
import { tenantHolder } from '../../rooms/viewer.ts'
import { realToday } from './leases.ts'

/** A weekly meeting of the demo's own company: begun a fortnight ago, with dates that can't be booked yet at its end. */
const WEEKS = 12

export async function seedSeries(slug: string): Promise<void> {
  const row = await Membership.findOne({ park: slug, role: 'owner', tenant: { $ne: null } }).lean()
  const park = (await Park.findById(slug).lean()) as Park | null
  if (!row?.tenant || !park) return
  const [user, holder] = [await User.findById(row.user).lean().orFail(), await tenantHolder(slug, row.tenant)]
  const rooms = (await Room.find({ park: slug, kind: 'meeting' }).sort({ order: 1 }).lean()) as Room[]
  const room = rooms.find(one => ruleFor(one, holder.class))
  if (!room) return
  const today = realToday()
  const day = addDays(today, -13 - weekday(today))
  const slot = { day, from: 570, to: 630 }
  const rule = { freq: 'WEEKLY' as const, interval: 1, count: WEEKS }
  setClock(instantAt(addDays(day, -1), 600, park.zone))
  const usual = daysOfRule(slot, rule).map(on => ({ day: on, room, slot: { ...slot, day: on }, choice: 'book' as const, booking: null }))
  const by = { id: String(user._id), name: user.name }
  const dates = await judge(park, usual, { by, holder, people: 6, extras: [], desk: false })
  const skipped = dates
    .filter(one => !willBook(one))
    .map(one => ({ occurrence: wallOf(one.day, slot.from), reason: one.reason ?? ('chosen' as const) }))
  const wish = { room: room._id, slot, rule, holder, contact: row.user, private: false, people: 6, note: null, attendees: [], extras: [] }
  await makeSeries(park, { ...wish, title: '周一例会' }, datedOf(dates), skipped, by, { desk: false, shown: null })
  setClock(null)
}
