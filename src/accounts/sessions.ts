import mongoose, { type Types } from 'mongoose'
import { currentSession, transact } from '../db/transact.ts'
import type { Grant, Identity } from './identity.ts'
import { Membership, User } from './user.ts'

/**
 * Keeps the identity inside a user's sessions true (DESIGN §2): whoever changes a role, a membership or a password calls one of
 * these in the same transaction, so that the next request already knows.
 */
export const SESSIONS = 'sessions'
const sessions = () => mongoose.connection.collection(SESSIONS)
const OWNER = 'session.passport.user.id'

async function grantsOf(user: Types.ObjectId): Promise<Grant[]> {
  const grants: Grant[] = []
  for (const row of await Membership.find({ user }).sort({ _id: 1 }).lean()) {
    const grant: Grant = { role: row.role }
    if (row.park) grant.park = row.park
    if (row.tenant) grant.tenant = String(row.tenant)
    if (row.district) grant.district = row.district
    grants.push(grant)
  }
  return grants
}

/** The identity as of now; null for a user who is gone or disabled. */
export async function readIdentity(user: Types.ObjectId): Promise<Identity | null> {
  const found = await User.findById(user).lean()
  if (!found || found.disabled) return null
  const { _id, name, email, lang, theme, version } = found
  return { id: String(_id), name, email, lang, theme, version, grants: await grantsOf(_id) }
}

/** Rewrites the identity in all sessions of a user. Bumps the user, so that a sign-in at the same moment conflicts and re-reads. */
export async function refreshSessions(user: Types.ObjectId): Promise<void> {
  await transact(async () => {
    await User.updateOne({ _id: user }, { $inc: { version: 1 } })
    const identity = await readIdentity(user)
    const session = currentSession()
    if (!identity) await sessions().deleteMany({ [OWNER]: String(user) }, { session })
    else await sessions().updateMany({ [OWNER]: String(user) }, { $set: { 'session.passport.user': identity } }, { session })
  })
}

/** Signs a user out everywhere, or everywhere else. */
export async function endSessions(user: Types.ObjectId, except?: string): Promise<void> {
  await transact(async () => {
    await User.updateOne({ _id: user }, { $inc: { version: 1 } })
    await sessions().deleteMany(
      { [OWNER]: String(user), ...(except ? { _id: { $ne: except as never } } : {}) },
      { session: currentSession() },
    )
    if (except) await refreshSessions(user)
  })
}

/**
 * Marks a sign-in after its session is stored. Writing the user makes this collide with a change of roles that is being committed:
 * whichever is second sees the first, so no session keeps a role that was revoked while it was made.
 */
export async function settleSignIn(user: Types.ObjectId, version: number): Promise<void> {
  const found = await User.findOneAndUpdate({ _id: user }, { signedInAt: new Date() }, { returnDocument: 'after' }).lean()
  if (!found || found.version !== version) await refreshSessions(user)
}
