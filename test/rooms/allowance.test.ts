import { expect } from 'chai'
import { Charge } from '../../src/billing/charge.ts'
import { setClock } from '../../src/lib/clock.ts'
import { addDays, monthStart, today } from '../../src/lib/days.ts'
import { mergeTenants } from '../../src/overview/merge-tenants.ts'
import { Park } from '../../src/parks/park.ts'
import { Allowance, leftIn } from '../../src/rooms/allowance.ts'
import { bookRoom } from '../../src/rooms/book.ts'
import { Booking } from '../../src/rooms/booking.ts'
import { cancelBooking } from '../../src/rooms/cancel.ts'
import { moveBooking } from '../../src/rooms/change.ts'
import { Room, type RoomRule } from '../../src/rooms/room.ts'
import { tenantHolder } from '../../src/rooms/viewer.ts'
import type { Holder } from '../../src/rooms/wish.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant, OTHER } from '../setup/factories.ts'
import { noon } from '../setup/steps.ts'
import { expectSoundRooms } from './soundness.ts'

/** Free hours: a tenant never gets more than it has, under any concurrency (DESIGN §3). */
const GRANTED = 120
const open = { from: 0, to: 1440 }
const rule: RoomRule = {
  class: 'tenant',
  hours: { workday: open, weekend: open, holiday: open },
  step: 30,
  min: 30,
  max: 1440,
  notice: 0,
  horizon: 90,
  before: 0,
  after: 0,
  approval: false,
  price: 6_000,
  freeHours: true,
  cancelBefore: 1440,
  cancelPercent: 100,
}

describe('free hours', () => {
  useDatabase()
  // The middle of a month: both it and the next can be booked.
  const day = `${monthStart(addDays(today(), 31)).slice(0, 8)}10`
  let park: Park
  let holder: Holder
  let room: Room['_id']

  afterEach(() => setClock(null))

  beforeEach(async () => {
    setClock(noon(`${day.slice(0, 8)}01`))
    const { _id } = await buildPark()
    await Park.updateOne({ _id }, { 'settings.freeMinutes': { tenant: GRANTED, student: 0 } })
    park = (await Park.findById(_id).orFail().lean()) as Park
    holder = await tenantHolder(_id, (await buildTenant(_id))._id)
    const [made] = await Room.create([{ park: _id, code: 'r', name: { zh: 'r' }, kind: 'meeting', capacity: 9, rules: [rule] }])
    room = made!._id
  })

  const book = (from: number, to: number, on = day, by = BY) => {
    const rest = { holder, contact: null, title: 'x', private: false, people: null, note: null, attendees: [], extras: [] }
    return bookRoom(park, { room, slot: { day: on, from, to }, ...rest }, by, { desk: false })
  }

  it('pay for a booking in part, and then for none', async () => {
    const [first, second] = [await book(480, 570), await book(600, 660)]
    expect(first.cost).to.deep.include({ minutes: 90, total: 0, free: [{ month: day.slice(0, 7), minutes: 90 }] })
    expect(second.cost).to.deep.include({ minutes: 60, total: 3_000, free: [{ month: day.slice(0, 7), minutes: 30 }] })
    expect((await book(720, 780)).cost).to.deep.include({ total: 6_000, free: [] })
    expect(await Charge.countDocuments({ park: park._id })).to.equal(2)
    await expectSoundRooms(park._id, GRANTED)
  })

  it('give one hour left to exactly one of two who book it at once (a member, and the desk on its behalf)', async () => {
    await book(0, 60)
    for (let round = 0; round < 4; round++) {
      const on = addDays(day, round + 1)
      const made = await Promise.all([book(600, 660, on, BY), book(720, 780, on, OTHER)])
      expect(made.map(one => one.cost.total).sort()).to.deep.equal([0, 6_000])
      await expectSoundRooms(park._id, GRANTED)
      for (const one of made) await cancelBooking(park, one._id, { reason: null, shown: null }, BY)
    }
    expect(await leftIn(park, holder, day.slice(0, 7))).to.equal(60)
  })

  it('count an hour in the month it falls in', async () => {
    const last = addDays(monthStart(addDays(monthStart(day), 40)), -1)
    const night = await book(1380, 1560, last)
    expect(night.cost.free).to.deep.equal([
      { month: last.slice(0, 7), minutes: 60 },
      { month: addDays(last, 1).slice(0, 7), minutes: 120 },
    ])
    expect(await leftIn(park, holder, last.slice(0, 7))).to.equal(60)
    await expectSoundRooms(park._id, GRANTED)
  })

  it('come back when it is cancelled in time or moved, and stay used when it is cancelled late', async () => {
    const first = await book(600, 660)
    await moveBooking(park, first._id, { room: null, slot: { day, from: 600, to: 630 }, version: 0, desk: false }, BY)
    expect(await leftIn(park, holder, day.slice(0, 7))).to.equal(90)
    await cancelBooking(park, first._id, { reason: null, shown: 0 }, BY)
    expect(await leftIn(park, holder, day.slice(0, 7))).to.equal(GRANTED)
    const late = await book(900, 960, `${day.slice(0, 8)}01`)
    await cancelBooking(park, late._id, { reason: null, shown: null }, BY)
    expect(await leftIn(park, holder, day.slice(0, 7))).to.equal(60)
    await expectSoundRooms(park._id, GRANTED)
  })

  it('stay as they were granted when the park lowers them, and grow when it raises them', async () => {
    await book(600, 690)
    await Park.updateOne({ _id: park._id }, { 'settings.freeMinutes.tenant': 30 })
    park = (await Park.findById(park._id).orFail().lean()) as Park
    expect(await leftIn(park, holder, day.slice(0, 7))).to.equal(30)
    await Park.updateOne({ _id: park._id }, { 'settings.freeMinutes.tenant': 300 })
    park = (await Park.findById(park._id).orFail().lean()) as Park
    expect((await book(720, 900)).cost.total).to.equal(0)
    expect(await Allowance.findOne({ park: park._id }).lean()).to.deep.include({ granted: 300, used: 270 })
  })

  it('add up when two tenants turn out to be one', async () => {
    const kept = await tenantHolder(park._id, (await buildTenant(park._id))._id)
    await book(600, 690)
    const other = holder
    holder = kept
    await book(720, 840)
    await mergeTenants(park._id, kept.tenant!, other.tenant!, BY)
    expect(await Booking.countDocuments({ park: park._id, 'holder.tenant': kept.tenant, 'holder.name': kept.name })).to.equal(2)
    expect(await Allowance.findOne({ park: park._id }).lean()).to.deep.include({ holder: `tenant:${kept.tenant}`, used: 210 })
    await expectSoundRooms(park._id, 210)
  })
})
