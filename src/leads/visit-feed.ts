import { Types } from 'mongoose'
import { reachOf } from '../accounts/identity.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { onPersonalFeed } from '../rooms/feed-events.ts'
import { Lead } from './lead.ts'
import { Visit } from './visit.ts'
import { visitEvent } from './visit-tell.ts'

/** The visits somebody hosts or goes along to stand in their own calendar, as long as they may see leads. */
const LIMIT = 2000

onPersonalFeed(async ({ park, token, who }, begin) => {
  if (!reachOf(who, 'lead.read', park)) return []
  const user = new Types.ObjectId(String(token.ref))
  const filter = { park: park._id, $or: [{ host: user }, { 'companions.user': user }], state: { $in: ['planned', 'done'] } }
  const visits = await scopedFind<Visit>(Visit, { ...filter, startsAt: { $gte: begin } }, { sort: { startsAt: 1 }, limit: LIMIT })
  const leads = await scopedFind<Pick<Lead, '_id' | 'name' | 'number'>>(
    Lead,
    { park: park._id, _id: { $in: visits.map(one => one.lead) } },
    { projection: { name: 1, number: 1 } },
  )
  const known = new Map(leads.map(lead => [String(lead._id), lead]))
  return visits.map(visit => ({
    ...visitEvent(visit, park, known.get(String(visit.lead)) ?? { name: '–', number: '' }, { lang: who.lang, own: true }),
    // The same at every reading, so that nothing but a change changes it.
    stamp: token.madeAt,
  }))
})
