import type { Request, Response } from 'express'
import { mayAnywhere, reachOf } from '../accounts/identity.ts'
import type { Action } from '../accounts/roles.ts'
import { rowFor } from '../audit/trail.ts'
import { now } from '../lib/clock.ts'
import { today as todayIn } from '../lib/days.ts'
import { spanText, statusOf } from '../rooms/booking-words.ts'
import { share } from '../spaces/occupancy.ts'
import { routes } from '../web/router.ts'
import { monthBars, YEAR_BARS } from './bars.ts'
import { deskOf, MOVE_DAYS } from './desk.ts'
import { ofToday } from './desk-bookings.ts'
import { ownDesks, ownNotices } from './desk-own.ts'
import { WAITING, type Waiting, type WaitingKind } from './waiting.ts'

/** The desk, where people land: figures, what waits, what comes; for a tenant's people their own leases. */
const EACH = 4
const MOVES = 8
const BOOKINGS = 8
const VISITS = 6

/** The list behind what waits, for what doesn't fit. */
const LISTS: Record<WaitingKind, string> = {
  holding: '/leases?status=holding',
  review: '/leases?status=review',
  hold: '/leads/holds?tab=asked',
  application: '/applications',
  booking: '/bookings?state=pending',
  returned: '/leases?status=draft',
  approved: '/leases?status=approved',
  handover: '/leases?status=active',
  expiring: '/leases?status=expiring',
  incubation: '/tenants?incubation=over',
  draft: '/leases?status=draft',
}

const grouped = (rows: Waiting[]) =>
  WAITING.map(kind => {
    const all = rows.filter(row => row.kind === kind)
    return { kind, rows: all.slice(0, EACH), more: Math.max(0, all.length - EACH), list: LISTS[kind] }
  }).filter(group => group.rows.length)

/** Morning, afternoon or evening in the park. */
function hourOf(zone: string): 'morning' | 'afternoon' | 'evening' {
  const hour = Number(now().toLocaleTimeString('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' }).slice(0, 2))
  return hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening'
}

async function show(req: Request, res: Response): Promise<void> {
  const { zone, homeDistrict, _id: slug } = req.park
  const on = todayIn(zone)
  const greeting = hourOf(zone)
  if (req.reach?.tenants) {
    const [desks, notices] = await Promise.all([ownDesks(req, on), ownNotices(req, on)])
    return res.page('overview/desk-own', { greeting, desks, notices })
  }
  const may = (action: Action) => reachOf(req.me, action, req.park) !== undefined
  const desk = await deskOf(req.park, on, { id: req.me!.id, may })
  const bookings = desk.bookings && ofToday(desk.bookings, on)
  res.page('overview/desk', {
    greeting,
    desk,
    groups: desk.waiting && grouped(desk.waiting),
    moves: desk.moves.slice(0, MOVES),
    moveDays: MOVE_DAYS,
    bookings: bookings?.slice(0, BOOKINGS).map(one => ({ ...one, times: spanText(req, one), status: statusOf(one) })) ?? null,
    bookingsMore: Math.max(0, (bookings?.length ?? 0) - BOOKINGS),
    visits: desk.visits?.slice(0, VISITS) ?? null,
    visitsMore: Math.max(0, (desk.visits?.length ?? 0) - VISITS),
    trail: desk.trail.map(entry => rowFor(req, entry, { zone, root: `/parks/${slug}` })),
    bars: monthBars(desk.months, YEAR_BARS),
    chart: YEAR_BARS,
    district: mayAnywhere(req.me, 'district.read', homeDistrict) ? homeDistrict : null,
    share,
  })
}

export const deskRoutes = routes(({ get }) => {
  get('/', 'desk.read', show)
})
