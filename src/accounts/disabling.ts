import type { Types } from 'mongoose'
import { audit, NO_PARK } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import type { Actor } from './identity.ts'
import { tellLeft } from './memberships.ts'
import { refreshSessions } from './sessions.ts'
import { Membership, User } from './user.ts'

/** Recorded for the system, and in every park the person works in: its manager should know. */
async function record(user: User, action: 'user.disable' | 'user.enable', by: Actor): Promise<void> {
  const parks = await Membership.distinct('park', { user: user._id, park: { $ne: null } })
  const disabled = action === 'user.disable'
  for (const park of [NO_PARK, ...(parks as string[])])
    await audit(
      by,
      action,
      { park, kind: 'user', ref: user._id, label: user.name },
      { before: { disabled: !disabled }, after: { disabled } },
    )
}

async function setDisabled(_id: Types.ObjectId, disabled: boolean, by: Actor): Promise<void> {
  await transact(async () => {
    const user = (await User.findById(_id).lean()) as User | null
    if (!user) throw notFound()
    if (user.disabled === disabled) return
    await User.updateOne({ _id }, { disabled })
    // A disabled user has no identity: this ends all their sessions.
    await refreshSessions(_id)
    if (disabled) await tellLeft({ user: _id, park: null }, by)
    await record(user, disabled ? 'user.disable' : 'user.enable', by)
  })
}

/** Shuts a user out with the next request. Throws user.self: nobody locks themselves out. */
export async function disableUser(user: Types.ObjectId, by: Actor): Promise<void> {
  if (String(user) === by.id) throw new RuleError('user.self')
  await setDisabled(user, true, by)
}

export const enableUser = (user: Types.ObjectId, by: Actor): Promise<void> => setDisabled(user, false, by)
