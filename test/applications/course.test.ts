import { expect } from 'chai'
import { Token } from '../../src/accounts/token.ts'
import { Membership } from '../../src/accounts/user.ts'
import type { Application } from '../../src/applications/application.ts'
import { AuditEntry } from '../../src/audit/entry.ts'
import { findLinked } from '../../src/files/store.ts'
import { Lease } from '../../src/leases/lease.ts'
import { addMonths, dayBefore, today } from '../../src/lib/days.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { visitor } from '../setup/app.ts'
import { actorOf, type Drafted, founder, registrationAnswers, submitted } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { buildUnit, buildUser, PASSWORD } from '../setup/factories.ts'
import { buildScene, expectSound, finish, licenceOf, walkTo } from './scene.ts'

const tenantOf = async ({ park, tenant }: Application): Promise<Tenant> =>
  (await Tenant.findOne({ park, _id: tenant! }).orFail().lean()) as Tenant

const noticesOf = async (user: Drafted['user']): Promise<string[]> =>
  (await Notification.find({ user: user._id }).sort({ _id: 1 }).lean()).map(one => one.key)
const mailsTo = async (email: string): Promise<string[]> => (await Mail.find({ to: email }).sort({ _id: 1 }).lean()).map(one => one.key)
const actionsOn = async ({ park, _id }: Application): Promise<string[]> =>
  (await AuditEntry.find({ park, ref: _id }).sort({ _id: 1 }).lean()).map(one => one.action)

describe('founding a company', function () {
  this.timeout(60_000)
  useDatabase()

  it('takes founders in with contacts and a draft lease, and makes them the company of the licence', async () => {
    const scene = await buildScene()
    const { _id: park } = scene.park
    const unit = await buildUnit({ park, listRate: '2.35' })
    const user = await buildUser('applicant')
    const founders = [
      founder('founder-1', { name: 'Ling', share: 500_000, email: user.email.toUpperCase() }),
      founder('founder-2', { name: 'Hua', share: 300_000, email: 'Hua@Example.com' }),
      founder('founder-3', { name: 'Bo', share: 200_000, email: null, phone: null }),
    ]
    const answers = registrationAnswers({ founders, 'legal-rep': 'founder-2', address: { unit: unit._id, code: unit.code } })
    const one = await submitted(park, scene.code, { user, answers })
    expect([one.application.state, one.application.step, one.application.name]).to.deep.equal(['running', 0, 'Ling'])
    expect(one.application.number).to.equal(`BL-${today().slice(0, 4)}-0001`)
    expect(await Tenant.countDocuments({ park })).to.equal(0)

    const prepared = await finish(one)
    const tenant = await tenantOf(prepared)
    expect(tenant).to.include({ name: '义乌星火科技有限公司', creditCode: null, kind: 'company', founder: 'student', legalRep: 'Hua' })
    expect(tenant).to.include({ capital: 10, address: unit.code, foundedOn: null, incubation: null })
    expect(tenant.contacts.map(({ name, phone, email, primary }) => [name, phone, email?.toLowerCase() ?? null, primary])).to.deep.equal([
      ['Ling', '13800001234', user.email, true],
      ['Hua', '13800001234', 'hua@example.com', false],
      ['Bo', null, null, false],
    ])
    expect(prepared.name).to.equal(tenant.name)
    const lease = (await Lease.findOne({ park, _id: prepared.lease! }).orFail().lean()) as Lease
    expect(lease).to.include({ state: 'draft', tenantName: tenant.name, from: today(), to: dayBefore(addMonths(today(), 12)) })
    expect(lease.tenant.equals(tenant._id)).to.equal(true)
    expect(lease.versions[0]!.lines.map(line => [String(line.unit), line.rate])).to.deep.equal([[String(unit._id), '2.35']])
    expect(((await Unit.findOne({ park, _id: unit._id }).orFail().lean()) as unknown as Unit).claims).to.deep.equal([])
    expect(await Membership.countDocuments({ tenant: tenant._id })).to.equal(0)

    // Signed in before: the session knows of the company with its founding.
    const seat = await visitor().signIn(user.email, PASSWORD)
    expect((await seat.get(`/parks/${park}/desk`)).status).not.to.equal(200)
    await finish(one)
    const licence = await licenceOf(park, '义乌星火科技股份有限公司')
    const founded = await finish(one, licence)
    const company = await tenantOf(founded)
    expect(company).to.include({ name: '义乌星火科技股份有限公司', creditCode: licence.licence!.creditCode, foundedOn: today() })
    expect(company).to.include({ legalRep: 'Hua', capital: 10, founder: 'student', address: unit.code })
    expect(company.incubation).to.include({ enteredOn: today(), graduatedOn: null, leftOn: null })
    expect(company._id.equals(tenant._id)).to.equal(true)
    expect([founded.name, founded.foundedOn]).to.deep.equal([company.name, today()])
    expect((await Lease.findOne({ park, _id: prepared.lease! }).orFail().lean()).tenantName).to.equal(company.name)
    const roles = await Membership.find({ tenant: company._id }).lean()
    expect(roles.map(({ user: of, role }) => [String(of), role])).to.deep.equal([[String(user._id), 'owner']])
    expect((await seat.get(`/parks/${park}/desk`)).status).to.equal(200)
    const invitations = await Token.find({ tenant: company._id }).lean()
    expect(invitations.map(({ email, role, usedAt }) => [email, role, usedAt])).to.deep.equal([['hua@example.com', 'member', null]])
    expect(await mailsTo('hua@example.com')).to.deep.equal(['mail.invite'])

    const done = await finish(one)
    expect(done).to.include({ state: 'done', owner: null, dueOn: null, endedOn: today(), eraseOn: addMonths(today(), 6), reason: null })
    expect(done.legs.map(({ key, step }) => [key, step])).to.deep.equal(['check', 'name', 'licence', 'seals'].map((key, i) => [key, i]))
    expect(await findLinked(park, done.legs[2]!.files[0]!.file, 'applicationresult', done._id)).not.to.equal(null)
    await expectSound(park)
  })

  it('tells everybody once of what concerns them', async () => {
    const scene = await buildScene()
    const one = await submitted(scene.park._id, scene.code)
    const { reception, manager } = scene.people
    expect(await noticesOf(reception)).to.deep.equal(['application.assigned'])
    await walkTo(one, 4)
    // What they did themselves comes by mail only; of the name nobody is told but the next, of the seals the end.
    expect(await noticesOf(one.user)).to.deep.equal(['application.step', 'application.founded', 'application.done'])
    const mails = ['submitted', 'step', 'founded', 'done'].map(key => `notice.application.${key}`)
    expect(await mailsTo(one.user.email)).to.deep.equal(mails)
    expect(await noticesOf(reception)).to.deep.equal(Array(3).fill('application.assigned'))
    expect(await mailsTo(reception.email)).to.deep.equal(Array(3).fill('notice.application.assigned'))
    expect(await noticesOf(manager)).to.deep.equal([])
  })

  it('tells nobody of what they do themselves', async () => {
    const scene = await buildScene()
    const one = await submitted(scene.park._id, scene.code)
    await finish(one, {}, actorOf(scene.people.reception))
    expect(await noticesOf(scene.people.reception)).to.deep.equal(['application.assigned'])
  })

  it('leaves an entry in the trail for each thing done, by who did it, without numbers', async () => {
    const scene = await buildScene()
    const one = await submitted(scene.park._id, scene.code)
    const done = await walkTo(one, 4)
    const steps = Array(4).fill('application.finish')
    expect(await actionsOn(done)).to.deep.equal(['application.begin', 'application.submit', ...steps])
    const entries = (await AuditEntry.find({ park: done.park }).lean()) as AuditEntry[]
    const submit = entries.find(({ action }) => action === 'application.submit')!
    expect(submit.by.id).to.equal(String(one.user._id))
    expect(submit.label).to.contain(done.number)
    const about = entries.filter(({ kind }) => kind !== 'service').map(({ action }) => action)
    for (const action of ['tenant.create', 'tenant.contact.add', 'tenant.edit', 'tenant.incubation.enter', 'member.grant', 'charge.add'])
      expect(about).to.include(action)
    const text = JSON.stringify(entries)
    for (const { idNumber, phone } of done.answers['founders'] as { idNumber: string; phone: string }[]) {
      expect(text).not.to.contain(idNumber)
      expect(text).not.to.contain(phone)
    }
  })
})
