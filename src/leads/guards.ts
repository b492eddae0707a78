import { model, type Types } from 'mongoose'
import { again } from '../db/transact.ts'
import { type ParkOwned, parkOwned, scopedFind, scopedInsert } from '../lib/park-scope.ts'

/**
 * Two rules compare a record with what others there are: who has the same phone, and how much one person has already. Reading alone
 * can't guard them (two transactions see neither of each other), so whoever asks first writes here: the second runs again and sees.
 */
interface Guard extends ParkOwned {
  key: string
  turns: number
}

const schema = parkOwned<Guard>(
  { key: { type: String, required: true }, turns: { type: Number, default: 0 } },
  { versionKey: false, timestamps: false },
)
schema.index({ park: 1, key: 1 }, { unique: true })
export const LeadGuard = model('LeadGuard', schema, 'leadguards')

/** One after the other for each of `keys`, inside the caller's transaction. */
async function takeTurns(park: string, keys: string[]): Promise<void> {
  // In one order, so that two that share several keys don't wait for each other.
  for (const key of [...new Set(keys)].sort())
    await LeadGuard.updateOne({ park, key }, { $inc: { turns: 1 } }, { upsert: true }).catch(error => {
      throw again(error)
    })
}

/** Before counting what somebody owns or holds in a park. */
export const guardPerson = (park: string, user: Types.ObjectId | string): Promise<void> => takeTurns(park, [`person:${user}`])

interface Known {
  normal: string
  creditCode: string | null
  phones: string[]
}

/** Before putting a lead into one of the park's stages, and before taking a stage away. */
export const guardStages = (park: string): Promise<void> => takeTurns(park, ['stages'])

const keysOf = ({ normal, creditCode, phones }: Known): string[] => [
  `name:${normal}`,
  ...(creditCode ? [`code:${creditCode}`] : []),
  ...phones.map(phone => `phone:${phone}`),
]

/** Before looking whether a lead is there already. */
export const guardIdentity = (park: string, known: Known): Promise<void> => takeTurns(park, keysOf(known))

/** The same for many at once, in three writes however many they are. */
export async function guardIdentities(park: string, list: Known[]): Promise<void> {
  const keys = [...new Set(list.flatMap(keysOf))].sort()
  const there = await scopedFind<Pick<Guard, 'key'>>(LeadGuard, { park, key: { $in: keys } }, { projection: { key: 1 } })
  const known = new Set(there.map(one => one.key))
  if (known.size) await LeadGuard.updateMany({ park, key: { $in: [...known] } }, { $inc: { turns: 1 } })
  const fresh = keys.filter(key => !known.has(key)).map(key => ({ park, key, turns: 1 }))
  await scopedInsert<Guard>(LeadGuard, fresh).catch(error => {
    throw again(error)
  })
}
