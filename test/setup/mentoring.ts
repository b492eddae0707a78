import { Types } from 'mongoose'
import { grantRole } from '../../src/accounts/memberships.ts'
import type { User } from '../../src/accounts/user.ts'
import { saveBuffer } from '../../src/files/store.ts'
import { setClock } from '../../src/lib/clock.ts'
import type { Day } from '../../src/lib/days.ts'
import { FollowUp } from '../../src/mentoring/actions.ts'
import { bookSlot } from '../../src/mentoring/book.ts'
import { Mentor } from '../../src/mentoring/mentor.ts'
import { MentorDay, type Slot } from '../../src/mentoring/mentor-day.ts'
import { createMentor, loadMentor, type MentorInput } from '../../src/mentoring/mentors.ts'
import { setPhoto } from '../../src/mentoring/photos.ts'
import { Session } from '../../src/mentoring/session.ts'
import { editSetup, setupOf } from '../../src/mentoring/setup.ts'
import { openSlots } from '../../src/mentoring/slots.ts'
import type { Team } from '../../src/mentoring/team.ts'
import { Park } from '../../src/parks/park.ts'
import { visitor } from './app.ts'
import { BY, buildPark, buildTenant, buildUser, inDays, PASSWORD } from './factories.ts'
import { PNG } from './pictures.ts'
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

/** For the matrix: a mentor with a picture, open slots, and sessions of two tenants with something left to do, one each for every column. */
export async function mentoringWorld(park: string, tenants: { own: Types.ObjectId; neighbour: Types.ObjectId }, count: number) {
  const { fields, version } = await setupOf(park)
  await editSetup(park, version, { fields, cap: count, cancelHours: 0 }, BY)
  const mentor = await buildMentor(park)
  const file = await saveBuffer(PNG, { park, name: 'mentor.png', type: 'image/png', by: BY.id })
  await setPhoto(park, mentor._id, file, BY)
  const [slots, sessions] = [[] as Slot[], { own: [] as Session[], neighbour: [] as Session[] }]
  for (let i = 0; i < count; i++) {
    const time = { from: 30 * i, to: 30 * i + 30 }
    slots.push(await buildSlot(mentor, { day: inDays(5), ...time }))
    for (const [day, who] of [[3, 'own'] as const, [4, 'neighbour'] as const])
      sessions[who].push(await buildSession({ mentor, day: inDays(day), ...time, team: await teamOf(park, tenants[who]) }))
  }
  const all = [...sessions.own, ...sessions.neighbour]
  const actions = await FollowUp.create(
    all.map(({ _id, code, team, mentorName }) => ({
      ...{ park, session: _id, code, mentor: mentor._id, mentorName, team, text: 'Something', who: 'team' as const },
      ...{ due: inDays(9), by: { id: BY.id, name: BY.name }, at: new Date() },
    })),
  )
  return (i: number, who: 'own' | 'neighbour') => {
    const session = sessions[who][i % count]!
    const action = actions.find(one => one.session.equals(session._id))!
    return { mentor: String(mentor._id), slot: String(slots[i % count]!._id), session: String(session._id), action: String(action._id) }
  }
}
