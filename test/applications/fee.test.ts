import { expect } from 'chai'
import type { Application } from '../../src/applications/application.ts'
import { submit } from '../../src/applications/apply.ts'
import { Charge } from '../../src/billing/charge.ts'
import { addMonths, today } from '../../src/lib/days.ts'
import { refused } from '../mentoring/refused.ts'
import { actorOf, type Drafted, filledDraft, NO_STUDENT, serviceStep, submitted } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { buildTenant, buildUser } from '../setup/factories.ts'
import { publishedService } from '../setup/services.ts'
import { buildScene, expectSound, finish, refuseIt, reload, setDay, takeBack, walkTo } from './scene.ts'

const chargesOf = async ({ park, _id }: Application): Promise<Charge[]> =>
  (await Charge.find({ park, 'source.ref': _id }).sort({ at: 1, _id: 1 }).lean()) as Charge[]
const sumOf = (charges: Charge[]): number => charges.reduce((sum, one) => sum + one.fen, 0)

describe('what an application makes payable', function () {
  this.timeout(60_000)
  useDatabase()

  const fenOf = (charges: Charge[]) => charges.map(({ kind, fen, item }) => [kind, fen, item])

  it('is the fee and its reduction for a student: free of charge, and counted as value', async () => {
    const scene = await buildScene()
    const one = await submitted(scene.park._id, scene.code)
    expect(one.application).to.include({ class: 'student', fee: 0, fullFee: 80_000, charged: false })
    expect(await chargesOf(one.application)).to.deep.equal([])
    const prepared = await finish(one)
    const charges = await chargesOf(prepared)
    expect(fenOf(charges)).to.deep.equal([
      ['fee', 80_000, ''],
      ['reduction', -80_000, 'student'],
    ])
    for (const charge of charges) {
      expect(charge.tenant!.equals(prepared.tenant!)).to.equal(true)
      expect(charge.label).to.contain(prepared.number)
      expect([charge.from, charge.to]).to.deep.equal([today(), today()])
    }
    await walkTo(one, 4)
    expect(await chargesOf(prepared)).to.have.length(2)
    await expectSound(scene.park._id)
  })

  it('is the fee for a founder, due by the end of the month after', async () => {
    const scene = await buildScene()
    setDay('2026-01-30')
    const one = await submitted(scene.park._id, scene.code, { studies: NO_STUDENT })
    setDay('2026-02-02')
    const charges = await chargesOf(await finish(one))
    expect(fenOf(charges)).to.deep.equal([['fee', 80_000, '']])
    expect(charges.map(({ from, to, dueOn }) => [from, to, dueOn])).to.deep.equal([['2026-01-30', '2026-02-02', '2026-03-31']])
  })

  it('is charged to a company with the first step, once, where nobody is taken in', async () => {
    const scene = await buildScene()
    const { _id: park } = scene.park
    const steps = [serviceStep('one'), serviceStep('two')]
    const { code } = await publishedService(park, { fees: [{ class: 'tenant', fen: 30_000 }], documents: [], fields: [], steps })
    const tenant = await buildTenant(park)
    const user = await buildUser('owner', { park, tenant: tenant._id })
    const one = await submitted(park, code, { user, tenant: tenant._id, answers: {} })
    expect(one.application).to.include({ class: 'tenant', fee: 30_000, fullFee: 30_000, name: tenant.name })
    await finish(one)
    const done = await finish(one)
    const charges = await chargesOf(done)
    expect(fenOf(charges)).to.deep.equal([['fee', 30_000, '']])
    expect(charges[0]!.tenant!.equals(tenant._id)).to.equal(true)
    await expectSound(park)
  })

  it('is nothing where it is free for everybody', async () => {
    const scene = await buildScene({ fees: [{ class: 'student', fen: 0 }] })
    const one = await submitted(scene.park._id, scene.code)
    const done = await walkTo(one, 4)
    expect([done.charged, (await chargesOf(done)).length]).to.deep.equal([true, 0])
    await expectSound(scene.park._id)
  })

  for (const [end, leave] of [
    ['a refusal', (one: Drafted) => refuseIt(one)],
    ['a withdrawal', (one: Drafted) => takeBack(one)],
  ] as const)
    it(`is taken back by ${end}: reversed one by one, and nothing is left`, async () => {
      const steps = [serviceStep('check', { effect: 'prepare' }), serviceStep('decide', { outcome: 'decision' })]
      const scene = await buildScene({ steps })
      const one = await submitted(scene.park._id, scene.code)
      await finish(one)
      const ended = await leave(one)
      const charges = await chargesOf(ended)
      expect(charges).to.have.length(4)
      expect(sumOf(charges)).to.equal(0)
      for (const charge of charges.slice(2)) expect(charge.fen).to.equal(-charges.find(({ _id }) => _id.equals(charge.reverses!))!.fen)
      expect([ended.charged, ended.owner, ended.dueOn, ended.eraseOn]).to.deep.equal([false, null, null, addMonths(today(), 6)])
      expect(ended.legs.at(-1)).to.include({ on: today(), note: ended.reason })
      await expectSound(scene.park._id)
    })

  it('is what the page said: somebody whose years have run out is asked to look again', async () => {
    const scene = await buildScene()
    const studies = { status: 'graduated', school: 'X', graduatedOn: '2021-03-15' } as const
    setDay('2026-03-15')
    const one = await filledDraft(scene.park._id, scene.code, { studies })
    expect(one.application).to.include({ class: 'student', fee: 0 })
    setDay('2026-03-16')
    const { version, _id } = one.application
    await refused(submit(one.park, _id, version, actorOf(one.user)), 'application.feeChanged', 409)
    expect((await reload(one)).state).to.equal('draft')
    setDay('2026-03-15')
    expect((await submit(one.park, _id, version, actorOf(one.user))).fee).to.equal(0)
  })
})
