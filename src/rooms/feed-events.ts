import { Types } from 'mongoose'
import { addDays, type Day, today } from '../lib/days.ts'
import { scopedFind, scopedOne } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { textIn } from '../lib/text.ts'
import { instantAt } from '../lib/wall.ts'
import { type Translate, translator } from '../locales/index.ts'
import type { Park } from '../parks/park.ts'
import { Booking } from './booking.ts'
import type { Feed } from './feed-token.ts'
import { type CalendarEvent, hiddenUid, uidOf } from './ics.ts'
import { Room, rootOf } from './room.ts'
import { concerns, type RoomClaim, RoomDay } from './room-day.ts'
import { viewerOf } from './viewer.ts'

/** What calendar addresses show: a month back, and everything to come. */
const DAYS_BACK = 30
const LIMIT = 5000

export type DayClaims = Pick<RoomDay, 'day' | 'claims'>

export interface Stretch {
  claim: RoomClaim
  startsAt: Date
  endsAt: Date
}

/** The pieces a claim was cut into, day by day, as one stretch of time again; what is buffer alone is left out. */
export function stretchesOf(days: DayClaims[], zone: string): Stretch[] {
  const found: Stretch[] = []
  const latest = new Map<string, Stretch>()
  for (const { day, claims } of [...days].sort((a, b) => (a.day < b.day ? -1 : 1))) {
    for (const claim of claims) {
      if (claim.end <= claim.start) continue
      const id = `${claim.ref} ${claim.room}`
      const [startsAt, endsAt] = [instantAt(day, claim.start, zone), instantAt(day, claim.end, zone)]
      const known = latest.get(id)
      // A closing may come back every week: only what goes on at midnight is one stretch.
      if (known?.endsAt.getTime() === startsAt.getTime()) known.endsAt = endsAt
      else {
        const stretch = { claim, startsAt, endsAt }
        latest.set(id, stretch)
        found.push(stretch)
      }
    }
  }
  return found.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
}

/** Of somebody else's private booking a calendar that goes round the house says that the room is taken, and nothing else. */
function summaryOf({ kind, title, who, private: closed }: RoomClaim, t: Translate): string {
  if (kind === 'blackout') return title ? `${t('feed.closed')}${t('app.colon')}${title}` : t('feed.closed')
  if (closed) return t('feed.busy')
  return who ? `${title} · ${who}` : title
}

async function roomEvents(park: Park, room: Room, feed: Feed, secret: string): Promise<CalendarEvent[]> {
  const t = translator(feed.who.lang)
  const from = addDays(today(park.zone), -DAYS_BACK)
  const filter = { park: park._id, day: { $gte: addDays(from, -1) }, room: rootOf(room) }
  const [days, rooms] = await Promise.all([
    scopedFind<DayClaims>(RoomDay, filter, { projection: { day: 1, claims: 1 }, limit: LIMIT }),
    scopedFind<Pick<Room, '_id' | 'name'>>(Room, { park: park._id }, { projection: { name: 1 } }),
  ])
  const names = new Map(rooms.map(({ _id, name }) => [String(_id), textIn(name, feed.who.lang).text]))
  const begin = instantAt(from, 0, park.zone)
  // An offer lasts minutes, a calendar is read every hour: it would show rooms as taken that are long free again.
  const taken = days.map(({ day, claims }) => ({ day, claims: claims.filter(claim => claim.kind !== 'offer' && concerns(room, claim)) }))
  return stretchesOf(taken, park.zone)
    .filter(({ endsAt }) => endsAt > begin)
    .map(({ claim, startsAt, endsAt }) => ({
      // A closing comes back under one reference: its times tell its events apart.
      uid:
        claim.kind === 'booking' && !claim.private
          ? uidOf(claim.ref)
          : hiddenUid(claim.kind === 'booking' ? secret : `${secret} ${startsAt.toISOString()}`, claim.ref),
      sequence: 0,
      stamp: feed.token.madeAt,
      startsAt,
      endsAt,
      summary: summaryOf(claim, t),
      location: names.get(String(claim.room)) ?? null,
      description: null,
      status: 'CONFIRMED',
    }))
}

async function bookingEvents(park: Park, own: Record<string, unknown>, from: Day, feed: Feed): Promise<CalendarEvent[]> {
  const { lang } = feed.who
  const filter = { park: park._id, ...own, day: { $gte: addDays(from, -1) }, state: { $in: ['confirmed', 'pending'] } }
  const found = await scopedFind<Booking>(Booking, filter, { sort: { startsAt: 1, _id: 1 }, limit: LIMIT })
  const t = translator(lang)
  const place = textIn(park.name, lang).text
  return found
    .filter(booking => booking.endsAt > instantAt(from, 0, park.zone))
    .map(booking => ({
      uid: uidOf(booking._id),
      sequence: booking.sequence,
      stamp: feed.token.madeAt,
      startsAt: booking.startsAt,
      endsAt: booking.endsAt,
      summary: booking.state === 'pending' ? `${t('feed.pending')}${t('app.colon')}${booking.title}` : booking.title,
      location: `${textIn(booking.roomName, lang).text}, ${place}`,
      description: `${booking.code} · ${booking.holder.name}`,
      status: booking.state === 'pending' ? 'TENTATIVE' : 'CONFIRMED',
    }))
}

/** What else stands in somebody's own calendar: modules above rooms say here what of theirs, from an instant on. */
type Source = (feed: Feed, begin: Date) => Promise<CalendarEvent[]>
const sources: Source[] = []
export const onPersonalFeed = (source: Source): void => {
  sources.push(source)
}

/** The events of an address, and what the calendar is called. `secret` is the address's own. */
export async function feedEvents(feed: Feed, secret: string): Promise<{ name: string; events: CalendarEvent[] }> {
  const { park, token, who } = feed
  const from = addDays(today(park.zone), -DAYS_BACK)
  const place = textIn(park.shortName, who.lang).text
  if (token.kind === 'room') {
    const room = await scopedOne<Room>(Room, { park: park._id, _id: token.ref })
    if (!room) throw notFound()
    return { name: `${textIn(room.name, who.lang).text} · ${place}`, events: await roomEvents(park, room, feed, secret) }
  }
  const t = translator(who.lang)
  const mine = token.kind === 'person'
  // Who left a company has its bookings in no calendar any more.
  const tenants = viewerOf({ me: feed.who, park }).tenants.map(id => new Types.ObjectId(id))
  const person = { $or: [{ contact: token.ref }, { 'holder.user': token.ref }], 'holder.tenant': { $in: [null, ...tenants] } }
  const own = mine ? person : { 'holder.tenant': token.ref }
  const events = await bookingEvents(park, own, from, feed)
  if (mine) for (const source of sources) events.push(...(await source(feed, instantAt(from, 0, park.zone))))
  return { name: `${t(mine ? 'feed.mine' : 'feed.company')} · ${place}`, events }
}
