import { model, Schema, Types } from 'mongoose'
import { again } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { type ParkOwned, parkOwned, scopedOne } from '../lib/park-scope.ts'
import { conflict } from '../lib/rule-error.ts'

/**
 * Who is advised: a tenant, or a founder who has none yet and types what the team is called. *A team never has more open bookings
 * than the park's cap*: one document per team lists them, and counting and adding are one write. A booking that is over counts no more,
 * by the clock.
 */
export interface Team {
  tenant: Types.ObjectId | null
  user: Types.ObjectId | null
  name: string
}

export const teamKey = ({ tenant, user }: Pick<Team, 'tenant' | 'user'>): string => (tenant ? `tenant:${tenant}` : `user:${user}`)

const id = { type: Schema.Types.ObjectId, default: null }
export const teamFields = { _id: false, tenant: id, user: id, name: { type: String, required: true } }

export interface TeamLoad extends ParkOwned {
  _id: Types.ObjectId
  team: string
  open: { session: Types.ObjectId; endsAt: Date }[]
  /** How many more than the cap a merge of two companies brought together. */
  excess: number
}

const schema = parkOwned<TeamLoad>(
  {
    team: { type: String, required: true },
    open: { type: [{ _id: false, session: Schema.Types.ObjectId, endsAt: Date }], default: [] },
    excess: { type: Number, default: 0 },
  },
  { versionKey: false, timestamps: false },
)
schema.index({ park: 1, team: 1 }, { unique: true })
export const TeamLoad = model('TeamLoad', schema, 'mentoringteams')

const aheadOf = (at: Date) => ({ $filter: { input: '$open', cond: { $gt: ['$$this.endsAt', at] } } })

/** Counts a booking in, in its transaction. Throws mentoring.cap (409) when the team has as many open ones as it may. */
export async function takePlace(park: string, team: Team, open: TeamLoad['open'][number], cap: number): Promise<void> {
  const key = { park, team: teamKey(team) }
  const at = now()
  const room = { $expr: { $lt: [{ $size: aheadOf(at) }, cap] } }
  const add = [{ $set: { open: { $concatArrays: [aheadOf(at), [open]] }, excess: 0 } }]
  const { matchedCount } = await TeamLoad.updateOne({ ...key, ...room }, add, { updatePipeline: true })
  if (matchedCount) return
  if (await scopedOne(TeamLoad, key)) throw conflict('mentoring.cap', { count: cap }, 'slot')
  try {
    await TeamLoad.create([{ ...key, open: [open] }])
  } catch (error) {
    throw again(error)
  }
}

/** A booking that was cancelled or has its outcome counts no more. */
export async function leavePlace(park: string, team: Pick<Team, 'tenant' | 'user'>, session: Types.ObjectId): Promise<void> {
  await TeamLoad.updateOne({ park, team: teamKey(team) }, { $pull: { open: { session } } })
}

/** How many open bookings a team has now. */
export async function openCount(park: string, team: Pick<Team, 'tenant' | 'user'>): Promise<number> {
  const found = await scopedOne<TeamLoad>(TeamLoad, { park, team: teamKey(team) })
  const at = now()
  return found?.open.filter(one => one.endsAt > at).length ?? 0
}

export const userTeam = (user: string, name: string): Team => ({ tenant: null, user: new Types.ObjectId(user), name })
