import type { Area } from '../lib/area.ts'
import { now } from '../lib/clock.ts'
import { type Day, overlaps } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { byCode } from '../spaces/plan-layout.ts'
import { isLive } from '../spaces/state.ts'
import { type Product, Unit } from '../spaces/unit.ts'

/** Units free for the whole of a wanted period: an index look-up over the free ranges; live holds are left out. */
export interface Wish {
  from: Day
  to: Day
  area?: Area | null
  product?: Product | null
}

const LIMIT = 2000
const FIELDS = { building: 1, floor: 1, code: 1, product: 1, gross: 1, chargeable: 1, desks: 1, listRate: 1, claims: 1 }

export async function suggestUnits(park: string, { from, to, area, product }: Wish): Promise<Unit[]> {
  const filter = {
    park,
    gaps: { $elemMatch: { from: { $lte: from }, to: { $gte: to } } },
    ...(area ? { chargeable: { $gte: area } } : {}),
    ...(product ? { product } : {}),
  }
  const units = await scopedFind<Unit>(Unit, filter, { projection: FIELDS, limit: LIMIT })
  const held = (unit: Unit) => unit.claims.some(claim => claim.kind === 'hold' && isLive(claim, now()) && overlaps(claim, { from, to }))
  return units.filter(unit => !held(unit)).sort(byCode)
}
