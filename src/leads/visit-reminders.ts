import { SYSTEM } from '../accounts/identity.ts'
import { transact } from '../db/transact.ts'
import { dayAfter, today } from '../lib/days.ts'
import { scopedFind, scopedFindAndUpdate } from '../lib/park-scope.ts'
import { Park } from '../parks/park.ts'
import { loadLead } from './steps.ts'
import { Visit } from './visit.ts'
import { tellReminder } from './visit-tell.ts'

/** Once for each visit and day, whoever runs the job and however often: the mark is written with the mails. One that moved is told again. */
async function remind(park: Park, { _id, day }: Pick<Visit, '_id' | 'day'>): Promise<boolean> {
  return transact(async () => {
    const filter = { park: park._id, _id, state: 'planned', day, reminded: { $ne: day } }
    const visit = await scopedFindAndUpdate<Visit>(Visit, filter, { $set: { reminded: day } }, {})
    if (visit) await tellReminder(park, await loadLead(park._id, visit.lead), visit, SYSTEM)
    return visit !== null
  })
}

/** Of one park: tomorrow's visits to guests and hosts. Answers how many visits that were. */
export async function remindOfVisits(park: Park): Promise<number> {
  const day = dayAfter(today(park.zone))
  const filter = { park: park._id, day, state: 'planned', reminded: { $ne: day } }
  let sent = 0
  for (const visit of await scopedFind<Visit>(Visit, filter, { projection: { day: 1 } })) if (await remind(park, visit)) sent += 1
  return sent
}

export async function remindOfAllVisits(): Promise<number> {
  let sent = 0
  for (const park of (await Park.find().lean()) as unknown as Park[]) sent += await remindOfVisits(park)
  return sent
}
