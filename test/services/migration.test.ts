import { expect } from 'chai'
import mongoose from 'mongoose'
import { migrate } from '../../src/db/migrate.ts'
import { plainContent, type ServiceContent } from '../../src/services/content.ts'
import { Service, ServiceVersion } from '../../src/services/service.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark } from '../setup/factories.ts'
import { publishedService } from '../setup/services.ts'

/** Services of before they had effects, classes of documents, and a time after which identity papers go. */
describe('services of before', () => {
  useDatabase()

  it('get what new ones begin with, once, and keep what they say', async () => {
    const park = (await buildPark())._id
    const old = await publishedService(park, {}, { code: 'old' })
    const told = await publishedService(park, { years: 2, keep: 12 }, { code: 'told' })
    const db = mongoose.connection.db!
    for (const name of ['services', 'serviceversions'])
      await db
        .collection(name)
        .updateMany({ park, [name === 'services' ? '_id' : 'service']: old._id }, [
          { $unset: ['content.years', 'content.keep', 'content.steps.effect', 'content.documents.classes'] },
        ])
    await db.collection<{ _id: string }>('migrations').deleteOne({ _id: '2026-11-services-effects' })
    for (const _time of [1, 2]) await migrate()
    const raw = async (code: string) => (await Service.collection.findOne({ park, code })) as unknown as { content: ServiceContent }
    const { content } = await raw('old')
    expect([content.years, content.keep, content.steps[0]!.effect, content.documents[0]!.classes]).to.deep.equal([5, 6, 'none', []])
    expect(plainContent(content)).to.deep.equal(plainContent(old.content))
    const version = (await ServiceVersion.collection.findOne({ park, service: old._id })) as unknown as { content: ServiceContent }
    expect(plainContent(version.content)).to.deep.equal(plainContent(old.content))
    expect([(await raw('told')).content.years, (await raw('told')).content.keep]).to.deep.equal([2, 12])
    expect(told.version).to.equal((await Service.findOne({ park, code: 'told' }).lean())!.version)
  })
})
