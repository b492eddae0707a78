import type { Request } from 'express'
import type { Types } from 'mongoose'
import { reachOf } from '../accounts/identity.ts'
import { now } from '../lib/clock.ts'
import type { Day } from '../lib/days.ts'
import { type Holding, holdsOfLead, isAsked } from '../spaces/holds.ts'
import { isLive } from '../spaces/state.ts'
import { lastDayOf, type Rights } from './hold-rules.ts'
import { holdPath } from './holds.ts'
import { mayLead } from './who.ts'

/** A hold as pages show it: what it is now follows from the clock. */
export interface HoldRow extends Holding {
  live: boolean
  asked: boolean
  /** The last day for which it is kept, and the one asked for. */
  until: Day | null
  askedUntil: Day | null
  path: string
}

export const rightsOf = (req: Request): Rights => ({
  leads: mayLead(req),
  approves: reachOf(req.me, 'hold.approve', req.park) !== undefined,
})

export function rowOf(zone: string, { unit, hold }: Holding): HoldRow {
  const last = (at: Date | null | undefined) => (at ? lastDayOf(at, zone) : null)
  const [live, asked] = [isLive(hold, now()), isAsked(hold)]
  return {
    unit,
    hold,
    live,
    asked,
    until: last(hold.expiresAt),
    askedUntil: asked ? last(hold.askedUntil) : null,
    path: holdPath({ unit, hold }),
  }
}

/** No end comes after every end. */
export const byEnd = (a: HoldRow, b: HoldRow): number =>
  (a.hold.expiresAt?.getTime() ?? Number.MAX_SAFE_INTEGER) - (b.hold.expiresAt?.getTime() ?? Number.MAX_SAFE_INTEGER)

/** What a lead's page shows: those that count or wait, the first to end first, then those that have run out. */
export async function holdsOf(park: { _id: string; zone: string }, lead: Types.ObjectId): Promise<HoldRow[]> {
  const rows = (await holdsOfLead(park._id, lead)).map(holding => rowOf(park.zone, holding)).sort(byEnd)
  const counts = (row: HoldRow) => row.live || row.asked
  return [...rows.filter(counts), ...rows.filter(row => !counts(row)).reverse()]
}
