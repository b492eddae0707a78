import type { Types } from 'mongoose'
import { now } from '../lib/clock.ts'
import { textIn } from '../lib/text.ts'
import { clockOf } from '../lib/wall.ts'
import type { Lang } from '../locales/index.ts'
import type { MailCalendar } from '../notifications/outbox.ts'
import type { Park } from '../parks/park.ts'
import { type CalendarEvent, calendarText } from '../rooms/ics.ts'
import { type Event, type Session, sessionEnd, sessionStart } from './event.ts'

/** When an event is, in words and for calendars. */
export const sessionWhen = ({ day, from, to }: Pick<Session, 'day' | 'from' | 'to'>): string => `${day} ${clockOf(from)}–${clockOf(to)}`

/** “2026-12-01 14:00–16:00”; of several the first, and the day of the last. */
export function eventWhen({ sessions }: Pick<Event, 'sessions'>): string {
  const [first, last] = [sessions[0]!, sessions.at(-1)!]
  return first === last ? sessionWhen(first) : `${sessionWhen(first)} … ${last.day}`
}

export type Where = Pick<Park, 'name' | 'address' | 'zone'>

export const placeText = (session: Pick<Session, 'place'>, park: Where, lang: Lang): string =>
  [textIn(session.place, lang).text, textIn(park.name, lang).text, textIn(park.address, lang).text].filter(Boolean).join(', ')

const uidOf = (session: Types.ObjectId): string => `event-${session}@zhigu`

function entryOf(event: Event, session: Session, park: Where, lang: Lang, off: boolean): CalendarEvent {
  const topic = textIn(session.topic, lang).text
  const title = textIn(event.title, lang).text
  return {
    uid: uidOf(session._id),
    sequence: event.version,
    stamp: now(),
    startsAt: sessionStart(session, park.zone),
    endsAt: sessionEnd(session, park.zone),
    summary: topic ? `${title}: ${topic}` : title,
    location: placeText(session, park, lang),
    description: session.online,
    status: off ? 'CANCELLED' : 'CONFIRMED',
  }
}

/** All sessions as entries of a calendar: for those who have a place, since it carries the addresses of online meetings. */
export function calendarOf(event: Event, park: Where, lang: Lang, off = false): MailCalendar {
  const method = off ? 'CANCEL' : 'PUBLISH'
  const entries = event.sessions.map(session => entryOf(event, session, park, lang, off))
  return { method, text: calendarText(entries, { method, lang }) }
}
