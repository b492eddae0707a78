import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { rowsIn } from '../leases/form.ts'
import { addDays, today as todayIn } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { clockOf } from '../lib/wall.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { type FormState, formState, keyOf, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { bookRoom, groundOf } from './book.ts'
import { bookingPath } from './booking.ts'
import { bookingForm, picked, rawForm, startQuery } from './booking-form.ts'
import { allowedFor, choicesOf, demandBooker, usualFor } from './booking-holder.ts'
import { quoteView } from './booking-quote.ts'
import { firstSlot, slotOf, slotValues, type Times, timesOf, withTime } from './booking-times.ts'
import { Room, type RoomRule, ruleFor, type UserClass } from './room.ts'
import { classesSeen } from './room-viewer.ts'
import { priceText, ROOM_ICONS } from './room-words.ts'
import { type Viewer, viewerOf } from './viewer.ts'

/** The form of a new booking: with a quote that is there before anything is sent, and again with what was refused. */
const SPARE = 2

const roomsOf = (req: Request): Promise<Room[]> =>
  scopedFind<Room>(Room, { park: req.park._id, activeTo: { $gte: todayIn(req.park.zone) } }, { sort: { order: 1, code: 1 } })

/** The classes a person may book for: the desk for all, others for what they are. */
const classesFor = (req: Request, viewer: Viewer): Promise<UserClass[]> | UserClass[] =>
  viewer.desk || viewer.tenants.length ? classesSeen(req) : allowedFor(viewer)

const rulesIn = (room: Room, classes: UserClass[]): RoomRule[] => classes.flatMap(klass => ruleFor(room, klass) ?? [])

/** No room chosen yet: those the person may book, each leading to its form at the time that was asked for. */
async function pickRoom(req: Request, res: Response, classes: UserClass[]): Promise<void> {
  const asked = readQuery(req, startQuery)
  const more = new URLSearchParams()
  for (const name of ['on', 'from', 'to', 'until', 'for', 'tenant', 'people'] as const)
    if (asked[name] !== undefined && asked[name] !== null) more.set(name, String(asked[name]))
  const fits = (await roomsOf(req)).filter(room => rulesIn(room, classes).length && room.capacity >= (asked.people ?? 0))
  res.page('bookings/rooms', {
    rooms: fits.map(room => {
      const rules = rulesIn(room, classes)
      const fen = rules.map(rule => rule.price).sort((a, b) => a - b)
      const prices = [...new Set([fen[0]!, fen.at(-1)!])].map(price => priceText(req, price))
      return { room, icon: ROOM_ICONS[room.kind], prices, approval: rules.every(rule => rule.approval) }
    }),
    more: String(more),
  })
}

/** What the form begins with, from its address. */
function defaultsOf(req: Request, viewer: Viewer, rules: RoomRule[], times: Times): Record<string, unknown> {
  const { on, from, to, until, for: whom, tenant, people } = readQuery(req, startQuery)
  const chosen = whom && allowedFor(viewer).includes(whom) ? whom : tenant && viewer.desk ? 'tenant' : usualFor(viewer)
  const wanted = { day: on, from, to, until }
  const slot = firstSlot(wanted, times, rules.find(rule => rule.class === chosen) ?? rules[0] ?? null, req.park.zone)
  return {
    ...slotValues(slot),
    for: chosen,
    tenant: tenant ? String(tenant) : viewer.desk ? '' : (viewer.tenants[0] ?? ''),
    people: people ?? '',
    private: false,
    attendees: [],
    extras: [],
  }
}

/** What was typed, where an alternative was picked with its time. */
function typedIn(body: Record<string, unknown>): Record<string, unknown> {
  const choice = picked(body['choose'])
  if (!choice) return body
  return { ...body, room: choice.room, ...slotValues(choice) }
}

/** The lists of times, with the chosen ones in them, as the selects show them. */
function timeOptions(form: FormState, { from, to }: Times): { from: string[]; to: string[] } {
  const known = (value: unknown, list: number[]) => {
    const match = /^(\d{2}):(\d{2})$/.exec(String(value ?? ''))
    return withTime(list, match ? Number(match[1]) * 60 + Number(match[2]) : null).map(clockOf)
  }
  return { from: known(form.values['from'], from), to: known(form.values['to'], to) }
}

const asId = (value: unknown): Types.ObjectId | null =>
  typeof value === 'string' && /^[0-9a-f]{24}$/.test(value) ? new Types.ObjectId(value) : null

async function showForm(req: Request, res: Response, body: Record<string, unknown> | null): Promise<void> {
  const viewer = viewerOf(req)
  const typed = body && typedIn(body)
  const id = asId(typed?.['room']) ?? readQuery(req, startQuery).room ?? null
  const [classes, choices] = await Promise.all([classesFor(req, viewer), choicesOf(req, viewer)])
  if (!id) return pickRoom(req, res, classes)
  const [room] = await scopedFind<Room>(Room, { park: req.park._id, _id: id })
  if (!room) throw notFound()
  const rules = rulesIn(room, classes)
  const times = timesOf(rules)
  const defaults = defaultsOf(req, viewer, rules, times)
  const form = formState(req, typed ? { ...defaults, private: false, ...typed } : defaults)
  if (typed) form.key = keyOf(typed) ?? form.key
  const values = typed ?? form.values
  const horizon = Math.max(0, ...rules.map(rule => rule.horizon))
  const fragment = req.get('hx-request') === 'true'
  const quote = await quoteView(req, viewer, room, values)
  if (fragment && body) return res.page('bookings/quote-panel', { quote, room })
  res.page('bookings/form', {
    form,
    room,
    symbol: ROOM_ICONS[room.kind],
    bookable: rules.length > 0,
    times: timeOptions(form, times),
    long: times.long || Boolean(form.values['until']),
    last: addDays(todayIn(req.park.zone), horizon),
    choices,
    viewer,
    quote,
    extras: room.extras.map((extra, i) => {
      const row = rowsIn(values, 'extras').find(one => one['code'] === extra.code)
      return { ...extra, i, count: row?.['count'] ?? '', price: extra.fen ? req.fmt.money(extra.fen) : req.t('room.words.free') }
    }),
    attendees: [...rowsIn(values, 'attendees'), ...Array.from({ length: SPARE }, () => ({}))],
    scripts: ['lease-form.js', 'booking-form.js'],
  })
}

export const newBooking = (req: Request, res: Response): Promise<void> => showForm(req, res, req.failed?.values ?? null)

/** The price of what is typed so far: beside the form while typing, the form again with it where there is no script. */
export const checkPrice = (req: Request, res: Response): Promise<void> => showForm(req, res, readForm(req, rawForm))

export async function makeBooking(req: Request, res: Response): Promise<void> {
  const form = readForm(req, bookingForm)
  const viewer = viewerOf(req)
  const slot = slotOf(form)
  const { room, title, private: closed, people, note, attendees, extras } = form
  const [{ holder, contact }, ground] = await Promise.all([
    demandBooker(req, viewer, form),
    groundOf(req.park, { room, slot }, viewer.desk),
  ])
  const wish = { room, slot, holder, contact, title, private: closed, people, note, attendees, extras }
  await commit(req, res, async () => {
    const booking = await bookRoom(req.park, wish, actor(req), { desk: viewer.desk, ground })
    flash(res, booking.state === 'pending' ? 'booking.done.requested' : 'booking.done.booked')
    return bookingPath(booking)
  })
}
