import type { Types } from 'mongoose'
import type { Actor } from '../../accounts/identity.ts'
import { Membership, User } from '../../accounts/user.ts'
import { setClock } from '../../lib/clock.ts'
import { addDays, type Day, weekday } from '../../lib/days.ts'
import { RuleError } from '../../lib/rule-error.ts'
import { instantAt } from '../../lib/wall.ts'
import { kindsOf } from '../../parks/calendar.ts'
import { Park } from '../../parks/park.ts'
import { bookRoom } from '../../rooms/book.ts'
import type { Booking } from '../../rooms/booking.ts'
import { cancelBooking } from '../../rooms/cancel.ts'
import { checkIn } from '../../rooms/check-in.ts'
import { approveBooking } from '../../rooms/decide.ts'
import { releaseBooking } from '../../rooms/release.ts'
import { Room, ruleFor } from '../../rooms/room.ts'
import { outsideHolder, parkHolder, tenantHolder } from '../../rooms/viewer.ts'
import type { Holder } from '../../rooms/wish.ts'
import { Tenant } from '../../tenants/tenant.ts'
import { realToday } from './leases.ts'
import { type Random, randomOf } from './random.ts'

/**
 * Bookings of the demo, made by the product's own functions at the time they would have been made: three weeks back, two ahead, in
 * every state. The same on every start of one day.
 */
const TITLES = ['项目例会', '产品评审', '客户来访', '面试', '季度总结', '技术分享', '投资人交流', '合同洽谈', '新员工培训', '需求讨论']
const EVENTS = ['创业实训', '路演彩排', '政策宣讲', '团队建设']
const BACK = 21
const AHEAD = 14

interface Scene {
  park: Park
  rooms: Room[]
  random: Random
  today: Day
  own: { holder: Holder; people: Types.ObjectId[] } | null
  others: Holder[]
  desk: Actor
  manager: Actor
}

const actorOf = async (email: string): Promise<Actor> => {
  const user = await User.findOne({ email }).lean().orFail()
  return { id: String(user._id), name: user.name }
}

/** The tenant of the demo's owner and member, so that a person who tries it out has bookings of their own. */
async function ownOf(park: string): Promise<Scene['own']> {
  const rows = await Membership.find({ park, role: { $in: ['owner', 'member'] }, tenant: { $ne: null } }).lean()
  if (!rows[0]?.tenant) return null
  return { holder: await tenantHolder(park, rows[0].tenant), people: rows.map(row => row.user) }
}

async function sceneOf(slug: string, seed: number): Promise<Scene> {
  const park = (await Park.findById(slug).orFail().lean()) as Park
  const tenants = await Tenant.find({ park: slug, mergedInto: null }, { _id: 1 }).sort({ normal: 1 }).limit(30).lean()
  const others: Holder[] = []
  for (const { _id } of tenants) others.push(await tenantHolder(slug, _id))
  return {
    park,
    rooms: (await Room.find({ park: slug }).sort({ order: 1 }).lean()) as Room[],
    random: randomOf(seed),
    today: realToday(),
    own: await ownOf(slug),
    others,
    desk: await actorOf(`reception.${slug}@example.com`),
    manager: await actorOf(`manager.${slug}@example.com`),
  }
}

interface Plan {
  room: Room
  holder: Holder
  contact: Types.ObjectId | null
  day: Day
  from: number
  to: number
}

/** Who asks: mostly tenants, now and then the demo's own company, an outside party or the park itself. */
function whoOf({ park, own, others, random }: Scene): Pick<Plan, 'holder' | 'contact'> {
  const dice = random.next()
  if (own && dice < 0.22) return { holder: own.holder, contact: random.pick(own.people) }
  if (dice < 0.3) return { holder: parkHolder(park), contact: null }
  if (dice < 0.36) return { holder: outsideHolder('云栖科创沙龙·示例', '0571-00000808', null), contact: null }
  return { holder: random.pick(others), contact: null }
}

function planOn(scene: Scene, room: Room, day: Day, kind: 'workday' | 'weekend' | 'holiday'): Plan | null {
  const { random } = scene
  const who = whoOf(scene)
  const rule = ruleFor(room, who.holder.class)
  const open = rule?.hours[kind]
  if (!rule || !open) return null
  const step = Math.max(rule.step, 30)
  const length = Math.min(rule.max, Math.max(rule.min, step * random.whole(1, 4)))
  const first = Math.max(open.from, 540)
  const from = first + step * random.whole(0, Math.max(0, Math.floor((open.to - length - first) / step)))
  return from + length <= open.to ? { room, ...who, day, from, to: from + length } : null
}

const clockAt = (day: Day, minute: number, zone: string): void => setClock(instantAt(day, minute, zone))

/** One booking with what became of it; a time that turns out to be taken is left. */
async function play(scene: Scene, plan: Plan): Promise<void> {
  const { park, random, today, desk, manager } = scene
  const { room, holder, contact, day, from, to } = plan
  const made = addDays(day, -random.whole(1, 4))
  clockAt(made < today ? made : addDays(today, -1), 570, park.zone)
  const events = ['hall', 'field', 'canteen'].includes(room.kind)
  const wish = {
    room: room._id,
    slot: { day, from, to },
    holder,
    contact,
    title: random.pick(events ? EVENTS : TITLES),
    private: random.next() < 0.2,
    people: Math.min(room.capacity, random.whole(2, 12)),
    note: null,
    attendees: [],
    extras: [],
  }
  try {
    const booking = await bookRoom(park, wish, desk, { desk: true })
    const dice = random.next()
    const past = day < today
    // A request of today would be too late to decide.
    if (booking.state === 'pending' && (day <= today || dice < 0.5)) await approveBooking(park, booking._id, manager)
    else if (dice > 0.93 && booking.state === 'confirmed') await cancelBooking(park, booking._id, { reason: null, shown: null }, desk)
    else if (past && dice < 0.85) await arrive(scene, plan, booking)
  } catch (error) {
    if (!(error instanceof RuleError)) throw error
  }
}

/** Most people come; those who don't lose the room, where it is given back by itself. */
async function arrive({ park, random, desk }: Scene, { day, from }: Plan, booking: Booking): Promise<void> {
  const came = random.next() < 0.9
  clockAt(day, from + (came ? 2 : 30), park.zone)
  if (came) await checkIn(park, booking._id, desk)
  else await releaseBooking(park, booking._id)
}

export async function seedBookings(slug: string, seed: number, perDay: number): Promise<void> {
  const scene = await sceneOf(slug, seed)
  const { park, rooms, random, today } = scene
  const kinds = await kindsOf(park, addDays(today, -BACK), addDays(today, AHEAD))
  for (const [day, { kind }] of kinds) {
    const count = Math.round(perDay * (kind === 'workday' ? 1 : 0.35) * (weekday(day) === 5 ? 0.8 : 1))
    for (let i = 0; i < count; i++) {
      const plan = planOn(scene, random.pick(rooms), day, kind)
      if (plan) await play(scene, plan)
    }
  }
  setClock(null)
}
