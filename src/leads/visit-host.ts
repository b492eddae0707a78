import type { Types } from 'mongoose'
import { Membership, peopleOf, type User } from '../accounts/user.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { guardPerson } from './guards.ts'
import { ownerNamed } from './pool.ts'
import { Visit, visitWhen } from './visit.ts'

/**
 * *One host isn't in two places*, in whichever parks they work. What is read is guarded by a write (guards.ts): of two visits planned
 * at once the second runs again, and sees the first.
 */
export async function findHost(park: string, _id: Types.ObjectId): Promise<User> {
  const [found] = await ownerNamed(park, _id)
  if (!found) throw new RuleError('visit.noHost', {}, { field: 'host' })
  return found
}

/** Who may go along: anybody of the park's own people. */
export const companionsOf = (park: string): Promise<User[]> => peopleOf(park, ['promotion', 'manager', 'reception', 'finance'])

/** The parks somebody works in, this one in any case. */
async function parksOf(park: string, host: Types.ObjectId): Promise<string[]> {
  const rows = await Membership.find({ user: host, park: { $ne: null } }, { park: 1 }).lean()
  return [...new Set([park, ...rows.map(row => row.park!)])].sort()
}

type Span = Pick<Visit, 'park' | '_id' | 'host' | 'hostName' | 'startsAt' | 'endsAt'>
/** No visit is longer than a day: what began before can't reach here. */
const DAY_MS = 86_400_000

/** Inside the transaction that writes the visit. Throws visit.busy (409), visit.busyElsewhere (409). Times may touch. */
export async function refuseBusy({ park, _id, host, hostName, startsAt, endsAt }: Span): Promise<void> {
  const parks = await parksOf(park, host)
  // In one order: two visits of one host take the same turns.
  for (const one of parks) await guardPerson(one, host)
  const others = await scopedFind<Visit>(Visit, {
    ...{ park: { $in: parks }, host, state: 'planned', _id: { $ne: _id } },
    startsAt: { $lt: endsAt, $gt: new Date(startsAt.getTime() - DAY_MS) },
    endsAt: { $gt: startsAt },
  })
  const here = others.find(one => one.park === park)
  if (here) throw conflict('visit.busy', { host: hostName, when: visitWhen(here) }, 'host')
  // Of another park one learns that there is something, and nothing of it.
  if (others.length) throw conflict('visit.busyElsewhere', { host: hostName }, 'host')
}
