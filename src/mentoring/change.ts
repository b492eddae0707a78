import type { Types } from 'mongoose'
import { scopedFindAndUpdate, scopedOne } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { Session } from './session.ts'

/** A session as it is now, in the caller's transaction. */
export async function loadSession(park: string, _id: Types.ObjectId): Promise<Session> {
  const session = await scopedOne<Session>(Session, { park, _id })
  if (!session) throw notFound()
  return session
}

/**
 * Writes a session where it still is as `guard` says, and answers it as it is then; null where somebody was there first. Steps of one
 * session meet here: what each may is decided by the write, not by what was read.
 */
export const changeSession = (park: string, _id: Types.ObjectId, guard: object, update: object): Promise<Session | null> =>
  scopedFindAndUpdate<Session>(Session, { park, _id, ...guard }, { ...update, $currentDate: { updatedAt: true } }, {})
