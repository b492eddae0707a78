import { expect } from 'chai'
import { addDays, today, weekday } from '../../src/lib/days.ts'
import { bookRoom } from '../../src/rooms/book.ts'
import { Booking } from '../../src/rooms/booking.ts'
import { cancelBooking } from '../../src/rooms/cancel.ts'
import { roomReport } from '../../src/rooms/report.ts'
import { Room, type RoomRule } from '../../src/rooms/room.ts'
import { tenantHolder } from '../../src/rooms/viewer.ts'
import type { Holder } from '../../src/rooms/wish.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant } from '../setup/factories.ts'

/** Utilisation by room, hour, class and tenant: figures that can be counted by hand. */
const open = { from: 480, to: 1080 }
const rule: RoomRule = {
  class: 'tenant',
  hours: { workday: open, weekend: open, holiday: open },
  step: 30,
  min: 30,
  max: 480,
  notice: 0,
  horizon: 60,
  before: 0,
  after: 0,
  approval: false,
  price: 10_000,
  freeHours: false,
  cancelBefore: 100_000,
  cancelPercent: 50,
}

describe('the report on rooms', () => {
  useDatabase()
  const day = addDays(today(), 4)
  const rooms: Record<string, Room['_id']> = {}
  let park: Awaited<ReturnType<typeof buildPark>>
  let holder: Holder

  before(async () => {
    park = await buildPark()
    const make = async (code: string, whole: Room['_id'] | null = null) => {
      const [room] = await Room.create([{ park: park._id, code, name: { zh: code }, kind: 'hall', capacity: 9, whole, rules: [rule] }])
      rooms[code] = room!._id
      return room!._id
    }
    const hall = await make('hall')
    await make('A', hall)
    await make('B', hall)
    await make('small')
    holder = await tenantHolder(park._id, (await buildTenant(park._id, '=甲公司'))._id)
    const book = (room: string, from: number, to: number) => {
      const rest = { holder, contact: null, title: 'x', private: true, people: null, note: null, attendees: [], extras: [] }
      return bookRoom(park, { room: rooms[room]!, slot: { day, from, to }, ...rest }, BY, { desk: true })
    }
    await book('A', 540, 660)
    await book('hall', 720, 780)
    const noShow = await book('small', 540, 600)
    await Booking.updateOne({ park: park._id, _id: noShow._id }, { state: 'released' })
    const gone = await book('small', 600, 660)
    await cancelBooking(park, gone._id, { reason: null, shown: null }, BY)
  })

  const read = async (query = '', on = day) => {
    const manager = await signedInAs('manager', { park: park._id })
    return manager.get(`/parks/${park._id}/reports/rooms?from=${on}&to=${on}${query}`)
  }
  const cells = (text: string) =>
    text
      .replace(/^\ufeff/, '')
      .trim()
      .split('\r\n')
      .map(line => line.split(','))

  it('counts a hall and its parts for each other, no-shows and cancellations apart', async () => {
    const { text, status } = await read('&format=csv')
    expect(status).to.equal(200)
    const [, ...rows] = cells(text)
    // Code, name, open hours, share, bookings, hours, no-shows, cancelled, yuan, free hours.
    expect(rows.sort()).to.deep.equal([
      ['A', 'A', '10', '30', '1', '2', '0', '0', '200', '0'],
      ['B', 'B', '10', '10', '0', '0', '0', '0', '0', '0'],
      ['hall', 'hall', '10', '20', '1', '1', '0', '0', '100', '0'],
      ['small', 'small', '10', '0', '1', '0', '1', '1', '150', '0'],
    ])
  })

  it('names the companies, as texts and not as formulas', async () => {
    const { text } = await read('&format=csv&table=holders')
    expect(cells(text)[1]!.slice(0, 2)).to.deep.equal(["'=甲公司", '入驻企业'])
  })

  it('shows hours as shares of what was open, and only the period asked', async () => {
    const { text } = await read()
    // 12–13 the whole hall: one of the two roots that are open.
    expect(text).to.match(/<td class="heat-3">50<\/td>/)
    const before = await read('', addDays(day, -1))
    expect(before.text).not.to.match(/heat-3/)
  })

  it('gives a room the same share alone as among all, its sums its own', async () => {
    for (const [code, line] of [
      ['A', ['A', 'A', '10', '30', '1', '2', '0', '0', '200', '0']],
      ['hall', ['hall', 'hall', '10', '20', '1', '1', '0', '0', '100', '0']],
    ] as const) {
      const { text } = await read(`&room=${rooms[code]}&format=csv`)
      expect(cells(text).slice(1), code).to.deep.equal([line])
    }
    const { text } = await read(`&room=${rooms['A']}&format=csv&table=holders`)
    expect(cells(text)[1]!.slice(2, 4)).to.deep.equal(['1', '2'])
  })

  it('counts a part as a part in a park of one hall, of the parts in use', async () => {
    const one = await buildPark()
    const make = async (code: string, more = {}) =>
      (await Room.create([{ park: one._id, code, name: { zh: code }, kind: 'hall', capacity: 9, rules: [rule], ...more }]))[0]!._id
    const hall = await make('hall')
    const part = await make('A', { whole: hall })
    await make('B', { whole: hall })
    await make('C', { whole: hall, activeTo: addDays(today(), -40) })
    const whose = await tenantHolder(one._id, (await buildTenant(one._id))._id)
    const rest = { holder: whose, contact: null, title: 'x', private: false, people: null, note: null, attendees: [], extras: [] }
    await bookRoom(one, { room: part, slot: { day, from: 540, to: 660 }, ...rest }, BY, { desk: true })
    for (const room of [null, hall]) {
      const { heat, total } = await roomReport(one, { from: day, to: day, room, class: null })
      expect([heat[weekday(day)]![9], total.share], String(room)).to.deep.equal([0.5, 0.1])
    }
    expect((await roomReport(one, { from: day, to: day, room: hall, class: null })).total.bookings).to.equal(0)
  })

  it('is the desk’s, not a tenant’s', async () => {
    const member = await signedInAs('owner', { park: park._id, tenant: holder.tenant! })
    expect((await member.get(`/parks/${park._id}/reports/rooms`)).status).to.equal(403)
    const other = await signedInAs('manager', { park: (await buildPark())._id })
    expect((await other.get(`/parks/${park._id}/reports/rooms`)).status).to.equal(404)
  })
})
