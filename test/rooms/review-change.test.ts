import { expect } from 'chai'
import { Types } from 'mongoose'
import { Charge } from '../../src/billing/charge.ts'
import { setClock } from '../../src/lib/clock.ts'
import { addDays, today } from '../../src/lib/days.ts'
import { instantAt } from '../../src/lib/wall.ts'
import { Park } from '../../src/parks/park.ts'
import { Booking } from '../../src/rooms/booking.ts'
import { endEarly, extendBooking, moveBooking } from '../../src/rooms/change.ts'
import { checkIn } from '../../src/rooms/check-in.ts'
import { approveBooking } from '../../src/rooms/decide.ts'
import type { Room } from '../../src/rooms/room.ts'
import { judge } from '../../src/rooms/series-plan.ts'
import type { Slot } from '../../src/rooms/slot.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, inDays, OTHER } from '../setup/factories.ts'
import { buildBooking, buildRoom } from '../setup/rooms.ts'
import { expectSoundRooms } from './soundness.ts'

/** What moving, ending and extending must not get round: approval, fees, what was ordered and agreed. */
const ZONE = 'Asia/Shanghai'

describe('moving and lengthening a booking', () => {
  useDatabase()
  afterEach(() => setClock(null))

  const parkOf = async (slug: string) => (await Park.findById(slug).orFail().lean()) as Park
  const at = (day: string, minute: number) => setClock(instantAt(day, minute, ZONE))
  const refused = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      error => error.problem?.key ?? error.message,
    )

  async function scene(rule: Parameters<typeof buildRoom>[0] = {}, options: Partial<Parameters<typeof buildBooking>[0]> = {}) {
    const park = await buildPark()
    const room = await buildRoom({ park: park._id, ...rule })
    const { booking } = await buildBooking({ room, day: inDays(3), ...options })
    return { park: await parkOf(park._id), room, booking }
  }

  const move = (park: Park, booking: Booking, wanted: Partial<Slot>, room: Room | null = null, desk = false, by = BY) => {
    const { day, from, to } = { ...booking, ...wanted }
    return moveBooking(park, booking._id, { room: room?._id ?? null, slot: { day, from, to }, version: null, desk }, by)
  }

  it('asks for approval again where the rule wants it, and not where less of the same is kept', async () => {
    const { park, room, booking } = await scene({ rule: { approval: true } })
    const approved = await approveBooking(park, booking._id, OTHER)
    expect((await move(park, approved, { day: inDays(3), from: 540, to: 570 })).state).to.equal('confirmed')
    const moved = await move(park, approved, { day: inDays(4), from: 540, to: 1020 })
    expect([moved.state, moved.decided]).to.deep.equal(['pending', null])
    await expectSoundRooms(park._id, 600)
    const free = await buildRoom({ park: park._id })
    const plain = await buildBooking({ room: free, day: inDays(5) })
    expect((await move(park, plain.booking, { day: inDays(5) }, room)).state).to.equal('pending')
    expect((await move(park, moved, { day: inDays(6) }, free)).state).to.equal('confirmed')
    await expectSoundRooms(park._id, 600)
  })

  it('lets the desk decide by moving, but not on what is its own', async () => {
    const { park, room } = await scene({ rule: { approval: true } })
    const free = await buildRoom({ park: park._id })
    const one = await buildBooking({ room: free, day: inDays(5) })
    expect((await move(park, one.booking, { day: inDays(5) }, room, true, OTHER)).state).to.equal('confirmed')
    const two = await buildBooking({ room: free, day: inDays(6) })
    expect((await move(park, two.booking, { day: inDays(6) }, room, true, BY)).state).to.equal('pending')
  })

  it('is no way round the fee of cancelling', async () => {
    const rule = { price: 10_000, cancelBefore: 1440, cancelPercent: 100, horizon: 60 }
    const { park, booking } = await scene({ rule }, { from: 540, to: 960 })
    at(booking.day, 530)
    expect(await refused(move(park, booking, { day: addDays(booking.day, 20), from: 540, to: 570 }))).to.equal('error.booking.moveDeadline')
    expect(await refused(move(park, booking, { day: booking.day, from: 540, to: 570 }))).to.equal('error.booking.moveDeadline')
    const elsewhere = await buildRoom({ park: park._id })
    expect(await refused(move(park, booking, { day: booking.day }, elsewhere))).to.equal('error.booking.moveDeadline')
    expect((await move(park, booking, { day: booking.day, from: 540, to: 1020 })).cost.total).to.equal(80_000)
    await expectSoundRooms(park._id, 600)
  })

  it('takes what was ordered along, by the hours it lasts', async () => {
    const extras = [{ code: 'mic', name: { zh: 'Mic' }, per: 'hour' as const, fen: 5_000 }]
    const { park, booking } = await scene({ extras } as never, { extras: [{ code: 'mic', count: 1 }], from: 540, to: 570 })
    expect(booking.cost.total).to.equal(2_500)
    const longer = await move(park, booking, { from: 540, to: 1020 })
    expect(longer.cost).to.deep.include({ extras: 40_000, total: 40_000 })
    const bare = await buildRoom({ park: park._id })
    expect(await refused(move(park, longer, {}, bare))).to.equal('error.room.noExtra')
    await expectSoundRooms(park._id, 600)
  })

  it('is judged in a series as it is moved: what was ordered, and whether somebody must decide again', async () => {
    const extras = [{ code: 'mic', name: { zh: 'Mic' }, per: 'hour' as const, fen: 5_000 }]
    const { park, room, booking } = await scene({ extras } as never, { extras: [{ code: 'mic', count: 1 }], from: 540, to: 570 })
    const strict = await buildRoom({ park: park._id, rule: { approval: true }, extras } as never)
    const judged = async (where: Room, slot: Slot) => {
      const line = { day: booking.day, room: where, slot, choice: 'change' as const, booking }
      const [one] = await judge(park, [line], { by: BY, holder: booking.holder, people: null, extras: [], desk: false })
      return one!
    }
    const slot = { day: booking.day, from: 540, to: 1020 }
    const [stays, goes] = [await judged(room, slot), await judged(strict, slot)]
    expect([stays.cost!.total, stays.approval, goes.approval]).to.deep.equal([40_000, false, true])
    const moved = await move(park, booking, slot)
    expect(moved.cost).to.deep.equal(stays.cost)
    expect((await move(park, moved, slot, strict)).state).to.equal('pending')
  })

  it('keeps what was agreed when it is ended before its time: that one isn’t lengthened any more', async () => {
    const { park, booking } = await scene({ rule: { price: 10_000 } }, { from: 360, to: 600 })
    at(booking.day, 597)
    await endEarly(park, booking._id, BY)
    expect(await refused(extendBooking(park, booking._id, 630, BY))).to.equal('error.booking.notRunning')
    const charges = await Charge.find({ park: park._id, 'source.ref': booking._id }).lean()
    expect(charges.reduce((sum, charge) => sum + charge.fen, 0)).to.equal(40_000)
  })

  it('forgets who was there for another time', async () => {
    const { park, booking } = await scene()
    at(booking.day, 530)
    await checkIn(park, booking._id, BY)
    const moved = await move(park, booking, { day: addDays(booking.day, 7) })
    expect((await Booking.findOne({ park: park._id, _id: new Types.ObjectId(String(moved._id)) }).lean())!.checkedIn).to.equal(null)
    await expectSoundRooms(park._id, 600)
  })

  it('is lengthened on the steps of today, and tells who is invited', async () => {
    const { park, room, booking } = await scene({ rule: { step: 60 } })
    const { Room: Rooms } = await import('../../src/rooms/room.ts')
    await Rooms.updateOne({ park: park._id, _id: room._id }, { $set: { 'rules.$[].step': 15 } })
    const moved = await move(park, booking, { from: 555, to: 615 })
    at(moved.day, 560)
    expect((await extendBooking(park, moved._id, 630, BY)).to).to.equal(630)
    expect(today(ZONE)).to.equal(moved.day)
  })
})
