import { expect } from 'chai'
import { addDays, weekday } from '../../src/lib/days.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { addEntry } from '../../src/parks/calendar-change.ts'
import { Park } from '../../src/parks/park.ts'
import { Booking } from '../../src/rooms/booking.ts'
import type { Room } from '../../src/rooms/room.ts'
import { BookingSeries, ofSeries, seriesPath } from '../../src/rooms/series.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant, inDays } from '../setup/factories.ts'
import { buildBooking, buildRoom, ruleOf } from '../setup/rooms.ts'
import { expectSoundSeries, type Fields, monday, seriesFields, weekly } from '../setup/series.ts'
import type { Visitor } from '../setup/visitor.ts'

describe('series of bookings', function () {
  this.timeout(60_000)
  useDatabase()
  let room: Room
  let member: Visitor & { userId: string }
  let base: string

  beforeEach(async () => {
    room = await buildRoom({ rule: { horizon: 120 } })
    const tenant = await buildTenant(room.park)
    member = await signedInAs('member', { park: room.park, tenant: tenant._id })
    base = `/parks/${room.park}/bookings`
  })
  afterEach(() => expectSoundSeries(room.park))

  const days = async () =>
    (
      (await Booking.find({ park: room.park, series: { $ne: null } })
        .sort({ occurrence: 1 })
        .lean()) as Booking[]
    ).map(one => one.day)
  const make = (fields: Fields, who = member) => who.post(`${base}/series`, { ...seriesFields(room), ...fields })
  const only = async () => (await BookingSeries.findOne({ park: room.park }).lean().orFail()) as BookingSeries
  const bookings = async () =>
    (await Booking.find({ park: room.park, series: { $ne: null } })
      .sort({ occurrence: 1 })
      .lean()) as Booking[]

  it('shows every date before anything is booked, and books them all with one mail', async () => {
    const first = monday()
    const fields = { ...seriesFields(room), ...weekly(first, 4), 'attendees[0][name]': 'Guest', 'attendees[0][email]': 'guest@example.com' }
    for (const path of ['', '/series/preview']) {
      const page = await member.post(base + path, fields)
      expect(page.status).to.equal(200)
      for (let i = 0; i < 4; i++) expect(page.text).to.include(addDays(first, 7 * i))
      expect(page.text).to.include('name="attendees[0][email]" value="guest@example.com"')
    }
    expect(await Booking.countDocuments({ park: room.park })).to.equal(0)
    const mails = await Mail.countDocuments({})
    const answer = await make({ ...fields, _key: 'series-key-1' })
    expect(answer.status).to.equal(303)
    const series = await only()
    expect(answer.headers['location']).to.equal(seriesPath(series))
    expect(await days()).to.deep.equal([0, 7, 14, 21].map(shift => addDays(first, shift)))
    // One to who booked, one to who is invited, for all dates.
    expect((await Mail.countDocuments({})) - mails).to.equal(2)
    const again = await make({ ...fields, _key: 'series-key-1' })
    expect(again.headers['location']).to.equal(seriesPath(series))
    expect(await Booking.countDocuments({ park: room.park })).to.equal(4)
    const page = await member.get(seriesPath(series))
    expect(page.status).to.equal(200)
    for (const one of await bookings()) expect(page.text).to.include(`${base}/${one._id}`)
  })

  it('shows conflicts and a holiday, lets the person skip or change, and adds a skipped date later (CASE 15)', async () => {
    const closed = await buildRoom({ park: room.park, rule: { horizon: 120, hours: { ...ruleOf('tenant').hours, holiday: null } } })
    const spare = await buildRoom({ park: room.park, rule: { horizon: 120 } })
    const first = monday()
    const at = (i: number) => addDays(first, 7 * i)
    const hidden = { title: 'Merger talks', private: true, from: 570, to: 630 }
    const { booking } = await buildBooking({ room: closed, day: at(1), ...hidden })
    await buildBooking({ room: closed, day: at(2), ...hidden })
    await addEntry(room.park, { from: at(3), to: at(3), kind: 'holiday', name: { zh: 'Founding day' } }, BY)
    const fields = { ...seriesFields(closed), ...weekly(first, 5) }
    const page = await member.post(`${base}/series/preview`, fields)
    expect(page.text).to.include('Founding day').and.not.include('Merger')
    expect(page.text.match(/badge-bad/g)).to.have.length(2)
    expect(page.text).to.include('09:30–10:30')
    // Whoever decides on nothing books nothing.
    const refused = await member.post(`${base}/series`, fields)
    expect(refused.status).to.equal(409)
    expect(await days()).to.deep.equal([])
    const choices: Fields = {
      'dates[0][day]': at(1),
      'dates[0][do]': 'skip',
      'dates[1][day]': at(2),
      'dates[1][do]': 'change',
      'dates[1][room]': String(spare._id),
      'dates[1][from]': '09:00',
      'dates[1][to]': '10:00',
      'dates[2][day]': at(3),
      'dates[2][do]': 'skip',
    }
    const done = await member.post(`${base}/series`, { ...fields, ...choices })
    expect(done.status).to.equal(303)
    expect(await days()).to.deep.equal([at(0), at(2), at(4)])
    const series = await only()
    expect(series.skipped.map(one => [one.occurrence.slice(0, 10), one.reason])).to.deep.equal([
      [at(1), 'taken'],
      [at(3), 'closed'],
    ])
    const [, moved] = await bookings()
    expect(moved).to.deep.include({ room: spare._id, apart: true, occurrence: `${at(2)}T09:00` })
    // Still taken: refused and nothing changes. Free again: works.
    const early = await member.post(`${seriesPath(series)}/dates`, { days: at(1) })
    expect(early.status).to.equal(409)
    expect(early.text).to.not.include('Merger')
    const desk = await signedInAs('reception', { park: room.park })
    await desk.post(`${base}/${booking._id}/cancellation`, {})
    expect((await member.post(`${seriesPath(series)}/dates`, { days: at(1) })).status).to.equal(303)
    expect(await days()).to.deep.equal([at(0), at(1), at(2), at(4)])
    expect((await only()).skipped).to.have.length(1)
    expect((await member.post(`${seriesPath(series)}/dates`, { days: at(1) })).status).to.equal(409)
  })

  it('books nothing where a date was taken meanwhile, and shows which', async () => {
    const first = monday()
    await buildBooking({ room, day: addDays(first, 14), from: 540, to: 600 })
    const every = Object.fromEntries(
      [0, 7, 14, 21].flatMap((shift, i) => [
        [`dates[${i}][day]`, addDays(first, shift)],
        [`dates[${i}][do]`, 'book'],
      ]),
    )
    const answer = await make({ ...weekly(first, 4), ...every, title: 'Kept as typed' })
    expect(answer.status).to.equal(409)
    expect(answer.text).to.include('series-news').and.include('Kept as typed')
    expect(await BookingSeries.countDocuments({ park: room.park })).to.equal(0)
    expect(await Booking.countDocuments({ park: room.park })).to.equal(1)
  })

  it('leaves out what is beyond the horizon until it can be booked', async () => {
    const near = await buildRoom({ park: room.park, rule: { horizon: 10 } })
    const first = inDays(3)
    const page = await member.post(`${base}/series/preview`, { ...seriesFields(near), ...weekly(first, 3) })
    expect(page.text.match(/badge-info/g)).to.have.length(1)
    const skip = { 'dates[0][day]': addDays(first, 14), 'dates[0][do]': 'skip' }
    await member.post(`${base}/series`, { ...seriesFields(near), ...weekly(first, 3), ...skip })
    expect(await days()).to.deep.equal([first, addDays(first, 7)])
    const series = await only()
    expect(series.skipped[0]?.reason).to.equal('later')
    expect((await member.post(`${seriesPath(series)}/dates`, { days: addDays(first, 14) })).status).to.equal(422)
  })

  it('shows price and free hours date by date, and takes no more than it showed', async () => {
    const paid = await buildRoom({ park: room.park, rule: { horizon: 120, price: 10_000, freeHours: true } })
    await Park.updateOne({ _id: room.park }, { 'settings.freeMinutes': { tenant: 90, student: 0 } })
    // Three days of one month: each month has free hours of its own.
    const first = [inDays(2), inDays(5)].find(day => day.slice(0, 7) === addDays(day, 2).slice(0, 7))!
    const fields = { ...seriesFields(paid), repeat: 'daily', ends: 'count', count: '3', day: first, from: '09:00', to: '10:00' }
    const page = await member.post(`${base}/series/preview`, fields)
    const shown = Number(/name="shown" value="(\d+)"/.exec(page.text)?.[1])
    expect(shown).to.equal(15_000)
    expect((await member.post(`${base}/series`, { ...fields, shown: String(shown - 1) })).status).to.equal(409)
    expect(await days()).to.deep.equal([])
    expect((await member.post(`${base}/series`, { ...fields, shown: String(shown) })).status).to.equal(303)
    expect((await bookings()).map(one => one.cost.total)).to.deep.equal([0, 5_000, 10_000])
  })

  it('refuses rules that make no sense, more than 200 dates, and rooms of another park', async () => {
    const first = monday()
    const wrong: [Fields, number, string][] = [
      [{ count: '' }, 422, 'count'],
      [{ count: '201' }, 422, 'count'],
      [{ ends: 'until', repeatUntil: addDays(first, -1) }, 422, 'repeatUntil'],
      [{ ends: 'until', repeatUntil: '' }, 422, 'repeatUntil'],
      [{ title: '' }, 422, 'title'],
      [{ repeat: 'yearly' }, 422, 'repeat'],
    ]
    for (const [fields, status, field] of wrong) {
      const answer = await make({ ...weekly(first, 4), ...fields })
      expect(answer.status, JSON.stringify(fields)).to.equal(status)
      expect(answer.text).to.include(`href="#${field}"`)
    }
    const foreign = await buildRoom()
    expect((await make({ ...weekly(first, 4), room: String(foreign._id) })).status).to.equal(404)
    const sneaked = { 'dates[0][day]': first, 'dates[0][do]': 'change', 'dates[0][room]': String(foreign._id) }
    expect((await make({ ...weekly(first, 4), ...sneaked })).status).to.equal(404)
    for (const park of [room.park, foreign.park]) expect(await BookingSeries.countDocuments({ park })).to.equal(0)
  })

  it('is its owner’s, their company’s and the desk’s; to others it isn’t there', async () => {
    await make(weekly(monday(), 3))
    const series = await only()
    const stranger = await signedInAs('member', { park: room.park, tenant: (await buildTenant(room.park))._id })
    const elsewhere = await signedInAs('manager', { park: (await buildPark())._id })
    for (const who of [stranger, elsewhere])
      for (const path of ['', '/edit', '/cancel']) expect((await who.get(seriesPath(series) + path)).status).to.equal(404)
    for (const path of ['/cancellation', '/dates', '/preview', '/edit'])
      expect((await stranger.post(seriesPath(series) + path, { scope: 'all', days: series.day })).status).to.equal(404)
    const desk = await signedInAs('reception', { park: room.park })
    expect((await desk.get(seriesPath(series))).status).to.equal(200)
    expect(await days()).to.have.length(3)
  })

  it('stays on its weekday at half past midnight, wherever the server is (CASE 14)', async () => {
    expect(process.env['TZ'] ?? 'UTC').to.not.equal('Asia/Shanghai')
    await make({ ...weekly(monday(), 6), from: '00:30', to: '01:30' })
    for (const one of await bookings()) {
      expect(weekday(one.day)).to.equal(1)
      expect(one.startsAt.toISOString().slice(11, 16)).to.equal('16:30')
    }
  })

  it('keeps local time where the clocks change (CASE 14)', async () => {
    const park = (await buildPark(undefined, { zone: 'Europe/London' }))._id
    const london = await buildRoom({ park, rule: { horizon: 400 } })
    const manager = await signedInAs('manager', { park })
    const fields = { ...seriesFields(london), for: 'park', ...weekly(monday(), 30), from: '09:00', to: '10:00' }
    expect((await manager.post(`/parks/${park}/bookings/series`, fields)).status).to.equal(303)
    const list = (await Booking.find({ park }).lean()) as Booking[]
    expect(new Set(list.map(one => one.startsAt.toISOString().slice(11, 16))).size).to.equal(2)
    expect(new Set(list.map(one => `${weekday(one.day)} ${one.from}`))).to.deep.equal(new Set(['1 540']))
    await expectSoundSeries(park)
  })

  it('finds the bookings of a series by its index, not among all of the park', async () => {
    await make(weekly(monday(), 3))
    const plan = await Booking.collection.find(ofSeries(await only())).explain('queryPlanner')
    expect(JSON.stringify(plan)).to.include('park_1_series_1_occurrence_1')
  })

  it('makes 100 weekly dates in under three seconds', async () => {
    const far = await buildRoom({ park: room.park, rule: { horizon: 800 } })
    const fields = { ...seriesFields(far), ...weekly(monday(), 100) }
    await member.post(`${base}/series/preview`, fields)
    const start = performance.now()
    expect((await member.post(`${base}/series`, fields)).status).to.equal(303)
    const took = performance.now() - start
    expect(await days()).to.have.length(100)
    expect(took).to.be.lessThan(3000)
  })
})
