import { Types } from 'mongoose'
import type { Actor } from '../../accounts/identity.ts'
import { Membership, User } from '../../accounts/user.ts'
import { Attendee, hasEarned } from '../../events/attendee.ts'
import { giveCertificate } from '../../events/certificate.ts'
import { checkIn } from '../../events/check-in.ts'
import type { Event, EventFacts } from '../../events/event.ts'
import { giveFeedback } from '../../events/own-place.ts'
import { cancelEvent, createEvent, loadEvent, publishEvent } from '../../events/programme.ts'
import { newToken } from '../../events/secrets.ts'
import { giveUpPlace, type Person, signUp } from '../../events/sign-up.ts'
import { setClock } from '../../lib/clock.ts'
import { addDays, type Day } from '../../lib/days.ts'
import { instantAt } from '../../lib/wall.ts'
import { Park } from '../../parks/park.ts'
import { Tenant } from '../../tenants/tenant.ts'
import { DONGXIN, type EventPlan, FAMILY, JINDONG, NAMES, WORDS } from './event-data.ts'
import { realToday } from './leases.ts'

/** The programme of the demo, by the product's own functions at the time it would have happened. */
interface Scene {
  park: Park
  today: Day
  by: Actor
  people: Person[]
}

const text = ([zh, en]: [string, string]) => ({ zh, en })
const at = ({ park }: Scene, day: Day, minute: number): void => setClock(instantAt(day, minute, park.zone))

function factsOf({ sessions, facts }: EventPlan, today: Day): EventFacts {
  const nothing = { summary: null, text: null, speaker: null, capacity: null, audience: 'public' as const, certificateFrom: null }
  return {
    ...{ ...nothing, signUpFrom: null, signUpUntil: null, ...facts },
    sessions: sessions.map(({ after, from, to, topic, place, online }) => ({
      ...{ _id: new Types.ObjectId(), day: addDays(today, after), from, to, online: online ?? null },
      ...{ topic: topic ? text(topic) : null, place: place ? text(place) : null },
    })),
  }
}

/** The demo's own owner first, then people of companies and from outside. */
async function peopleOf(park: string): Promise<Person[]> {
  const owner = await User.findOne({ email: `owner.${park}@example.com` }).lean()
  const row = owner && (await Membership.findOne({ park, user: owner._id }).lean())
  const tenants = await Tenant.find({ park, mergedInto: null }, { name: 1 }).sort({ normal: 1 }).limit(6).lean()
  const guests = Array.from({ length: 24 }, (_, i): Person => {
    const tenant = i % 3 === 2 ? null : (tenants[i % Math.max(1, tenants.length)] ?? null)
    return {
      name: `${FAMILY[i % FAMILY.length]}${NAMES[i % NAMES.length]}（示例）`,
      phone: `0571-0000${String(3000 + i)}`,
      email: `guest-${i + 1}@example.com`,
      organisation: tenant?.name ?? `外部机构 ${i + 1}（示例）`,
      lang: 'zh-CN',
      user: null,
      tenant: tenant?._id ?? null,
    }
  })
  if (!owner) return guests
  const own = { name: owner.name, email: owner.email, lang: owner.lang, user: owner._id, tenant: row?.tenant ?? null }
  return [{ ...own, phone: '0571-00002999', organisation: null }, ...guests]
}

/** Who came to a past session: most to most, the last to none. */
async function hold(scene: Scene, event: Event): Promise<void> {
  const { park, by } = scene
  const going = await Attendee.find({ park: park._id, event: event._id, state: 'going' }).sort({ at: 1, _id: 1 }).lean()
  for (const [n, session] of event.sessions.entries()) {
    at(scene, session.day, session.from - 10)
    for (const [i, { _id }] of going.entries())
      if (i < going.length - 2 && (i + n) % 5 !== 4) await checkIn(park, { attendee: _id, session: session._id }, by)
  }
  at(scene, addDays(event.sessions.at(-1)!.day, 1), 600)
  for (const [i, { _id, name }] of going.entries()) {
    const now = (await Attendee.findOne({ park: park._id, _id }).lean().orFail()) as Attendee
    if (!now.checkIns.length) continue
    const own = { id: 'attendee', name }
    if (i % 3 !== 2) await giveFeedback(park._id, _id, { stars: 5 - (i % 4 === 3 ? 2 : i % 2), words: WORDS[i % WORDS.length]! }, own)
    if (i % 4 !== 3 && hasEarned(now, event)) await giveCertificate(park, _id, own)
  }
}

async function play(scene: Scene, plan: EventPlan): Promise<void> {
  const { park, today, by, people } = scene
  const facts = factsOf(plan, today)
  const first = addDays(facts.sessions[0]!.day, -plan.ahead)
  const published = first < today ? first : addDays(today, -2)
  at(scene, published, 540)
  const event = await createEvent(park, plan.code, facts, by)
  if (plan.state === 'draft') return
  await publishEvent(park, plan.code, event.version, by)
  for (const [i, person] of people.slice(0, plan.people).entries()) {
    at(scene, addDays(published, 1), 560 + i * 7)
    const own = { id: person.user ? String(person.user) : 'anonymous', name: person.name }
    const made = await signUp(park, plan.code, person, { source: 'public', token: newToken(), consent: true, insider: true }, own)
    // Somebody always withdraws, and the next in line moves up.
    if (i === 5 && plan.people > 8) await giveUpPlace(park, made._id, own)
  }
  const now = await loadEvent(park._id, plan.code)
  if (plan.state === 'cancelled') {
    at(scene, addDays(today, -1), 600)
    await cancelEvent(park, plan.code, now.version, '广场施工，改期举办，另行通知。', by)
  } else if (now.sessions.at(-1)!.day < today) await hold(scene, now)
}

export async function seedEvents(slug: 'dongxin' | 'jindong-hangzhou'): Promise<void> {
  const park = (await Park.findById(slug).orFail().lean()) as Park
  const user = await User.findOne({ email: `promotion.${slug}@example.com` })
    .lean()
    .orFail()
  const scene = { park, today: realToday(), by: { id: String(user._id), name: user.name }, people: await peopleOf(slug) }
  for (const plan of slug === 'dongxin' ? DONGXIN : JINDONG) await play(scene, plan)
  setClock(null)
}
