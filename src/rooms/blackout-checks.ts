import type { Check, Report, Subject } from '../lib/check.ts'
import { dayAfter, FOREVER, today } from '../lib/days.ts'
import { everyPark } from '../parks/each.ts'
import { Blackout, blackoutPieces } from './blackout.ts'
import { Room } from './room.ts'
import { RoomDay } from './room-day.ts'

/** What must hold of closed rooms: closures hold exactly their time, and what is closed says why. */
const subjectOf = ({ park, _id, reason }: Blackout): Subject => ({ park, kind: 'blackout', id: _id, label: reason.zh })

/** Room, day and times of everything a blackout holds, as one text. */
async function heldBy({ park, _id }: Blackout): Promise<string[]> {
  const days = await RoomDay.find({ park, 'claims.ref': _id }).lean()
  return days.flatMap(({ day, claims }) => claims.filter(one => one.ref.equals(_id)).map(one => [one.room, day, one.from, one.to].join()))
}

async function checkHeld(report: Report): Promise<void> {
  for (const { _id: park, zone } of await everyPark())
    for await (const row of Blackout.find({ park }).lean().cursor()) {
      const blackout = row as Blackout
      const until = blackout.state === 'removed' ? blackout.removed!.on : FOREVER
      const pieces = blackoutPieces(blackout, zone).filter(piece => piece.day < until)
      const wanted = blackout.rooms.flatMap(room => pieces.map(piece => [room, piece.day, piece.from, piece.to].join())).sort()
      const held = (await heldBy(blackout)).sort()
      if (held.join(' ') !== wanted.join(' '))
        report(`is ${blackout.state} and holds ${held.length} times, not its ${wanted.length}`, subjectOf(blackout))
    }
}

async function checkClaims(report: Report): Promise<void> {
  for (const { _id: park } of await everyPark())
    for await (const { _id, day, claims } of RoomDay.find({ park, 'claims.kind': 'blackout' }).lean().cursor())
      for (const { ref } of claims.filter(one => one.kind === 'blackout')) {
        const known = (await Blackout.exists({ park, _id: ref })) ?? (await Room.exists({ park, _id: ref, activeTo: { $lt: day } }))
        if (!known) report(`is closed by ${ref}, which isn’t there`, { park, kind: 'roomday', id: _id, label: day })
      }
}

/** A room that will be closed holds its first day, or its hall does. */
async function checkRetired(report: Report): Promise<void> {
  for (const { _id: park, zone } of await everyPark())
    for (const room of (await Room.find({ park, activeTo: { $gte: today(zone), $lt: FOREVER } }).lean()) as Room[]) {
      const refs = [room._id, ...(room.whole ? [room.whole] : [])]
      const held = await RoomDay.exists({
        park,
        day: dayAfter(room.activeTo),
        claims: { $elemMatch: { kind: 'blackout', ref: { $in: refs } } },
      })
      if (!held)
        report(`is closed after ${room.activeTo} and doesn’t hold that day`, { park, kind: 'room', id: room._id, label: room.name.zh })
    }
}

export const blackoutChecks: Check[] = [
  { name: 'Closures hold exactly their time', run: checkHeld },
  { name: 'What is closed belongs to a closure', run: checkClaims },
  { name: 'Rooms closed for good hold their days', run: checkRetired },
]
