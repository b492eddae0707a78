import type { Types } from 'mongoose'
import type { Role } from '../accounts/roles.ts'
import { Membership, peopleOf, User } from '../accounts/user.ts'
import { now } from '../lib/clock.ts'
import { scopedAggregate } from '../lib/park-scope.ts'
import { RuleError } from '../lib/rule-error.ts'
import { Application, OPEN } from './application.ts'

/**
 * Who answers for a step: the one of its role who has least to do; where nobody has it the park's managers, and where there are none the
 * administrators. *An open application always has an owner who may work on it.*
 */
export type Person = Pick<User, '_id' | 'name' | 'email' | 'lang'>

const administrators = async (): Promise<Person[]> => {
  const rows = await Membership.find({ role: 'admin' }, { user: 1 }).lean()
  return User.find({ _id: { $in: rows.map(row => row.user) }, disabled: false }).lean()
}

const ordered = (people: Person[]): Person[] => people.sort((a, b) => (String(a._id) < String(b._id) ? -1 : 1))

/** The people a step may be given to, but for one who is away or leaves. `colleagues`: managers too, though there is somebody of its role. */
export async function candidates(
  park: string,
  role: Role,
  { colleagues = false, except = null }: { colleagues?: boolean; except?: Types.ObjectId | null } = {},
): Promise<Person[]> {
  const others = (people: Person[]) => ordered(people.filter(one => !except?.equals(one._id)))
  const own = others(await peopleOf(park, colleagues ? [...new Set<Role>([role, 'manager'])] : [role]))
  if (own.length) return own
  const managers = others(await peopleOf(park, ['manager']))
  return managers.length ? managers : others(await administrators())
}

/** Everybody who may do a step: administrators too, who may have stood in while there was nobody else. */
export async function ableTo(park: string, role: Role): Promise<Person[]> {
  const people = await candidates(park, role, { colleagues: true })
  const known = new Set(people.map(one => String(one._id)))
  return [...people, ...(await administrators()).filter(one => !known.has(String(one._id)))]
}

/** How many open applications some people have. */
export async function loadsOf(park: string, people: Types.ObjectId[]): Promise<Map<string, number>> {
  const filter = { park, owner: { $in: people }, state: { $in: [...OPEN] } }
  const rows = await scopedAggregate<{ _id: Types.ObjectId; count: number }>(Application, filter, [
    { $group: { _id: '$owner', count: { $sum: 1 } } },
  ])
  return new Map(rows.map(row => [String(row._id), row.count]))
}

/**
 * Writes the person and their roles in the transaction that gives them something: one whose role is taken back or who is shut out in the
 * same moment collides here, and the later of the two sees the other.
 */
async function hold({ _id }: Person): Promise<void> {
  const at = now()
  await User.updateOne({ _id }, { $set: { updatedAt: at } })
  await Membership.updateMany({ user: _id }, { $set: { updatedAt: at } })
}

/** Chooses who does a step, in the caller's transaction. Throws application.nobody where the park has nobody at all. */
export async function chooseOwner(park: string, role: Role, except: Types.ObjectId | null = null): Promise<Person> {
  const others = await candidates(park, role, { except })
  // Rather who asked for it than nobody.
  const people = others.length ? others : await candidates(park, role)
  const loads = await loadsOf(
    park,
    people.map(one => one._id),
  )
  const load = (one: Person) => loads.get(String(one._id)) ?? 0
  const [first] = people.sort((a, b) => load(a) - load(b))
  if (!first) throw new RuleError('application.nobody')
  await hold(first)
  return first
}

/** The person something is handed to, in the caller's transaction; null where they can't do it. */
export async function findOwner(park: string, role: Role, _id: Types.ObjectId): Promise<Person | null> {
  const found = (await ableTo(park, role)).find(one => one._id.equals(_id)) ?? null
  if (found) await hold(found)
  return found
}

/** The same where it must be them. Throws application.owner. */
export async function holdOwner(park: string, role: Role, _id: Types.ObjectId): Promise<Person> {
  const found = await findOwner(park, role, _id)
  if (!found) throw new RuleError('application.owner', {}, { field: 'to' })
  return found
}
