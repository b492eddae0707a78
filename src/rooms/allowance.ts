import { model, type Types } from 'mongoose'
import { again, transact } from '../db/transact.ts'
import { type ParkOwned, parkOwned, scopedFind } from '../lib/park-scope.ts'
import { elapsed } from '../lib/wall.ts'
import type { Park } from '../parks/park.ts'
import { daysOf, type Slot } from './slot.ts'
import type { Holder } from './wish.ts'

/**
 * The rule: *a tenant never gets more free hours than it has*. One guarded counter per holder and civil month; an hour counts in
 * the month it falls in; a booking may be free in part. Minutes throughout.
 */
export interface Allowance extends ParkOwned {
  _id: Types.ObjectId
  /** `tenant:<id>`, shared by its people, or `user:<id>` of a student founder. */
  holder: string
  month: string
  /** What the month grants: the park's setting when it was first used, raised when the setting rises. */
  granted: number
  used: number
  /** Used beyond the grant when two tenants became one: nobody did anything wrong. */
  excess?: number
}

const schema = parkOwned<Allowance>(
  {
    holder: { type: String, required: true },
    month: { type: String, required: true },
    granted: { type: Number, required: true },
    used: { type: Number, default: 0 },
    excess: Number,
  },
  { versionKey: false, timestamps: false },
)
schema.index({ park: 1, holder: 1, month: 1 }, { unique: true })
export const Allowance = model('Allowance', schema, 'allowances')

export const holderKey = ({ tenant, user }: Pick<Holder, 'tenant' | 'user'>): string | null =>
  tenant ? `tenant:${tenant}` : user ? `user:${user}` : null

/** What the park grants a class a month; classes without an allowance have none. */
export const grantOf = (park: Pick<Park, 'settings'>, { class: klass }: Pick<Holder, 'class'>): number =>
  klass === 'tenant' || klass === 'student' ? (park.settings.freeMinutes?.[klass] ?? 0) : 0

/** Minutes of use that really pass in each civil month, in order: what is paid for. */
export function monthsOf(slot: Slot, zone: string): { month: string; minutes: number }[] {
  const months = new Map<string, number>()
  for (const { day, from, to } of daysOf(slot)) {
    const [month, minutes] = [day.slice(0, 7), elapsed(day, to, zone) - elapsed(day, from, zone)]
    months.set(month, (months.get(month) ?? 0) + minutes)
  }
  return [...months].map(([month, minutes]) => ({ month, minutes }))
}

type Owner = Pick<Holder, 'class' | 'tenant' | 'user'>

/** Minutes left in some months, by one read; what nobody has used yet is the park's setting. */
export async function leftInMonths(park: Park, holder: Owner, months: string[]): Promise<Map<string, number>> {
  const key = holderKey(holder)
  if (!key) return new Map(months.map(month => [month, 0]))
  const grant = grantOf(park, holder)
  const found = await scopedFind<Allowance>(Allowance, { park: park._id, holder: key, month: { $in: months } })
  return new Map(
    months.map(month => {
      const one = found.find(other => other.month === month)
      return [month, Math.max(0, Math.max(one?.granted ?? 0, grant) - (one?.used ?? 0))]
    }),
  )
}

export const leftIn = async (park: Park, holder: Owner, month: string): Promise<number> =>
  (await leftInMonths(park, holder, [month])).get(month)!

/** How many minutes of a slot the free hours would pay for now: what is shown before confirming. */
export async function offerFree(park: Park, holder: Holder, slot: Slot): Promise<{ month: string; minutes: number }[]> {
  const wanted = monthsOf(slot, park.zone)
  const left = await leftInMonths(
    park,
    holder,
    wanted.map(one => one.month),
  )
  return wanted.map(({ month, minutes }) => ({ month, minutes: Math.min(minutes, left.get(month)!) })).filter(one => one.minutes > 0)
}

/**
 * Takes free minutes for a slot, as many as there are. Writes the counter it read, so that two bookings at once (a member and the
 * front desk on its behalf) conflict and the second sees what is left.
 */
export async function takeFree(park: Park, holder: Holder, slot: Slot): Promise<{ month: string; minutes: number }[]> {
  const key = holderKey(holder)
  const grant = grantOf(park, holder)
  if (!key) return []
  return transact(async () => {
    const free = await offerFree(park, holder, slot)
    for (const { month, minutes } of free) {
      const one = { park: park._id, holder: key, month }
      try {
        await Allowance.updateOne(one, { $inc: { used: minutes }, $max: { granted: grant } }, { upsert: true })
      } catch (error) {
        throw again(error)
      }
    }
    return free
  })
}

/** Gives free minutes back, in the caller's transaction. */
export async function returnFree(park: string, holder: Holder, free: { month: string; minutes: number }[]): Promise<void> {
  const key = holderKey(holder)
  if (!key) return
  for (const { month, minutes } of free) await Allowance.updateOne({ park, holder: key, month }, { $inc: { used: -minutes } })
}
