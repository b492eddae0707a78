import { expect } from 'chai'
import type { User } from '../../src/accounts/user.ts'
import { LeadSetup, USUAL } from '../../src/leads/setup.ts'
import { Lease } from '../../src/leases/lease.ts'
import { Unit } from '../../src/spaces/unit.ts'
import { giveUpOrphans } from '../concurrency/orphans.ts'
import { useDatabase } from '../setup/database.ts'
import { buildLease, buildUnit, buildUser, inDays, PASSWORD } from '../setup/factories.ts'
import { buildLead } from '../setup/leads.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { Visitor } from '../setup/visitor.ts'
import { buildScene, claimsOf, convert, hold, type Scene } from './hold-scene.ts'

/** Two real servers on one database: what nobody may get between, and no more than somebody may have. */
describe('holds between two server processes', function () {
  this.timeout(180_000)
  const uri = useDatabase()
  let servers: Running[] = []

  before(async () => {
    servers = await Promise.all([startServer(uri()), startServer(uri())])
  })
  after(async () => {
    await Promise.all(servers.map(server => server.stop()))
  })

  /** The same person in front of each server. */
  async function seatsOf({ email }: Pick<User, 'email'>, at = servers): Promise<Visitor[]> {
    const visitors = at.map(server => new Visitor(server.url))
    for (const visitor of visitors) {
      await visitor.signIn(email, PASSWORD)
      await visitor.token()
    }
    return visitors
  }

  const holds = ({ park, _id }: Pick<Unit, 'park' | '_id'>) => `/parks/${park}/units/${_id}/holds`
  const step = ({ park, _id }: Pick<Lease, 'park' | '_id'>, name: string) => `/parks/${park}/leases/${_id}/${name}`

  it('keep a unit for one of twenty who ask at once', async () => {
    const { park, unit } = await buildScene()
    const seats: Visitor[] = []
    for (let i = 0; i < 4; i++) seats.push(...(await seatsOf(await buildUser('promotion', { park: park._id }))))
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        seats[i % 8]!.post(holds(unit), { label: `Company ${i}`, from: inDays(i), keptUntil: inDays(3) }),
      ),
    )
    const statuses = answers.map(answer => answer.status)
    expect(statuses.filter(status => status === 303)).to.have.length(1)
    expect(statuses.filter(status => status === 409)).to.have.length(19)
    expect(await claimsOf(unit)).to.have.length(1)
  })

  it('give one person as many as the park says: five of twelve asked for at once', async () => {
    const { park, lead, owner } = await buildScene()
    expect(USUAL.holdLimit).to.equal(5)
    const units: Unit[] = []
    for (let i = 0; i < 12; i++) units.push(await buildUnit({ park: park._id }))
    const seats = await seatsOf(owner)
    const fields = { lead: String(lead._id), from: inDays(1), keptUntil: inDays(3) }
    const answers = await Promise.all(units.map((unit, i) => seats[i % 2]!.post(holds(unit), fields)))
    const statuses = answers.map(answer => answer.status)
    expect(statuses.filter(status => status === 303)).to.have.length(5)
    expect(statuses.filter(status => status === 409)).to.have.length(7)
    expect(await Unit.countDocuments({ park: park._id, 'claims.holder': String(owner._id) })).to.equal(5)
  })

  it('turn a hold into its lease’s claim and back with no moment in which somebody else gets the unit', async () => {
    const scene = await buildScene()
    const { park, unit, owner, manager, colleague } = scene
    await LeadSetup.create([{ park: park._id, ...USUAL, holdLimit: 200 }])
    await hold(scene)
    const lease = await convert(scene)
    const rival = (await buildLease({ unit, stage: 'draft', from: inDays(30), to: inDays(300) })).lease
    const { lead: other } = await buildLead(park._id)
    const [author, judge, strangers] = [await seatsOf(owner), await seatsOf(colleague), await seatsOf(manager)]
    let done = false
    const tries = { made: 0, refused: 0 }
    /** Asks for the unit all the time, for a rival's hold and a rival's lease. */
    async function press(seat: Visitor): Promise<void> {
      for (let i = 0; !done; i++) {
        const fields = { lead: String(other._id), from: inDays(40), to: inDays(50), keptUntil: inDays(3) }
        const { status } = await (i % 2 ? seat.post(step(rival, 'submission')) : seat.post(holds(unit), fields))
        if (status === 409) tries.refused++
        else tries.made++
      }
    }
    const pressing = [...strangers, ...strangers].map(press)
    for (let round = 0; round < 5; round++) {
      expect((await author[round % 2]!.post(step(lease, 'submission'))).status, `submission ${round}`).to.equal(303)
      expect((await claimsOf(unit)).map(claim => claim.kind)).to.deep.equal(['lease'])
      const back =
        round % 2
          ? await judge[round % 2]!.post(step(lease, 'return'), { comment: 'Once more' })
          : await author[(round + 1) % 2]!.post(step(lease, 'withdrawal'))
      expect(back.status, `return ${round}`).to.equal(303)
      expect((await claimsOf(unit)).map(claim => claim.kind)).to.deep.equal(['hold'])
    }
    done = true
    await Promise.all(pressing)
    expect(tries.made).to.equal(0)
    expect(tries.refused).to.be.greaterThan(10)
    expect((await Lease.findOne({ park: park._id, _id: rival._id }).lean().orFail()).state).to.equal('draft')
  })

  it('are a hold or a claim, never both or neither, when a process is killed while they turn (CASES 32)', async () => {
    const scenes: { scene: Scene; lease: Lease }[] = []
    const first = await buildScene()
    await LeadSetup.create([{ park: first.park._id, ...USUAL, holdLimit: 200 }])
    for (let i = 0; i < 8; i++) {
      const { lead } = await buildLead(first.park._id, {}, { owner: first.owner })
      const scene = { ...first, lead, unit: await buildUnit({ park: first.park._id }) }
      await hold(scene)
      scenes.push({ scene, lease: await convert(scene) })
    }
    const victim = await startServer(uri())
    const [seat] = await seatsOf(first.owner, [victim])
    let answered = 0
    const sent = scenes.map(({ lease }) =>
      seat!.post(step(lease, 'submission')).then(
        ({ status }) => {
          answered++
          return status
        },
        () => null,
      ),
    )
    await Promise.race(sent)
    victim.child.kill('SIGKILL')
    const statuses = await Promise.all(sent)
    await giveUpOrphans()
    expect(answered).to.be.greaterThan(0)
    const [other] = await seatsOf(first.owner)
    for (const [i, { scene, lease }] of scenes.entries()) {
      const now = await Lease.findOne({ park: lease.park, _id: lease._id }).lean().orFail()
      const kinds = (await claimsOf(scene.unit)).map(claim => claim.kind)
      expect(kinds).to.deep.equal([now.state === 'review' ? 'lease' : 'hold'])
      if (statuses[i] === 303) expect(now.state).to.equal('review')
      if (now.state === 'draft') expect((await other!.post(step(lease, 'submission'))).status).to.equal(303)
      expect((await claimsOf(scene.unit)).map(claim => claim.kind)).to.deep.equal(['lease'])
    }
  })
})
