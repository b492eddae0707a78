import { createHmac } from 'node:crypto'
import ical, { type ICalCalendarMethod, type ICalEventStatus } from 'ical-generator'
import type { Types } from 'mongoose'
import { config } from '../config.ts'

/** iCalendar texts (RFC 5545) of bookings, for mails and feeds. Times are instants in UTC: right in every zone, without a zone's table. */
export interface CalendarEvent {
  uid: string
  sequence: number
  /** When this was so: of a feed always the same instant, so that nothing but a change changes it. */
  stamp: Date
  startsAt: Date
  endsAt: Date
  summary: string
  location: string | null
  description: string | null
  status: 'CONFIRMED' | 'TENTATIVE' | 'CANCELLED'
  /** Of an invitation: in whose name it comes, and to whom. */
  organizer?: string
  attendee?: { name: string; email: string; accepted: boolean }
}

export interface CalendarHead {
  method?: 'REQUEST' | 'PUBLISH' | 'CANCEL'
  name?: string
  lang: 'zh-CN' | 'en'
  /** Seconds after which a subscriber should look again. */
  ttl?: number
}

/** Control signs have no place in a calendar; a name stands in quotes, where only they would end it. */
const text = (value: string): string => value.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ')
const name = (value: string): string => text(value).replace(/["\\\n]/g, ' ')

/** An address that can stand in a calendar as it is. */
export const isPlainAddress = (email: string): boolean => /^[^\s<>"',;:\\@]+@[^\s<>"',;:\\@]+$/.test(email)

/** Mails come from the product: its address answers for the event, the booking's holder gives the name. */
const sender = (): string => /<([^>]+)>/.exec(config.MAIL_FROM)?.[1] ?? config.MAIL_FROM

/** The same booking is the same event in every mail and in one's own feeds, whatever it is moved to. */
export const uidOf = (booking: Types.ObjectId): string => `booking-${booking}@zhigu`

/** Somebody else's private booking: an event that stays itself from one reading to the next, and can't be traced to its record. */
export const hiddenUid = (secret: string, ref: Types.ObjectId): string =>
  `busy-${createHmac('sha256', secret).update(String(ref)).digest('hex').slice(0, 32)}@zhigu`

function eventOf({ uid, startsAt, endsAt, organizer, attendee, ...event }: CalendarEvent) {
  return {
    id: uid,
    start: startsAt,
    end: endsAt,
    stamp: event.stamp,
    sequence: event.sequence,
    summary: text(event.summary),
    location: event.location && text(event.location),
    description: event.description && text(event.description),
    status: event.status as ICalEventStatus,
    ...(organizer !== undefined && { organizer: { name: name(organizer), email: sender() } }),
    ...(attendee && {
      attendees: [
        { name: name(attendee.name), email: attendee.email, rsvp: false, status: attendee.accepted ? 'ACCEPTED' : 'NEEDS-ACTION' } as never,
      ],
    }),
  }
}

export function calendarText(events: CalendarEvent[], head: CalendarHead): string {
  const calendar = ical({
    prodId: { company: 'Zhigu', product: 'Rooms', language: head.lang.slice(0, 2).toUpperCase() },
    method: (head.method ?? null) as ICalCalendarMethod | null,
    name: head.name === undefined ? null : text(head.name),
    ttl: head.ttl ?? null,
  })
  for (const event of events) calendar.createEvent(eventOf(event))
  return calendar.toString()
}
