import { expect } from 'chai'
import mongoose, { Types } from 'mongoose'
import type { Attendee } from '../../src/events/attendee.ts'
import { checks } from '../../src/events/checks.ts'
import type { Event } from '../../src/events/event.ts'
import { useDatabase } from '../setup/database.ts'
import { buildEvent, findings, joinEvent } from '../setup/events.ts'

/** What the doctor says of events that somebody changed behind the product's back: it names the record. */
describe('the doctor of events', () => {
  useDatabase()
  let event: Event
  let guest: Attendee

  before(async () => {
    event = await buildEvent({ capacity: 2 })
    guest = (await joinEvent(event)).attendee
  })
  afterEach(async () => expect(await findings()).to.deep.equal([]))

  async function named(): Promise<string[]> {
    const found: string[] = []
    for (const check of checks) await check.run((_message, subject) => found.push(String(subject?.id)))
    return found
  }

  const DAMAGES: [what: string, collection: 'events' | 'attendees', fields: () => Record<string, unknown>, names: 'event' | 'guest'][] = [
    ['places that are miscounted', 'events', () => ({ taken: 0 }), 'event'],
    ['more people than places', 'events', () => ({ capacity: 0 }), 'event'],
    ['people of a draft', 'events', () => ({ state: 'draft' }), 'event'],
    ['a beginning that isn’t the first session’s', 'events', () => ({ startsAt: new Date() }), 'event'],
    ['somebody who waits while a place is free', 'attendees', () => ({ state: 'waiting', turn: 1 }), 'event'],
    ['a number in the line of who has a place', 'attendees', () => ({ turn: 1 }), 'guest'],
    ['a session there isn’t', 'attendees', () => ({ checkIns: [{ session: new Types.ObjectId(), at: new Date() }] }), 'guest'],
    ['a phone that could be taken twice', 'attendees', () => ({ keys: [] }), 'guest'],
    ['a tenant who isn’t there', 'attendees', () => ({ tenant: new Types.ObjectId() }), 'guest'],
    ['a number that leaves a gap', 'attendees', () => ({ certificate: { number: `${event.park.toUpperCase()}-2026-0007` } }), 'guest'],
    ['an event that isn’t there', 'attendees', () => ({ event: new Types.ObjectId() }), 'guest'],
  ]
  for (const [what, name, fields, names] of DAMAGES)
    it(`names ${what}`, async () => {
      const collection = mongoose.connection.collection(name)
      const _id = (name === 'events' ? event : guest)._id
      const before = await collection.findOne({ _id })
      await collection.updateOne({ _id }, { $set: fields() })
      const found = await named()
      await collection.replaceOne({ _id }, before!)
      expect(found).to.include(String((names === 'event' ? event : guest)._id))
    })
})
