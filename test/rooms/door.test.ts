import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import mongoose, { Types } from 'mongoose'
import { AuditEntry } from '../../src/audit/entry.ts'
import { setClock } from '../../src/lib/clock.ts'
import { addDays } from '../../src/lib/days.ts'
import { instantAt } from '../../src/lib/wall.ts'
import { Booking } from '../../src/rooms/booking.ts'
import { Room } from '../../src/rooms/room.ts'
import { claimRoom, RoomDay } from '../../src/rooms/room-day.ts'
import { outsideHolder } from '../../src/rooms/viewer.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, inDays } from '../setup/factories.ts'
import { buildBooking, buildRoom, ruleOf } from '../setup/rooms.ts'
import type { Visitor } from '../setup/visitor.ts'

/** The page at a room's door, open to whoever knows its address; and the sheet of a day. */
describe('the page at a door', () => {
  useDatabase()
  const day = inDays(5)
  let park: string
  let room: Room
  let manager: Visitor
  let tablet: Visitor
  let door: string

  const at = (minute: number) => setClock(instantAt(day, minute, 'Asia/Shanghai'))
  const path = async (): Promise<string> => `/parks/${park}/door/${(await Room.findOne({ park, _id: room._id }).lean().orFail()).doorToken}`
  const setUp = async (options: Parameters<typeof buildRoom>[0] = {}) => {
    room = await buildRoom({ park, ...options })
    expect((await manager.post(`/parks/${park}/rooms/${room._id}/door-token`)).status).to.equal(303)
    door = await path()
  }

  beforeEach(async () => {
    await mongoose.connection.collection('ratelimits').deleteMany({})
    park = (await buildPark())._id
    manager = await signedInAs('manager', { park })
    tablet = visitor()
    await setUp()
  })

  it('is made, replaced and revoked by a manager; an old address is dead', async () => {
    expect((await tablet.get(door)).status).to.equal(200)
    expect((await manager.get(`/parks/${park}/rooms/${room._id}/door`)).text).to.contain(door)
    await manager.post(`/parks/${park}/rooms/${room._id}/door-token`)
    expect((await tablet.get(door)).status).to.equal(404)
    const fresh = await path()
    expect((await tablet.get(fresh)).status).to.equal(200)
    expect((await tablet.get(fresh.replace(park, (await buildPark())._id))).status, 'another park').to.equal(404)
    await manager.post(`/parks/${park}/rooms/${room._id}/door-token/revocation`)
    expect((await tablet.get(fresh)).status).to.equal(404)
    expect((await tablet.get(`/parks/${park}/door/null`)).status).to.equal(404)
    const trail = await AuditEntry.find({ park, kind: 'room' }).lean()
    expect(trail.map(entry => entry.action)).to.include.members(['door.make', 'door.renew', 'door.revoke'])
    expect(JSON.stringify(trail)).not.to.contain(fresh.split('/').at(-1))
    const clerk = await signedInAs('reception', { park })
    expect((await clerk.post(`/parks/${park}/rooms/${room._id}/door-token`)).status).to.equal(403)
  })

  it('says until when the room is free or taken, and what comes next', async () => {
    await buildBooking({ room, day, from: 600, to: 660, title: 'Stand-up' })
    await buildBooking({ room, day, from: 660, to: 720, title: 'Review' })
    at(540)
    expect((await tablet.get(door)).text)
      .to.contain('空闲至 10:00')
      .and.contain('Stand-up')
    at(590)
    expect((await tablet.get(door)).text).to.contain('即将开始')
    at(605)
    expect((await tablet.get(door)).text)
      .to.contain('使用至 11:00')
      .and.contain('下一场 11:00')
      .and.contain('Review')
    at(725)
    expect((await tablet.get(door)).text)
      .to.contain('今天不再有预订')
      .and.not.contain('Review</')
  })

  it('shows a booking that began yesterday, an offer and a closing for what they are', async () => {
    await buildBooking({ room, day: addDays(day, -1), from: 1380, to: 1500, title: 'Night shift' })
    at(30)
    expect((await tablet.get(door)).text)
      .to.contain('使用至 01:00')
      .and.contain('Night shift')
    const body = { private: false, who: '', tenant: null, user: null, checkedIn: false }
    const take = (from: number, to: number, more: object) =>
      claimRoom({ room, pieces: [{ day, from, to, start: from, end: to }] }, {
        ...body,
        ref: new Types.ObjectId(),
        title: '',
        kind: 'offer',
        expiresAt: null,
        ...more,
      } as never)
    await take(600, 660, { expiresAt: instantAt(day, 610, 'Asia/Shanghai') })
    await take(700, 760, { kind: 'blackout', title: 'New carpet' })
    at(605)
    expect((await tablet.get(door)).text).to.contain('候补保留中')
    at(611)
    expect((await tablet.get(door)).text).to.contain('空闲至 11:40')
    at(705)
    expect((await tablet.get(door)).text)
      .to.contain('停用')
      .and.contain('New carpet')
  })

  it('knows when the room is closed', async () => {
    const hours = { from: 480, to: 1080 }
    await setUp({ rules: [ruleOf('tenant', { hours: { workday: hours, weekend: hours, holiday: hours } })] })
    at(400)
    expect((await tablet.get(door)).text).to.contain('08:00 开放')
    at(500)
    expect((await tablet.get(door)).text).to.contain('空闲至 18:00')
    at(1100)
    expect((await tablet.get(door)).text).to.contain('今天不开放')
  })

  it('leaks nothing of a private booking', async () => {
    const { booking } = await buildBooking({ room, day, from: 600, to: 660, title: 'Secret merger', private: true, note: 'hush' })
    for (const minute of [540, 595, 610]) {
      at(minute)
      const { text } = await tablet.get(door)
      for (const word of ['Secret', 'hush', booking.holder.name, booking.code, String(booking._id)]) expect(text, word).not.to.contain(word)
      expect(text).to.contain('已占用')
    }
  })

  describe('check-in', () => {
    const checkIn = (code: string) => tablet.post(`${door}/check-in`, { code })
    let booking: Booking
    const isIn = async () => Boolean((await Booking.findOne({ park, _id: booking._id }).lean().orFail()).checkedIn)
    beforeEach(async () => {
      booking = (await buildBooking({ room, day, from: 600, to: 660 })).booking
    })

    it('takes the last four characters of the code, however they are typed', async () => {
      at(590)
      expect((await tablet.get(door)).text).to.contain('name="code"')
      expect((await checkIn(` ${booking.code.slice(-4).toLowerCase()} `)).status).to.equal(303)
      expect(await isIn()).to.equal(true)
      const claims = (await RoomDay.findOne({ park, day }).lean().orFail()).claims
      expect(claims.map(claim => claim.checkedIn)).to.deep.equal([true])
      expect(await AuditEntry.countDocuments({ park, action: 'booking.checkIn', 'by.id': 'door' })).to.equal(1)
      expect((await tablet.get(door)).text).not.to.contain('name="code"')
    })

    it('refuses a wrong code, one too early, one of another room, and says the same of each', async () => {
      const other = await buildBooking({ room: await buildRoom({ park }), day, from: 600, to: 660 })
      at(590)
      const wrong = await checkIn(other.booking.code.slice(-4))
      expect(wrong.status).to.equal(422)
      at(580)
      const early = await checkIn(booking.code.slice(-4))
      expect(early.status).to.equal(422)
      const said = (text: string) => /role="alert">(.*?)<\/p>/.exec(text)?.[1]?.replace(/<svg.*?<\/svg>/, '')
      expect(said(wrong.text)).to.contain('没有这样的预订').and.equal(said(early.text))
      expect(await isIn()).to.equal(false)
    })

    it('stops whoever tries codes', async () => {
      at(605)
      for (let i = 0; i < 10; i += 1) expect((await checkIn(`000${i}`)).status).to.equal(422)
      expect((await checkIn(booking.code.slice(-4))).status).to.equal(429)
      expect(await isIn()).to.equal(false)
    })
  })

  describe('quick booking', () => {
    const ends = async (): Promise<number[]> =>
      [...(await tablet.get(door)).text.matchAll(/name="to" value="(\d+)"/g)].map(match => Number(match[1]))
    const take = (to: number) => tablet.post(`${door}/booking`, { to, _key: randomUUID() })

    it('takes a free room for the park’s guests up to the next booking, and checks in', async () => {
      await buildBooking({ room, day, from: 690, to: 720 })
      at(605)
      expect(await ends()).to.deep.equal([660, 690])
      expect((await take(660)).status).to.equal(303)
      const made = await Booking.findOne({ park, 'holder.class': 'park' }).lean().orFail()
      expect(made).to.deep.include({ day, from: 600, to: 660, state: 'confirmed', private: false })
      expect(made.checkedIn).to.not.equal(null)
      expect((await tablet.get(door)).text).to.contain('使用至 11:00')
    })

    it('leaves the buffers of its rule free, and offers nothing where minutes are left', async () => {
      await setUp({ rule: { after: 30 } })
      await buildBooking({ room, day, from: 690, to: 720 })
      at(605)
      expect(await ends()).to.deep.equal([660])
      at(655)
      expect(await ends()).to.deep.equal([])
    })

    it('isn’t offered, nor done, where the park’s own rule wants approval or there is none', async () => {
      for (const rules of [[ruleOf('park', { approval: true })], [ruleOf('tenant')]]) {
        await setUp({ rules })
        at(605)
        expect(await ends()).to.deep.equal([])
        expect((await take(660)).status).to.equal(409)
      }
      expect(await Booking.countDocuments({ park })).to.equal(0)
    })

    it('makes one booking of two people who press at once', async () => {
      at(605)
      const second = visitor()
      const answers = await Promise.all([take(660), second.post(`${door}/booking`, { to: 660, _key: randomUUID() })])
      expect(answers.map(answer => answer.status).sort()).to.deep.equal([303, 409])
      expect(await Booking.countDocuments({ park })).to.equal(1)
    })
  })

  it('answers its part alone to its own script, and draws the code for a phone', async () => {
    at(605)
    const part = await tablet.get(door).set('hx-request', 'true')
    expect(part.text).to.contain('door-state').and.not.contain('<html')
    const svg = await tablet.get(`${door}/qr.svg?to=here`)
    expect(svg.headers['content-type']).to.contain('image/svg+xml')
    expect((await tablet.get(`/parks/${park}/door/${'a'.repeat(32)}/qr.svg`)).status).to.equal(404)
  })

  it('prints the sheet of a day for the desk: phones masked, requests marked, the day before’s night too', async () => {
    await buildBooking({
      room,
      day,
      from: 600,
      to: 660,
      title: 'Open day',
      note: 'Coffee please',
      holder: outsideHolder('Guild', '13912345678', null),
    })
    await buildBooking({ room, day: addDays(day, -1), from: 1380, to: 1500, title: 'Night shift' })
    await buildBooking({ room: await buildRoom({ park, rule: { approval: true } }), day, from: 600, to: 660, title: 'Asked for' })
    await buildBooking({ room, day: addDays(day, 1), from: 600, to: 660, title: 'The day after' })
    const clerk = await signedInAs('reception', { park })
    const { text } = await clerk.get(`/parks/${park}/bookings/day-sheet?on=${day}`).expect(200)
    expect(text)
      .to.contain('139****5678')
      .and.contain('Coffee please')
      .and.contain('待审批')
      .and.contain('Night shift')
      .and.contain('前一天 23:00')
    expect(text).not.to.contain('13912345678').and.not.contain('The day after')
    expect(text.indexOf('Night shift')).to.be.lessThan(text.indexOf('Open day'))
    const owner = await signedInAs('member', { park, tenant: new Types.ObjectId() })
    expect((await owner.get(`/parks/${park}/bookings/day-sheet`)).status).to.equal(403)
  })
})
