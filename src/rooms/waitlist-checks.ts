import type { Check, Report, Subject } from '../lib/check.ts'
import { eachRecord, everyPark } from '../parks/each.ts'
import { Tenant } from '../tenants/tenant.ts'
import { Booking } from './booking.ts'
import { Room } from './room.ts'
import { RoomDay } from './room-day.ts'
import { WaitEntry } from './waitlist.ts'

/** What must hold of waitlists: an offer holds its room, nothing else does, and what was taken is a booking. */
const subjectOf = ({ park, _id, roomName, day }: WaitEntry): Subject => ({
  park,
  kind: 'waitlist',
  id: _id,
  label: `${roomName.zh} ${day}`,
})

async function checkEntry(entry: WaitEntry, report: Report): Promise<void> {
  const { park, _id, state, offer, booking } = entry
  const tell = (message: string) => report(message, subjectOf(entry))
  const claim = { kind: 'offer', ref: _id, room: entry.room }
  const held = (await RoomDay.find({ park, claims: { $elemMatch: claim } }, { day: 1 }).lean()).map(row => row.day).sort()
  const wanted = state === 'offered' ? [...(offer?.days ?? [])].sort() : []
  if (held.join() !== wanted.join()) tell(`is ${state} and holds [${held}], not [${wanted}]`)
  if (state === 'offered' && !offer) tell('is offered until no time')
  if (state === 'taken' && !(booking && (await Booking.exists({ park, _id: booking, root: entry.root }))))
    tell('was taken and is no booking')
  if (!(await Room.exists({ park, _id: entry.room }))) tell(`is of room ${entry.room}, which isn’t there`)
  const { tenant } = entry.holder
  if (tenant && !(await Tenant.exists({ park, _id: tenant, mergedInto: null }))) tell(`is of tenant ${tenant}, who isn’t there`)
}

async function checkClaims(report: Report): Promise<void> {
  for (const { _id: park } of await everyPark())
    for await (const { _id, day, claims } of RoomDay.find({ park, 'claims.kind': 'offer' }).lean().cursor())
      for (const { ref } of claims.filter(one => one.kind === 'offer'))
        if (!(await WaitEntry.exists({ park, _id: ref, state: 'offered', 'offer.days': day })))
          report(`is kept for ${ref}, who has no offer`, { park, kind: 'roomday', id: _id, label: day })
}

export const waitChecks: Check[] = [
  { name: 'Offers hold exactly their time', run: report => eachRecord<WaitEntry>(WaitEntry, entry => checkEntry(entry, report)) },
  { name: 'What is kept belongs to an offer', run: checkClaims },
]
