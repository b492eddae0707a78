import Fraction from 'fraction.js'

/** Exact arithmetic for money: rates, areas and shares are rationals until they are rounded once, to the fen. */
export { Fraction }

export const exact = (value: string | number | bigint): Fraction => new Fraction(value)

/** Half up: away from zero at the half, so that a reversal is the exact opposite of what it reverses. */
export function roundHalfUp(value: Fraction): number {
  const doubled = value.n * 2n + value.d
  const whole = doubled / (value.d * 2n)
  return Number(value.s < 0n ? -whole : whole)
}
