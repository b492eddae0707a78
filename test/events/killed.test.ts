import { expect } from 'chai'
import { Attendee } from '../../src/events/attendee.ts'
import { placePath } from '../../src/events/secrets.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { giveUpOrphans } from '../concurrency/orphans.ts'
import { useDatabase } from '../setup/database.ts'
import { attendeeNow, buildEvent, eventNow, findings, joinEvent, someone } from '../setup/events.ts'
import { type Running, startServer } from '../setup/processes.ts'
import { Visitor } from '../setup/visitor.ts'

/** kill -9 of a server in the middle of sign-ups and of places given back, each of which moves the waiting line up (CASES 32). */
const KILLS = process.env['LONG'] ? [1, 2, 3, 4, 5, 6, 7, 8] : [2, 5]
const PLACES = 4

describe('a server killed while people sign up and give their places back (CASES 32)', function () {
  this.timeout(process.env['LONG'] ? 600_000 : 180_000)
  const uri = useDatabase()
  const servers: Running[] = []
  after(() => Promise.all(servers.map(server => server.stop())))

  for (const answers of KILLS)
    it(`leaves whole places and a whole line, and all it acknowledged: ${answers} answers`, async () => {
      const event = await buildEvent({ capacity: PLACES })
      const going = []
      for (let i = 0; i < PLACES; i++) going.push(await joinEvent(event))
      for (let i = 0; i < PLACES; i++) await joinEvent(event)
      const victim = await startServer(uri())
      servers.push(victim)
      const hands = await Promise.all(Array.from({ length: 2 * PLACES }, () => new Visitor(victim.url)))
      for (const hand of hands) await hand.token()
      const newcomers = Array.from({ length: PLACES }, () => someone())
      const gone = new Promise(resolve => victim.child.once('exit', resolve))
      let answered = 0
      const send = async (hand: Visitor, path: string, fields: Record<string, string>): Promise<boolean> => {
        const status = await hand.post(path, fields).then(
          answer => answer.status,
          () => null,
        )
        if (status === null) return false
        expect(status, path).to.equal(303)
        answered += 1
        if (answered >= answers) victim.child.kill('SIGKILL')
        return true
      }
      const signedUp = newcomers.map(({ name, phone, email }, i) =>
        send(hands[i]!, `/parks/${event.park}/events/${event.code}/attendees`, { name, phone: phone!, email: email!, consent: 'on' }),
      )
      const givenBack = going.map(({ token }, i) => send(hands[PLACES + i]!, `${placePath(event.park, token)}/cancellation`, {}))
      const [joined, left] = [await Promise.all(signedUp), await Promise.all(givenBack)]
      await gone
      await giveUpOrphans()

      expect(await findings(), 'places, line and people say the same').to.deep.equal([])
      for (const [i, { email }] of newcomers.entries()) {
        const found = await Attendee.countDocuments({ park: event.park, event: event._id, email })
        expect(found, `newcomer ${i}`).to.be.within(joined[i] ? 1 : 0, 1)
        expect(await Mail.countDocuments({ to: email! }), 'their mail').to.equal(found)
      }
      for (const [i, { attendee }] of going.entries()) {
        const { state } = await attendeeNow(attendee)
        if (left[i]) expect(state, `place ${i}`).to.equal('cancelled')
      }
      const { taken, waiting } = await eventNow(event)
      const count = (state: Attendee['state']) => Attendee.countDocuments({ park: event.park, event: event._id, state })
      expect([taken, waiting]).to.deep.equal([await count('going'), await count('waiting')])
      // Nobody waits while a place is free.
      expect(taken === PLACES || waiting === 0).to.equal(true)
    })
})
