import { expect } from 'chai'
import { Booking, bookingPath } from '../../src/rooms/booking.ts'
import { WaitEntry } from '../../src/rooms/waitlist.ts'
import { tendWaitlists } from '../../src/rooms/waitlist-job.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { Visitor } from '../setup/visitor.ts'
import { expectSound } from './closure-soundness.ts'
import { scene } from './waiting.ts'

describe('the waitlist, in two processes', function () {
  this.timeout(120_000)
  const uri = useDatabase()
  let second: Running
  before(async () => {
    second = await startServer(uri())
  })
  after(() => second?.stop())

  it('accepted many times at once, in two processes, is one booking', async () => {
    const { park, joinAs, list, wait, cancel, now } = await scene()
    const [here, there] = [await joinAs(), await joinAs(new Visitor(second.url))]
    const desk = await signedInAs('manager', { park }, new Visitor(second.url))
    const entry = await wait(here)
    await cancel()
    await Promise.all([desk.token(), there.token()])
    const path = `${list}/${entry._id}/acceptance`
    const answers = await Promise.all([here.post(path), desk.post(path), here.post(path), desk.post(path), there.post(path)])
    expect(answers.map(answer => answer.status).sort()).to.deep.equal([303, 404, 409, 409, 409])
    expect(await Booking.countDocuments({ park, state: 'confirmed' })).to.equal(1)
    expect((await now(entry)).state).to.equal('taken')
    await expectSound(park)
  })

  it('offers once, however many give back and ask at the same moment', async () => {
    const { park, owner, booking, joinAs, list, wish, wait, mails } = await scene()
    const people = [await joinAs(), await joinAs(new Visitor(second.url)), await joinAs(), await joinAs(new Visitor(second.url))]
    for (const who of people) await wait(who)
    await Promise.all([owner.token(), ...people.map(who => who.token())])
    await Promise.all([
      owner.post(`${bookingPath(booking)}/cancellation`),
      tendWaitlists(),
      ...people.slice(2).map(who => who.post(`/parks/${park}/bookings`, wish())),
      tendWaitlists(),
    ])
    await tendWaitlists()
    const offered = await WaitEntry.find({ park, state: 'offered' }).lean()
    const booked = await Booking.countDocuments({ park, state: 'confirmed' })
    expect(offered.length + booked).to.equal(1)
    expect(await mails('offered')).to.equal(offered.length)
    const answers = await Promise.all(people.flatMap(who => offered.map(one => who.post(`${list}/${one._id}/acceptance`))))
    expect(answers.filter(answer => answer.status === 303)).to.have.length(offered.length)
    await expectSound(park)
  })
})
