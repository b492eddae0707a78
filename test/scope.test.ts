import { expect } from 'chai'
import mongoose, { Types } from 'mongoose'
import { addDays, today } from '../src/lib/days.ts'
import { ScopeError, scopedAggregate, scopedCount, scopedFind, scopedOne, scopedStream } from '../src/lib/park-scope.ts'
import { Unit } from '../src/spaces/unit.ts'
import { Tenant } from '../src/tenants/tenant.ts'
import { useDatabase } from './setup/database.ts'
import { buildPark, buildTenant, buildUnit } from './setup/factories.ts'

/** Nothing reads or writes a park's records without naming the park (DESIGN §4, GROUND “Park scope”). */
describe('the park scope', () => {
  useDatabase()
  let park: string
  let other: string
  let unit: Awaited<ReturnType<typeof buildUnit>>
  const _id = new Types.ObjectId()

  before(async () => {
    park = (await buildPark())._id
    other = (await buildPark())._id
    unit = await buildUnit({ park })
    await buildUnit({ park: other })
  })

  async function refused(work: () => unknown): Promise<void> {
    let error: unknown = null
    try {
      await work()
    } catch (caught) {
      error = caught
    }
    expect(error).to.be.instanceOf(ScopeError)
  }

  const without: Record<string, () => unknown> = {
    find: () => Unit.find({ _id }),
    findOne: () => Unit.findOne({ _id }),
    findById: () => Unit.findById(_id),
    exists: () => Unit.exists({ _id }),
    count: () => Unit.countDocuments({ _id }),
    'estimated count': () => Unit.estimatedDocumentCount(),
    distinct: () => Unit.distinct('code', { _id }),
    updateOne: () => Unit.updateOne({ _id }, { note: 'x' }),
    updateMany: () => Unit.updateMany({}, { note: 'x' }),
    findOneAndUpdate: () => Unit.findOneAndUpdate({ _id }, { note: 'x' }),
    findByIdAndDelete: () => Unit.findByIdAndDelete(_id),
    replaceOne: () => Unit.replaceOne({ _id }, { code: 'x' } as never),
    deleteOne: () => Unit.deleteOne({ _id }),
    deleteMany: () => Unit.deleteMany({}),
    aggregate: () => Unit.aggregate([{ $match: { _id } }]),
    'aggregate that matches later': () => Unit.aggregate([{ $project: { park: 1 } }, { $match: { park: 'x' } }]),
    'park that only exists': () => Unit.find({ park: { $exists: true } } as never),
    'park that is not another': () => Unit.find({ park: { $ne: 'x' } } as never),
    'park beside $or': () => Unit.find({ $or: [{ park: 'x' }, { park: 'y' }] }),
    'empty park': () => Unit.find({ park: '' }),
    bulkWrite: () => Unit.bulkWrite([{ deleteMany: { filter: {} } }]),
    bulkSave: () => Unit.bulkSave([]),
    insertMany: () => Unit.insertMany([{ code: 'x' }] as never),
    watch: () => Unit.watch(),
    'switched-off middleware': () => Unit.find({ _id }).setOptions({ middleware: false } as never),
    'driver find': () => scopedFind(Unit, { _id } as never),
    'driver stream': () => scopedStream(Unit, { _id } as never, { limit: 1 }),
    'driver findOne': () => scopedOne(Unit, { _id } as never),
    'driver count': () => scopedCount(Unit, { park: { $ne: 'x' } } as never, 10),
    'driver aggregate': () => scopedAggregate(Unit, { _id } as never, []),
  }
  for (const [name, work] of Object.entries(without)) it(`refuses ${name} without a park`, () => refused(work))

  it('answers with the park’s own records, and a list of parks with theirs', async () => {
    expect((await Unit.find({ park }).lean()).map(row => row.park)).to.deep.equal([park])
    expect(await Unit.countDocuments({ park: { $in: [park, other] } })).to.equal(2)
    expect(await scopedFind(Unit, { park })).to.have.length(1)
    expect(await Unit.aggregate([{ $match: { park } }, { $count: 'units' }])).to.deep.equal([{ units: 1 }])
  })

  it('refuses inside a transaction too', () => mongoose.connection.transaction(() => refused(() => Unit.find({ _id }).exec())))

  it('keeps a record in its park: the field is immutable, and saves filter by it', async () => {
    const row = await Unit.findOne({ park, _id: unit._id }).orFail()
    row.set('park', other)
    row.set('note', 'kept')
    await row.save()
    const kept = await Unit.findOne({ park, _id: unit._id }).lean().orFail()
    expect([kept.park, kept.note]).to.deep.equal([park, 'kept'])
    await Unit.updateOne({ park, _id: unit._id }, { $set: { park: other, note: 'again' } } as never)
    expect((await Unit.findOne({ park, _id: unit._id }).lean().orFail()).park).to.equal(park)
  })

  it('sends only scoped commands to park-owned collections from the pages of a park', async () => {
    const { signedInAs } = await import('./setup/app.ts')
    const owned = new Set(
      mongoose
        .modelNames()
        .filter(name => mongoose.model(name).schema.path('park')?.options['immutable'])
        .map(name => mongoose.model(name).collection.name),
    )
    await buildTenant(park)
    const manager = await signedInAs('manager', { park })
    const client = mongoose.connection.getClient()
    const db = mongoose.connection.db!
    await db.command({ profile: 2 })
    for (const page of [
      'desk',
      'units',
      'tenants',
      'leases',
      'search?q=u',
      'buildings/a',
      `units/${unit._id}`,
      'audit',
      'leases/new',
      `units?on=${addDays(today(), 30)}`,
    ])
      expect((await manager.get(`/parks/${park}/${page}`)).status, page).to.equal(200)
    await db.command({ profile: 0 })
    const commands = await client
      .db(db.databaseName)
      .collection('system.profile')
      .find({ op: { $in: ['query', 'command', 'update', 'remove'] } })
      .toArray()
    const wide = commands.filter(row => {
      const name = String(row['ns']).split('.').slice(1).join('.')
      if (!owned.has(name)) return false
      const { filter, query, pipeline, q } = row['command'] as Record<string, { park?: unknown } & { $match?: { park?: unknown } }[]>
      const asked = filter?.park ?? query?.park ?? q?.park ?? pipeline?.[0]?.$match?.park
      return asked === undefined
    })
    expect(commands.length).to.be.greaterThan(20)
    expect(wide.map(row => [row['ns'], Object.keys(row['command'])[0]])).to.deep.equal([])
  })

  it('keeps populate inside the park', async () => {
    expect(Tenant.schema.path('park')?.options['immutable']).to.equal(true)
    const [schemas] = [mongoose.modelNames().flatMap(name => Object.values(mongoose.model(name).schema.paths))]
    // No schema names another model: nothing can be populated across a park by slip.
    expect(schemas.filter(path => path.options['ref'] && !path.options['ref'].match).map(path => path.path)).to.deep.equal([])
  })
})
