import type { Actor } from '../accounts/identity.ts'
import { now } from '../lib/clock.ts'
import { addMonths, today } from '../lib/days.ts'
import type { Park } from '../parks/park.ts'
import type { ServiceContent } from '../services/content.ts'
import type { Application, Leg } from './application.ts'
import { chooseOwner, type Person } from './owners.ts'
import { askOf, legOf } from './progress.ts'
import { dueAfter, workdaysBetween } from './workdays.ts'

/** What beginning and ending a step writes; the caller saves it in its transaction. */
type Set = Partial<Application>

export const whoIs = (by: Actor) => ({ id: by.id, name: by.name })
export const ownedBy = (person: Person): Pick<Application, 'owner' | 'ownerName'> => ({ owner: person._id, ownerName: person.name })

/** Begins a step today: who does it, and by when. */
export async function begin(
  park: Park,
  content: ServiceContent,
  { legs, user }: Pick<Application, 'legs' | 'user'>,
  step: number,
): Promise<Set & { owner: Person['_id'] }> {
  const { key, role, days } = content.steps[step]!
  const from = today(park.zone)
  const due = await dueAfter(park, from, days)
  // Nobody decides on what they applied for, where somebody else can.
  const owner = await chooseOwner(park._id, role, user)
  const leg: Leg = {
    ...{ step, key, from, begunAt: now(), days, paused: 0, due, endedAt: null, on: null, used: null, by: null, note: null, files: [] },
  }
  return { step, ...ownedBy(owner), owner: owner._id, dueOn: due, legs: [...legs, leg] }
}

/** The legs with the present one ended today. */
export async function endLeg(park: Park, application: Application, by: Actor, more: Pick<Leg, 'note' | 'files'>): Promise<Leg[]> {
  const present = legOf(application)
  const on = today(park.zone)
  if (!present) return application.legs
  const waiting = askOf(application)
  // Days still waited for the applicant are none of the step's.
  const waited = waiting ? await workdaysBetween(park, waiting.on, on) : 0
  const used = (await workdaysBetween(park, present.from, on)) - present.paused - waited
  const ended: Leg = { ...present, ...more, endedAt: now(), on, used: Math.max(0, used), by: whoIs(by) }
  return application.legs.map(leg => (leg.endedAt === null ? ended : leg))
}

/** The clock of a step that waited goes on today, with the days that were left. Null where nothing was asked. */
export async function goOn(park: Park, application: Application, answer: string | null): Promise<Set | null> {
  const [ask, leg] = [askOf(application), legOf(application)]
  if (!ask || !leg) return null
  const on = today(park.zone)
  const due = await dueAfter(park, on, ask.left)
  const paused = leg.paused + (await workdaysBetween(park, ask.on, on))
  return {
    dueOn: due,
    asks: application.asks.map(one => (one === ask ? { ...one, answeredAt: now(), answer } : one)),
    legs: application.legs.map(one => (one === leg ? { ...one, due, paused } : one)),
  }
}

/** A draft goes when nobody has touched it for as long as papers are kept: whatever is done to it begins that time anew. */
export const prolonged = (park: Park, { state }: Pick<Application, 'state'>, { keep }: Pick<ServiceContent, 'keep'>): Set =>
  state === 'draft' ? { eraseOn: addMonths(today(park.zone), keep) } : {}

/** What an end writes, whichever end it is: nobody has anything to do, and the day its papers go is known. */
export function ending(park: Park, { keep }: Pick<ServiceContent, 'keep'>): Set {
  const on = today(park.zone)
  return { owner: null, ownerName: null, dueOn: null, endedAt: now(), endedOn: on, eraseOn: addMonths(on, keep) }
}
