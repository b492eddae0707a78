import type { Types } from 'mongoose'
import { addDays, type Day, dayAfter } from '../lib/days.ts'
import { heldOverBy, isActive, isSigned } from '../spaces/state.ts'
import type { Claim, Unit } from '../spaces/unit.ts'

/** Who comes and who goes, from the claims of the units alone: whoever may see the plan may see this. */
export interface Move {
  way: 'in' | 'out'
  on: Day
  lease: Types.ObjectId
  unit: Types.ObjectId
  number: string
  tenantName: string
  codes: string[]
}

/** The same tenant stays in the unit after this claim. */
const staysOn = (unit: Unit, claim: Claim): boolean =>
  claim.continued ||
  unit.claims.some(other => isSigned(other) && other.from === dayAfter(claim.to) && other.tenant?.equals(claim.tenant ?? ''))

const cameFrom = (unit: Unit, claim: Claim): boolean =>
  unit.claims.some(other => isSigned(other) && dayAfter(other.to) === claim.from && other.tenant?.equals(claim.tenant ?? ''))

/** One row a lease and day, with all its units. */
function gather(units: Unit[], way: Move['way'], dayOf: (unit: Unit, claim: Claim) => Day | null): Move[] {
  const moves = new Map<string, Move>()
  for (const unit of units) {
    for (const claim of unit.claims) {
      const on = isSigned(claim) && claim.lease ? dayOf(unit, claim) : null
      if (!on) continue
      const key = `${claim.lease} ${on}`
      const found = moves.get(key)
      if (found) found.codes.push(unit.code)
      else {
        const { number, tenantName, lease } = claim
        moves.set(key, { way, on, lease: lease!, unit: unit._id, number: number ?? '', tenantName: tenantName ?? '', codes: [unit.code] })
      }
    }
  }
  for (const move of moves.values()) move.codes.sort()
  return [...moves.values()].sort((a, b) => (a.on === b.on ? a.number.localeCompare(b.number) : a.on < b.on ? -1 : 1))
}

/** Units whose lease has begun and that nobody has handed over; not while the tenant before is still there. */
export const toHandOver = (units: Unit[], on: Day): Move[] =>
  gather(units, 'in', (unit, claim) => {
    const due = claim.from <= on && on <= claim.to && !claim.movedInOn && !claim.vacatedOn && !claim.continued
    return due && isActive(unit, on) && !heldOverBy(unit, { on, today: on }) ? claim.from : null
  })

/** Moves in and out of the next `days` days. */
export function movesAhead(units: Unit[], on: Day, days: number): Move[] {
  const last = addDays(on, days)
  const soon = (day: Day) => day > on && day <= last
  const ins = gather(units, 'in', (unit, claim) => (soon(claim.from) && !claim.movedInOn && !cameFrom(unit, claim) ? claim.from : null))
  const outs = gather(units, 'out', (unit, claim) =>
    claim.to >= on && claim.to <= last && !claim.vacatedOn && !staysOn(unit, claim) ? claim.to : null,
  )
  return [...ins, ...outs].sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))
}
