import { SYSTEM } from '../accounts/identity.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { dayAfter, today } from '../lib/days.ts'
import { scopedFind, scopedFindAndUpdate } from '../lib/park-scope.ts'
import { Park } from '../parks/park.ts'
import { Event, type Session } from './event.ts'
import { tellReminder } from './tell.ts'

/** Once for each session, whoever runs the job and however often: the mark is written with the mails. */
async function remindOfSession(park: Park, { _id }: Pick<Event, '_id'>, session: Session): Promise<boolean> {
  const mark = `${session._id}@${session.day}`
  return transact(async () => {
    const filter = { park: park._id, _id, state: 'published', reminded: { $ne: mark }, 'sessions._id': session._id }
    const event = await scopedFindAndUpdate<Event>(Event, filter, { $push: { reminded: mark } }, {})
    if (event) await tellReminder(park, event, session, SYSTEM)
    return event !== null
  })
}

/** Every morning: tomorrow's sessions to those who have a place. Answers how many sessions that were. */
export async function remindOfEvents(): Promise<number> {
  let sent = 0
  for (const park of (await Park.find().lean()) as unknown as Park[]) {
    const tomorrow = dayAfter(today(park.zone))
    const filter = { park: park._id, state: 'published', endsAt: { $gte: now() }, 'sessions.day': tomorrow }
    for (const event of await scopedFind<Event>(Event, filter, { projection: { sessions: 1 } }))
      for (const session of event.sessions) if (session.day === tomorrow && (await remindOfSession(park, event, session))) sent += 1
  }
  return sent
}
