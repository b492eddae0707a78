import { SYSTEM } from '../accounts/identity.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { dayAfter, today } from '../lib/days.ts'
import { scopedFindAndUpdate, scopedOne } from '../lib/park-scope.ts'
import { Park } from '../parks/park.ts'
import { FollowUp } from './actions.ts'
import { announce, tellOfAction } from './announce.ts'
import { Session } from './session.ts'

/** Once each, whoever runs the job and however often: the mark is written with the mails. */
const UNMARKED = { remindedAt: null }
const mark = () => ({ $set: { remindedAt: now() } })

async function remindOfSession(park: Park, _id: Session['_id']): Promise<boolean> {
  return transact(async () => {
    const filter = { park: park._id, _id, state: 'booked', ...UNMARKED }
    const session = await scopedFindAndUpdate<Session>(Session, filter, mark(), {})
    if (session) await announce(park, session, 'reminder', SYSTEM)
    return session !== null
  })
}

async function remindOfAction(park: string, _id: FollowUp['_id']): Promise<boolean> {
  return transact(async () => {
    const action = await scopedFindAndUpdate<FollowUp>(FollowUp, { park, _id, done: null, ...UNMARKED }, mark(), {})
    const session = action && (await scopedOne<Session>(Session, { park, _id: action.session }))
    if (session) await tellOfAction(action, session, 'actionDue', SYSTEM)
    return session !== null
  })
}

/** Every morning: tomorrow's sessions to both sides, and follow-up actions due tomorrow or before to who has to do them. */
export async function remindOfMentoring(): Promise<number> {
  let sent = 0
  for (const park of (await Park.find().lean()) as unknown as Park[]) {
    const tomorrow = dayAfter(today(park.zone))
    const sessions = await Session.find({ park: park._id, state: 'booked', day: tomorrow, ...UNMARKED }, { _id: 1 }).lean()
    for (const { _id } of sessions) if (await remindOfSession(park, _id)) sent += 1
    const actions = await FollowUp.find({ park: park._id, done: null, due: { $lte: tomorrow }, ...UNMARKED }, { _id: 1 }).lean()
    for (const { _id } of actions) if (await remindOfAction(park._id, _id)) sent += 1
  }
  return sent
}
