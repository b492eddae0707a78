import { expect } from 'chai'
import { addDays } from '../../src/lib/days.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { Booking } from '../../src/rooms/booking.ts'
import type { Room } from '../../src/rooms/room.ts'
import { BookingSeries, seriesPath } from '../../src/rooms/series.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildTenant } from '../setup/factories.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { buildRoom } from '../setup/rooms.ts'
import { expectSoundSeries, monday, seriesFields, weekly } from '../setup/series.ts'
import { Visitor } from '../setup/visitor.ts'

/** What is never done twice, or by half, with two server processes on one database. */
describe('series in parallel', function () {
  this.timeout(180_000)
  const uri = useDatabase()
  const servers: Running[] = []
  const people: Visitor[] = []
  let room: Room
  let base: string

  before(async () => {
    room = await buildRoom({ rule: { horizon: 200 } })
    base = `/parks/${room.park}/bookings`
    servers.push(await startServer(uri()), await startServer(uri()))
    for (let i = 0; i < 20; i++) {
      const tenant = await buildTenant(room.park)
      people.push(await signedInAs('member', { park: room.park, tenant: tenant._id }, new Visitor(servers[i % 2]!.url)))
    }
    for (const one of people) await one.token()
  })
  after(() => Promise.all(servers.map(server => server.stop())))
  afterEach(() => expectSoundSeries(room.park))

  it('lets one of twenty overlapping series win wholly; the others leave nothing', async () => {
    const first = monday()
    const mails = await Mail.countDocuments({})
    // Each begins a week later and half an hour later than the one before: all of them meet, none is like another.
    const asked = people.map((one, i) => {
      const from = `${String(9 + Math.floor((i % 4) / 2)).padStart(2, '0')}:${i % 2 ? '30' : '00'}`
      const dates = weekly(addDays(first, 7 * (i % 5)), 10)
      return one.post(`${base}/series`, { ...seriesFields(room), ...dates, from, to: '11:30', title: `Series ${i}` })
    })
    const answers = (await Promise.all(asked)).map(answer => answer.status)
    expect(answers.filter(status => status === 303)).to.have.length(1)
    expect(answers.filter(status => status === 409)).to.have.length(19)
    expect(await BookingSeries.countDocuments({ park: room.park })).to.equal(1)
    expect(await Booking.countDocuments({ park: room.park })).to.equal(10)
    expect((await Mail.countDocuments({})) - mails).to.equal(1)
  })

  it('adds a date once, and makes one series of a form sent from two tabs', async () => {
    const first = monday(100)
    const owner = people[0]!
    const fields = { ...seriesFields(room), ...weekly(first, 4), title: 'Tabs', _key: 'series-two-tabs' }
    const [one, two] = await Promise.all([owner.post(`${base}/series`, fields), owner.post(`${base}/series`, fields)])
    expect([one.status, two.status]).to.deep.equal([303, 303])
    expect(one.headers['location']).to.equal(two.headers['location'])
    const series = (await BookingSeries.findOne({ park: room.park, title: 'Tabs' }).lean().orFail()) as BookingSeries
    await owner.post(`${seriesPath(series)}/cancellation`, { scope: 'one', at: first })
    const added = await Promise.all(Array.from({ length: 6 }, () => owner.post(`${seriesPath(series)}/dates`, { days: first })))
    expect(added.map(answer => answer.status).filter(status => status === 303)).to.have.length(1)
    expect(await Booking.countDocuments({ park: room.park, series: series._id, state: 'confirmed' })).to.equal(4)
  })
})
