/** A small generator (mulberry32): the same seed, the same data, so that two starts on one day show the same park. */
export interface Random {
  /** A share in [0, 1). */
  next(): number
  whole(min: number, max: number): number
  pick<T>(list: readonly T[]): T
}

export function randomOf(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const whole = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1))
  return { next, whole, pick: list => list[whole(0, list.length - 1)]! }
}
