import { expect } from 'chai'
import { Visit } from '../../src/leads/visit.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, buildUser, inDays } from '../setup/factories.ts'
import { buildLead, leadNow } from '../setup/leads.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { Visitor } from '../setup/visitor.ts'
import { buildVisit, visitNow } from '../setup/visits.ts'
import { findings } from './scene.ts'

describe('visits under many hands', function () {
  this.timeout(180_000)
  const uri = useDatabase()
  let second: Running
  before(async () => {
    second = await startServer(uri())
  })
  after(() => second?.stop())

  async function scene() {
    const park = (await buildPark())._id
    const host = await buildUser('promotion', { park })
    const { lead } = await buildLead(park)
    const desks = [await signedInAs('manager', { park }), await signedInAs('manager', { park }, new Visitor(second.url))]
    await Promise.all(desks.map(who => who.token()))
    const clock = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
    const fields = (from: number, to: number) => ({ day: inDays(2), from: clock(from), to: clock(to), host: String(host._id) })
    return { park, host, lead, desks, fields, path: `/parks/${park}/leads/${lead._id}/visits` }
  }

  it('gives a host one of twenty visits that overlap pairwise, over two processes, and one mail', async () => {
    const { park, host, desks, fields, path } = await scene()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => desks[i % 2]!.post(path, { ...fields(600 + i, 660 + i), _key: `key-of-visit-${i}` })),
    )
    const statuses = answers.map(answer => answer.status)
    expect(statuses.filter(status => status === 303)).to.have.length(1)
    expect(new Set(statuses.filter(status => status !== 303))).to.deep.equal(new Set([409]))
    expect(await Visit.countDocuments({ park })).to.equal(1)
    expect(await Mail.countDocuments({ to: host.email })).to.equal(1)
    expect(await findings(park)).to.deep.equal([])
  })

  it('moves visits into one another’s time once', async () => {
    const { park, host, lead, desks, fields } = await scene()
    const visits = []
    for (let i = 0; i < 6; i++) visits.push(await buildVisit(lead, { host: host._id, day: inDays(2), from: 60 * i, to: 60 * i + 30 }))
    const answers = await Promise.all(
      visits.map((visit, i) =>
        desks[i % 2]!.post(`/parks/${park}/leads/visits/${visit._id}/edit`, { ...fields(900 + i, 960 + i), version: 0 }),
      ),
    )
    expect(answers.map(answer => answer.status).sort()).to.deep.equal([303, 409, 409, 409, 409, 409])
    expect(await findings(park)).to.deep.equal([])
  })

  it('makes one visit of a form sent twice, and one end of a visit that is done and called off at once', async () => {
    const { park, lead, desks, fields, path } = await scene()
    const twins = await Promise.all(
      [desks[0]!, desks[0]!, desks[0]!].map(who => who.post(path, { ...fields(600, 660), _key: 'one-time-key-visit' })),
    )
    expect(twins.map(answer => answer.status)).to.deep.equal([303, 303, 303])
    expect(new Set(twins.map(answer => answer.headers['location'])).size).to.equal(1)
    const visit = await buildVisit(lead, { day: inDays(0), from: 0, to: 1 })
    const at = `/parks/${park}/leads/visits/${visit._id}`
    const outcome = { version: 0, state: 'done', text: 'They came', nextOn: inDays(1) }
    const ends = await Promise.all([
      desks[0]!.post(`${at}/outcome`, outcome),
      desks[1]!.post(`${at}/cancellation`, { version: 0, reason: 'Snow' }),
      desks[1]!.post(`${at}/outcome`, { ...outcome, state: 'missed', text: '' }),
    ])
    expect(ends.map(answer => answer.status).sort()).to.deep.equal([303, 409, 409])
    const { state } = await visitNow(visit)
    expect((await leadNow(lead)).stage).to.equal(state === 'done' ? 'viewing' : 'new')
    expect(await findings(park)).to.deep.equal([])
  })
})
