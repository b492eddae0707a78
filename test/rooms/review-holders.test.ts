import { expect } from 'chai'
import { Types } from 'mongoose'
import { refreshSessions } from '../../src/accounts/sessions.ts'
import { Membership, User } from '../../src/accounts/user.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { mergeTenants } from '../../src/overview/merge-tenants.ts'
import { Park } from '../../src/parks/park.ts'
import { Allowance, leftIn, monthsOf } from '../../src/rooms/allowance.ts'
import { announce } from '../../src/rooms/announce.ts'
import { bookingPath } from '../../src/rooms/booking.ts'
import { feedEvents } from '../../src/rooms/feed-events.ts'
import { claimRoom, RoomDay, requestRoom } from '../../src/rooms/room-day.ts'
import { classesSeen } from '../../src/rooms/room-viewer.ts'
import { piecesOf } from '../../src/rooms/slot.ts'
import { isOwn, isOwnClaim, ownFilter, type Viewer, viewerOf } from '../../src/rooms/viewer.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant, inDays } from '../setup/factories.ts'
import { buildBooking, buildRoom, holderOf } from '../setup/rooms.ts'

/** Whose a booking is when people and companies change, and what a request or a refusal says at the edges. */
const parkOf = async (park: string) => (await Park.findById(park).orFail().lean()) as unknown as Park

const mailOf = async (user: string) => (await User.findById(user).orFail().lean()).email

const body = () => ({
  ref: new Types.ObjectId(),
  kind: 'booking' as const,
  expiresAt: null,
  title: 'x',
  private: false,
  who: 'y',
  tenant: null,
  user: null,
  checkedIn: false,
})

/** The refusal's key and the times it names. */
const refusalOf = async (work: Promise<unknown>): Promise<unknown[]> => {
  try {
    await work
    return ['done']
  } catch (error) {
    const { problem } = error as { problem: { key: string; params: Record<string, unknown> } }
    return [problem.key, problem.params['from'], problem.params['to']]
  }
}

async function buildLeft() {
  const park = (await buildPark())._id
  const tenant = await buildTenant(park)
  const owner = await signedInAs('owner', { park, tenant: tenant._id })
  const member = await signedInAs('member', { park, tenant: tenant._id })
  const contact = new Types.ObjectId(member.userId)
  const { booking } = await buildBooking({
    room: await buildRoom({ park }),
    holder: await holderOf(park, tenant._id),
    contact,
    private: true,
  })
  const leave = async () => {
    const other = await buildTenant(park)
    await Membership.updateOne({ park, user: contact }, { $set: { tenant: other._id } })
    await refreshSessions(contact)
  }
  return { park, owner, member, booking, contact, leave }
}

describe('holders of bookings', function () {
  this.timeout(60_000)
  useDatabase()

  it('keep a company’s booking from who left it, and tell its owner instead', async () => {
    const { park, owner, member, booking, contact, leave } = await buildLeft()
    const person = { _id: new Types.ObjectId(), park, user: contact, kind: 'person' as const, ref: contact, hash: '', madeAt: new Date() }
    const who = (tenant: Types.ObjectId) => ({
      id: String(contact),
      lang: 'en',
      grants: [{ role: 'member', park, tenant: String(tenant) }],
    })
    const feed = async (tenant: Types.ObjectId) =>
      (await feedEvents({ park: await parkOf(park), token: person, who: who(tenant) } as never, 's')).events.length
    expect((await member.get(bookingPath(booking))).status).to.equal(200)
    expect(await feed(booking.holder.tenant!)).to.equal(1)
    await leave()
    expect((await member.get(bookingPath(booking))).status).to.equal(404)
    expect(await feed(new Types.ObjectId())).to.equal(0)
    const before = new Set((await Mail.find().lean()).map(mail => String(mail._id)))
    await announce(await parkOf(park), booking, 'moved', BY)
    const told = (await Mail.find().lean()).filter(mail => !before.has(String(mail._id))).map(mail => mail.to)
    expect(told).to.include(await mailOf(owner.userId))
    expect(told).to.not.include(await mailOf(member.userId))
  })

  it('count the contact only where no company holds it', () => {
    const [me, tenant] = [new Types.ObjectId(), new Types.ObjectId()]
    const viewer: Viewer = { id: String(me), desk: false, staff: false, tenants: [], applicant: false, mayBook: true }
    const [alone, company] = [
      { tenant: null, user: null },
      { tenant, user: null },
    ]
    expect([isOwn(viewer, alone, me), isOwn(viewer, company, me)]).to.deep.equal([true, false])
    expect([isOwnClaim(viewer, { tenant: null, user: me }), isOwnClaim(viewer, { tenant, user: me })]).to.deep.equal([true, false])
    expect(isOwn({ ...viewer, tenants: [String(tenant)] }, company, null)).to.equal(true)
    expect(ownFilter('p', viewer)['$or']).to.deep.include({ contact: me, 'holder.tenant': null })
  })

  it('offer no student terms to a founder whose company moved in', async () => {
    const park = await parkOf((await buildPark())._id)
    const tenant = String((await buildTenant(park._id))._id)
    const founder = { role: 'applicant', park: park._id, tenant: null }
    const req = (grants: object[]) => ({ me: { id: String(new Types.ObjectId()), grants }, park }) as never
    const both = req([founder, { role: 'owner', park: park._id, tenant }])
    expect([viewerOf(req([founder])).applicant, viewerOf(both).applicant]).to.deep.equal([true, false])
    expect(await classesSeen(req([founder]))).to.deep.equal(['student'])
    expect(await classesSeen(both)).to.deep.equal(['tenant'])
  })

  it('refuse a request for what is taken, and let requests overlap', async () => {
    const room = await buildRoom()
    const place = (from: number, to: number) => ({ room, pieces: piecesOf({ day: inDays(1), from, to }, 0, 0, 'Asia/Shanghai') })
    await requestRoom(place(540, 600), body())
    await requestRoom(place(540, 600), body())
    await claimRoom(place(600, 660), body())
    expect(await refusalOf(requestRoom(place(630, 690), body()))).to.deep.equal(['error.room.taken', '10:00', '11:00'])
    const day = await RoomDay.findOne({ park: room.park, day: inDays(1) })
      .orFail()
      .lean()
    expect([day.claims.length, day.requests.length]).to.deep.equal([1, 2])
  })

  it('name wall times where the clocks change, and buffers elsewhere', async () => {
    const room = await buildRoom()
    const place = (day: string, buffer: number) => ({
      room,
      pieces: piecesOf({ day, from: 540, to: 600 }, buffer, buffer, 'Europe/London'),
    })
    for (const day of ['2027-03-28', '2027-10-31']) {
      await claimRoom(place(day, 0), body())
      expect(await refusalOf(claimRoom(place(day, 0), body())), day).to.deep.equal(['error.room.taken', '09:00', '10:00'])
    }
    await claimRoom(place('2027-06-01', 15), body())
    expect(await refusalOf(claimRoom(place('2027-06-01', 15), body()))).to.deep.equal(['error.room.taken', '08:45', '10:15'])
  })

  it('use up free minutes that really pass', () => {
    const night = (day: string) => monthsOf({ day, from: 0, to: 240 }, 'Europe/London')
    expect(night('2027-03-28')).to.deep.equal([{ month: '2027-03', minutes: 180 }])
    expect(night('2027-10-31')).to.deep.equal([{ month: '2027-10', minutes: 300 }])
  })

  it('get no more free hours by becoming one', async () => {
    const park = (await buildPark(undefined, { settings: { freeMinutes: { tenant: 600, student: 0 } } as never }))._id
    const [gone, kept] = [await buildTenant(park), await buildTenant(park)]
    const month = inDays(1).slice(0, 7)
    for (const { _id } of [gone, kept]) await Allowance.create([{ park, holder: `tenant:${_id}`, month, granted: 600, used: 500 }])
    await mergeTenants(park, kept._id, gone._id, BY)
    const holder = await holderOf(park, kept._id)
    const merged = await Allowance.findOne({ park, holder: `tenant:${kept._id}`, month })
      .orFail()
      .lean()
    expect([merged.granted, merged.used, merged.excess]).to.deep.equal([600, 1000, 400])
    expect(await leftIn(await parkOf(park), holder, month)).to.equal(0)
    await Allowance.updateOne({ park, _id: merged._id }, { $inc: { used: -500 } })
    expect(await leftIn(await parkOf(park), holder, month)).to.equal(100)
  })
})
