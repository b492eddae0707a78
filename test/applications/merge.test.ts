import { expect } from 'chai'
import type { Types } from 'mongoose'
import type { User } from '../../src/accounts/user.ts'
import { Application } from '../../src/applications/application.ts'
import { addPapers } from '../../src/applications/paper-change.ts'
import { Charge } from '../../src/billing/charge.ts'
import { findFile } from '../../src/files/store.ts'
import { mergeTenants } from '../../src/overview/merge-tenants.ts'
import { editTenant } from '../../src/tenants/profile.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { refused } from '../mentoring/refused.ts'
import { type Drafted, draftOf, picture, serviceDocument, serviceStep, submitted } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildTenant, buildUser } from '../setup/factories.ts'
import { publishedService } from '../setup/services.ts'
import { buildScene, creditCode, expectSound, finish, licenceOf, reload, walkTo } from './scene.ts'

const FEES = [{ class: 'tenant' as const, fen: 30_000 }]
const STEPS = [serviceStep('one', { outcome: 'decision' }), serviceStep('two')]

/** A park with two records of one company, whose person is of both, and a service for companies. */
async function buildPair() {
  const scene = await buildScene()
  const { _id: park } = scene.park
  const documents = [serviceDocument('plan', { required: false })]
  const { code } = await publishedService(park, { fees: FEES, fields: [], documents, steps: STEPS })
  const [kept, gone] = [await buildTenant(park, 'The kept one'), await buildTenant(park, 'The other one')]
  const user = await buildUser('owner', { park, tenant: kept._id })
  const draft = (tenant: Tenant, who: User = user): Promise<Drafted> => draftOf(park, code, { user: who, tenant: tenant._id })
  const apply = (tenant: Tenant): Promise<Drafted> => submitted(park, code, { user, tenant: tenant._id, answers: {} })
  return { scene, park, kept, gone, user, draft, apply, merge: () => mergeTenants(park, kept._id, gone._id, BY) }
}

const rename = async (park: string, _id: Types.ObjectId, name: string): Promise<void> => {
  const { version } = await Tenant.findOne({ park, _id }).orFail().lean()
  await editTenant(park, _id, version, { name, creditCode: null }, {}, BY)
}
const givePlan = async ({ park, application }: Drafted): Promise<Types.ObjectId> => {
  const file = await picture(park._id)
  await addPapers(park, application._id, { document: 'plan', founder: null }, [file], BY)
  return file.id
}

describe('a tenant with applications', function () {
  this.timeout(60_000)
  useDatabase()

  it('takes its name along: to drafts, what is open and what has ended, and to those it came from', async () => {
    const { park, kept, draft, apply, scene } = await buildPair()
    const [done, open] = [await apply(kept), await apply(kept)]
    await finish(done)
    await finish(done)
    const drafted = await draft(kept)
    const founded = await submitted(park, scene.code)
    const { tenant } = await finish(founded)
    await rename(park, kept._id, 'A new name')
    for (const one of [done, open, drafted]) expect((await reload(one)).name).to.equal('A new name')
    await rename(park, tenant!, 'A better name')
    expect((await reload(founded)).name).to.equal('A better name')
    await expectSound(park)
    // Renamed on the way, it is founded under the name of its licence.
    await walkTo(founded, 2)
    expect((await finish(founded, await licenceOf(park, 'The licensed name'))).name).to.equal('The licensed name')
    await expectSound(park)
  })

  it('is merged with all of them; of two drafts for one service of one person the kept one’s stays', async () => {
    const { park, kept, gone, draft, apply, merge } = await buildPair()
    const [open, charged] = [await apply(gone), await apply(gone)]
    await finish(charged)
    const [mine, twin] = [await draft(kept), await draft(gone)]
    const [file, lost] = [await givePlan(mine), await givePlan(twin)]
    const other = await draft(gone, await buildUser('owner', { park, tenant: gone._id }))
    const before = await reload(open)
    await merge()
    for (const one of [open, charged, other]) {
      const { tenant, name } = await reload(one)
      expect([String(tenant), name]).to.deep.equal([String(kept._id), 'The kept one'])
    }
    expect((await reload(open)).version).to.be.above(before.version)
    expect(await Application.countDocuments({ park, state: 'draft' })).to.equal(2)
    expect(await Application.exists({ park, _id: twin.application._id })).to.equal(null)
    expect((await findFile(park, file))!.metadata.link).not.to.equal(null)
    expect((await findFile(park, lost))!.metadata.link).to.equal(null)
    expect((await reload(mine)).papers).to.have.length(1)
    await expectSound(park)
    // All goes on: the draft is found again, what was begun is finished.
    expect((await draft(kept)).application._id.equals(mine.application._id)).to.equal(true)
    await finish(open)
    expect(await Charge.countDocuments({ park, tenant: kept._id, 'source.ref': open.application._id })).to.equal(1)
    await expectSound(park)
  })

  it('takes a founder’s application along when it is merged while it is in preparation', async () => {
    const { scene, park, kept } = await buildPair()
    const one = await submitted(park, scene.code)
    const { tenant } = await finish(one)
    await mergeTenants(park, kept._id, tenant!, BY)
    expect((await reload(one)).name).to.equal('The kept one')
    await expectSound(park)
    const founded = await walkTo(one, 3, 'Founded after all')
    expect(founded.tenant!.equals(kept._id)).to.equal(true)
    await expectSound(park)
  })

  it('doesn’t become another company when it was merged into one that has its licence', async () => {
    const { scene, park, kept } = await buildPair()
    const { name, version } = kept
    const code = creditCode()
    await editTenant(park, kept._id, version, { name, creditCode: code, foundedOn: '2025-05-05' }, {}, BY)
    const one = await submitted(park, scene.code)
    const { tenant } = await finish(one)
    await mergeTenants(park, kept._id, tenant!, BY)
    await finish(one)
    await refused(finish(one, await licenceOf(park)), 'application.noTenant')
    const own = await licenceOf(park, name)
    await finish(one, { ...own, licence: { ...own.licence!, creditCode: code } })
    await expectSound(park)
  })

  it('can’t apply once it is gone', async () => {
    const { gone, draft, merge, user, park } = await buildPair()
    await merge()
    await refused(draft(gone), 'tenant.gone')
    expect(await Application.countDocuments({ park, user: user._id })).to.equal(0)
  })
})
