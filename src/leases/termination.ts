import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { type Day, dayBefore, daysIn, today } from '../lib/days.ts'
import type { Fen } from '../lib/money.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { endLease } from '../spaces/claims.ts'
import { subject } from './draft.ts'
import { happened } from './hooks.ts'
import { Lease } from './lease.ts'
import { payables, rentTerms } from './rent.ts'
import { loadLease } from './review.ts'
import { rentFreeClawback, sumOf } from './schedule.ts'
import { releaseOld } from './signing.ts'
import { versionOn } from './status.ts'

export interface Settlement {
  on: Day
  days: number
  /** Payable over the whole term, and over the days stayed. */
  planned: Fen
  earned: Fen
  /** What falls away. */
  dropped: Fen
  clawback: Fen
  deposit: Fen
}

/** What leaving on a day would mean, before anybody decides it. */
export function settlementOn(lease: Lease, on: Day): Settlement {
  const terms = rentTerms(lease)
  const planned = sumOf(payables(lease))
  const earned = on < lease.from ? 0 : sumOf(payables({ ...lease, end: on }))
  const began = on >= lease.from
  return {
    on,
    days: began ? daysIn(lease.from, on) : 0,
    planned,
    earned,
    dropped: planned - earned,
    clawback: began ? rentFreeClawback(terms, on) : 0,
    deposit: versionOn(lease, on).deposit,
  }
}

export function checkTermination(lease: Lease, on: Day): void {
  if (lease.state !== 'signed') throw new RuleError('lease.notSigned')
  if (lease.terminated) throw conflict('termination.twice', { on: lease.terminated.on })
  if (lease.amending) throw conflict('termination.amending')
  if (lease.renewedBy) throw conflict('termination.renewed')
  const movedIn = lease.handovers
    .filter(one => one.kind === 'in')
    .map(one => one.on)
    .sort()
    .at(-1)
  if (movedIn && on < movedIn) throw new RuleError('termination.beforeMoveIn', { on: movedIn }, { field: 'on' })
  if (lease.end < today()) throw new RuleError('termination.ended', { to: lease.end })
  if (on >= lease.end) throw new RuleError('termination.date', { to: lease.end }, { field: 'on' })
  const agreed = lease.versions.at(-1)!
  if (lease.versions.length > 1 && on < agreed.from)
    throw new RuleError('termination.beforeAmendment', { from: agreed.from }, { field: 'on' })
}

/**
 * Ends a signed lease early: the claim ends on the day, and until the handover the units are holding over. A day before the start
 * calls the lease off altogether: nothing was occupied, and what it renewed stands alone again.
 */
export async function terminateLease(
  park: string,
  _id: Types.ObjectId,
  { on, reason }: { on: Day; reason: string },
  by: Actor,
): Promise<Settlement> {
  return transact(async () => {
    const lease = await loadLease(park, _id)
    checkTermination(lease, on)
    const never = on < lease.from
    const last = never ? dayBefore(lease.from) : on
    const settlement = settlementOn(lease, last)
    const terminated = { on: last, reason, by: by.id, at: now() }
    const { matchedCount } = await Lease.updateOne(
      { park, _id, version: lease.version },
      { $set: { end: last, terminated, ...(never ? { occupied: [] } : {}) }, $inc: { version: 1 } },
    )
    if (!matchedCount) throw conflict('stale')
    await endLease(park, _id, last)
    if (never) await releaseOld(lease)
    const { earned, dropped, clawback, deposit } = settlement
    await audit(by, 'lease.terminate', subject(lease), {
      before: { end: lease.end },
      after: { end: last, earned, dropped, clawback, deposit },
      note: reason,
    })
    if (never) await happened('cancelled', lease, by)
    return settlement
  })
}
