import type { Types } from 'mongoose'
import type { Day } from '../lib/days.ts'
import { type Month, monthOf } from '../lib/months.ts'
import { scopedAggregate, scopedFind } from '../lib/park-scope.ts'
import { Tenant } from '../tenants/tenant.ts'
import { Attendee } from './attendee.ts'
import { Event, minutesOf, phaseOf } from './event.ts'

/**
 * What the programme came to in a period, by month, by event and by tenant. Sessions, check-ins and hours count in the month of their
 * session; events, sign-ups and feedback in the month the event begins. Whole minutes; what was called off counts as nothing.
 */
export interface Sums {
  events: number
  sessions: number
  signUps: number
  /** People who came to at least one session. */
  came: number
  /** Had a place, and came to nothing of what is over. */
  noShows: number
  checkIns: number
  minutes: number
  /** The sum of the stars and how many gave any: averages don't add up. */
  stars: number
  rated: number
}

export interface MonthUse extends Sums {
  month: Month
}
export interface EventUse extends Sums {
  event: Event
}
export interface TenantUse {
  tenant: Types.ObjectId
  name: string
  people: number
  checkIns: number
  minutes: number
}

const NOTHING: Sums = { events: 0, sessions: 0, signUps: 0, came: 0, noShows: 0, checkIns: 0, minutes: 0, stars: 0, rated: 0 }

function add(sums: Sums, more: Partial<Sums>): void {
  for (const [name, value] of Object.entries(more)) sums[name as keyof Sums] += value
}

interface Found {
  people: { _id: Types.ObjectId; signUps: number; came: number; stars: number; rated: number }[]
  checkIns: { _id: Types.ObjectId; count: number }[]
  tenants: { _id: { tenant: Types.ObjectId; session: Types.ObjectId }; count: number }[]
  staff: { _id: Types.ObjectId; people: number }[]
}

async function read(park: string, events: Types.ObjectId[], sessions: Types.ObjectId[]): Promise<Found> {
  const held = { 'checkIns.session': { $in: sessions } }
  const [found] = await scopedAggregate<Found>(Attendee, { park, event: { $in: events }, state: 'going' }, [
    {
      $facet: {
        people: [
          {
            $group: {
              _id: '$event',
              signUps: { $sum: 1 },
              came: { $sum: { $cond: [{ $gt: [{ $size: '$checkIns' }, 0] }, 1, 0] } },
              stars: { $sum: { $ifNull: ['$feedback.stars', 0] } },
              rated: { $sum: { $cond: [{ $gt: ['$feedback.stars', 0] }, 1, 0] } },
            },
          },
        ],
        checkIns: [{ $unwind: '$checkIns' }, { $match: held }, { $group: { _id: '$checkIns.session', count: { $sum: 1 } } }],
        tenants: [
          { $match: { tenant: { $ne: null } } },
          { $unwind: '$checkIns' },
          { $match: held },
          { $group: { _id: { tenant: '$tenant', session: '$checkIns.session' }, count: { $sum: 1 } } },
        ],
        staff: [{ $match: { tenant: { $ne: null }, ...held } }, { $group: { _id: '$tenant', people: { $sum: 1 } } }],
      },
    },
  ])
  return found!
}

const inside = (day: Day, { from, to }: { from: Day; to: Day }): boolean => day >= from && day <= to

export async function eventReport(
  park: string,
  period: { from: Day; to: Day },
): Promise<{ months: MonthUse[]; events: EventUse[]; tenants: TenantUse[]; total: Sums }> {
  const filter = { park, state: 'published', sessions: { $elemMatch: { day: { $gte: period.from, $lte: period.to } } } }
  const events = await scopedFind<Event>(Event, filter, { projection: { text: 0, speaker: 0 }, sort: { startsAt: 1, _id: 1 }, limit: 2000 })
  const held = events.flatMap(event => event.sessions.filter(session => inside(session.day, period)))
  const found = await read(
    park,
    events.map(one => one._id),
    held.map(one => one._id),
  )
  const people = new Map(found.people.map(one => [String(one._id), one]))
  const counts = new Map(found.checkIns.map(one => [String(one._id), one.count]))
  const months = new Map<string, MonthUse>()
  const inMonth = (day: Day): MonthUse => {
    const month = monthOf(day)
    if (!months.has(month)) months.set(month, { month, ...NOTHING })
    return months.get(month)!
  }
  const total = { ...NOTHING }
  const rows = events.map(event => {
    const { _id: _, ...own } = people.get(String(event._id)) ?? { _id: null, signUps: 0, came: 0, stars: 0, rated: 0 }
    const sums = { ...NOTHING }
    const begins = event.sessions[0]!.day
    const noShows = phaseOf(event) === 'over' ? own.signUps - own.came : 0
    const whole = inside(begins, period) ? { ...own, noShows, events: 1 } : {}
    if (inside(begins, period)) add(inMonth(begins), whole)
    add(sums, whole)
    for (const session of event.sessions.filter(one => inside(one.day, period))) {
      const checkIns = counts.get(String(session._id)) ?? 0
      const part = { sessions: 1, checkIns, minutes: checkIns * minutesOf(session) }
      add(inMonth(session.day), part)
      add(sums, part)
    }
    add(total, sums)
    return { event, ...sums }
  })
  const tenants = await byTenant(park, found, new Map(held.map(session => [String(session._id), minutesOf(session)])))
  return { months: [...months.values()].sort((a, b) => (a.month < b.month ? -1 : 1)), events: rows, tenants, total }
}

async function byTenant(park: string, { tenants, staff }: Found, lengths: Map<string, number>): Promise<TenantUse[]> {
  const uses = new Map<string, TenantUse>()
  for (const { _id, count } of tenants) {
    const key = String(_id.tenant)
    const use = uses.get(key) ?? { tenant: _id.tenant, name: '', people: 0, checkIns: 0, minutes: 0 }
    use.checkIns += count
    use.minutes += count * (lengths.get(String(_id.session)) ?? 0)
    uses.set(key, use)
  }
  for (const { _id, people } of staff) {
    const use = uses.get(String(_id))
    if (use) use.people = people
  }
  const ids = [...uses.values()].map(use => use.tenant)
  const names = ids.length
    ? await scopedFind<Pick<Tenant, '_id' | 'name'>>(Tenant, { park, _id: { $in: ids } }, { projection: { name: 1 } })
    : []
  for (const { _id, name } of names) uses.get(String(_id))!.name = name
  return [...uses.values()].sort((a, b) => b.minutes - a.minutes || (a.name < b.name ? -1 : 1))
}
