import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { peopleOf, User } from '../accounts/user.ts'
import { now } from '../lib/clock.ts'
import { scopedOne } from '../lib/park-scope.ts'
import { textIn } from '../lib/text.ts'
import type { Params } from '../locales/index.ts'
import { type Contact, contactFrom, notify, tellContact } from '../notifications/notification.ts'
import type { MailCalendar } from '../notifications/outbox.ts'
import type { Park } from '../parks/park.ts'
import { calendarText } from '../rooms/ics.ts'
import { tenantContact } from '../rooms/tenant-contact.ts'
import type { FollowUp } from './actions.ts'
import { Mentor } from './mentor.ts'
import { type Session, sessionPath, whenText } from './session.ts'

/** Who is told of mentoring, in the transaction of what happened: the team's contact and the mentor, by the bell and by mail with .ics. */
/** For a company one of its people today: who booked, while they belong to it. */
async function teamContact({ park, team, contact }: Pick<Session, 'park' | 'team' | 'contact'>): Promise<Contact | null> {
  if (team.tenant) return contactFrom(await tenantContact(park, team.tenant, contact))
  return contactFrom((await User.findOne({ _id: contact ?? team.user, disabled: false }).lean()) as User | null)
}

/** Their account, or the address staff noted. */
async function mentorContact(park: string, _id: Types.ObjectId): Promise<Contact | null> {
  const mentor = await scopedOne<Mentor>(Mentor, { park, _id })
  if (!mentor) return null
  const user = mentor.user && ((await User.findOne({ _id: mentor.user, disabled: false }).lean()) as User | null)
  return contactFrom(user) ?? (mentor.email ? { _id: null, email: mentor.email, lang: 'zh-CN', name: mentor.name } : null)
}

const paramsOf = (session: Session, reason: string | null = null): Params => ({
  code: session.code,
  mentor: session.mentorName,
  team: session.team.name,
  when: whenText(session),
  topic: session.topic,
  where: session.place ?? session.link ?? '–',
  reason: reason ?? '',
})

/** The session in somebody's calendar; the same event in every mail about it. */
function calendarFor(park: Pick<Park, 'name' | 'address'>, session: Session, { lang, name, email }: Contact, off: boolean): MailCalendar {
  const method = off ? 'CANCEL' : 'REQUEST'
  const place = session.place && [session.place, textIn(park.name, lang).text, textIn(park.address, lang).text].filter(Boolean).join(', ')
  const event = {
    uid: `mentoring-${session._id}@zhigu`,
    sequence: session.sequence,
    stamp: now(),
    startsAt: session.startsAt,
    endsAt: session.endsAt,
    summary: `${session.mentorName} × ${session.team.name}: ${session.topic}`,
    location: place ?? session.link,
    description: session.link,
    status: off ? ('CANCELLED' as const) : ('CONFIRMED' as const),
    organizer: session.mentorName,
    attendee: { name, email, accepted: true },
  }
  return { method, text: calendarText([event], { method, lang }) }
}

export type Happening = 'booked' | 'cancelled' | 'reminder'

/** Tells both sides; texts below `notice.mentoring.team.` and `.mentor.`. */
export async function announce(
  park: Pick<Park, 'name' | 'address'>,
  session: Session,
  what: Happening,
  by: Pick<Actor, 'id'>,
  reason: string | null = null,
): Promise<void> {
  const sides = [
    ['team', await teamContact(session)],
    ['mentor', await mentorContact(session.park, session.mentor)],
  ] as const
  for (const [side, contact] of sides) {
    if (!contact) continue
    const calendar = what === 'reminder' ? null : calendarFor(park, session, contact, what === 'cancelled')
    const key = `mentoring.${side}.${what}`
    await tellContact(contact, { park: session.park, key, params: paramsOf(session, reason), path: sessionPath(session), calendar }, by.id)
  }
}

/** Tells the team of a note, without a word of it. */
export async function tellTeam(session: Session, what: 'noteWritten' | 'consentAsked', by: Actor): Promise<void> {
  const contact = await teamContact(session)
  const notice = { park: session.park, key: `mentoring.team.${what}`, params: paramsOf(session), path: sessionPath(session) }
  if (contact) await tellContact(contact, notice, by.id)
}

/** Tells who has to do it: one of the team, the mentor, or the park's people for mentoring. */
export async function tellOfAction(
  action: FollowUp,
  session: Pick<Session, 'park' | '_id' | 'team' | 'contact'>,
  what: 'actionAdded' | 'actionDue',
  by: Pick<Actor, 'id'>,
): Promise<void> {
  const { park, mentorName: mentor, team, text, due } = action
  const notice = { park, key: `mentoring.${what}`, params: { mentor, team: team.name, text, due }, path: sessionPath(session) }
  if (action.who === 'park') return notify(await peopleOf(park, ['manager', 'promotion']), notice, by.id)
  const contact = action.who === 'team' ? await teamContact(session) : await mentorContact(park, action.mentor)
  // Nobody is written to of what they have just noted down themselves.
  if (contact && String(contact._id) !== by.id) await tellContact(contact, notice, by.id)
}
