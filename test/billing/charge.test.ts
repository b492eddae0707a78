import { expect } from 'chai'
import fc from 'fast-check'
import type { Types } from 'mongoose'
import { AuditEntry } from '../../src/audit/entry.ts'
import { AppendOnlyError, Charge } from '../../src/billing/charge.ts'
import { chargeFor, type NewCharge, reverseCharge } from '../../src/billing/charging.ts'
import { checks } from '../../src/billing/checks.ts'
import { transact } from '../../src/db/transact.ts'
import type { Lease } from '../../src/leases/lease.ts'
import { addMonths, dayBefore } from '../../src/lib/days.ts'
import { HttpError, RuleError } from '../../src/lib/rule-error.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildPark, newId } from '../setup/factories.ts'

const resultOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    error => (error instanceof RuleError ? error.problem.key : error instanceof HttpError ? String(error.status) : String(error)),
  )

/** The rent of month `k` of a lease. */
const rent = (lease: Lease, k = 0, fen = 600_000): NewCharge => ({
  source: { kind: 'lease', ref: lease._id },
  tenant: lease.tenant,
  kind: 'rent',
  unit: lease.units[0],
  label: `${lease.number} · ${lease.unitCodes[0]}`,
  from: addMonths(lease.from, k),
  to: dayBefore(addMonths(lease.from, k + 1)),
  fen,
  dueOn: addMonths(lease.from, k),
})

async function broken(): Promise<string[]> {
  const found: string[] = []
  for (const check of checks) await check.run(message => found.push(message))
  return found
}

const sumOf = async (park: string): Promise<number> => (await Charge.find({ park }).lean()).reduce((sum, charge) => sum + charge.fen, 0)

describe('charges', () => {
  useDatabase()

  it('makes one of a retry and of twenty at once; another amount is refused', async () => {
    const { lease, park } = await buildLease()
    const made = await Promise.all(Array.from({ length: 20 }, () => transact(() => chargeFor(park, rent(lease), BY))))
    expect(new Set(made.map(charge => String(charge._id)))).to.have.property('size', 1)
    expect(await Charge.countDocuments({ park })).to.equal(1)
    expect(await AuditEntry.countDocuments({ park, action: 'charge.add' })).to.equal(1)
    expect(await resultOf(chargeFor(park, rent(lease, 0, 600_001), BY))).to.equal('error.charge.differs')
    expect(await sumOf(park)).to.equal(600_000)
  })

  it('tells charges of one period apart by kind, unit and item', async () => {
    const { lease, park } = await buildLease()
    const cut = { ...rent(lease), kind: 'reduction' as const, fen: -100 }
    for (const one of [rent(lease), { ...cut, item: 'first' }, { ...cut, item: 'second' }, { ...rent(lease), unit: newId() }])
      await chargeFor(park, one, BY)
    expect(await Charge.countDocuments({ park })).to.equal(4)
    expect(await broken()).to.deep.equal([])
  })

  it('is reversed by its opposite, once, however many try: of twenty one wins', async () => {
    const { lease, park } = await buildLease()
    const { _id } = await chargeFor(park, rent(lease), BY)
    const results = await Promise.all(Array.from({ length: 20 }, () => resultOf(transact(() => reverseCharge(park, _id, 'too much', BY)))))
    expect(results.filter(result => result === 'ok')).to.have.length(1)
    expect(results.filter(result => result === 'error.charge.reversed')).to.have.length(19)
    const reversals = await Charge.find({ park, reverses: _id }).lean()
    expect(reversals).to.have.length(1)
    expect(reversals[0]).to.include({ fen: -600_000, reason: 'too much', kind: 'rent', from: lease.from })
    expect(await AuditEntry.countDocuments({ park, action: 'charge.reverse' })).to.equal(1)
    expect(await resultOf(reverseCharge(park, reversals[0]!._id, 'back', BY))).to.equal('error.charge.isReversal')
    expect(await sumOf(park)).to.equal(0)
  })

  it('charges anew what was reversed, again once', async () => {
    const { lease, park } = await buildLease()
    const first = await chargeFor(park, rent(lease), BY)
    await reverseCharge(park, first._id, 'wrong rate', BY)
    const second = await chargeFor(park, rent(lease, 0, 550_000), BY)
    expect((await chargeFor(park, rent(lease, 0, 550_000), BY))._id).to.deep.equal(second._id)
    expect(await sumOf(park)).to.equal(550_000)
    expect(await broken()).to.deep.equal([])
  })

  it('goes with the caller’s transaction: what fails later leaves no charge and no trail', async () => {
    const { lease, park } = await buildLease()
    const failed = transact(async () => {
      await chargeFor(park, rent(lease), BY)
      throw new RuleError('charge.amount')
    })
    expect(await resultOf(failed)).to.equal('error.charge.amount')
    expect(await Charge.countDocuments({ park })).to.equal(0)
    expect(await AuditEntry.countDocuments({ park, kind: 'charge' })).to.equal(0)
  })

  it('is never changed or removed', async () => {
    const { lease, park } = await buildLease()
    const { _id } = await chargeFor(park, rent(lease), BY)
    const loaded = await Charge.findOne({ park, _id }).orFail()
    const tries: (() => PromiseLike<unknown>)[] = [
      () => Charge.updateOne({ park, _id }, { fen: 1 }),
      () => Charge.updateMany({ park }, { fen: 1 }),
      () => Charge.findOneAndUpdate({ park, _id }, { fen: 1 }),
      () => Charge.replaceOne({ park, _id }, {}),
      () => Charge.findOneAndReplace({ park, _id }, {}),
      () => Charge.deleteOne({ park, _id }),
      () => Charge.deleteMany({ park }),
      () => Charge.findOneAndDelete({ park, _id }),
      () => loaded.set({ fen: 1 }).save(),
      () => loaded.updateOne({ fen: 1 }),
      () => loaded.deleteOne(),
    ]
    for (const attempt of tries) {
      const error = await Promise.resolve(attempt()).then(
        () => null,
        (reason: unknown) => reason,
      )
      expect(error, String(attempt)).to.be.instanceOf(AppendOnlyError)
    }
    expect(await Charge.findOne({ park, _id }).lean()).to.include({ fen: 600_000 })
  })

  it('refuses what is no charge: order, sign, part of a fen, another park’s lease or tenant', async () => {
    const { lease, park } = await buildLease()
    const elsewhere = await buildLease()
    const attempts: [Partial<NewCharge>, string][] = [
      [{ to: '2000-01-01' }, 'error.period.order'],
      [{ fen: 0 }, 'error.charge.amount'],
      [{ fen: -5 }, 'error.charge.amount'],
      [{ fen: 0.5 }, 'error.charge.amount'],
      [{ kind: 'reduction' }, 'error.charge.amount'],
      [{ source: { kind: 'lease', ref: elsewhere.lease._id } }, '404'],
      [{ tenant: elsewhere.tenant._id }, 'error.tenant.gone'],
    ]
    for (const [change, key] of attempts)
      expect(await resultOf(chargeFor(park, { ...rent(lease), ...change }, BY)), JSON.stringify(change)).to.equal(key)
    expect(await Charge.countDocuments({ park })).to.equal(0)
    const { _id } = await chargeFor(park, rent(lease), BY)
    expect(await resultOf(reverseCharge((await buildPark())._id, _id, 'not mine', BY))).to.equal('404')
  })

  it('comes out whatever is charged, retried and reversed in any order (property)', async () => {
    const { lease, park } = await buildLease()
    const step = fc.record({ month: fc.nat(3), fen: fc.integer({ min: 1, max: 9_999_999 }), reverse: fc.boolean(), twice: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async steps => {
        const standing = new Map<number, { id: Types.ObjectId; fen: number }>()
        for (const one of await Charge.find({ park, reverses: null }).lean())
          if (!(await Charge.exists({ park, reverses: one._id })))
            standing.set([0, 1, 2, 3].find(k => rent(lease, k).from === one.from)!, { id: one._id, fen: one.fen })
        for (const { month, fen, reverse, twice } of steps) {
          const there = standing.get(month)
          const act = async (): Promise<string> => {
            if (reverse) return there ? resultOf(reverseCharge(park, there.id, 'property', BY)) : 'nothing'
            return resultOf(chargeFor(park, rent(lease, month, fen), BY))
          }
          const first = await act()
          const again = twice ? await act() : null
          if (reverse && there) {
            expect(first).to.equal('ok')
            if (again) expect(again).to.equal('error.charge.reversed')
            standing.delete(month)
          } else if (!reverse) {
            expect(first).to.equal(!there || there.fen === fen ? 'ok' : 'error.charge.differs')
            if (again) expect(again).to.equal(first)
            const found = await Charge.find({ park, from: rent(lease, month).from, reverses: null })
              .sort({ at: -1, _id: -1 })
              .lean()
            if (!there) standing.set(month, { id: found[0]!._id, fen })
          }
        }
        expect(await sumOf(park)).to.equal([...standing.values()].reduce((sum, one) => sum + one.fen, 0))
        expect(await broken()).to.deep.equal([])
      }),
      { numRuns: 12 },
    )
  })

  it('the doctor names each charge that was tampered with', async () => {
    const { lease, park } = await buildLease()
    const one = await chargeFor(park, rent(lease), BY)
    const back = await reverseCharge(park, one._id, 'all of it', BY)
    const two = await chargeFor(park, rent(lease, 1), BY)
    expect(await broken()).to.deep.equal([])
    const raw = Charge.collection
    await raw.updateOne({ _id: back._id }, { $set: { fen: -1 } })
    await raw.updateOne({ _id: two._id }, { $set: { to: '2000-01-01' } })
    const { _id: _, ...copy } = (await raw.findOne({ _id: two._id }))!
    await raw.insertOne({ ...copy, key: `${copy['key']}`.replace(/0$/, '1') } as never)
    const found = (await broken()).join('\n')
    expect(found).to.match(/reverses 600000 fen by -1/)
    expect(found).to.match(/runs .*…2000-01-01/)
    expect(found).to.match(/the trail says -600000/)
    expect(found).to.match(/stands beside an equal one|its key says/)
    expect(found).to.match(/has no entry in the trail/)
    await raw.deleteMany({ park })
  })
})
