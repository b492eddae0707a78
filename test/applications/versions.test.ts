import { expect } from 'chai'
import { beginApplication, submit } from '../../src/applications/apply.ts'
import { contentOf } from '../../src/applications/change.ts'
import { HttpError } from '../../src/lib/rule-error.ts'
import { editService, loadService, publishService, retireService } from '../../src/services/catalogue.ts'
import type { ServiceContent } from '../../src/services/content.ts'
import {
  actorOf,
  draftOf,
  filledDraft,
  registrationContent,
  serviceDocument,
  serviceField,
  serviceStep,
  submitted,
} from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { BY } from '../setup/factories.ts'
import { buildScene, expectSound, finish, reload, type Scene, STEPS, walkTo } from './scene.ts'

/** Changes everything of a service that an application could notice. */
const OTHER: Partial<ServiceContent> = {
  fees: [
    { class: 'student', fen: 100 },
    { class: 'founder', fen: 200 },
  ],
  years: 1,
  keep: 60,
  fields: [...registrationContent().fields!, serviceField('text', { key: 'new-question' })],
  documents: [serviceDocument('new-paper')],
  steps: [
    serviceStep('other', { role: 'finance', days: 30, effect: 'prepare', outcome: 'decision' }),
    ...STEPS.slice(1).reverse().slice(0, 1),
  ],
}

const edit = async ({ park, code }: Scene, parts: Partial<ServiceContent>) =>
  editService(park._id, code, (await loadService(park._id, code)).version, parts, BY)
const publish = async ({ park, code }: Scene) => publishService(park._id, code, (await loadService(park._id, code)).version, BY)
const retire = async ({ park, code }: Scene) => retireService(park._id, code, (await loadService(park._id, code)).version, BY)

describe('the version an application keeps', function () {
  this.timeout(60_000)
  useDatabase()

  it('is the one it began with, whatever becomes of the service on the way', async () => {
    const scene = await buildScene()
    const draft = await filledDraft(scene.park._id, scene.code)
    const before = await contentOf(draft.application)
    await edit(scene, OTHER)
    const { version, _id } = draft.application
    const handed = await submit(draft.park, _id, version, actorOf(draft.user))
    expect(handed).to.include({ no: 1, fee: 0, fullFee: 80_000 })
    await publish(scene)
    expect((await finish(draft)).legs.at(-1)).to.include({ key: 'name', days: 1 })
    await retire(scene)
    const done = await walkTo(draft, 4)
    expect(done.legs.map(({ key }) => key)).to.deep.equal(STEPS.map(({ key }) => key))
    expect(await contentOf(done)).to.deep.equal(before)
    expect(done.title).to.deep.equal(before.name)
    await expectSound(scene.park._id)
  })

  it('is the new one for who begins after it was published; a draft that was begun goes on with its own', async () => {
    const scene = await buildScene()
    const old = await draftOf(scene.park._id, scene.code)
    await edit(scene, OTHER)
    expect((await draftOf(scene.park._id, scene.code)).application.no).to.equal(1)
    await publish(scene)
    const fresh = await draftOf(scene.park._id, scene.code)
    expect(fresh.application.no).to.equal(2)
    expect((await contentOf(fresh.application)).steps[0]!.key).to.equal('other')
    const again = await draftOf(scene.park._id, scene.code, { user: old.user })
    expect([again.application.no, String(again.application._id)]).to.deep.equal([1, String(old.application._id)])
  })

  it('can’t be begun before it is published, nor after it is retired', async () => {
    const scene = await buildScene()
    const one = await submitted(scene.park._id, scene.code)
    await retire(scene)
    const { _id, name } = one.user
    const begun = await beginApplication(one.park, scene.code, { user: _id, name, tenant: null }, BY).catch(error => error)
    expect(begun).to.be.instanceOf(HttpError).and.have.property('status', 404)
    expect((await finish(one)).step).to.equal(1)
    await publish(scene)
    expect((await draftOf(scene.park._id, scene.code, { user: one.user })).application.no).to.equal(1)
    expect((await reload(one)).no).to.equal(1)
  })
})
