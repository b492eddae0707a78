import { SYSTEM } from '../accounts/identity.ts'
import { transact } from '../db/transact.ts'
import { addDays, startOfDay, today } from '../lib/days.ts'
import { RuleError } from '../lib/rule-error.ts'
import { notify } from '../notifications/notification.ts'
import { Park } from '../parks/park.ts'
import { changeHold, endingHolds, type Holding } from '../spaces/holds.ts'
import { lastDayOf } from './hold-rules.ts'
import { holdPath, leadOf, usersOf } from './holds.ts'

/** Who holds a unit, and whose lead it is for, hear a day before that it will be free again. Once for each end, however often the job runs. */
const isTold = ({ hold }: Holding): boolean => String(hold.toldFor ?? null) === String(hold.expiresAt)

async function remind(park: Pick<Park, '_id' | 'zone'>, holding: Holding): Promise<boolean> {
  const { unit, hold } = holding
  return transact(async () => {
    await changeHold(holding, { toldFor: hold.expiresAt })
    const owner = (await leadOf(holding))?.owner
    const people = await usersOf([hold.holder, owner && String(owner)])
    const params = { unit: unit.code, label: hold.label ?? '\u2013', until: lastDayOf(hold.expiresAt!, park.zone) }
    await notify(people, { park: park._id, key: 'hold.ending', params, path: holdPath(holding) }, SYSTEM.id)
    return people.length > 0
  })
}

/** Holds whose last day is today or tomorrow. Answers how many were told of. */
export async function remindOfHolds(): Promise<number> {
  let told = 0
  for (const park of await Park.find({}, { zone: 1 }).lean()) {
    const until = startOfDay(addDays(today(park.zone), 2), park.zone)
    for (const holding of await endingHolds(park._id, until)) {
      if (isTold(holding)) continue
      try {
        if (await remind(park, holding)) told += 1
      } catch (error) {
        // Prolonged, released or used meanwhile, or told by another process.
        if (!(error instanceof RuleError)) throw error
      }
    }
  }
  return told
}
