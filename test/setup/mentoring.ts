import { Types } from 'mongoose'
import { grantRole } from '../../src/accounts/memberships.ts'
import type { User } from '../../src/accounts/user.ts'
import { setClock } from '../../src/lib/clock.ts'
import type { Day } from '../../src/lib/days.ts'
import { bookSlot } from '../../src/mentoring/book.ts'
import { Mentor } from '../../src/mentoring/mentor.ts'
import { MentorDay, type Slot } from '../../src/mentoring/mentor-day.ts'
import { createMentor, loadMentor, type MentorInput } from '../../src/mentoring/mentors.ts'
import { Session } from '../../src/mentoring/session.ts'
import { openSlots } from '../../src/mentoring/slots.ts'
import type { Team } from '../../src/mentoring/team.ts'
import { Park } from '../../src/parks/park.ts'
import { visitor } from './app.ts'
import { BY, buildPark, buildTenant, buildUser, inDays, PASSWORD } from './factories.ts'
import type { Visitor } from './visitor.ts'

/** Mentors, slots and sessions for tests, made through the product's own functions. */
let serial = 0
export const parkOf = async (slug: string): Promise<Park> => (await Park.findById(slug).lean().orFail()) as Park

/** A mentor in a park of their own unless one is named, linked to `user` where given. */
export async function buildMentor(
  park?: string,
  { user, ...more }: Partial<MentorInput> & { user?: Types.ObjectId } = {},
): Promise<Mentor> {
  serial += 1
  const where = park ?? (await buildPark())._id
  const basics = { code: `M${serial}`, name: `Mentor ${serial}`, title: null, intro: null, fields: ['legal'], email: null }
  const { _id } = await createMentor(where, { ...basics, activeFrom: inDays(-400), ...more }, BY)
  if (user) {
    await grantRole(user, { role: 'mentor', park: where }, BY)
    await Mentor.updateOne({ park: where, _id }, { user })
  }
  return loadMentor(where, _id)
}

/** A person who is that mentor, signed in. */
export async function signedInMentor(park: string): Promise<{ mentor: Mentor; user: User; who: Visitor }> {
  const user = await buildUser(null)
  const mentor = await buildMentor(park, { user: user._id })
  const who = await visitor().signIn(user.email, PASSWORD)
  return { mentor, user, who }
}

export interface SlotOptions {
  day?: Day
  from?: number
  to?: number
  place?: string | null
  link?: string | null
  weeks?: number
}

/** An open slot of a mentor: in three days from 14:00 to 15:00, unless something else is said. */
export async function buildSlot(mentor: Pick<Mentor, 'park' | '_id'>, options: SlotOptions = {}): Promise<Slot> {
  const { day = inDays(3), from = 840, to = 900, place = 'Room 1', link = null, weeks = 1 } = options
  await openSlots(await parkOf(mentor.park), mentor._id, { day, from, to, place, link, weeks }, BY)
  const found = await MentorDay.findOne({ park: mentor.park, mentor: mentor._id, day }).lean().orFail()
  return found.slots.find(slot => slot.from === from)! as Slot
}

export const teamOf = async (park: string, tenant?: Types.ObjectId): Promise<Team> => ({
  tenant: tenant ?? (await buildTenant(park))._id,
  user: null,
  name: '',
})

export interface SessionOptions extends SlotOptions {
  mentor?: Mentor
  team?: Team
  contact?: Types.ObjectId | null
}

/** A booked session of a tenant. */
export async function buildSession(options: SessionOptions = {}): Promise<Session> {
  const { mentor: given, team, contact = null, ...slot } = options
  const mentor = given ?? (await buildMentor())
  const { _id } = await buildSlot(mentor, slot)
  const wish = { slot: _id, team: team ?? (await teamOf(mentor.park)), contact, topic: 'A topic', wish: 'What we want to talk about' }
  return bookSlot(await parkOf(mentor.park), wish, BY)
}

/** Moves the clock to just after a session has begun. */
export const begin = ({ startsAt }: Pick<Session, 'startsAt'>): void => setClock(new Date(startsAt.getTime() + 60_000))

export const sessionNow = async ({ park, _id }: Pick<Session, 'park' | '_id'>): Promise<Session> =>
  (await Session.findOne({ park, _id }).lean().orFail()) as Session

export const someone = (): Team => ({ tenant: null, user: new Types.ObjectId(), name: 'A founder’s team' })
