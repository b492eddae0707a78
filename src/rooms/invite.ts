import { User } from '../accounts/user.ts'
import { now } from '../lib/clock.ts'
import { type Bilingual, textIn } from '../lib/text.ts'
import { clockOf } from '../lib/wall.ts'
import type { Lang, Params } from '../locales/index.ts'
import type { MailCalendar, NewMail } from '../notifications/outbox.ts'
import type { Park } from '../parks/park.ts'
import type { Booking } from './booking.ts'
import { type CalendarEvent, calendarText, isPlainAddress, uidOf } from './ics.ts'

/** What people invited to a booking are told by mail: that they are, what changed, that it is off. */
export type Told = 'invited' | 'changed' | 'calledOff'
export type Where = Pick<Park, 'name' | 'address'>

/** Who a calendar event in a mail is for. */
export interface Guest {
  name: string
  email: string
  lang: Lang
  /** The person it was booked for: needn't be asked. */
  accepted: boolean
}

const key = (email: string): string => email.trim().toLowerCase()

/** Those with an address, once each. Nobody is invited to what isn't settled, or no more. */
export function invitedTo(booking: Booking | null): Map<string, { name: string; email: string }> {
  const guests = new Map<string, { name: string; email: string }>()
  if (booking?.state !== 'confirmed') return guests
  for (const { name, email } of booking.attendees)
    if (email && isPlainAddress(email.trim()) && !guests.has(key(email))) guests.set(key(email), { name, email: email.trim() })
  return guests
}

/** Whom a change concerns, and how: what follows from how the booking was and how it is. */
export function toldOf(before: Booking | null, after: Booking): { email: string; name: string; told: Told }[] {
  const [was, is] = [invitedTo(before), invitedTo(after)]
  const differs = before === null || before.sequence !== after.sequence
  const here = [...is].map(([id, guest]) => ({ ...guest, told: was.has(id) ? ('changed' as const) : ('invited' as const) }))
  const gone = [...was].filter(([id]) => !is.has(id)).map(([, guest]) => ({ ...guest, told: 'calledOff' as const }))
  return [...here.filter(({ told }) => told === 'invited' || (differs && seen(before!, after))), ...gone]
}

/** Whether a calendar shows anything else than before. */
export const seen = (before: Booking, after: Booking): boolean =>
  before.startsAt.getTime() !== after.startsAt.getTime() ||
  before.endsAt.getTime() !== after.endsAt.getTime() ||
  !before.room.equals(after.room) ||
  before.title !== after.title

const placeText = (room: Bilingual, park: Where, lang: Lang): string =>
  [textIn(room, lang).text, textIn(park.name, lang).text, textIn(park.address, lang).text].filter(Boolean).join(', ')

/** “2026-12-01 22:00–00:30 (+1)”. */
export function whenText({ day, from, to }: Pick<Booking, 'day' | 'from' | 'to'>): string {
  const days = Math.floor((to - 1) / 1440)
  return `${day} ${clockOf(from)}–${clockOf(to)}${days ? ` (+${days})` : ''}`
}

export function eventFor(booking: Booking, park: Where, guest: Guest, off: boolean): CalendarEvent {
  return {
    uid: uidOf(booking._id),
    sequence: booking.sequence,
    stamp: now(),
    startsAt: booking.startsAt,
    endsAt: booking.endsAt,
    summary: booking.title,
    location: placeText(booking.roomName, park, guest.lang),
    description: null,
    status: off ? 'CANCELLED' : 'CONFIRMED',
    organizer: booking.holder.name,
    attendee: guest,
  }
}

/** The calendar part of one booking's mail. */
export function calendarFor(booking: Booking, park: Where, guest: Guest, off: boolean): MailCalendar {
  const method = off ? 'CANCEL' : 'REQUEST'
  return { method, text: calendarText([eventFor(booking, park, guest, off)], { method, lang: guest.lang }) }
}

/**
 * Many bookings in one mail, each an event of its own, so that a later change of one finds it. RFC 5546 lets a REQUEST speak of one
 * event only; what speaks of many is a PUBLISH.
 */
export function calendarForMany(bookings: Booking[], park: Where, guest: Guest, off: boolean): MailCalendar {
  if (bookings.length === 1) return calendarFor(bookings[0]!, park, guest, off)
  const method = off ? 'CANCEL' : 'PUBLISH'
  const events = bookings.map(booking => eventFor(booking, park, guest, off))
  return { method, text: calendarText(events, { method, lang: guest.lang }) }
}

/** Addresses that belong to a user are written to in that user's language, all others in Chinese. */
export async function languagesOf(emails: string[]): Promise<(email: string) => Lang> {
  const ids = [...new Set(emails.map(key))]
  const users = ids.length ? await User.find({ email: { $in: ids }, disabled: false }, { email: 1, lang: 1 }).lean() : []
  const known = new Map(users.map(user => [user.email, user.lang]))
  return email => known.get(key(email)) ?? 'zh-CN'
}

const paramsFor = (booking: Booking, park: Where, guest: Guest): Params => ({
  name: guest.name || guest.email,
  who: booking.holder.name,
  title: booking.title,
  when: whenText(booking),
  place: placeText(booking.roomName, park, guest.lang),
})

/** The mails to those invited, less the addresses that were written to already. */
export async function inviteMails(before: Booking | null, after: Booking, park: Where, except: string[]): Promise<NewMail[]> {
  const skip = new Set(except.map(key))
  const people = toldOf(before, after).filter(({ email }) => !skip.has(key(email)))
  const langOf = await languagesOf(people.map(({ email }) => email))
  return people.map(({ email, name, told }) => {
    const guest: Guest = { name, email, lang: langOf(email), accepted: false }
    const calendar = calendarFor(after, park, guest, told === 'calledOff')
    return { to: email, lang: guest.lang, key: `notice.invitation.${told}`, params: paramsFor(after, park, guest), path: '', calendar }
  })
}

/** The same for many bookings at once: one mail to each address, with the dates it is invited to. */
export async function inviteMailsForMany(bookings: Booking[], told: Told, park: Where, except: string[]): Promise<NewMail[]> {
  const skip = new Set(except.map(key))
  const guests = new Map<string, { name: string; email: string; bookings: Booking[] }>()
  for (const booking of bookings) {
    for (const [id, guest] of invitedTo({ ...booking, state: 'confirmed' })) {
      if (skip.has(id)) continue
      const found = guests.get(id) ?? { ...guest, bookings: [] as Booking[] }
      found.bookings.push(booking)
      guests.set(id, found)
    }
  }
  const langOf = await languagesOf([...guests.keys()])
  return [...guests.values()].map(({ name, email, bookings: own }) => {
    const guest: Guest = { name, email, lang: langOf(email), accepted: false }
    const calendar = calendarForMany(own, park, guest, told === 'calledOff')
    const params = { ...paramsFor(own[0]!, park, guest), ...spanOf(own) }
    return { to: email, lang: guest.lang, key: `notice.invitation.${told}Series`, params, path: '', calendar }
  })
}

/** How many dates, the first and the last. */
export const spanOf = (bookings: Pick<Booking, 'day' | 'from' | 'to'>[]): Params => ({
  count: bookings.length,
  first: whenText(bookings[0]!),
  last: bookings.at(-1)!.day,
})
