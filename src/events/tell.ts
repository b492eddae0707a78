import type { Actor } from '../accounts/identity.ts'
import { peopleOf, User } from '../accounts/user.ts'
import { scopedStream } from '../lib/park-scope.ts'
import { textIn } from '../lib/text.ts'
import { LANGS, type Lang } from '../locales/index.ts'
import { notify } from '../notifications/notification.ts'
import { enqueueMail, type MailCalendar, type NewMail } from '../notifications/outbox.ts'
import type { Park } from '../parks/park.ts'
import { Attendee } from './attendee.ts'
import { type Event, eventPath, publicEventPath, type Session } from './event.ts'
import { positionOf } from './places.ts'
import { digestOf, newToken, placePath } from './secrets.ts'
import { calendarOf, eventWhen, placeText } from './times.ts'

/** What people of an event are told, in the caller's transaction: in the bell and by mail, once each. Texts below `notice.event.`. */
type News = 'going' | 'waiting' | 'cancelled' | 'promoted' | 'reminder'

const paramsOf = (park: Park, event: Event, lang: Lang, name = '') => ({
  name,
  title: textIn(event.title, lang).text,
  when: eventWhen(event),
  place: placeText(event.sessions[0]!, park, lang),
  park: textIn(park.name, lang).text,
  reason: event.reason ?? '',
  position: 0,
})

/** Addresses one place has at most: the latest mails' are alive. */
const MOST_ADDRESSES = 8

/** The page of somebody's own place: by its record where they have an account, else by a secret; of an earlier one only the hash is known. */
async function pathOf({ park, _id }: Attendee, user: User | null, given: string | null): Promise<string> {
  if (user) return placePath(park, String(_id))
  if (given) return placePath(park, given)
  const token = newToken()
  const hashes = { $each: [digestOf(token)], $slice: -MOST_ADDRESSES }
  await Attendee.updateOne({ park, _id }, { $push: { hashes } })
  return placePath(park, token)
}

const ownUser = async ({ user }: Attendee): Promise<User | null> =>
  user && ((await User.findOne({ _id: user, disabled: false }).lean()) as User | null)

async function tellOne(park: Park, event: Event, attendee: Attendee, news: News, by: Actor, token: string | null): Promise<boolean> {
  const user = await ownUser(attendee)
  const email = attendee.email ?? user?.email
  const lang = user?.lang ?? attendee.lang
  const position = news === 'waiting' ? await positionOf(attendee) : null
  const params = { ...paramsOf(park, event, lang, attendee.name), position: position ?? 0 }
  if (!email) return false
  const path = await pathOf(attendee, user, token)
  const calendar = news === 'going' || news === 'promoted' ? calendarOf(event, park, lang) : null
  // Who signs up by themselves finds nothing new in the bell; the mail is to keep.
  if (user && String(user._id) !== by.id) {
    await notify([{ ...user, email }], { park: park._id, key: `event.${news}`, params, path, calendar })
    return true
  }
  await enqueueMail([{ to: email, lang, key: `notice.event.${news}`, params, path, secret: !user, calendar }])
  return true
}

/** Where somebody stands after they signed up or gave up. */
export async function tellPlace(park: Park, event: Event, attendee: Attendee, by: Actor, token: string | null): Promise<void> {
  await tellOne(park, event, attendee, attendee.state, by, token)
}

/** Those who got a place from the waiting line. Whom no mail reaches, the staff calls. */
export async function tellPromoted(park: Park, event: Event, promoted: Attendee[], by: Actor): Promise<void> {
  const unreached: Attendee[] = []
  for (const attendee of promoted) if (!(await tellOne(park, event, attendee, 'promoted', by, null))) unreached.push(attendee)
  if (!unreached.length) return
  const staff = await peopleOf(park._id, ['manager', 'promotion'])
  for (const lang of LANGS) {
    const own = staff.filter(user => user.lang === lang)
    const params = { ...paramsOf(park, event, lang), name: unreached.map(one => one.name).join(', ') }
    await notify(own, { park: park._id, key: 'event.call', params, path: `${eventPath(event)}/attendees?state=going` })
  }
}

/** Those who have a place, the day before a session. */
export async function tellReminder(park: Park, event: Event, session: Session, by: Actor): Promise<void> {
  const only = { ...event, sessions: [session] }
  const going = (await Attendee.find({ park: park._id, event: event._id, state: 'going' }).lean()) as Attendee[]
  for (const attendee of going) await tellOne(park, only, attendee, 'reminder', by, null)
}

/** Everybody who has a place or waits, in a few writes however many they are. */
export async function tellAll(park: Park, event: Event, news: 'changed' | 'calledOff', by: Actor): Promise<number> {
  const filter = { park: park._id, event: event._id, state: { $in: ['going', 'waiting'] } }
  const list: Attendee[] = []
  for await (const one of scopedStream<Attendee>(Attendee, filter, { sort: { _id: 1 }, limit: 20_000 })) list.push(one)
  const users = (await User.find({ _id: { $in: list.flatMap(one => one.user ?? []) }, disabled: false }).lean()) as User[]
  const known = new Map(users.map(user => [String(user._id), user]))
  const calendars = new Map<Lang, MailCalendar>()
  const calendarIn = (lang: Lang) => {
    if (!calendars.has(lang)) calendars.set(lang, calendarOf(event, park, lang, news === 'calledOff'))
    return calendars.get(lang)!
  }
  const path = publicEventPath(event)
  const mails: NewMail[] = list.flatMap(one => {
    if (one.user && known.has(String(one.user))) return []
    if (!one.email) return []
    const calendar = one.state === 'going' ? calendarIn(one.lang) : null
    return [
      { to: one.email, lang: one.lang, key: `notice.event.${news}`, params: paramsOf(park, event, one.lang, one.name), path, calendar },
    ]
  })
  await enqueueMail(mails)
  for (const lang of LANGS)
    for (const state of ['going', 'waiting'] as const) {
      const own = list.filter(one => one.state === state).flatMap(one => known.get(String(one.user)) ?? [])
      const params = paramsOf(park, event, lang)
      const calendar = state === 'going' ? calendarIn(lang) : null
      await notify(
        [...new Set(own.filter(user => user.lang === lang))],
        { park: park._id, key: `event.${news}`, params, path, calendar },
        by.id,
      )
    }
  return list.length
}
