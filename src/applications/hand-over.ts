import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { STAFF_ROLES } from '../accounts/roles.ts'
import { peopleOf } from '../accounts/user.ts'
import { transact } from '../db/transact.ts'
import { RuleError } from '../lib/rule-error.ts'
import { Application, OPEN } from './application.ts'
import { hold } from './change.ts'
import { chooseOwner, findOwner, loadsOf } from './owners.ts'
import { give } from './work.ts'

/** The work of a colleague who is away. */
export interface Colleague {
  _id: Types.ObjectId
  name: string
  count: number
}

/** The park's people, each with how many open applications they have. */
export async function staffOf(park: string): Promise<Colleague[]> {
  const people = await peopleOf(park, [...STAFF_ROLES])
  const loads = await loadsOf(
    park,
    people.map(one => one._id),
  )
  const rows = people.map(({ _id, name }) => ({ _id, name, count: loads.get(String(_id)) ?? 0 }))
  return rows.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
}

/** At most so many in one transaction; pressed again, the rest follows. */
const MOST = 200

/**
 * Hands all that somebody has to do to a colleague, or (`to` null) spreads it: each to who does its step and has least to do. What the
 * colleague can't do is spread. Answers how many. Throws application.allMoved where there is nothing.
 */
export async function handOverAll(
  park: string,
  { from, to, note }: { from: Types.ObjectId; to: Types.ObjectId | null; note: string | null },
  by: Actor,
): Promise<number> {
  if (to?.equals(from)) throw new RuleError('application.owner', {}, { field: 'to' })
  return transact(async () => {
    const open = await Application.find({ park, owner: from, state: { $in: OPEN } }, { _id: 1 })
      .sort({ _id: 1 })
      .limit(MOST)
      .lean()
    if (!open.length) throw new RuleError('application.allMoved', {}, { field: 'from' })
    for (const { _id } of open) {
      const held = await hold(park, _id)
      const { role } = held.content.steps[held.application.step]!
      const owner = (to && (await findOwner(park, role, to))) ?? (await chooseOwner(park, role, from))
      await give(held, owner, by, note)
    }
    return open.length
  })
}
