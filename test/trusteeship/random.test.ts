import fc from 'fast-check'
import { Types } from 'mongoose'
import { editTerms, endAgreement, handOver, loadAgreement } from '../../src/trusteeship/agree.ts'
import { addPapers, addReports, refusePaper, sayNone, withdrawPaper } from '../../src/trusteeship/papers.ts'
import { Round } from '../../src/trusteeship/round.ts'
import { STATES, STEPS } from '../../src/trusteeship/state.ts'
import { takeBack, takeStep } from '../../src/trusteeship/steps.ts'
import { useDatabase } from '../setup/database.ts'
import { BY } from '../setup/factories.ts'
import { ago, BANK, buildAgreement, expectSoundBooks, parkOf, pdf, refusal, SALES } from '../setup/trusteeship.ts'

describe('random lives of a trusteeship', () => {
  useDatabase()

  it('keep their rules whatever is done in whatever order (property)', async () => {
    const what = ['give', 'none', 'refuse', 'withdraw', 'step', 'any', 'back', 'report', 'terms', 'end', 'staff'] as const
    const op = fc.record({
      what: fc.constantFrom(...what, 'give' as const, 'step' as const, 'step' as const),
      month: fc.nat(3),
      pick: fc.nat(9),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(op, { minLength: 10, maxLength: 40 }), async ops => {
        const agreement = await buildAgreement()
        const park = await parkOf(agreement.park)
        const at = (month: string) => ({ agreement: agreement._id, month })
        for (const { what: verb, month: n, pick } of ops) {
          const ref = at(ago(n))
          const round = (await Round.findOne({ park: park._id, ...ref }).lean()) as Round | null
          const item = round?.papers[pick % (round.papers.length || 1)]?._id ?? new Types.ObjectId()
          const state = round?.state ?? 'collecting'
          const { version } = await loadAgreement(park._id, agreement._id)
          const next = STEPS[STATES.indexOf(state)] ?? 'reported'
          if (verb === 'give') await refusal(addPapers(park, ref, pick % 3 ? 'bank' : 'sales', [await pdf(park._id)], BY, pick > 4))
          else if (verb === 'none') await refusal(sayNone(park, ref, pick % 2 ? 'bank' : 'sales', BY, false))
          else if (verb === 'refuse') await refusal(refusePaper(park, ref, item, 'Not readable', BY))
          else if (verb === 'withdraw') await refusal(withdrawPaper(park, ref, item, BY))
          else if (verb === 'step') {
            if (next === 'reported') await refusal(addReports(park, ref, 'balance', [await pdf(park._id)], BY))
            await refusal(takeStep(park, ref, next, BY))
          } else if (verb === 'any') await refusal(takeStep(park, ref, STEPS[pick % 4]!, BY))
          else if (verb === 'back') await refusal(takeBack(park, ref, state, 'A reason', BY))
          else if (verb === 'report') await refusal(addReports(park, ref, 'return', [await pdf(park._id)], BY))
          else if (verb === 'terms') {
            const papers = pick % 2 ? [BANK] : [BANK, { ...SALES, required: true }]
            await refusal(editTerms(park._id, agreement._id, version, { from: ago(n), taxpayer: 'small', fee: 10_000 + pick, papers }, BY))
          } else if (verb === 'end') await refusal(endAgreement(park._id, agreement._id, version, pick % 2 ? ago(n) : null, BY))
          else await refusal(handOver(park._id, agreement._id, version, agreement.staff, BY))
        }
        await expectSoundBooks(park._id, JSON.stringify(ops))
      }),
      { numRuns: 12 },
    )
  }).timeout(240_000)
})
