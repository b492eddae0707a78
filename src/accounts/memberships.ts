import type { Types } from 'mongoose'
import { audit } from '../audit/entry.ts'
import { isDuplicateKey, transact } from '../db/transact.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import type { Actor } from './identity.ts'
import { indexPerson } from './index-people.ts'
import type { Role } from './roles.ts'
import { refreshSessions } from './sessions.ts'
import { Membership, User } from './user.ts'

export interface Post {
  role: Role
  park?: string | null
  district?: string | null
  tenant?: Types.ObjectId | null
}

/** Modules above may have something to do when a person gets a role, in the same transaction. */
type Granted = (made: { user: Types.ObjectId; role: Role; park: string | null }) => Promise<void>
const listeners: Granted[] = []
export const onGranted = (listener: Granted): void => {
  listeners.push(listener)
}

/** … and when they lose one, or are shut out: `park` is null for a role in none of them, and for being shut out of all. */
type Left = (gone: { user: Types.ObjectId; park: string | null }, by: Actor) => Promise<void>
const leavers: Left[] = []
export const onLeft = (listener: Left): void => {
  leavers.push(listener)
}

export async function tellLeft(gone: { user: Types.ObjectId; park: string | null }, by: Actor): Promise<void> {
  for (const listener of leavers) await listener(gone, by)
}

/** Gives a user a role; the user's sessions know it with the next request. Having it already is no error. */
export async function grantRole(user: Types.ObjectId, post: Post, by: Actor): Promise<void> {
  const { role, park = null, district = null, tenant = null } = post
  await transact(async () => {
    const found = await User.findById(user).lean()
    if (!found) throw new RuleError('user.gone')
    if (await Membership.exists({ user, role, park, district, tenant })) return
    await Membership.create([{ user, role, park, district, tenant, by: by.id }]).catch(error => {
      if (!isDuplicateKey(error)) throw error
    })
    await refreshSessions(user)
    for (const listener of listeners) await listener({ user, role, park })
    if (park) await indexPerson(park, user)
    if (park) await audit(by, 'member.grant', { park, kind: 'user', ref: user, label: found.name }, { after: { role } })
  })
}

/** Takes a role back: refused on the next request. Nobody takes their own, so that a park can't lose its last manager by slip. */
export async function revokeRole(park: string | null, membership: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const row = await Membership.findOne({ _id: membership, ...(park ? { park } : {}) }).lean()
    if (!row) throw notFound()
    if (String(row.user) === by.id) throw new RuleError('member.self')
    await Membership.deleteOne({ _id: row._id })
    await refreshSessions(row.user)
    await tellLeft({ user: row.user, park: row.park }, by)
    if (row.park) await indexPerson(row.park, row.user)
    const user = await User.findById(row.user).lean()
    if (row.park)
      await audit(
        by,
        'member.revoke',
        { park: row.park, kind: 'user', ref: row.user, label: user?.name ?? '' },
        { before: { role: row.role }, after: { role: null } },
      )
  })
}
