import type { Types } from 'mongoose'
import type { Actor } from '../../accounts/identity.ts'
import { Membership, User } from '../../accounts/user.ts'
import { setClock } from '../../lib/clock.ts'
import { addDays, type Day, weekday } from '../../lib/days.ts'
import { instantAt } from '../../lib/wall.ts'
import { addFollowUp, tickFollowUp } from '../../mentoring/actions.ts'
import { bookSlot } from '../../mentoring/book.ts'
import { MentorDay, type Slot } from '../../mentoring/mentor-day.ts'
import { admitMentor, createMentor } from '../../mentoring/mentors.ts'
import { setConsent, writeNote } from '../../mentoring/notes.ts'
import { markOutcome, rateSession } from '../../mentoring/outcome.ts'
import { openSlots } from '../../mentoring/slots.ts'
import { type Team, userTeam } from '../../mentoring/team.ts'
import { Park } from '../../parks/park.ts'
import { Tenant } from '../../tenants/tenant.ts'
import { realToday } from './leases.ts'
import { ACTIONS, MENTORS, NOTES, SHARED, TOPICS } from './mentoring-data.ts'

/** Mentoring of the demo, by the product's own functions at the time it would have happened: four weeks back, two ahead. */
const WEEKS_BACK = 4
const WEEKS = 7

interface Person {
  team: Team
  contact: Types.ObjectId | null
  by: Actor
}

const actorOf = async (email: string): Promise<Actor> => {
  const user = await User.findOne({ email }).lean().orFail()
  return { id: String(user._id), name: user.name }
}

/** The demo's own company first, then a founder without one, then others whom staff book for. */
async function peopleOf(park: string, manager: Actor): Promise<Person[]> {
  const owner = await User.findOne({ email: `owner.${park}@example.com` })
    .lean()
    .orFail()
  const row = await Membership.findOne({ park, user: owner._id }).lean()
  const founder = await User.findOne({ email: `applicant.${park}@example.com` })
    .lean()
    .orFail()
  const others = await Tenant.find({ park, mergedInto: null, _id: { $ne: row?.tenant ?? null } }, { name: 1 })
    .sort({ normal: 1 })
    .limit(5)
    .lean()
  const company = (tenant: Types.ObjectId) => ({ tenant, user: null, name: '' })
  const own = row?.tenant ? [{ team: company(row.tenant), contact: owner._id, by: { id: String(owner._id), name: owner.name } }] : []
  const alone = { id: String(founder._id), name: founder.name }
  return [
    ...own,
    { team: userTeam(alone.id, '青苗小队（示例）'), contact: founder._id, by: alone },
    ...others.map(({ _id }) => ({ team: company(_id), contact: null, by: manager })),
  ]
}

interface Plan {
  park: Park
  day: Day
  slot: Slot
  code: string
  mentor: Actor
  person: Person
  n: number
}

const at = (park: Park, day: Day, minute: number): void => setClock(instantAt(day, minute, park.zone))

/** One session and what came of it: most are held, with notes and actions; the newest past one of a mentor waits to be marked. */
async function play({ park, day, slot, code, mentor, person, n }: Plan, today: Day): Promise<void> {
  const booked = addDays(day, -3)
  at(park, booked < today ? booked : addDays(today, -1), 600 + n)
  const [topic, wish] = TOPICS[code]![n % TOPICS[code]!.length]!
  const { _id } = await bookSlot(park, { slot: slot._id, team: person.team, contact: person.contact, topic, wish }, person.by)
  if (day >= addDays(today, -2)) return
  at(park, day, slot.to + 5)
  if (n % 6 === 5) return void (await markOutcome(park._id, _id, 'missedTeam', mentor))
  await markOutcome(park._id, _id, 'held', mentor)
  await writeNote(park._id, _id, { text: NOTES[n % NOTES.length]!, audience: 'pair' }, mentor)
  if (n % 2) await writeNote(park._id, _id, { text: SHARED, audience: 'park' }, mentor)
  const session = { ...(await rateSession(park._id, _id, { stars: 4 + (n % 2), text: null }, person.by)) }
  const [first, second, third] = ACTIONS(day)
  await addFollowUp(park._id, _id, first!, mentor)
  const made = await addFollowUp(park._id, _id, n % 2 ? third! : second!, mentor)
  if (n % 4 === 1) await setConsent(park._id, _id, true, person.by)
  at(park, addDays(day, 1), 540)
  if (n % 3) await tickFollowUp(session, made._id, true, mentor)
}

export async function seedMentoring(slug: string): Promise<void> {
  const park = (await Park.findById(slug).orFail().lean()) as Park
  const today = realToday()
  const manager = await actorOf(`manager.${slug}@example.com`)
  const people = await peopleOf(slug, manager)
  const first = addDays(today, 1 - weekday(today) - 7 * WEEKS_BACK)
  at(park, addDays(first, -4), 540)
  const plans: Plan[] = []
  for (const { slots, ...plan } of MENTORS) {
    const mentor = await createMentor(slug, { ...plan, activeFrom: addDays(first, -30) }, manager)
    if (plan.email) await admitMentor(slug, mentor._id, { place: park.name.zh, lang: 'zh-CN' }, manager)
    for (const { weekday: after, ...slot } of slots)
      await openSlots(park, mentor._id, { day: addDays(first, after), ...slot, weeks: WEEKS }, manager)
    const by = plan.email ? await actorOf(plan.email) : { id: String(mentor._id), name: plan.name }
    for await (const { day, slots: open } of MentorDay.find({ park: slug, mentor: mentor._id }).lean().cursor())
      for (const slot of open) plans.push({ park, day, slot, code: plan.code, mentor: by, person: manager as never, n: 0 })
  }
  plans.sort((a, b) => a.slot.startsAt.getTime() - b.slot.startsAt.getTime())
  // Two of three are booked in the past; of what comes, one each by the demo's own people.
  const past = plans.filter((plan, i) => plan.day < today && i % 3 !== 2)
  const ahead = plans.filter(plan => plan.day > addDays(today, 1)).slice(1, 4)
  for (const [n, plan] of past.entries()) await play({ ...plan, n, person: people[n % people.length]! }, today)
  for (const [n, plan] of ahead.entries()) await play({ ...plan, n, person: people[n]! }, today)
  setClock(null)
}
