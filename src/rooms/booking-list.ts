import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { now } from '../lib/clock.ts'
import { addDays, isDay, today as todayIn } from '../lib/days.ts'
import { scopedCount, scopedFind, scopedStream } from '../lib/park-scope.ts'
import { escapeRegExp, textIn } from '../lib/text.ts'
import { Tenant } from '../tenants/tenant.ts'
import { mapped } from '../web/export.ts'
import { readQuery } from '../web/forms.ts'
import { COUNT_LIMIT, linkWith, listOf, pageSchema, sortOf, type Tag } from '../web/list.ts'
import { BOOKING_STATES, Booking } from './booking.ts'
import { sendBookings } from './booking-export.ts'
import { keepsBooks, mayReadTitle, readFilter } from './booking-reach.ts'
import { type Status, statusOf, TONES, whenText } from './booking-words.ts'
import { balanceOf } from './payment.ts'
import { CLASSES, Room } from './room.ts'
import { type Viewer, viewerOf } from './viewer.ts'

/** The list of bookings: a person's own, or the park's at the desk. Filters live in the address; the export is what they leave. */
const SIZE = 25
const EXPORT_LIMIT = 50_000
export const TABS = ['upcoming', 'past', 'all'] as const
const hex = z.string().regex(/^[0-9a-f]{24}$/)

const query = z.object({
  tab: z.enum(TABS).optional(),
  q: z.string().trim().max(60).optional(),
  room: hex.optional(),
  state: z.enum(BOOKING_STATES).optional(),
  class: z.enum(CLASSES).optional(),
  tenant: hex.optional(),
  from: z.string().refine(isDay).optional(),
  to: z.string().refine(isDay).optional(),
  unpaid: z.literal('1').optional(),
  sort: z.string().max(20).optional(),
  ...pageSchema,
})
type Asked = z.output<typeof query>

const SORTS = {
  when: { day: 1, from: 1, _id: 1 },
  room: { 'roomName.zh': 1, day: 1, from: 1, _id: 1 },
  holder: { 'holder.name': 1, day: 1, from: 1, _id: 1 },
  total: { 'cost.total': 1, day: 1, from: 1, _id: 1 },
} as const

/** What is still to come or running; a search or a period looks at everything unless a tab is chosen. */
const tabOf = (asked: Asked): (typeof TABS)[number] =>
  asked.tab ?? (asked.from || asked.to || asked.q || asked.unpaid || (asked.state && asked.state !== 'pending') ? 'all' : 'upcoming')

function tabFilter(tab: (typeof TABS)[number], zone: string): Record<string, unknown>[] {
  const at = now()
  if (tab === 'all') return []
  if (tab === 'past') return [{ $or: [{ endsAt: { $lte: at } }, { state: { $in: ['cancelled', 'rejected', 'released'] } }] }]
  // The day is there for the index: a booking may run past a midnight or two.
  return [{ day: { $gte: addDays(todayIn(zone), -8) }, endsAt: { $gt: at }, state: { $in: ['confirmed', 'pending'] } }]
}

/** Searching the titles of private bookings would tell what they are about: who may not read them doesn't find them by it. */
function searchOf(text: string, titles: boolean): Record<string, unknown> {
  const like = { $regex: escapeRegExp(text), $options: 'i' }
  return { $or: [{ code: like }, { 'holder.name': like }, titles ? { title: like } : { title: like, private: false }] }
}

/** Paid is noted on the booking, and how much; what was cancelled for nothing or never confirmed is not owed. */
const abovePaid = (field: string) => ({ $expr: { $gt: [field, { $ifNull: ['$paid.fen', 0] }] } })
const UNPAID = {
  $or: [
    { state: { $in: ['confirmed', 'released'] }, 'cost.total': { $gt: 0 }, ...abovePaid('$cost.total') },
    { state: 'cancelled', 'cancelled.fee': { $gt: 0 }, ...abovePaid('$cancelled.fee') },
  ],
}

function filterOf(req: Request, viewer: Viewer, asked: Asked) {
  const and: Record<string, unknown>[] = tabFilter(tabOf(asked), req.park.zone)
  const titles = viewer.desk || !keepsBooks(req)
  if (asked.q) and.push(searchOf(asked.q, titles))
  if (asked.room) and.push({ room: new Types.ObjectId(asked.room) })
  if (asked.state) and.push({ state: asked.state })
  if (asked.class) and.push({ 'holder.class': asked.class })
  if (asked.tenant) and.push({ 'holder.tenant': new Types.ObjectId(asked.tenant) })
  if (asked.from) and.push({ day: { $gte: asked.from } })
  if (asked.to) and.push({ day: { $lte: asked.to } })
  if (asked.unpaid) and.push(UNPAID)
  const filter = readFilter(req, viewer)
  return and.length ? { ...filter, $and: and } : filter
}

type RoomName = Pick<Room, '_id' | 'name'>
type TenantName = Pick<Tenant, '_id' | 'name'>

function tagsOf(req: Request, asked: Asked, rooms: RoomName[], tenant: TenantName | null): Tag[] {
  const tags: Tag[] = []
  const room = rooms.find(one => String(one._id) === asked.room)
  if (asked.q) tags.push({ names: ['q'], text: asked.q })
  if (asked.room) tags.push({ names: ['room'], text: room ? textIn(room.name, req.lang).text : '–' })
  if (asked.state) tags.push({ names: ['state'], text: req.t(`booking.state.${asked.state}`) })
  if (asked.class) tags.push({ names: ['class'], text: req.t(`room.class.${asked.class}`) })
  if (asked.tenant) tags.push({ names: ['tenant'], text: tenant?.name ?? '–' })
  if (asked.from || asked.to) tags.push({ names: ['from', 'to'], text: `${asked.from ?? '…'} – ${asked.to ?? '…'}` })
  if (asked.unpaid) tags.push({ names: ['unpaid'], text: req.t('booking.list.unpaid') })
  return tags
}

export interface Row extends Booking {
  status: Status
  /** Its title, or that it is taken. */
  shown: string
  due: number
  open: number
  refund: number
}

const rowOf = (req: Request, viewer: Viewer, booking: Booking): Row => ({
  ...booking,
  status: statusOf(booking),
  shown: mayReadTitle(viewer, booking) ? booking.title : req.t('booking.hidden'),
  ...balanceOf(booking),
})

/** The company a list is narrowed to, where the person may know it. */
function tenantNamed(req: Request, viewer: Viewer, id: string | undefined): Promise<TenantName[]> | [] {
  if (!id || !(viewer.desk || keepsBooks(req) || viewer.tenants.includes(id))) return []
  return scopedFind<TenantName>(Tenant, { park: req.park._id, _id: new Types.ObjectId(id) }, { projection: { name: 1 } })
}

export async function bookingList(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, query)
  const viewer = viewerOf(req)
  const tab = tabOf(asked)
  const { name, sort } = sortOf(asked.sort, SORTS, tab === 'upcoming' ? 'when' : '-when')
  const filter = filterOf(req, viewer, asked)
  const made = (booking: Booking) => rowOf(req, viewer, booking)
  if (asked.format)
    return sendBookings(req, res, asked.format, mapped(scopedStream<Booking>(Booking, filter, { sort, limit: EXPORT_LIMIT }), made))
  const [found, total, rooms, [tenant = null]] = await Promise.all([
    scopedFind<Booking>(Booking, filter, { sort, skip: (asked.page - 1) * SIZE, limit: SIZE }),
    scopedCount(Booking, filter, COUNT_LIMIT),
    scopedFind<RoomName>(Room, { park: req.park._id }, { projection: { name: 1 }, sort: { order: 1, code: 1 } }),
    tenantNamed(req, viewer, asked.tenant),
  ])
  const all = viewer.desk || keepsBooks(req)
  res.page('bookings/index', {
    list: listOf(req, { items: found.map(made), total, page: asked.page, size: SIZE, tags: tagsOf(req, asked, rooms, tenant) }),
    asked,
    tab,
    tabs: TABS,
    sort: name,
    tones: TONES,
    all,
    desk: viewer.desk,
    mayBook: viewer.mayBook,
    several: all || viewer.tenants.length + Number(viewer.applicant) > 1,
    rooms,
    states: BOOKING_STATES,
    classes: CLASSES,
    when: (row: Row) => whenText(req, row),
    link: (change: Record<string, string | null>) => linkWith(req, change),
  })
}
