import { relinkFiles } from '../files/store.ts'
import { now } from '../lib/clock.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { Park } from '../parks/park.ts'
import { onMerged } from './merge.ts'
import { onLost } from './steps.ts'
import { Visit } from './visit.ts'
import { callOff, type VisitPark } from './visits.ts'

/** What becomes of a lead's visits and files when it is lost or merged. */
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
