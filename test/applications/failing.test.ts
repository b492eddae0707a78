import { expect } from 'chai'
import { finishStep } from '../../src/applications/work.ts'
import { findFile } from '../../src/files/store.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { refused } from '../mentoring/refused.ts'
import { picture, registrationAnswers, submitted } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildTenant, buildUnit } from '../setup/factories.ts'
import { buildScene, creditCode, expectSound, finish, licenceOf, reload, type Scene, walkTo } from './scene.ts'
import { wholeState } from './state-of.ts'

describe('an effect that fails', function () {
  this.timeout(60_000)
  useDatabase()

  /** Whatever it does is refused so, and then the database is what it was before. */
  async function changesNothing(work: () => Promise<unknown>, key: string, status?: number): Promise<void> {
    const before = await wholeState()
    await refused(work(), key, status)
    const after = await wholeState()
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
      expect(after[name] ?? [], `${name} after ${key}`).to.deep.equal(before[name] ?? [])
  }

  it('changes nothing: a name or an address that is taken', async () => {
    const scene: Scene = await buildScene()
    const { _id: park } = scene.park
    const unit = await buildUnit({ park })
    const answers = registrationAnswers({ address: { unit: unit._id, code: unit.code } })
    const one = await submitted(park, scene.code, { answers })
    const twin = await buildTenant(park, '义乌星火科技有限公司')
    await changesNothing(() => finish(one), 'tenant.sameName', 409)
    await Tenant.deleteOne({ park, _id: twin._id })
    await buildLease({ unit })
    await changesNothing(() => finish(one), 'application.addressTaken', 409)
    expect((await reload(one)).step).to.equal(0)
    await expectSound(park)
  })

  it('changes nothing: a licence without code, with another’s, a wrong one, of tomorrow, without its file; its file stays unlinked', async () => {
    const scene = await buildScene()
    const { _id: park } = scene.park
    const one = await submitted(park, scene.code)
    await walkTo(one, 2)
    const good = await licenceOf(park)
    const { name, creditCode: code, foundedOn } = good.licence!
    const other = await buildTenant(park)
    const taken = creditCode()
    await Tenant.updateOne({ park, _id: other._id }, { creditCode: taken })
    const licence = { name, creditCode: code, foundedOn }
    await changesNothing(() => finish(one, { files: good.files }), 'required')
    await changesNothing(() => finish(one, { ...good, licence: { ...licence, creditCode: taken } }), 'creditCode.taken', 409)
    await changesNothing(() => finish(one, { ...good, licence: { ...licence, creditCode: '123' } }), 'creditCode.shape')
    const wrong = `${code.slice(0, 17)}${code[17] === '0' ? '1' : '0'}`
    await changesNothing(() => finish(one, { ...good, licence: { ...licence, creditCode: wrong } }), 'creditCode.check')
    await changesNothing(() => finish(one, { ...good, licence: { ...licence, name: other.name } }), 'tenant.sameName', 409)
    await changesNothing(() => finish(one, { ...good, licence: { ...licence, foundedOn: '2099-01-01' } }), 'dayFuture')
    await changesNothing(() => finish(one, { licence }), 'application.noResult')
    expect((await findFile(park, good.files![0]!.id))!.metadata.link).to.equal(null)
    await expectSound(park)
    expect((await finish(one, good)).foundedOn).to.equal(foundedOn)
    await expectSound(park)
  })

  it('changes nothing: a file of another park, one that is linked already', async () => {
    const scene = await buildScene()
    const { _id: park } = scene.park
    const one = await submitted(park, scene.code)
    await walkTo(one, 2)
    const good = await licenceOf(park)
    const foreign = await picture((await buildScene()).park._id)
    const before = await wholeState()
    for (const files of [[foreign], [...good.files!, good.files![0]!]]) {
      const failed = await finish(one, { ...good, files }).catch((error: Error) => error.message)
      expect(failed).to.equal('the file to link is gone or belongs elsewhere')
      expect(await wholeState()).to.deep.equal(before)
    }
  })

  it('changes nothing: what somebody else has done meanwhile', async () => {
    const scene = await buildScene()
    const { park, application } = await submitted(scene.park._id, scene.code)
    await finish({ park, application })
    const old = () => finishStep(park, application._id, application.version, { note: null, files: [], licence: null }, BY)
    await changesNothing(old, 'stale', 409)
  })
})
