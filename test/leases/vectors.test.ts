import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { rentSchedule } from '../../src/leases/schedule.ts'
import type { Anchor, Basis, Broken, Cycle } from '../../src/leases/terms.ts'
import { parseArea } from '../../src/lib/area.ts'

interface Vector {
  terms: {
    from: string
    to: string
    basis: Basis
    area: string
    anchor: Anchor
    cycle: Cycle
    broken: Broken
    free: [string, string][]
    escalation: { from: string; percent: string }[]
    rate: string
    desks?: number
  }
  charges: { from: string; to: string; fen: number }[]
}

const vectors: Vector[] = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/rent.json'), 'utf8'))

const computed = ({ terms }: Vector) =>
  rentSchedule({
    from: terms.from,
    to: terms.to,
    basis: terms.basis,
    anchor: terms.anchor,
    broken: terms.broken,
    cycle: terms.cycle,
    rentFree: terms.free.map(([from, to]) => ({ from, to })),
    escalation: terms.escalation,
    lines: [
      {
        unit: 'u',
        code: 'u',
        area: parseArea(terms.area)!,
        desks: terms.desks ?? null,
        rate: terms.rate,
        from: terms.from,
        to: terms.to,
        since: terms.from,
      },
    ],
  }).map(({ from, to, fen }) => ({ from, to, fen }))

describe('rent of the worked leases', () => {
  it('has the vectors at all', () => expect(vectors).to.have.length.of.at.least(80))

  for (const [i, vector] of vectors.entries()) {
    const { basis, anchor, broken, cycle, from, to } = vector.terms
    it(`${i}: ${basis}, ${anchor}, ${broken}, every ${cycle}, ${from} … ${to}`, () => {
      expect(computed(vector)).to.deep.equal(vector.charges)
    })
  }
})
