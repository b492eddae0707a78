import { expect } from 'chai'
import type { Types } from 'mongoose'
import { disableUser, enableUser } from '../../src/accounts/disabling.ts'
import { grantRole, revokeRole } from '../../src/accounts/memberships.ts'
import type { Role } from '../../src/accounts/roles.ts'
import { Membership, type User } from '../../src/accounts/user.ts'
import type { Application } from '../../src/applications/application.ts'
import { candidates, loadsOf } from '../../src/applications/owners.ts'
import { handOver } from '../../src/applications/work.ts'
import { AuditEntry } from '../../src/audit/entry.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { refused } from '../mentoring/refused.ts'
import { type Drafted, registrationService, serviceStep, submitted } from '../setup/applications.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildUser, newId } from '../setup/factories.ts'
import { ask, buildScene, expectSound, finish, person, reload, reply, STEPS, takeBack } from './scene.ts'

const revoke = async (park: string | null, user: User, role: Role): Promise<void> => {
  const row = await Membership.findOne({ user: user._id, role, park }).orFail().lean()
  await revokeRole(park, row._id, BY)
}
const ownerOf = async (one: Drafted): Promise<string | null> => (await reload(one)).ownerName
const toldOf = (user: User): Promise<number> => Notification.countDocuments({ user: user._id, key: 'application.assigned' })
const pass = async (one: Drafted, to: Types.ObjectId, note: string | null = null): Promise<Application> =>
  handOver(one.park._id, one.application._id, (await reload(one)).version, { to, note }, BY)

/** A park with a service and nobody in it. */
async function emptyPark(role: Role = 'reception') {
  const park = (await buildPark())._id
  const { code } = await registrationService(park, { steps: [serviceStep('one', { role }), serviceStep('two', { role: 'finance' })] })
  return { park, code, add: (more: Role) => person(park, more), apply: () => submitted(park, code) }
}

describe('who answers for an application', function () {
  this.timeout(60_000)
  useDatabase()
  // Nobody but those a test asks for: administrators stand in for every park.
  afterEach(() => Membership.deleteMany({ role: 'admin' }))

  it('is the one of the step’s role who has least to do, of what is open', async () => {
    const { park, apply, add } = await emptyPark()
    const people = [await add('reception'), await add('reception'), await add('reception')]
    await add('manager')
    const all: Drafted[] = []
    for (let i = 0; i < 7; i++) all.push(await apply())
    const loads = await loadsOf(
      park,
      people.map(one => one._id),
    )
    expect([...loads.values()].sort()).to.deep.equal([2, 2, 3])
    // What has ended or went on to others weighs nothing; what waits for the applicant does.
    const busy = people.find(one => loads.get(String(one._id)) === 3)!
    for (const one of all) if ((await ownerOf(one)) === busy.name) await takeBack(one)
    await ask(all.find(one => one.application.ownerName !== busy.name)!)
    expect((await apply()).application.ownerName).to.equal(busy.name)
    await expectSound(park)
  })

  it('is a manager where nobody has the role, an administrator where there is none, and nobody takes it in a park without both', async () => {
    const { park, apply, add } = await emptyPark()
    await refused(apply(), 'application.nobody')
    const admin = await buildUser('admin')
    expect((await apply()).application.ownerName).to.equal(admin.name)
    const manager = await add('manager')
    expect((await apply()).application.ownerName).to.equal(manager.name)
    const reception = await add('reception')
    await add('finance')
    expect((await apply()).application.ownerName).to.equal(reception.name)
    // Who had to stand in keeps what they have begun, and may do it; an administrator may take any over.
    await expectSound(park)
    const last = await apply()
    expect((await pass(last, admin._id)).ownerName).to.equal(admin.name)
    await expectSound(park)
  })

  it('is another of another step’s role; those of other parks and the disabled are nobody', async () => {
    const { apply, add } = await emptyPark()
    await emptyPark().then(other => other.add('reception'))
    const manager = await add('manager')
    const away = await add('reception')
    await disableUser(away._id, BY)
    const one = await apply()
    expect(one.application.ownerName).to.equal(manager.name)
    const finance = await add('finance')
    expect((await finish(one)).ownerName).to.equal(finance.name)
    expect(await toldOf(manager)).to.equal(1)
    // The step doesn't say that the next is told.
    expect(await toldOf(finance)).to.equal(0)
  })

  it('changes when their role is revoked: the others have it at once and hear of it', async () => {
    const { park, apply, add } = await emptyPark()
    const [first, second] = [await add('reception'), await add('reception')]
    await add('manager')
    const all = [await apply(), await apply(), await apply(), await apply()]
    await ask(all[0]!)
    const ended = await takeBack(await apply())
    const mine = await Promise.all(all.map(ownerOf))
    expect(mine.filter(name => name === first.name)).to.have.length(2)
    const before = await toldOf(second)
    await revoke(park, first, 'reception')
    expect(await Promise.all(all.map(ownerOf))).to.deep.equal(Array(4).fill(second.name))
    expect(await toldOf(second)).to.equal(before + 2)
    expect((await reload(all[0]!)).state).to.equal('asked')
    const entries = await AuditEntry.find({ park, action: 'application.handOver' }).lean()
    const named = entries.map(({ changes }) => changes.map(({ before: was, after }) => [was, after]))
    expect(named).to.deep.equal(Array(2).fill([[first.name, second.name]]))
    expect(ended.owner).to.equal(null)
    await expectSound(park)
  })

  it('changes when they are shut out, in every park they work in', async () => {
    const [one, two] = [await emptyPark(), await emptyPark()]
    const user = await one.add('reception')
    await grantRole(user._id, { role: 'reception', park: two.park }, BY)
    const managers = [await one.add('manager'), await two.add('manager')]
    const [a, b] = [await one.apply(), await two.apply()]
    expect([a.application.ownerName, b.application.ownerName]).to.deep.equal([user.name, user.name])
    await disableUser(user._id, BY)
    expect([await ownerOf(a), await ownerOf(b)]).to.deep.equal(managers.map(one => one.name))
    await enableUser(user._id, BY)
    for (const { park } of [one, two]) await expectSound(park)
  })

  it('stays with who has another role that may do it, or lost one that has nothing to do with it', async () => {
    const { park, apply, add } = await emptyPark()
    const user = await add('reception')
    await grantRole(user._id, { role: 'manager', park }, BY)
    await grantRole(user._id, { role: 'finance', park }, BY)
    const one = await apply()
    await revoke(park, user, 'finance')
    await revoke(park, user, 'reception')
    expect(await ownerOf(one)).to.equal(user.name)
    await expectSound(park)
    const other = await add('manager')
    await revoke(park, user, 'manager')
    expect(await ownerOf(one)).to.equal(other.name)
    await expectSound(park)
  })

  it('is nobody’s loss but with others there: the last who can do it keeps the role', async () => {
    const { park, apply, add } = await emptyPark()
    const user = await add('reception')
    const one = await apply()
    await refused(revoke(park, user, 'reception'), 'application.nobody')
    await refused(disableUser(user._id, BY), 'application.nobody')
    expect(await candidates(park, 'reception')).to.have.length(1)
    const admin = await buildUser('admin')
    await revoke(park, user, 'reception')
    expect(await ownerOf(one)).to.equal(admin.name)
    await expectSound(park)
  })

  it('moves on from an administrator who is none any more', async () => {
    const { park, apply } = await emptyPark()
    const [first, second] = [await buildUser('admin'), await buildUser('admin')]
    const one = await apply()
    const [mine, other] = one.application.ownerName === first.name ? [first, second] : [second, first]
    await revoke(null, mine, 'admin')
    expect(await ownerOf(one)).to.equal(other.name)
    await expectSound(park)
  })

  it('is handed over to a colleague who may do the step, with a word; to nobody else', async () => {
    const scene = await buildScene({ steps: [{ ...STEPS[0]!, role: 'promotion' }, ...STEPS.slice(1)] })
    const { _id: park } = scene.park
    const [mine, other] = [await person(park, 'promotion'), await person(park, 'promotion')]
    const one = await submitted(park, scene.code)
    const [from, to] = one.application.ownerName === mine.name ? [mine, other] : [other, mine]
    const foreign = await person((await buildPark())._id, 'promotion')
    const away = await person(park, 'promotion')
    await disableUser(away._id, BY)
    for (const wrong of [scene.people.reception._id, one.user._id, foreign._id, away._id, newId()])
      await refused(pass(one, wrong), 'application.owner')
    const given = await pass(one, to._id, 'I am away')
    expect([given.ownerName, given.dueOn]).to.deep.equal([to.name, one.application.dueOn])
    const entry = await AuditEntry.findOne({ park, action: 'application.handOver' }).lean()
    expect([entry!.note, entry!.changes[0]!.before, entry!.changes[0]!.after]).to.deep.equal(['I am away', from.name, to.name])
    expect(await toldOf(to)).to.equal(1)
    // To who has it already: nothing happens.
    expect((await pass(one, to._id)).version).to.equal(given.version)
    await ask(one)
    expect((await pass(one, scene.people.manager._id)).ownerName).to.equal(scene.people.manager.name)
    await reply(one)
    await expectSound(park)
    await refused(handOver(park, one.application._id, given.version, { to: from._id, note: null }, BY), 'stale', 409)
    await takeBack(one)
    await refused(pass(one, to._id), 'application.state', 409)
  })
})
