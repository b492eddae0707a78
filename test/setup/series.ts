import { expect } from 'chai'
import { addDays, type Day, weekday } from '../../src/lib/days.ts'
import { Park } from '../../src/parks/park.ts'
import type { Room } from '../../src/rooms/room.ts'
import type { BookingSeries } from '../../src/rooms/series.ts'
import { seriesChecks } from '../../src/rooms/series-checks.ts'
import { makeSeries } from '../../src/rooms/series-make.ts'
import type { Holder } from '../../src/rooms/wish.ts'
import { expectSoundRooms } from '../rooms/soundness.ts'
import { BY, inDays } from './factories.ts'

/** Forms of series as a page sends them. */
export type Fields = Record<string, string | string[] | undefined>

/** A Monday at least `ahead` days from now. */
export function monday(ahead = 2): Day {
  const day = inDays(ahead)
  return addDays(day, (8 - weekday(day)) % 7)
}

export const seriesFields = (room: Room): Fields => ({
  room: String(room._id),
  title: 'Weekly',
  from: '09:00',
  to: '10:00',
  interval: '1',
  monthlyBy: 'date',
})

export const weekly = (day: Day, count: number): Fields => ({ day, repeat: 'weekly', ends: 'count', count: String(count) })

/** A weekly series of a holder: three Mondays from nine to ten. */
export async function buildSeries(room: Room, holder: Holder): Promise<BookingSeries> {
  const park = (await Park.findById(room.park).orFail().lean()) as Park
  const slot = { day: monday(), from: 540, to: 600 }
  const rule = { freq: 'WEEKLY' as const, interval: 1, count: 3 }
  const told = { contact: null, title: 'Weekly', private: false, people: null, note: null, attendees: [], extras: [] }
  const dates = [0, 7, 14].map(shift => {
    const day = addDays(slot.day, shift)
    return { day, room: room._id, slot: { ...slot, day }, changed: false }
  })
  return makeSeries(park, { ...told, room: room._id, slot, rule, holder }, dates, [], BY, { desk: false, shown: null })
}

/** What the doctor says of a park's series. */
export async function seriesFindings(park: string): Promise<string[]> {
  const findings: string[] = []
  for (const check of seriesChecks)
    await check.run((message, subject) => {
      if (subject?.park === park) findings.push(`${check.name}: ${subject.label ?? subject.id} ${message}`)
    })
  return findings
}

/** No room is taken twice, free hours add up, and every date of every series is booked or left out. */
export async function expectSoundSeries(park: string): Promise<void> {
  await expectSoundRooms(park, 1_000_000)
  expect(await seriesFindings(park)).to.deep.equal([])
}
