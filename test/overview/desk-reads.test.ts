import { expect } from 'chai'
import { Types } from 'mongoose'
import { Lease } from '../../src/leases/lease.ts'
import { today } from '../../src/lib/days.ts'
import { scopedFind } from '../../src/lib/park-scope.ts'
import { deskOf } from '../../src/overview/desk.ts'
import { Park } from '../../src/parks/park.ts'
import { useDatabase } from '../setup/database.ts'
import { buildLease, buildUnit, inDays, newId } from '../setup/factories.ts'

describe('what the desk reads', () => {
  useDatabase()

  it('looks at the leases it needs, not at those of twenty years', async () => {
    const { lease, park } = await buildLease({ stage: 'review' })
    await buildLease({ unit: await buildUnit({ park }), from: inDays(-300), to: inDays(30) })
    const [row] = await scopedFind<Lease>(Lease, { park, _id: lease._id })
    const past = Array.from({ length: 1500 }, (_, i) => ({
      ...row!,
      _id: new Types.ObjectId(),
      number: `OLD-${i}`,
      state: 'signed' as const,
      from: '2010-01-01',
      end: `2012-01-${String((i % 28) + 1).padStart(2, '0')}`,
      occupied: [],
    }))
    await Lease.collection.insertMany(past as never)
    const found = (await Park.findById(park).lean()) as Park
    const admin = Lease.db.db!
    await admin.command({ profile: 2 })
    const desk = await deskOf(found, today(), { id: String(newId()), may: () => true })
    await admin.command({ profile: 0 })
    expect(desk.waiting!.map(one => one.kind)).to.have.members(['review', 'expiring', 'handover'])
    const reads = await admin
      .collection('system.profile')
      .find({ op: 'query', ns: /\.(leases|units|buildings|tenants|audit)$/ })
      .toArray()
    expect(reads.length).to.be.within(6, 9)
    for (const read of reads) {
      expect(read['planSummary'], read['ns']).to.not.include('COLLSCAN')
      expect(read['docsExamined'], JSON.stringify(read['command']['filter'])).to.be.below(30)
    }
  })
})
