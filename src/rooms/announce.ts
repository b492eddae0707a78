import type { Actor } from '../accounts/identity.ts'
import { peopleOf, User } from '../accounts/user.ts'
import { textIn } from '../lib/text.ts'
import type { Lang } from '../locales/index.ts'
import { type Contact, contactFrom, type Notice, notify, tellContact } from '../notifications/notification.ts'
import { enqueueMail, type MailCalendar } from '../notifications/outbox.ts'
import type { Park } from '../parks/park.ts'
import { type Booking, bookingPath } from './booking.ts'
import { calendarFor, calendarForMany, inviteMails, inviteMailsForMany, seen, spanOf, type Where, whenText } from './invite.ts'
import { tenantContact } from './tenant-contact.ts'

/** What can happen to a booking that people must know; each has its text below `notice.booking.`. */
export type Happening =
  | 'booked'
  | 'requested'
  | 'approved'
  | 'rejected'
  | 'moved'
  | 'cancelled'
  | 'released'
  | 'blocked'
  | 'lost'
  | 'edited'

export const paramsOf = (booking: Booking, reason: string | null = null, lang: Lang = 'zh-CN') => ({
  code: booking.code,
  room: textIn(booking.roomName, lang).text,
  title: booking.title,
  who: booking.holder.name,
  when: whenText(booking),
  reason: reason ?? '',
})

/** Who answers for a booking: a user (for a company, one of its people today), or the address an outside party left. */
async function contactOf(booking: Booking, by?: Actor): Promise<Contact | null> {
  const { contact, holder } = booking
  // Who asks is signed in: the request knows where their mail goes.
  if (contact && by?.mail && String(contact) === by.id) return { _id: contact, name: by.name, ...by.mail }
  if (!contact) return holder.email ? { _id: null, email: holder.email, lang: 'zh-CN', name: holder.name } : null
  const { park } = booking
  const user = holder.tenant
    ? await tenantContact(park, holder.tenant, contact)
    : await User.findOne({ _id: contact, disabled: false }).lean()
  return contactFrom(user)
}

/** How the booking was before, where the caller doesn't say. */
function usualBefore(booking: Booking, what: Happening): Booking | null {
  if (what === 'booked' || what === 'requested') return null
  const asked = what === 'approved' || what === 'rejected' || what === 'lost'
  const state = asked ? 'pending' : what === 'moved' ? booking.state : 'confirmed'
  // A move shows in the calendar, whatever it was.
  const startsAt = what === 'moved' ? new Date(0) : booking.startsAt
  return { ...booking, state, startsAt, sequence: booking.sequence - 1 }
}

/** What the contact's calendar takes from it: nothing of a request, nor of its end. */
function calendarOf(before: Booking | null, after: Booking, contact: Contact, park: Where): MailCalendar | null {
  const off = after.state !== 'confirmed'
  if (off && before?.state !== 'confirmed') return null
  return calendarFor(after, park, { ...contact, accepted: true }, off)
}

/**
 * Tells who must know, once each and with the calendar's part, in the caller's transaction: the contact, those invited, and the
 * desk where it has to decide. `before` is how the booking was.
 */
export async function announce(
  park: Where,
  booking: Booking,
  what: Happening,
  by: Actor,
  reason: string | null = null,
  before: Booking | null = usualBefore(booking, what),
): Promise<void> {
  const contact = await contactOf(booking, by)
  const path = bookingPath(booking)
  if (contact) {
    const calendar = calendarOf(before, booking, contact, park)
    const key = what === 'edited' ? 'invitation.edited' : `booking.${what}`
    const params = paramsOf(booking, reason, contact.lang)
    await tellContact(contact, { park: booking.park, key, params, path, calendar }, by.id)
  }
  const mails = await inviteMails(before, booking, park, contact ? [contact.email] : [])
  if (mails.length) await enqueueMail(mails)
  if (what === 'requested') await tellDesk(booking, { key: 'booking.waiting', params: paramsOf(booking), path }, by)
}

/** The desk has something to decide; who asked for it decides nothing. */
async function tellDesk({ park, contact }: Booking, word: Omit<Notice, 'park'>, by: Actor): Promise<void> {
  const desk = (await peopleOf(park, ['manager', 'reception'])).filter(user => !contact?.equals(user._id))
  await notify(desk, { park, ...word }, by.id)
}

/** What a changed title or list of attendees asks for: the contact's calendar follows the title, those invited follow both. */
export async function announceEdit(park: Where, before: Booking, after: Booking, by: Actor): Promise<void> {
  if (seen(before, after) && after.state === 'confirmed') return announce(park, after, 'edited', by, null, before)
  const contact = await contactOf(after)
  const mails = await inviteMails(before, after, park, contact ? [contact.email] : [])
  if (mails.length) await enqueueMail(mails)
}

/** What happens to many dates of a series at once; texts below `notice.bookingSeries.`. */
export type SeriesHappening = 'booked' | 'requested' | 'moved' | 'cancelled' | 'blocked'

/**
 * Tells of a whole series, or of many of its dates, in one mail to each address. `bookings` are the dates concerned as they are now
 * (in a transaction: written already). What waits for approval, or did until it was cancelled (not `settled`), is in no calendar.
 */
export async function announceSeries(
  park: Park,
  path: string,
  bookings: Booking[],
  what: SeriesHappening,
  by: Actor,
  settled: (booking: Booking) => boolean = () => true,
  reason: string | null = null,
): Promise<void> {
  const sorted = [...bookings].sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
  const [first] = sorted
  if (!first) return
  const off = what === 'cancelled' || what === 'blocked'
  const known = sorted.filter(booking => (off || booking.state === 'confirmed') && settled(booking))
  const contact = await contactOf(first)
  if (contact) {
    const params = { ...paramsOf(first, reason, contact.lang), ...spanOf(sorted) }
    const calendar = known.length ? calendarForMany(known, park, { ...contact, accepted: true }, off) : null
    await tellContact(contact, { park: park._id, key: `bookingSeries.${what}`, params, path, calendar }, by.id)
  }
  const told = off ? 'calledOff' : what === 'moved' ? 'changed' : 'invited'
  const mails = await inviteMailsForMany(known, told, park, contact ? [contact.email] : [])
  if (mails.length) await enqueueMail(mails)
  if (!sorted.some(booking => booking.state === 'pending')) return
  await tellDesk(first, { key: 'bookingSeries.waiting', params: { ...paramsOf(first), ...spanOf(sorted) }, path }, by)
}
