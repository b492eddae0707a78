import { expect } from 'chai'
import fc from 'fast-check'
import { Visit } from '../../src/leads/visit.ts'
import { cancelVisit, moveVisit, planVisit } from '../../src/leads/visits.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildUser } from '../setup/factories.ts'
import { buildLead } from '../setup/leads.ts'
import { settled } from '../setup/settled.ts'
import { visitFacts } from '../setup/visits.ts'
import { findings } from './scene.ts'

describe('visits in any order', function () {
  this.timeout(180_000)
  useDatabase()

  it('never has a host in two places, and a sequence that only rises, whatever is done in whatever order', async () => {
    const step = fc.record({
      what: fc.constantFrom('plan', 'plan', 'move', 'cancel', 'note'),
      n: fc.nat(30),
      from: fc.integer({ min: 8, max: 14 }),
      length: fc.integer({ min: 1, max: 4 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 7 }), async rounds => {
        const park = await buildPark()
        const { lead, owner } = await buildLead(park._id)
        const hosts = [owner!._id, (await buildUser('manager', { park: park._id }))._id]
        const leads = [lead, (await buildLead(park._id)).lead]
        const all = async () => (await Visit.find({ park: park._id }).sort({ _id: 1 }).lean()) as Visit[]
        const run = async ({ what, n, from, length }: (typeof rounds)[0][0]) => {
          const times = { from: from * 60, to: from * 60 + length * 30 }
          const facts = visitFacts(hosts[n % 2]!, times)
          if (what === 'plan') return planVisit(park, leads[n % 3 ? 0 : 1]!._id, facts, BY)
          const visits = await all()
          const one = visits[n % Math.max(1, visits.length)]
          if (!one) return null
          if (what === 'cancel') return cancelVisit(park, one._id, one.version, 'Because', BY)
          const same = visitFacts(one.host, { from: one.from, to: one.to, note: `${n}` })
          return moveVisit(park, one._id, one.version, what === 'note' ? same : facts, BY)
        }
        for (const round of rounds) {
          const before = new Map((await all()).map(one => [String(one._id), one]))
          await settled(round.map(run))
          const after = await all()
          const planned = after.filter(one => one.state === 'planned').sort((a, b) => a.from - b.from)
          for (const [i, one] of planned.entries())
            for (const other of planned.slice(i + 1))
              expect(one.host.equals(other.host) && other.from < one.to, `${one.from}–${one.to} and ${other.from}–${other.to}`).to.equal(
                false,
              )
          for (const one of after) {
            const was = before.get(String(one._id))
            if (!was) continue
            expect(one.sequence).to.be.at.least(was.sequence)
            const differs = was.from !== one.from || was.to !== one.to || !was.host.equals(one.host) || was.state !== one.state
            if (differs) expect(one.sequence).to.be.above(was.sequence)
          }
          expect(await findings(park._id)).to.deep.equal([])
        }
      }),
      { numRuns: 8 },
    )
  })
})
