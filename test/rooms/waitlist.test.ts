import { expect } from 'chai'
import { setClock } from '../../src/lib/clock.ts'
import { addDays } from '../../src/lib/days.ts'
import { instantAt } from '../../src/lib/wall.ts'
import { Booking, bookingPath } from '../../src/rooms/booking.ts'
import { releaseNoShows } from '../../src/rooms/release.ts'
import { WaitEntry } from '../../src/rooms/waitlist.ts'
import { tendWaitlists } from '../../src/rooms/waitlist-job.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildBooking } from '../setup/rooms.ts'
import { expectSound } from './closure-soundness.ts'
import { day, scene } from './waiting.ts'

describe('the waitlist', function () {
  this.timeout(120_000)
  useDatabase()

  it('offers the time to who waits once it is free, keeps it, and books it on one press (CASE 19)', async () => {
    const { park, owner, joinAs, list, wish, wait, cancel, now, mails, offers } = await scene()
    const waiting = await joinAs()
    const entry = await wait(waiting)
    expect((await waiting.get(list)).text).to.include('Talk of ours')
    expect([entry.state, await offers()]).to.deep.equal(['waiting', 0])
    await cancel()
    expect([(await now(entry)).state, await mails('offered'), await offers()]).to.deep.equal(['offered', 1, 1])
    await expectSound(park)
    // Nobody else gets it meanwhile, not even who gave it back; nor learns who has it.
    const refused = await owner.post(`/parks/${park}/bookings`, wish(540, 660))
    expect(refused.status).to.equal(409)
    expect(refused.text).to.not.include('Talk of ours<')
    expect((await owner.get(list)).text).to.not.include('Talk of ours')
    const accepted = await waiting.post(`${list}/${entry._id}/acceptance`)
    expect(accepted.status).to.equal(303)
    const made = (await Booking.findOne({ park, state: 'confirmed' }).lean())!
    expect(accepted.headers['location']).to.equal(bookingPath(made))
    expect([made.from, made.to, made.title, String(made.holder.tenant)]).to.deep.equal([540, 600, 'Talk of ours', String(waiting.tenant)])
    expect([(await now(entry)).state, await offers()]).to.deep.equal(['taken', 0])
    // The rest of what was given back is anybody's.
    expect((await owner.post(`/parks/${park}/bookings`, wish(600, 660))).status).to.equal(303)
    await expectSound(park)
  })

  it('offers to one party at a time: the next has it when the first declines or doesn’t answer', async () => {
    const { park, joinAs, list, wait, cancel, now, mails, offers } = await scene()
    const people = [await joinAs(), await joinAs(), await joinAs()]
    const [first, second, third] = [await wait(people[0]!), await wait(people[1]!, 570, 630), await wait(people[2]!, 540, 570)]
    await cancel()
    const states = async () => [(await now(first)).state, (await now(second)).state, (await now(third)).state]
    expect(await states()).to.deep.equal(['offered', 'waiting', 'waiting'])
    expect((await people[1]!.post(`${list}/${second._id}/acceptance`)).status).to.equal(409)
    expect((await people[1]!.post(`${list}/${first._id}/acceptance`)).status).to.equal(404)
    expect((await people[0]!.post(`${list}/${first._id}/refusal`)).status).to.equal(303)
    // The other two don't meet each other: both have their time.
    expect(await states()).to.deep.equal(['withdrawn', 'offered', 'offered'])
    expect([await mails('offered'), await offers()]).to.deep.equal([3, 1])
    await expectSound(park)
  })

  it('counts an offer that ran out for nothing, with no job having run; the job passes it on', async () => {
    const { park, owner, joinAs, list, wish, wait, cancel, now, mails } = await scene()
    const [one, two, three] = [await joinAs(), await joinAs(), await joinAs()]
    const [first, second] = [await wait(one), await wait(two)]
    await cancel()
    const { until } = (await now(first)).offer!
    setClock(new Date(until.getTime() + 1000))
    expect((await one.post(`${list}/${first._id}/acceptance`)).status).to.equal(409)
    await tendWaitlists()
    await tendWaitlists()
    expect([(await now(first)).state, (await now(second)).state]).to.deep.equal(['lapsed', 'offered'])
    expect([await mails('lapsed'), await mails('offered')]).to.deep.equal([1, 2])
    await expectSound(park)
    setClock(new Date((await now(second)).offer!.until.getTime() + 1000))
    expect((await three.post(`/parks/${park}/bookings`, wish())).status).to.equal(303)
    await tendWaitlists()
    expect((await now(second)).state).to.equal('lapsed')
    expect((await owner.post(`/parks/${park}/bookings`, wish())).status).to.equal(409)
    await expectSound(park)
  })

  it('never offers what has begun or isn’t wholly free, and lets such entries lapse', async () => {
    const { park, room, joinAs, wait, cancel, now, mails } = await scene()
    const waiting = await joinAs()
    const long = await wait(waiting, 600, 720)
    const { booking: other } = await buildBooking({ room, day, from: 690, to: 720 })
    await cancel()
    expect((await now(long)).state).to.equal('waiting')
    setClock(instantAt(day, 605, 'Asia/Shanghai'))
    const manager = await signedInAs('manager', { park })
    await manager.post(`${bookingPath(other)}/cancellation`)
    expect((await Booking.findOne({ park, _id: other._id }).lean())!.state).to.equal('cancelled')
    expect((await now(long)).state).to.equal('waiting')
    await tendWaitlists()
    expect([(await now(long)).state, await mails('offered')]).to.deep.equal(['lapsed', 0])
    await expectSound(park)
  })

  it('ends an offer at the start, or where the notice of the rule does', async () => {
    const { joinAs, wait, cancel, now } = await scene({ rule: { notice: 60 } })
    const entry = await wait(await joinAs())
    setClock(instantAt(day, 470, 'Asia/Shanghai'))
    await cancel()
    expect((await now(entry)).offer!.until).to.deep.equal(instantAt(day, 480, 'Asia/Shanghai'))
    const late = await scene({ rule: { notice: 60 } })
    setClock(null)
    const other = await late.wait(await late.joinAs())
    setClock(instantAt(day, 485, 'Asia/Shanghai'))
    await late.cancel()
    expect((await late.now(other)).state).to.equal('waiting')
  })

  it('hears of whatever gives time back: moved, ended early, released', async () => {
    const { park, room, owner, booking, joinAs, wait, now } = await scene({ release: 15 })
    const waiting = await joinAs()
    const early = await wait(waiting, 540, 600)
    const moved = { room: String(room._id), day, from: '13:00', to: '15:00', version: '0' }
    expect((await owner.post(`${bookingPath(booking)}/move`, moved)).status).to.equal(303)
    expect((await now(early)).state).to.equal('offered')
    const late = await wait(waiting, 840, 900)
    setClock(instantAt(day, 790, 'Asia/Shanghai'))
    expect((await owner.post(`${bookingPath(booking)}/end`)).status).to.equal(303)
    expect((await now(late)).state).to.equal('offered')
    await expectSound(park)
    setClock(null)
    const released = await scene({ release: 15 })
    const next = await released.wait(await released.joinAs(), 600, 660)
    setClock(instantAt(day, 556, 'Asia/Shanghai'))
    await releaseNoShows()
    expect((await released.now(next)).state).to.equal('offered')
    await expectSound(released.park)
  })

  it('lets nobody wait for a time at which the room is closed', async () => {
    const { park, room, joinAs, list, wish, offers } = await scene()
    const manager = await signedInAs('manager', { park })
    const closing = { rooms: String(room._id), day, from: '11:00', to: '12:00', reasonZh: 'Repair' }
    expect((await manager.post(`/parks/${park}/rooms/blackouts`, closing)).status).to.equal(303)
    expect((await (await joinAs()).post(list, wish(600, 690))).status).to.equal(409)
    expect([await WaitEntry.countDocuments({ park }), await offers()]).to.deep.equal([0, 0])
  })

  it('refuses what needs no waiting, waiting twice, and what the rule refuses', async () => {
    const { park, joinAs, list, wish, wait } = await scene()
    const waiting = await joinAs()
    expect((await waiting.post(list, wish(660, 720))).status).to.equal(409)
    expect((await waiting.post(list, wish(545, 600))).status).to.equal(422)
    expect((await waiting.post(list, wish(540, 600, { people: '500' }))).status).to.equal(422)
    expect((await waiting.post(list, wish(540, 600, { title: '' }))).status).to.equal(422)
    expect((await waiting.post(list, wish(540, 600, { day: addDays(day, 200) }))).status).to.equal(422)
    const entry = await wait(waiting)
    expect((await waiting.post(list, wish())).status).to.equal(409)
    expect((await waiting.post(`${list}/${entry._id}/withdrawal`)).status).to.equal(303)
    expect((await waiting.post(`${list}/${entry._id}/withdrawal`)).status).to.equal(409)
    expect((await waiting.post(list, wish())).status).to.equal(303)
    expect(await WaitEntry.countDocuments({ park })).to.equal(2)
  })

  it('lets the desk join for a party without an account, and tells the desk', async () => {
    const { park, list, wish, cancel, mails } = await scene()
    const desk = await signedInAs('reception', { park })
    const party = { for: 'outside', partyName: 'A club', partyPhone: '0571-88889999' }
    expect((await desk.post(list, wish(540, 600, party))).status).to.equal(303)
    await cancel()
    expect(await mails('desk.offered')).to.equal(1)
    const entry = (await WaitEntry.findOne({ park }).lean())!
    expect((await desk.post(`${list}/${entry._id}/acceptance`)).status).to.equal(303)
    expect((await Booking.findOne({ park, state: 'confirmed' }).lean())!.holder.name).to.equal('A club')
    await expectSound(park)
  })
})
