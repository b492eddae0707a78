import { type Day, dayAfter, dayBefore, FOREVER } from '../lib/days.ts'
import type { Claim } from './unit.ts'

/**
 * The free ranges of a unit: its active days less all claims but holds, kept from the one that is open on `since` on. A pure
 * function of the claims, no date decides it (the floor at `since` only drops what is past).
 */
export function gapsOf(
  unit: { activeFrom: Day; activeTo: Day; claims: Pick<Claim, 'kind' | 'from' | 'to'>[] },
  since: Day,
): { from: Day; to: Day }[] {
  const taken = unit.claims.filter(claim => claim.kind !== 'hold').sort((a, b) => (a.from < b.from ? -1 : 1))
  const gaps: { from: Day; to: Day }[] = []
  let from = unit.activeFrom
  for (const claim of taken) {
    if (claim.from > from) gaps.push({ from, to: dayBefore(claim.from) })
    if (claim.to >= from) from = claim.to === FOREVER ? FOREVER : dayAfter(claim.to)
    if (claim.to === FOREVER) return gaps.filter(gap => gap.to >= since)
  }
  if (from <= unit.activeTo) gaps.push({ from, to: unit.activeTo })
  return gaps.filter(gap => gap.to >= since)
}
