import type { Types } from 'mongoose'
import { onLeft } from '../accounts/memberships.ts'
import { peopleOf } from '../accounts/user.ts'
import { relinkFiles } from '../files/store.ts'
import { now } from '../lib/clock.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { notify } from '../notifications/notification.ts'
import { everyPark } from '../parks/each.ts'
import { Park } from '../parks/park.ts'
import { onMerged } from './merge.ts'
import { ownersOf } from './pool.ts'
import { loadLead, onLost } from './steps.ts'
import { Visit, visitPath, visitWhen } from './visit.ts'
import { callOff, type VisitPark } from './visits.ts'

/** What becomes of a lead's visits and files when it is lost or merged, and of visits whose host leaves. */
onLost(async (lead, by) => {
  const ahead = await scopedFind<Visit>(Visit, { park: lead.park, lead: lead._id, state: 'planned', startsAt: { $gt: now() } })
  if (!ahead.length) return
  const park = (await Park.findById(lead.park).lean().orFail()) as VisitPark
  // Why it was lost is the park's own business: guests hear that the visit is off.
  for (const visit of ahead) await callOff(park, lead, visit, { reason: null, cause: 'lost' }, by)
})

onMerged(async (park, gone, kept) => {
  await Visit.updateMany({ park, lead: gone }, { $set: { lead: kept._id }, $inc: { version: 1 } })
  await relinkFiles(park, 'lead', gone, kept._id)
})

/** Nobody shows these leads round any more: whoever looks after the lead, and who leads, choose somebody else. */
async function tellHostless(park: string, user: Types.ObjectId): Promise<void> {
  if ((await ownersOf(park)).some(one => one._id.equals(user))) return
  const ahead = await scopedFind<Visit>(Visit, { park, host: user, state: 'planned', startsAt: { $gt: now() } })
  for (const visit of ahead) {
    const lead = await loadLead(park, visit.lead)
    const managers = new Set((await peopleOf(park, ['manager'])).map(one => String(one._id)))
    const told = (await ownersOf(park)).filter(one => managers.has(String(one._id)) || lead.owner?.equals(one._id))
    const params = { host: visit.hostName, lead: lead.name, number: lead.number, when: visitWhen(visit) }
    await notify(told, { park, key: 'visit.own.hostless', params, path: visitPath(visit) })
  }
}

onLeft(async ({ user, park }) => {
  const parks = park ? [park] : (await everyPark()).map(({ _id }) => _id)
  for (const one of parks) await tellHostless(one, user)
})
