import { expect } from 'chai'
import fc from 'fast-check'
import { AuditEntry } from '../../src/audit/entry.ts'
import { createService, editService, loadService, orderServices, publishService, retireService } from '../../src/services/catalogue.ts'
import { checks } from '../../src/services/checks.ts'
import { Service, ServiceVersion } from '../../src/services/service.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark } from '../setup/factories.ts'
import { buildService, CONTENT, publishedService, serviceWithExample } from '../setup/services.ts'

const text = (zh: string) => ({ zh, en: null })
const refusal = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'done'
  } catch (error) {
    return (error as { problem?: { key: string } }).problem?.key ?? String(error)
  }
}
const done = (results: PromiseSettledResult<unknown>[]) => results.filter(one => one.status === 'fulfilled').length

async function findings(): Promise<string[]> {
  const found: string[] = []
  for (const { run } of checks) await run(message => found.push(message))
  return found
}

describe('the catalogue of services', () => {
  useDatabase()
  let park: string
  beforeEach(async () => {
    park = (await buildPark())._id
  })
  const versions = async () => (await ServiceVersion.find({ park }).sort({ no: 1 }).lean()).map(one => one.content.name.zh)
  const codes = async () => (await Service.find({ park }).sort({ order: 1, _id: 1 }).lean()).map(one => one.code)

  it('publishes numbered versions, and never touches one again', async () => {
    const first = await publishedService(park, { name: text('One') })
    const edited = await editService(park, first.code, first.version, { name: text('Two') }, BY)
    expect([edited.pending, edited.published]).to.deep.equal([true, 1])
    const back = await editService(park, first.code, edited.version, { name: text('One') }, BY)
    expect(back.pending, 'back to what is published').to.equal(false)
    expect(await refusal(publishService(park, first.code, back.version, BY))).to.equal('error.service.nothingNew')
    const again = await editService(park, first.code, back.version, { name: text('Three') }, BY)
    await publishService(park, first.code, again.version, BY)
    expect(await versions()).to.deep.equal(['One', 'Three'])
    await ServiceVersion.updateMany({ park }, { content: { ...again.content, name: text('Forged') } }).catch(() => {})
    expect(await versions()).to.deep.equal(['One', 'Three'])
    expect(await findings()).to.deep.equal([])
  })

  it('offers a retired service again as it was', async () => {
    const first = await publishedService(park)
    const gone = await retireService(park, first.code, first.version, BY)
    expect(await refusal(retireService(park, first.code, gone.version, BY))).to.equal('error.service.notPublished')
    const back = await publishService(park, first.code, gone.version, BY)
    expect([back.state, back.published]).to.deep.equal(['published', 1])
    expect(await versions()).to.have.length(1)
    const actions = (await AuditEntry.find({ park, kind: 'service' }).sort({ at: 1, _id: 1 }).lean()).map(one => one.action)
    expect(actions).to.deep.equal(['create', 'edit', 'publish', 'retire', 'publish'].map(verb => `service.${verb}`))
  })

  it('refuses what is incomplete, stale or another park’s, and leaves no trace', async () => {
    const { code, version } = await buildService(park, { steps: [] })
    expect(await refusal(publishService(park, code, version, BY))).to.equal('error.service.noSteps')
    expect(await refusal(editService(park, code, version - 1, { steps: CONTENT.steps }, BY))).to.equal('error.stale')
    const other = (await buildPark())._id
    expect(await refusal(loadService(other, code))).to.include('404')
    expect(await refusal(createService(park, { code, kind: 'other', name: text('Again'), summary: null }, BY))).to.equal(
      'error.service.codeTaken',
    )
    expect((await loadService(park, code)).version).to.equal(version)
    expect(await versions()).to.deep.equal([])
  })

  it('makes one version of ten that are published at once', async () => {
    const { code, version } = await buildService(park)
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => publishService(park, code, version, BY)))
    expect(done(results)).to.equal(1)
    expect(await versions()).to.have.length(1)
    expect(await findings()).to.deep.equal([])
  })

  it('makes one service of an address that is taken eight times at once', async () => {
    const wish = { code: 'same', kind: 'other' as const, name: text('Same'), summary: null }
    expect(done(await Promise.allSettled(Array.from({ length: 8 }, () => createService(park, wish, BY))))).to.equal(1)
    expect(await codes()).to.deep.equal(['same'])
  })

  it('lets one of two editors save, or edit and publication one after the other, never half', async () => {
    for (let round = 0; round < 5; round++) {
      const { code, version } = await buildService(park)
      const edit = editService(park, code, version, { name: text('Edited') }, BY)
      await Promise.allSettled([edit, publishService(park, code, version, BY)])
      expect(await findings()).to.deep.equal([])
    }
  })

  it('ends in one of the orders that were asked for at once', async () => {
    for (const code of ['aa', 'bb', 'cc', 'dd', 'ee']) await buildService(park, {}, { code })
    const all = await codes()
    const wished = Array.from({ length: 8 }, (_, i) =>
      [...all.slice(i % 5), ...all.slice(0, i % 5)].sort(i > 4 ? (a, b) => (a < b ? 1 : -1) : undefined),
    )
    const results = await Promise.allSettled(wished.map(order => orderServices(park, order, BY)))
    expect(done(results)).to.be.greaterThan(0)
    expect(wished.map(order => order.join())).to.include((await codes()).join())
    expect((await Service.find({ park }).sort({ order: 1 }).lean()).map(one => one.order)).to.deep.equal([0, 1, 2, 3, 4])
  })

  it('keeps its rules whatever is done in whatever order', async () => {
    const step = fc.record({
      what: fc.constantFrom('create', 'edit', 'back', 'publish', 'retire', 'order'),
      which: fc.nat(2),
      stale: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async steps => {
        park = (await buildPark())._id
        for (const { what, which, stale } of steps) {
          const code = ['aa', 'bb', 'cc'][which]!
          const found = await Service.findOne({ park, code }).lean()
          const version = (found?.version ?? 0) - Number(stale)
          if (what === 'create') await refusal(buildService(park, {}, { code }))
          else if (what === 'edit') await refusal(editService(park, code, version, { name: text(`Name ${version}`) }, BY))
          else if (what === 'back') await refusal(editService(park, code, version, { name: text('Name') }, BY))
          else if (what === 'publish') await refusal(publishService(park, code, version, BY))
          else if (what === 'retire') await refusal(retireService(park, code, version, BY))
          else await refusal(orderServices(park, [...(await codes())].reverse(), BY))
        }
        expect(await findings()).to.deep.equal([])
      }),
      { numRuns: 15 },
    )
  }).timeout(120_000)

  it('is looked through by the doctor, who finds what is wrong', async () => {
    const { _id, code } = await serviceWithExample(park, 'examined', 'other')
    const raw = Service.collection
    const broken = async (set: object, words: string) => {
      const before = (await raw.findOne({ park, code }))!
      await raw.updateOne({ park, code }, { $set: set })
      expect((await findings()).join('\n'), words).to.include(words)
      await raw.replaceOne({ park, code }, before)
    }
    expect(await findings()).to.deep.equal([])
    await broken({ published: 2 }, 'says version 2 is the newest')
    await broken({ state: 'draft' }, 'is draft with 1 published versions')
    await broken({ pending: true }, 'has changes to publish, wrongly')
    await broken({ 'content.documents.0.example': _id }, 'which isn’t its own')
    await ServiceVersion.collection.updateOne({ park }, { $set: { 'content.steps': [], no: 3 } })
    expect((await findings()).join())
      .to.include('has version 3 where 1 should come')
      .and.include('service.noSteps')
    await raw.deleteOne({ park, code })
    expect((await findings()).join()).to.include('of a service that isn’t there')
  })
})
