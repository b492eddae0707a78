import type { Actor } from '../accounts/identity.ts'
import { User } from '../accounts/user.ts'
import { now } from '../lib/clock.ts'
import { textIn } from '../lib/text.ts'
import { type Lang, translator } from '../locales/index.ts'
import { tellContact } from '../notifications/notification.ts'
import { enqueueMail, type MailCalendar } from '../notifications/outbox.ts'
import type { Park } from '../parks/park.ts'
import { type CalendarEvent, calendarText, isPlainAddress } from '../rooms/ics.ts'
import { languagesOf } from '../rooms/invite.ts'
import type { Lead } from './lead.ts'
import { headsOf, type Visit, visitPath, visitWhen } from './visit.ts'

/** What guests and hosts of a visit are told: by mail with an entry for the calendar, which follows it when it moves or is called off. */
export type Told = 'invited' | 'changed' | 'calledOff' | 'reminder'
type Where = Pick<Park, '_id' | 'name' | 'address'>
type Whose = Pick<Lead, 'name' | 'number'>

interface Reader {
  name: string
  email: string
  lang: Lang
  /** One of the park's own people: they learn whom it is for. */
  user: User | null
}

const SEPARATOR: Record<Lang, string> = { 'zh-CN': '\u3001', en: ', ' }
const uidOf = (visit: Visit): string => `visit-${visit._id}@zhigu`
const key = (email: string): string => email.trim().toLowerCase()

const unitsText = ({ units }: Visit, lang: Lang): string => units.map(one => `${one.floor} ${one.code}`).join(SEPARATOR[lang])
export const placeText = ({ place }: Pick<Visit, 'place'>, park: Where, lang: Lang): string =>
  [place, textIn(park.name, lang).text, textIn(park.address, lang).text].filter(Boolean).join(', ')

/** A visit as a calendar shows it: to guests a visit of the park, to its own people also whom they show round. */
export function visitEvent(visit: Visit, park: Where, lead: Whose, { lang, own }: { lang: Lang; own: boolean }): CalendarEvent {
  const t = translator(lang)
  const place = textIn(park.name, lang).text
  const lines = [
    visit.units.length ? t('visit.ics.units', { units: unitsText(visit, lang) }) : '',
    t('visit.ics.host', { host: visit.hostName }),
    own ? t('visit.ics.lead', { name: lead.name, number: lead.number, people: headsOf(visit) }) : '',
  ]
  return {
    ...{ uid: uidOf(visit), sequence: visit.sequence, stamp: now(), startsAt: visit.startsAt, endsAt: visit.endsAt },
    summary: own ? t('visit.ics.own', { name: lead.name }) : t('visit.ics.title', { park: place }),
    location: placeText(visit, park, lang),
    description: lines.filter(Boolean).join('\n'),
    status: visit.state === 'cancelled' ? 'CANCELLED' : 'CONFIRMED',
  }
}

/** The entry for one reader. `off`: it is no longer theirs, whatever becomes of the visit. */
function calendarFor(visit: Visit, park: Where, lead: Whose, reader: Reader, off: boolean): MailCalendar {
  const method = off ? 'CANCEL' : 'REQUEST'
  const { name, email, lang } = reader
  const own = reader.user !== null
  const event = visitEvent(visit, park, lead, { lang, own })
  const attendee = { name, email, accepted: own }
  const text = calendarText([{ ...event, status: off ? 'CANCELLED' : 'CONFIRMED', organizer: visit.hostName, attendee }], { method, lang })
  return { method, text }
}

/** The file a page offers to its own people. */
export const calendarFile = (visit: Visit, park: Where, lead: Whose, lang: Lang): string =>
  calendarText([visitEvent(visit, park, lead, { lang, own: true })], { method: 'PUBLISH', lang })

/** Everybody who is to come and can be written to, once each: the park's people by their account, guests by their address. */
async function readersOf(visit: Visit | null): Promise<Map<string, Reader>> {
  const readers = new Map<string, Reader>()
  if (visit?.state !== 'planned') return readers
  const ids = [visit.host, ...visit.companions.map(one => one.user)]
  const users = (await User.find({ _id: { $in: ids }, disabled: false }).lean()) as User[]
  for (const user of users) readers.set(key(user.email), { name: user.name, email: user.email, lang: user.lang, user })
  const guests = visit.guests.filter(one => one.email && isPlainAddress(one.email.trim()))
  const langOf = await languagesOf(guests.map(one => one.email!))
  for (const { name, email } of guests)
    if (!readers.has(key(email!))) readers.set(key(email!), { name, email: email!.trim(), lang: langOf(email!), user: null })
  return readers
}

async function hostAddress(visit: Visit): Promise<string | null> {
  const host = await User.findById(visit.host, { email: 1, disabled: 1 }).lean()
  return host && !host.disabled ? host.email : null
}

async function tellOne(park: Where, lead: Whose, visit: Visit, reader: Reader, told: Told, by: Actor): Promise<void> {
  const { lang, user, name } = reader
  const t = translator(lang)
  const params = {
    ...{ name, park: textIn(park.name, lang).text, when: visitWhen(visit), place: placeText(visit, park, lang), host: visit.hostName },
    units: visit.units.length ? t('visit.ics.units', { units: unitsText(visit, lang) }) : '',
    // A reason follows what it explains.
    reason: visit.reason ? t('visit.ics.reason', { reason: visit.reason }) : '',
  }
  const calendar = told === 'reminder' ? null : calendarFor(visit, park, lead, reader, told === 'calledOff')
  if (user) {
    const notice = { key: `visit.own.${told}`, params: { ...params, lead: lead.name, number: lead.number, people: headsOf(visit) } }
    await tellContact(user, { park: visit.park, ...notice, path: visitPath(visit), calendar }, by.id)
    return
  }
  const replyTo = await hostAddress(visit)
  await enqueueMail([{ to: reader.email, lang, key: `notice.visit.guest.${told}`, params, path: '', calendar, replyTo }])
}

/** Inside the transaction of a change: who is new is invited, who stays hears what changed, who is to come no more is told so. */
export async function tellVisit(park: Where, lead: Whose, before: Visit | null, after: Visit, by: Actor): Promise<void> {
  // Nobody wants mail about an hour that is over.
  if (after.endsAt <= now() && (before?.endsAt ?? after.endsAt) <= now()) return
  const [was, is] = [await readersOf(before), await readersOf(after)]
  const moved = before !== null && visible(before) !== visible(after)
  for (const [id, reader] of is) {
    if (!was.has(id)) await tellOne(park, lead, after, reader, 'invited', by)
    else if (moved) await tellOne(park, lead, after, reader, 'changed', by)
  }
  for (const [id, reader] of was) if (!is.has(id)) await tellOne(park, lead, after, reader, 'calledOff', by)
}

/** What everybody who comes wants to hear of; who else comes isn't. */
const visible = ({ startsAt, endsAt, place, hostName, units }: Visit): string =>
  JSON.stringify([startsAt, endsAt, place, hostName, units.map(one => one.unit)])

export async function tellReminder(park: Where, lead: Whose, visit: Visit, by: Actor): Promise<void> {
  for (const reader of (await readersOf(visit)).values()) await tellOne(park, lead, visit, reader, 'reminder', by)
}
