import type { Fen } from '../lib/money.ts'
import type { Unit } from '../spaces/unit.ts'

/**
 * Rent at the list rate, in fen: rate × chargeable area × 365 ÷ 12 a month, for workstations rate × desks (FACTS, “Rent”), rounded
 * once, half up. Whole numbers all the way and no fractions: a list of thousands of units asks for each of them.
 */
type Rated = Pick<Unit, 'product' | 'listRate' | 'chargeable' | 'desks'>

const half = (value: bigint, by: bigint): Fen => Number((2n * value + by) / (2n * by))

/** Null where there is no rate, or a workstation unit doesn't say how many desks it has. */
function rentOf({ product, listRate, chargeable, desks }: Rated, twelfths: bigint): Fen | null {
  if (!listRate) return null
  const [whole = '0', part = ''] = listRate.split('.')
  const rate = BigInt(whole + part)
  const scale = 10n ** BigInt(part.length)
  if (product === 'workstation') return desks ? half(rate * BigInt(desks) * 100n * twelfths, scale) : null
  // Hundredths of a square metre and fen: the two hundreds cancel out.
  return half(rate * BigInt(chargeable) * 365n * twelfths, scale * 12n)
}

export const monthlyListRent = (unit: Rated): Fen | null => rentOf(unit, 1n)
export const yearlyListRent = (unit: Rated): Fen | null => rentOf(unit, 12n)
