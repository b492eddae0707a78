import type { Types } from 'mongoose'
import { scopedOne } from '../lib/park-scope.ts'
import { onRenamed } from '../tenants/hooks.ts'
import { FollowUp } from './actions.ts'
import { Session } from './session.ts'
import { setupOf } from './setup.ts'
import { TeamLoad, teamKey } from './team.ts'

/** What mentoring knows of a tenant, when it is renamed or turns out to be another one. */
async function rewrite(park: string, tenant: Types.ObjectId, set: Record<string, unknown>): Promise<void> {
  await Session.updateMany({ park, 'team.tenant': tenant }, { $set: set })
  await FollowUp.updateMany({ park, 'team.tenant': tenant }, { $set: set })
}

onRenamed(({ park, _id, name }) => rewrite(park, _id, { 'team.name': name }))

/**
 * Sessions of a tenant that was merged into another, in the merge's transaction. Where both together have more open bookings than a
 * team may, the rest is noted as `excess`: nobody did anything wrong, and no more can be booked.
 */
export async function mergeMentoring(park: string, gone: Types.ObjectId, kept: { _id: Types.ObjectId; name: string }): Promise<void> {
  await rewrite(park, gone, { 'team.tenant': kept._id, 'team.name': kept.name })
  const [from, to] = [teamKey({ tenant: gone, user: null }), teamKey({ tenant: kept._id, user: null })]
  const other = await scopedOne<TeamLoad>(TeamLoad, { park, team: from })
  if (!other) return
  const own = await scopedOne<TeamLoad>(TeamLoad, { park, team: to })
  const open = [...(own?.open ?? []), ...other.open]
  const excess = Math.max(own?.excess ?? 0, other.excess, open.length - (await setupOf(park)).cap)
  await TeamLoad.updateOne({ park, team: to }, { $set: { open, excess: Math.max(0, excess) } }, { upsert: true })
  await TeamLoad.deleteOne({ park, team: from })
}
