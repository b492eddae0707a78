import { expect } from 'chai'
import mongoose, { Types } from 'mongoose'
import { AuditEntry } from '../src/audit/entry.ts'
import { transact } from '../src/db/transact.ts'
import { Lease } from '../src/leases/lease.ts'
import { ScopeError, scopedCount, scopedFind, scopedOne } from '../src/lib/park-scope.ts'
import { SearchEntry } from '../src/search/entry.ts'
import { Building } from '../src/spaces/building.ts'
import { Unit } from '../src/spaces/unit.ts'
import { Tenant } from '../src/tenants/tenant.ts'
import { useDatabase } from './setup/database.ts'
import { buildLease, buildPark, buildTenant, buildUnit } from './setup/factories.ts'

/** Every way known (GROUND.md) to ask a park-owned collection without a park: each throws before it reaches the database. */
type Way = () => unknown

const refused = async (way: Way): Promise<boolean> => {
  try {
    await way()
    return false
  } catch (error) {
    if (error instanceof ScopeError) return true
    throw error
  }
}

const loose = (filter: Record<string, unknown>) => filter as never

describe('the scope of a park', () => {
  useDatabase()
  let here: Unit
  let there: Unit

  before(async () => {
    here = await buildUnit()
    there = await buildUnit()
  })

  const id = () => loose({ _id: there._id })
  const ways: Record<string, Way> = {
    find: () => Unit.find(),
    'find by id': () => Unit.find(id()),
    findOne: () => Unit.findOne(id()),
    findById: () => Unit.findById(there._id),
    findOneAndUpdate: () => Unit.findOneAndUpdate(id(), { note: 'x' }),
    findByIdAndUpdate: () => Unit.findByIdAndUpdate(there._id, { note: 'x' }),
    findOneAndReplace: () => Unit.findOneAndReplace(id(), loose({})),
    findOneAndDelete: () => Unit.findOneAndDelete(id()),
    findByIdAndDelete: () => Unit.findByIdAndDelete(there._id),
    exists: () => Unit.exists(id()),
    countDocuments: () => Unit.countDocuments(),
    estimatedDocumentCount: () => Unit.estimatedDocumentCount(),
    distinct: () => Unit.distinct('code'),
    updateOne: () => Unit.updateOne(id(), { note: 'x' }),
    updateMany: () => Unit.updateMany({}, { note: 'x' }),
    replaceOne: () => Unit.replaceOne(id(), loose({})),
    deleteOne: () => Unit.deleteOne(id()),
    deleteMany: () => Unit.deleteMany({}),
    'a cursor': () => Unit.find().cursor().next(),
    'a lean read': () => Unit.find(id()).lean(),
    aggregate: () => Unit.aggregate([{ $group: { _id: '$park' } }]),
    'aggregate with a late $match': () => Unit.aggregate([{ $sort: { code: 1 } }, { $match: { park: here.park } }]),
    'aggregate with an empty pipeline': () => Unit.aggregate([]),
    'park: {$exists}': () => Unit.find(loose({ park: { $exists: true } })),
    'park: {$ne}': () => Unit.find(loose({ park: { $ne: 'x' } })),
    'park: {$gt}': () => Unit.find(loose({ park: { $gt: '' } })),
    'park: {$in, $exists}': () => Unit.find(loose({ park: { $in: [here.park], $exists: true } })),
    'park: a pattern': () => Unit.find(loose({ park: /./ })),
    'park: null': () => Unit.find(loose({ park: null })),
    'park: empty': () => Unit.find({ park: '' }),
    '$or around the park': () => Unit.find(loose({ $or: [{ park: here.park }, { code: 'x' }] })),
    '$nor around the park': () => Unit.find(loose({ $nor: [{ park: here.park }] })),
    '$and around the park': () => Unit.find(loose({ $and: [{ park: here.park }] })),
    bulkWrite: () => Unit.bulkWrite([{ updateOne: { filter: { park: here.park }, update: { note: 'x' } } }]),
    'insertMany of no park': () => Unit.insertMany([loose({ code: 'x' })]),
    bulkSave: () => Unit.bulkSave([]),
    watch: () => Unit.watch(),
    'middleware: false': () => Unit.find({}, null, loose({ middleware: false })),
    'middleware: false by setOptions': () => Unit.find().setOptions(loose({ middleware: false })),
    'inside a transaction': () => transact(() => Unit.find(id()).exec()),
    scopedFind: () => scopedFind(Unit, loose({ _id: there._id })),
    scopedOne: () => scopedOne(Unit, loose({ _id: there._id })),
    scopedCount: () => scopedCount(Unit, loose({}), 10),
  }

  for (const [name, way] of Object.entries(ways)) {
    it(`refuses ${name}`, async () => {
      expect(await refused(way)).to.equal(true)
    })
  }

  it('left every record as it was', async () => {
    const kept = await Unit.find({ park: there.park, _id: there._id }).lean()
    expect(kept.map(unit => [unit.code, unit.note])).to.deep.equal([[there.code, null]])
  })

  it('answers only the park that is named', async () => {
    expect(await Unit.find({ park: here.park, _id: { $in: [here._id, there._id] } }).lean()).to.have.length(1)
    expect(await Unit.countDocuments({ park: { $in: [here.park, there.park] } })).to.equal(2)
    expect(await Unit.aggregate([{ $match: { park: here.park } }, { $count: 'units' }])).to.deep.equal([{ units: 1 }])
    expect(await scopedFind<Unit>(Unit, { park: here.park })).to.have.length(1)
  })

  it('refuses a populate that names no park, and gives none of another park', async () => {
    const Asking = mongoose.model('ScopeProbe', new mongoose.Schema({ unit: Types.ObjectId }))
    const [probe] = await Asking.create([{ unit: there._id }])
    const ask = (match?: Record<string, unknown>) =>
      Asking.findById(probe!._id).populate({ path: 'unit', model: 'Unit', ...(match ? { match } : {}) })
    expect(await refused(() => ask())).to.equal(true)
    expect((await ask({ park: here.park }))?.get('unit')).to.equal(null)
    expect(String((await ask({ park: there.park }))?.get('unit')?._id)).to.equal(String(there._id))
    mongoose.deleteModel('ScopeProbe')
  })

  it('saves a loaded record only in its own park', async () => {
    const loaded = await Unit.findOne({ park: here.park, _id: here._id }).orFail()
    loaded.note = 'saved'
    await loaded.save()
    expect((await Unit.findOne({ park: here.park, _id: here._id }).lean())!.note).to.equal('saved')
    // Somebody who could move the record on the way would find no record to write.
    await Unit.collection.updateOne({ _id: here._id }, { $set: { park: there.park } })
    loaded.note = 'again'
    const outcome = await loaded.save().then(
      () => 'saved',
      () => 'refused',
    )
    const now = await Unit.findOne({ park: there.park, _id: here._id }).lean()
    await Unit.collection.updateOne({ _id: here._id }, { $set: { park: here.park } })
    expect([outcome, now!.note]).to.deep.equal(['refused', 'saved'])
  })

  it('never lets a record change its park', async () => {
    const stays = async (change: () => Promise<unknown>) => {
      await change().catch(() => null)
      expect(await Unit.countDocuments({ park: here.park, _id: here._id })).to.equal(1)
    }
    await stays(() => Unit.updateOne({ park: here.park, _id: here._id }, { $set: { park: there.park } }))
    await stays(() => Unit.findOneAndUpdate({ park: here.park, _id: here._id }, { park: there.park }))
    await stays(async () => {
      const loaded = await Unit.findOne({ park: here.park, _id: here._id }).orFail()
      loaded.set('park', there.park)
      await loaded.save()
    })
  })

  it('holds for every park-owned collection', async () => {
    await buildLease()
    await buildTenant((await buildPark())._id)
    for (const model of [Building, Unit, Tenant, Lease, SearchEntry, AuditEntry] as unknown as mongoose.Model<unknown>[]) {
      expect(await refused(() => model.find()), model.modelName).to.equal(true)
      expect(await refused(() => model.updateMany({}, {})), model.modelName).to.equal(true)
      expect(await refused(() => model.aggregate([{ $limit: 1 }])), model.modelName).to.equal(true)
    }
  })
})
