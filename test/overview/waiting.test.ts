import { expect } from 'chai'
import { Application } from '../../src/applications/application.ts'
import { draftLease } from '../../src/leases/draft.ts'
import { draftRenewal, proposeRenewal } from '../../src/leases/renewal.ts'
import { approveLease, returnLease, submitLease } from '../../src/leases/review.ts'
import { addDays, addMonths, today } from '../../src/lib/days.ts'
import { Park } from '../../src/parks/park.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { signedInAs } from '../setup/app.ts'
import { submitted as handedIn, registrationService } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { buildLease, buildPark, buildTenant, buildUnit, inDays, OTHER, termsFor } from '../setup/factories.ts'
import { buildLet, deskOf, waiting } from './reading.ts'

describe('what waits on the desk', () => {
  useDatabase()

  it('puts before each person the steps that are theirs, and none of their own to approve', async () => {
    const park = (await buildPark('steps'))._id
    const manager = await signedInAs('manager', { park })
    const second = await signedInAs('manager', { park })
    const author = await signedInAs('promotion', { park })
    const other = await signedInAs('promotion', { park })
    const by = (who: { userId: string }) => ({ id: who.userId, name: 'x' })
    const draft = async (who: { userId: string }, from = inDays(30)) => {
      const lease = await draftLease(park, termsFor(await buildUnit({ park }), await buildTenant(park), { from }), by(who))
      return lease
    }
    const submitted = await draft(author)
    await submitLease(park, submitted._id, by(author))
    const own = await draft(manager)
    await submitLease(park, own._id, by(manager))
    const returned = await draft(author)
    await submitLease(park, returned._id, by(author))
    await returnLease(park, returned._id, 'The rate is too low', by(manager))
    const approved = await draft(author)
    await submitLease(park, approved._id, by(author))
    await approveLease(park, approved._id, by(manager))
    const begun = await draft(author)
    const { lease: moving } = await buildLease({ unit: await buildUnit({ park }) })
    const { lease: over } = await buildLet(park, { from: inDays(-400), to: inDays(-1) })
    const { lease: soon } = await buildLet(park, { from: inDays(-300), to: inDays(20) })
    const { lease: renewing } = await buildLet(park, { from: inDays(-300), to: inDays(50) })
    await draftRenewal(park, renewing._id, proposeRenewal(renewing), OTHER)
    const incubation = {
      rule: '2018',
      enteredOn: addMonths(today(), -48),
      limitMonths: 48,
      graduatedOn: null,
      criterion: null,
      evidence: null,
      leftOn: null,
    }
    const late = await buildTenant(park, 'Too long here')
    await Tenant.updateOne({ park, _id: late._id }, { incubation })
    const inTime = await buildTenant(park, 'Still in time')
    await Tenant.updateOne({ park, _id: inTime._id }, { incubation: { ...incubation, enteredOn: addDays(addMonths(today(), -48), 1) } })

    const page = await deskOf(manager, park)
    for (const [, path] of page.matchAll(/<td class="step"><a href="([^"]+)"/g))
      expect((await manager.get(path!)).status, path).to.equal(200)
    const first = waiting(page)
    expect(Object.keys(first)).to.have.members(['holding', 'review', 'approved', 'handover', 'expiring', 'incubation'])
    expect(first['review']).to.include(submitted.number).and.not.include(own.number)
    expect(first['approved']).to.include(approved.number)
    expect(first['handover']).to.include(moving.number)
    expect(first['holding']).to.include(over.number)
    expect(first['expiring']).to.include(soon.number).and.not.include(renewing.number)
    expect(first['incubation']).to.include(late.name)
    expect(first['incubation']).to.not.include(inTime.name)
    expect(waiting(await deskOf(second, park))['review']).to.include(own.number)

    const drafts = await deskOf(author, park)
    for (const [, path] of drafts.matchAll(/<td class="step"><a href="([^"]+)"/g))
      expect((await author.get(path!)).status, path).to.equal(200)
    const mine = waiting(drafts)
    expect(Object.keys(mine)).to.have.members(['returned', 'expiring', 'draft'])
    expect(mine['returned']).to.include(returned.number).and.include('The rate is too low')
    expect(mine['draft']).to.include(begun.number)
    expect(waiting(await deskOf(other, park))).to.have.all.keys('expiring')

    for (const role of ['reception', 'finance'] as const) {
      const html = await deskOf(await signedInAs(role, { park }), park)
      // They do steps of applications: their list is there, and empty.
      expect(html).to.include('id="waiting"')
      expect(waiting(html)).to.deep.equal({})
      expect(html).to.not.include(submitted.number)
    }
    const { homeDistrict } = (await Park.findById(park).lean())!
    const official = await deskOf(await signedInAs('official', { district: homeDistrict }), park)
    expect(official, 'who has no step to take').to.not.include('id="waiting"')
    await Park.updateOne({ _id: park }, { 'settings.selfApproval': true })
    expect(waiting(await deskOf(manager, park))['review']).to.include(own.number)
  })

  it('puts an application before who does its step, and before nobody else', async () => {
    const park = (await buildPark())._id
    const [first, second] = [await signedInAs('reception', { park }), await signedInAs('reception', { park })]
    await registrationService(park, {}, 'to-found')
    const { application } = await handedIn(park, 'to-found')
    const own = String(application.owner) === first.userId ? first : second
    const row = waiting(await deskOf(own, park))['application']
    expect(row).to.include(application.number).and.include(application.name)
    expect(waiting(await deskOf(own === first ? second : first, park))).to.deep.equal({})
    await Application.updateOne({ park, _id: application._id }, { $set: { dueOn: inDays(-3) } })
    expect(await deskOf(own, park)).to.match(/badge-bad">[^<]*3/)
    await Application.updateOne({ park, _id: application._id }, { $set: { state: 'asked', dueOn: null } })
    expect(waiting(await deskOf(own, park)), 'it waits for the applicant').to.deep.equal({})
  })
})
