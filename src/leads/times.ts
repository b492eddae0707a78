import { UNITS_A_DAY } from './course.ts'

/** Lengths counted one by one in tenths of a day, so that median and 90 % come without a list to sort. */
export interface Times {
  count: number
  /** Days, to a tenth. */
  median: number | null
  p90: number | null
}

/** Nine years: what is longer is kept in a list. */
const SLOTS = 32_768

export class Lengths {
  readonly #slots = new Uint32Array(SLOTS)
  readonly #more: number[] = []
  #count = 0

  add(units: number): void {
    this.#count += 1
    if (units < SLOTS) this.#slots[units]! += 1
    else this.#more.push(units)
  }

  /** The smallest length that at least that share doesn't exceed. */
  #at(share: number): number | null {
    if (!this.#count) return null
    const rank = Math.max(1, Math.ceil(this.#count * share))
    let seen = 0
    for (let units = 0; units < SLOTS; units++) {
      seen += this.#slots[units]!
      if (seen >= rank) return units / UNITS_A_DAY
    }
    return this.#more.sort((a, b) => a - b)[rank - seen - 1]! / UNITS_A_DAY
  }

  times(): Times {
    return { count: this.#count, median: this.#at(0.5), p90: this.#at(0.9) }
  }
}
