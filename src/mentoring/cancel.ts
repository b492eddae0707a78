import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { announce } from './announce.ts'
import { changeSession, loadSession } from './change.ts'
import { releaseSlot } from './mentor-day.ts'
import { type Session, sessionSubject } from './session.ts'
import { leavePlace } from './team.ts'

/** The instant until which the team itself may cancel. */
export const cancelUntil = ({ startsAt, terms }: Pick<Session, 'startsAt' | 'terms'>): Date =>
  new Date(startsAt.getTime() - terms.cancelHours * 3_600_000)

export interface Cancellation {
  side: 'team' | 'mentor' | 'park'
  reason: string | null
  /** Offer the time again; a team's is always. */
  reopen: boolean
}

/**
 * Cancels a session that hasn't begun: the slot and the team's place are given back, both sides are told. Throws mentoring.over (409),
 * mentoring.tooLate for the team after its deadline, and required where mentor or staff give no reason.
 */
export async function cancelSession(park: Park, _id: Types.ObjectId, { side, reason, reopen }: Cancellation, by: Actor): Promise<Session> {
  return transact(async () => {
    const before = await loadSession(park._id, _id)
    const at = now()
    if (before.state !== 'booked' || before.startsAt <= at) throw conflict('mentoring.over', { code: before.code })
    if (side === 'team' && cancelUntil(before) < at) throw new RuleError('mentoring.tooLate', { hours: before.terms.cancelHours })
    if (side !== 'team' && !reason) throw new RuleError('required', {}, { field: 'reason' })
    const cancelled = { by: { id: by.id, name: by.name }, at, reason, side }
    const session = await changeSession(
      park._id,
      _id,
      { state: 'booked' },
      { $set: { state: 'cancelled', cancelled }, $inc: { sequence: 1 } },
    )
    if (!session) throw conflict('mentoring.over', { code: before.code })
    await releaseSlot(session, session.slot, _id, reopen || side === 'team')
    await leavePlace(park._id, session.team, _id)
    await audit(by, 'mentoring.cancel', sessionSubject(session), {
      before: { outcome: 'upcoming' },
      after: { outcome: 'cancelled' },
      note: reason,
    })
    await announce(park, session, 'cancelled', by, reason)
    return session
  })
}
