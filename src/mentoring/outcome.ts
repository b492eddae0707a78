import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { changeSession, loadSession } from './change.ts'
import { type Outcome, type Session, sessionSubject, statusOf } from './session.ts'
import { leavePlace } from './team.ts'

/**
 * Says whether a session that has begun was held, or who didn't come; may be put right later, until the team has rated it. Only what
 * was held counts as hours. Throws mentoring.notYet, mentoring.over and mentoring.rated (409).
 */
export async function markOutcome(park: string, _id: Types.ObjectId, outcome: Outcome, by: Actor): Promise<Session> {
  return transact(async () => {
    const before = await loadSession(park, _id)
    if (before.state === 'cancelled') throw conflict('mentoring.over', { code: before.code })
    if (before.startsAt > now()) throw new RuleError('mentoring.notYet')
    if (before.feedback && outcome !== 'held') throw conflict('mentoring.rated')
    const set =
      outcome === 'held' ? { state: 'held', missedBy: null } : { state: 'missed', missedBy: outcome === 'missedMentor' ? 'mentor' : 'team' }
    const guard = { state: before.state, ...(outcome === 'held' ? {} : { feedback: null }) }
    const session = await changeSession(park, _id, guard, { $set: set })
    if (!session) throw conflict('mentoring.over', { code: before.code })
    await leavePlace(park, session.team, _id)
    const shown = (one: Session) => ({ outcome: statusOf(one) })
    await audit(by, 'mentoring.outcome', sessionSubject(session), { before: shown(before), after: shown(session) })
    return session
  })
}

/** The team's word on a session that was held, from 1 to 5; may be changed. Throws mentoring.notHeld (409). */
export async function rateSession(
  park: string,
  _id: Types.ObjectId,
  { stars, text }: { stars: number; text: string | null },
  by: Actor,
): Promise<Session> {
  return transact(async () => {
    const before = await loadSession(park, _id)
    const feedback = { stars, text, at: now(), by: { id: by.id, name: by.name } }
    const session = await changeSession(park, _id, { state: 'held' }, { $set: { feedback } })
    if (!session) throw conflict('mentoring.notHeld')
    const shown = (one: Session) => ({ stars: one.feedback?.stars ?? null })
    await audit(by, 'mentoring.feedback', sessionSubject(session), { before: shown(before), after: shown(session) })
    return session
  })
}
