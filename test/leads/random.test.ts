import { expect } from 'chai'
import fc from 'fast-check'
import type { Types } from 'mongoose'
import { Lead } from '../../src/leads/lead.ts'
import { mergeLeads } from '../../src/leads/merge.ts'
import { claimLead, giveUp, handOver, handOverAll } from '../../src/leads/pool.ts'
import { recycleLeads } from '../../src/leads/recycle.ts'
import { followUp, loseLead, moveStage, planNext, reopenLead } from '../../src/leads/steps.ts'
import { now, setClock } from '../../src/lib/clock.ts'
import { today } from '../../src/lib/days.ts'
import { HttpError } from '../../src/lib/rule-error.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, buildUser } from '../setup/factories.ts'
import { buildLead, parkNow } from '../setup/leads.ts'
import { settled } from '../setup/settled.ts'
import { actorFor, findings } from './scene.ts'

/** An open lead has exactly one owner or is in the pool: after any steps in any order, some of them at once. */
describe('leads under random steps', function () {
  this.timeout(240_000)
  useDatabase()

  const WHAT = ['claim', 'give', 'hand', 'handAll', 'poolAll', 'follow', 'plan', 'stage', 'lose', 'reopen', 'merge', 'recycle'] as const
  const step = fc.record({
    what: fc.constantFrom(...WHAT),
    lead: fc.integer({ min: 0, max: 3 }),
    who: fc.integer({ min: 0, max: 2 }),
    stage: fc.constantFrom('new', 'contact', 'viewing', 'intent', 'gone'),
    days: fc.constantFrom(0, 0, 0, 20),
  })

  function check(lead: Lead): void {
    const { state, owner, pool, next, path, stage } = lead
    const label = JSON.stringify({ state, owner, pool, next })
    if (state === 'open') {
      expect((owner === null) !== (pool === null), label).to.equal(true)
      expect((owner === null) === (next === null), label).to.equal(true)
    } else {
      expect(pool, label).to.equal(null)
      expect(next, label).to.equal(null)
    }
    const last = state === 'lost' ? 'lost' : state === 'merged' ? 'merged' : stage
    expect(path.at(-1)!.stage, label).to.equal(last)
    for (const [i, { at }] of path.entries()) if (i) expect(at >= path[i - 1]!.at).to.equal(true)
  }

  it('keeps one owner or the pool, whoever does what', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 3, maxLength: 10 }), async rounds => {
        setClock(null)
        const slug = (await buildPark())._id
        const park = await parkNow(slug)
        const users = [
          await buildUser('promotion', { park: slug }),
          await buildUser('promotion', { park: slug }),
          await buildUser('manager', { park: slug }),
        ]
        const ids: Types.ObjectId[] = []
        for (let i = 0; i < 4; i++) ids.push((await buildLead(slug, {}, { owner: i % 2 ? users[i % 3]! : null })).lead._id)
        const run = ({
          what,
          lead,
          who,
          stage,
        }: {
          what: (typeof WHAT)[number]
          lead: number
          who: number
          stage: string
        }): Promise<unknown> => {
          const [_id, user, to] = [ids[lead]!, users[who]!, users[(who + 1) % 3]!]
          const by = actorFor(user)
          const next = { what: 'Call', on: today() }
          if (what === 'claim') return claimLead(slug, _id, user, next, by)
          if (what === 'give') return giveUp(slug, _id, { why: 'given', note: 'n' }, by)
          if (what === 'hand') return handOver(slug, _id, { to: to._id, note: null, leads: who === 2 }, by)
          if (what === 'handAll') return handOverAll(slug, { from: user._id, to: to._id, note: null }, by)
          if (what === 'poolAll') return handOverAll(slug, { from: user._id, to: null, note: 'n' }, by)
          if (what === 'follow') return followUp(park, _id, { kind: 'call', text: 't', next }, by)
          if (what === 'plan') return planNext(park, _id, next, by)
          if (what === 'stage')
            return Lead.findOne({ park: slug, _id })
              .lean()
              .then(one => moveStage(slug, _id, { from: one!.stage, to: stage }, by))
          if (what === 'lose') return loseLead(slug, _id, { reason: 'price', note: null }, by)
          if (what === 'reopen') return reopenLead(park, _id, next, { ...by, _id: user._id })
          if (what === 'merge') return mergeLeads(slug, _id, ids[(lead + 1) % 4]!, by)
          return recycleLeads(park)
        }
        for (const round of rounds) {
          setClock(new Date(now().getTime() + Math.max(...round.map(one => one.days)) * 86_400_000))
          await settled(
            round.map(one =>
              run(one).catch(error => {
                if (!(error instanceof HttpError)) throw error
              }),
            ),
          )
          for (const one of (await Lead.find({ park: slug }).lean()) as unknown as Lead[]) check(one)
        }
        expect(await findings(slug)).to.deep.equal([])
      }),
      { numRuns: 14 },
    )
  })
})
