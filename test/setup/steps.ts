import type { Lease } from '../../src/leases/lease.ts'
import { today } from '../../src/lib/days.ts'
import { Park } from '../../src/parks/park.ts'
import { whenOf } from '../../src/spaces/plan.ts'
import { unitState } from '../../src/spaces/state.ts'
import { Unit } from '../../src/spaces/unit.ts'

/** What tests of handovers and terminations share. */
export const noon = (day: string): Date => new Date(`${day}T04:00:00Z`)

/** One unit of the handover form, ticked and with its readings. */
export const unitFields = (index: number, unit: Unit['_id'], more: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ unit: String(unit), take: 'on', electricity: '01024.5', water: '12', keys: '2', ...more }).map(([name, value]) => [
      `units[${index}][${name}]`,
      value,
    ]),
  )

export const stepPath = (lease: Pick<Lease, 'park' | '_id'>, step: string): string => `/parks/${lease.park}/leases/${lease._id}/${step}`

/** What the plan says of a unit on a day. */
export async function stateOf(park: string, unit: Unit['_id'], on = today()): Promise<string> {
  const found = await Unit.findOne({ park, _id: unit }).lean().orFail()
  const where = await Park.findById(park).lean().orFail()
  return unitState(found as Unit, whenOf(where, on, today()))!.state
}
