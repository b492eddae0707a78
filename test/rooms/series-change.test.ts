import { expect } from 'chai'
import { setClock } from '../../src/lib/clock.ts'
import { addDays, type Day } from '../../src/lib/days.ts'
import { instantAt } from '../../src/lib/wall.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { Booking } from '../../src/rooms/booking.ts'
import type { Room } from '../../src/rooms/room.ts'
import { BookingSeries, daysOfSeries, seriesPath } from '../../src/rooms/series.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildTenant } from '../setup/factories.ts'
import { buildBooking, buildRoom } from '../setup/rooms.ts'
import { expectSoundSeries, type Fields, monday, seriesFields, seriesFindings, weekly } from '../setup/series.ts'
import type { Visitor } from '../setup/visitor.ts'

describe('changes of a series', function () {
  this.timeout(60_000)
  useDatabase()
  let room: Room
  let member: Visitor & { userId: string }
  let desk: Visitor & { userId: string }
  let base: string
  let first: Day
  const at = (i: number): Day => addDays(first, 7 * i)

  beforeEach(async () => {
    first = monday()
    room = await buildRoom({ rule: { horizon: 120 } })
    base = `/parks/${room.park}/bookings`
    member = await signedInAs('member', { park: room.park, tenant: (await buildTenant(room.park))._id })
    desk = await signedInAs('reception', { park: room.park })
    expect((await member.post(`${base}/series`, { ...seriesFields(room), ...weekly(first, 6) })).status).to.equal(303)
  })
  afterEach(() => expectSoundSeries(room.park))

  const only = async () => (await BookingSeries.findOne({ park: room.park, follows: null }).lean().orFail()) as BookingSeries
  const follower = async () => (await BookingSeries.findOne({ park: room.park, follows: { $ne: null } }).lean()) as BookingSeries | null
  const bookings = async () =>
    (await Booking.find({ park: room.park, series: { $ne: null } })
      .sort({ occurrence: 1 })
      .lean()) as Booking[]
  const times = async () => (await bookings()).map(one => `${one.day} ${one.from}–${one.to} ${one.title} ${one.state}`)
  const edit = async (fields: Fields, path = 'edit', who = member) => {
    const series = await only()
    const { from, to } = { from: '09:00', to: '10:00' }
    return who.post(`${seriesPath(series)}/${path}`, {
      version: String(series.version),
      room: String(series.room),
      title: 'Weekly',
      from,
      to,
      ...fields,
    })
  }

  it('changes this and following; past, moved, cancelled and checked-in dates stay as they were (CASE 16)', async () => {
    const list = await bookings()
    await member.post(`${base}/${list[3]!._id}/move`, { room: String(room._id), day: addDays(at(3), 1), from: '14:00', to: '15:00' })
    await member.post(`${base}/${list[4]!._id}/cancellation`, {})
    setClock(instantAt(at(1), 530, 'Asia/Shanghai'))
    await desk.post(`${base}/${list[1]!._id}/check-in`, {})
    const page = await edit({ scope: 'following', at: at(1), from: '10:00', to: '12:00', title: 'Longer' }, 'preview')
    expect(page.status).to.equal(200)
    for (const day of [at(2), at(5)]) expect(page.text).to.include(`value="${day}"`)
    for (const day of [at(0), at(3), at(4)]) expect(page.text).to.not.include(`value="${day}"`)
    const mails = await Mail.countDocuments({})
    const done = await edit({ scope: 'following', at: at(1), from: '10:00', to: '12:00', title: 'Longer' })
    expect(done.status).to.equal(303)
    expect(await times()).to.deep.equal([
      `${at(0)} 540–600 Weekly confirmed`,
      `${at(1)} 540–600 Weekly confirmed`,
      `${at(2)} 600–720 Longer confirmed`,
      `${addDays(at(3), 1)} 840–900 Weekly confirmed`,
      `${at(4)} 540–600 Weekly cancelled`,
      `${at(5)} 600–720 Longer confirmed`,
    ])
    expect((await Mail.countDocuments({})) - mails).to.equal(1)
    const [old, fresh] = [await only(), (await follower())!]
    expect(done.headers['location']).to.equal(seriesPath(fresh))
    expect(daysOfSeries(old)).to.deep.equal([at(0)])
    expect(daysOfSeries(fresh)).to.deep.equal([1, 2, 3, 4, 5].map(at))
    // The cancelled date can be had again, at the new time.
    expect((await member.post(`${seriesPath(fresh)}/dates`, { days: at(4) })).status).to.equal(303)
    expect((await times())[4]).to.equal(`${at(4)} 600–720 Longer confirmed`)
  })

  it('shows conflicts of a change first; a date that can’t follow stays as it is or goes elsewhere', async () => {
    await buildBooking({ room, day: at(3), from: 600, to: 660 })
    await buildBooking({ room, day: at(4), from: 600, to: 660 })
    const change = { scope: 'all', from: '10:00', to: '11:00' }
    const page = await edit(change, 'preview')
    expect(page.text.match(/badge-bad/g)).to.have.length(2)
    expect((await edit(change)).status).to.equal(409)
    expect((await times()).every(text => text.includes('540–600'))).to.equal(true)
    const choices = {
      'dates[0][day]': at(3),
      'dates[0][do]': 'skip',
      'dates[1][day]': at(4),
      'dates[1][do]': `${room._id} ${at(4)} 780 840`,
    }
    expect((await edit({ ...change, ...choices })).status).to.equal(303)
    expect((await bookings()).map(one => [one.from, one.apart])).to.deep.equal([
      [600, false],
      [600, false],
      [600, false],
      [540, true],
      [780, true],
      [600, false],
    ])
    expect(await follower()).to.equal(null)
    expect(await only()).to.deep.include({ from: 600, to: 660 })
  })

  it('changes all: what has passed stays, in a series that ends before', async () => {
    setClock(instantAt(at(2), 0, 'Asia/Shanghai'))
    await edit({ scope: 'all', from: '08:30', to: '10:00' })
    expect((await bookings()).map(one => one.from)).to.deep.equal([540, 540, 510, 510, 510, 510])
    expect(daysOfSeries(await only())).to.deep.equal([at(0), at(1)])
    expect(daysOfSeries((await follower())!)).to.deep.equal([2, 3, 4, 5].map(at))
  })

  it('changes only one, and leaves it alone afterwards; a title of its own stays too', async () => {
    const hall = await buildRoom({ park: room.park, capacity: 50, rule: { horizon: 120 } })
    await edit({ scope: 'one', at: at(2), room: String(hall._id), people: '40', title: 'In the hall' })
    const named = (await bookings())[3]!
    await member.post(`${base}/${named._id}/details`, { version: String(named.version), title: 'Own title' })
    await edit({ scope: 'all', from: '11:00', to: '12:00', title: 'Renamed', private: 'on' })
    const list = await bookings()
    expect(list.map(one => one.title)).to.deep.equal(['Renamed', 'Renamed', 'In the hall', 'Own title', 'Renamed', 'Renamed'])
    expect(list.map(one => one.from)).to.deep.equal([660, 660, 540, 660, 660, 660])
    expect(list[2]).to.deep.include({ room: hall._id, people: 40, private: false, apart: true })
    expect(list[0]).to.deep.include({ private: true, apart: false })
  })

  it('moves a nightly series later without running into itself', async () => {
    const nightly = {
      ...seriesFields(room),
      room: String(room._id),
      repeat: 'daily',
      ends: 'count',
      count: '5',
      day: addDays(at(8), 1),
      from: '20:00',
      to: '08:00',
    }
    const long = await buildRoom({ park: room.park, rule: { horizon: 120, max: 1440, after: 30 } })
    await member.post(`${base}/series`, { ...nightly, room: String(long._id), title: 'Night' })
    const series = (await BookingSeries.findOne({ park: room.park, title: 'Night' }).lean().orFail()) as BookingSeries
    const change = { version: '0', room: String(long._id), title: 'Night', scope: 'all' }
    for (const [i, [from, to]] of [
      ['23:00', '22:00'],
      ['00:30', '23:30'],
    ].entries()) {
      const answer = await member.post(`${seriesPath(series)}/edit`, { ...change, version: String(i), from, to })
      expect(answer.status, answer.text.slice(0, 400)).to.equal(303)
    }
    expect((await Booking.find({ park: room.park, series: series._id }).lean()).map(one => one.from)).to.deep.equal([30, 30, 30, 30, 30])
  })

  it('refuses a second editor, dates of another rule, and rooms of another park', async () => {
    const stale = { version: '0', scope: 'all', from: '10:00', to: '11:00' }
    expect((await edit(stale)).status).to.equal(303)
    const late = await edit({ ...stale, title: 'Mine' })
    expect(late.status).to.equal(409)
    expect(late.text).to.include('Mine')
    expect((await edit({ scope: 'following', at: addDays(first, 1) })).status).to.equal(404)
    expect((await edit({ scope: 'one' })).status).to.equal(404)
    expect((await edit({ scope: 'all', room: String((await buildRoom())._id) })).status).to.equal(404)
    expect((await edit({ scope: 'all', from: '25:00' })).status).to.equal(422)
  })

  it('cancels one, following and all, with the fees shown before', async () => {
    const paid = await buildRoom({ park: room.park, rule: { horizon: 120, price: 10_000, cancelBefore: 20 * 1440, cancelPercent: 50 } })
    await member.post(`${base}/series`, { ...seriesFields(paid), ...weekly(first, 6), title: 'Paid' })
    const series = (await BookingSeries.findOne({ park: room.park, title: 'Paid' }).lean().orFail()) as BookingSeries
    const states = async () =>
      ((await Booking.find({ park: room.park, series: series._id }).sort({ occurrence: 1 }).lean()) as Booking[]).map(one => one.state[1])
    const cancel = (fields: Fields) => member.post(`${seriesPath(series)}/cancellation`, fields)
    const shown = async (query: string) =>
      Number(/name="shown" value="(\d+)"/.exec((await member.get(`${seriesPath(series)}/cancel?${query}`)).text)?.[1])
    expect(await shown(`scope=one&at=${at(0)}`)).to.equal(5_000)
    expect((await cancel({ scope: 'one', at: at(0), shown: '0' })).status).to.equal(409)
    expect((await cancel({ scope: 'one', at: at(0), shown: '5000' })).status).to.equal(303)
    expect(await shown(`scope=following&at=${at(4)}`)).to.equal(0)
    const mails = await Mail.countDocuments({})
    expect((await cancel({ scope: 'following', at: at(4), shown: '0', reason: 'No more' })).status).to.equal(303)
    expect((await Mail.countDocuments({})) - mails).to.equal(1)
    expect(await states()).to.deep.equal(['a', 'o', 'o', 'o', 'a', 'a'])
    expect((await cancel({ scope: 'all', shown: String(await shown('scope=all')) })).status).to.equal(303)
    expect(await states()).to.deep.equal(['a', 'a', 'a', 'a', 'a', 'a'])
    expect((await BookingSeries.findOne({ park: room.park, _id: series._id }).lean().orFail()).state).to.equal('cancelled')
    expect((await cancel({ scope: 'all' })).status).to.equal(409)
    expect((await member.post(`${seriesPath(series)}/dates`, { days: [at(4), at(5)] })).status).to.equal(303)
    expect(await states()).to.deep.equal(['a', 'a', 'a', 'a', 'o', 'o'])
  })

  it('is told by the doctor where a date is booked and left out, neither, or no date at all', async () => {
    const series = await only()
    const found = () => seriesFindings(room.park)
    const set = (change: object) => BookingSeries.collection.updateOne({ park: room.park, _id: series._id }, { $set: change })
    expect(await found()).to.deep.equal([])
    await set({ skipped: [{ occurrence: `${at(1)}T09:00`, reason: 'chosen' }] })
    expect((await found()).join())
      .to.include('leaves out')
      .and.include('has a booking for it')
    await set({ skipped: [], rule: { ...series.rule, count: 7 } })
    expect((await found()).join()).to.include('neither books nor leaves out')
    await set({ rule: { ...series.rule, count: 5 } })
    expect((await found()).join()).to.include('isn’t a date of its rule')
    await set({ rule: series.rule })
    expect(await found()).to.deep.equal([])
  })
})
