import { expect } from 'chai'
import fc from 'fast-check'
import '../../src/events/follow-rooms.ts'
import { createEvent, editEvent, setRoom } from '../../src/events/programme.ts'
import { slotFor } from '../../src/events/room-slot.ts'
import { Booking } from '../../src/rooms/booking.ts'
import { cancelBooking } from '../../src/rooms/cancel.ts'
import { moveBooking } from '../../src/rooms/change.ts'
import { useDatabase } from '../setup/database.ts'
import { buildEvent, eventNow, factsOf, findings, roomWishes, sessionOn } from '../setup/events.ts'
import { BY, buildPark, OTHER } from '../setup/factories.ts'
import { parkOf } from '../setup/mentoring.ts'
import { buildRoom } from '../setup/rooms.ts'
import { settled } from '../setup/settled.ts'

describe('rooms of events under many hands', () => {
  useDatabase()
  afterEach(async () => expect(await findings()).to.deep.equal([]))

  it('takes one room once, whoever asks for it: twelve events at once', async () => {
    const room = await buildRoom()
    const park = await parkOf(room.park)
    const tries = Array.from({ length: 12 }, (_, i) => {
      const facts = factsOf({ sessions: [sessionOn(4, { from: 600 + i * 5, to: 720 + i * 5 })] })
      return createEvent(park, `crowd-${i}`, facts, BY, roomWishes([facts.sessions[0]!, room._id]))
    })
    expect(await settled(tries)).to.equal(1)
    expect(await Booking.countDocuments({ park: park._id })).to.equal(1)
  })

  it('finds a slot in the room’s steps that covers the session, whatever the step', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1380 }),
        fc.integer({ min: 5, max: 60 }),
        fc.constantFrom(5, 15, 30, 60),
        (from, length, step) => {
          const to = Math.min(1440, from + length)
          const slot = slotFor({ day: '2026-12-01', from, to }, step)
          expect(slot.from % step || slot.to % step).to.equal(0)
          expect(slot.from <= from && slot.to >= to && from - slot.from < step && slot.to - to < step).to.equal(true)
          const again = slotFor({ day: '2026-12-02', from, to }, step, { session: { day: '2026-12-01', from, to }, booking: slot })
          expect([again.from, again.to]).to.deep.equal([slot.from, slot.to])
        },
      ),
    )
  })

  it('stays sound whatever is done in whatever order on both sides', async function () {
    this.timeout(120_000)
    const step = fc.record({ what: fc.constantFrom('move', 'room', 'none', 'cancel', 'shift'), n: fc.integer({ min: 0, max: 9 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 5 }), async rounds => {
        const slug = (await buildPark())._id
        const park = await parkOf(slug)
        const rooms = [await buildRoom({ park: slug }), await buildRoom({ park: slug })]
        const events = [
          await buildEvent({ park: slug, sessions: [sessionOn(3)] }),
          await buildEvent({ park: slug, sessions: [sessionOn(3)] }),
        ]
        const run = async ({ what, n }: { what: string; n: number }) => {
          const event = await eventNow(events[n % 2]!)
          const [session] = event.sessions
          if (what === 'move') {
            const from = 540 + 30 * n
            return editEvent(park, event.code, event.version, { ...event, sessions: [{ ...session!, from, to: from + 90 }] }, BY)
          }
          if (what === 'room' || what === 'none') {
            const room = what === 'room' ? rooms[n % 2]!._id : null
            return setRoom(park, event.code, session!._id, { version: event.version, room, desk: true }, BY)
          }
          if (!session!.booking) return null
          if (what === 'cancel') return cancelBooking(park, session!.booking, { reason: null, shown: null }, OTHER)
          const slot = { day: session!.day, from: session!.from - 30, to: session!.to + 30 * (n % 3) - 30 }
          return moveBooking(park, session!.booking, { room: rooms[n % 2]!._id, slot, version: null, desk: true }, OTHER)
        }
        for (const round of rounds) {
          await settled(round.map(run)).catch(error => {
            if (error.status !== 404) throw error
          })
          expect(await findings()).to.deep.equal([])
        }
      }),
      { numRuns: 8 },
    )
  })
})
