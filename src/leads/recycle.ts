import { SYSTEM } from '../accounts/identity.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { dayAt } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { RuleError } from '../lib/rule-error.ts'
import { notify } from '../notifications/notification.ts'
import { Park } from '../parks/park.ts'
import { Lead, leadPath } from './lead.ts'
import { giveUp, ownerNamed } from './pool.ts'
import { setupOf } from './setup.ts'

/** Leads with which nothing happens: their owner is told, and then they go back to the pool. A job of every day, safe to run again. */
const DAY_MS = 86_400_000
const AT_A_TIME = 500

type Row = Pick<Lead, '_id' | 'park' | 'number' | 'name' | 'owner' | 'touchedAt'>
const SHOWN = { park: 1, number: 1, name: 1, owner: 1, touchedAt: 1 }

const idleSince = (park: string, before: Date, more: object = {}): Promise<Row[]> =>
  scopedFind<Row>(
    Lead,
    { park, state: 'open', owner: { $ne: null }, touchedAt: { $lte: before }, ...more },
    { projection: SHOWN, sort: { touchedAt: 1 }, limit: AT_A_TIME },
  )

/** Tells the owner once; only if nothing has happened since it was read. */
async function warn(row: Row, params: { days: string; on: string }): Promise<boolean> {
  return transact(async () => {
    const { matchedCount } = await Lead.updateOne(
      { park: row.park, _id: row._id, state: 'open', owner: row.owner, touchedAt: row.touchedAt, warnedAt: null },
      { $set: { warnedAt: now() } },
    )
    if (!matchedCount) return false
    const people = await ownerNamed(row.park, row.owner!)
    await notify(people, {
      park: row.park,
      key: 'lead.idle',
      params: { name: row.name, number: row.number, ...params },
      path: leadPath(row),
    })
    return true
  })
}

/** Of one park: who was told long enough ago and did nothing loses the lead; who is about to is told. */
export async function recycleLeads(park: { _id: string; zone: string }): Promise<{ recycled: number; warned: number }> {
  const { idleDays, warnDays } = await setupOf(park._id)
  const done = { recycled: 0, warned: 0 }
  if (!idleDays) return done
  const at = now()
  const ago = (days: number) => new Date(at.getTime() - days * DAY_MS)
  // Nobody loses a lead without having been told: whoever was told today keeps it for the days it says.
  const told = { warnedAt: { $ne: null, $lte: ago(warnDays) } }
  for (const row of await idleSince(park._id, ago(idleDays), warnDays ? told : {})) {
    try {
      await giveUp(park._id, row._id, { why: 'idle', note: null, touched: row.touchedAt }, SYSTEM)
      done.recycled++
    } catch (error) {
      // Its owner was faster.
      if (!(error instanceof RuleError)) throw error
    }
  }
  if (!warnDays) return done
  for (const row of await idleSince(park._id, ago(idleDays - warnDays), { warnedAt: null })) {
    const days = String(Math.floor((at.getTime() - row.touchedAt.getTime()) / DAY_MS))
    const goes = new Date(Math.max(at.getTime() + warnDays * DAY_MS, row.touchedAt.getTime() + idleDays * DAY_MS))
    if (await warn(row, { days, on: dayAt(goes, park.zone) })) done.warned++
  }
  return done
}

export async function recycleEverywhere(): Promise<string> {
  const sum = { recycled: 0, warned: 0 }
  for (const park of await Park.find({}, { zone: 1 }).lean()) {
    const { recycled, warned } = await recycleLeads(park)
    sum.recycled += recycled
    sum.warned += warned
  }
  return `${sum.recycled} recycled, ${sum.warned} warned`
}
