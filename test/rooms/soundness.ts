import { expect } from 'chai'
import { Allowance, holderKey } from '../../src/rooms/allowance.ts'
import { Booking } from '../../src/rooms/booking.ts'
import { checks } from '../../src/rooms/checks.ts'

/** What must hold after anything: the doctor's checks, and the same found another way, from the bookings alone. */
const MINUTE = 60_000

/** Every pair of bookings that take the same room, or a whole and its part, keeps its distance: by instants, not by the days' claims. */
export async function overlapsIn(park: string): Promise<string[]> {
  const taken = (await Booking.find({ park, state: 'confirmed' }).lean()) as Booking[]
  const span = (one: Booking) =>
    [one.startsAt.getTime() - one.terms.before * MINUTE, one.endsAt.getTime() + one.terms.after * MINUTE] as const
  const found: string[] = []
  taken.forEach((one, i) => {
    for (const other of taken.slice(i + 1)) {
      const meet =
        one.room.equals(other.room) || (one.root.equals(other.root) && (one.room.equals(one.root) || other.room.equals(other.root)))
      const [[a, b], [c, d]] = [span(one), span(other)]
      if (meet && a < d && c < b)
        found.push(`${one.code} ${one.day} ${one.from}–${one.to} and ${other.code} ${other.day} ${other.from}–${other.to}`)
    }
  })
  return found
}

async function allowancesOver(park: string, granted: number): Promise<string[]> {
  const sums = new Map<string, number>()
  for (const { holder, cost } of (await Booking.find({ park }).lean()) as Booking[])
    for (const { month, minutes } of cost.free) {
      const key = `${holderKey(holder)} ${month}`
      sums.set(key, (sums.get(key) ?? 0) + minutes)
    }
  const over = [...sums].filter(([, minutes]) => minutes > granted).map(([key, minutes]) => `${key}: ${minutes}`)
  const below = (await Allowance.find({ park, used: { $lt: 0 } }).lean()).map(one => `${one.holder} ${one.used}`)
  return [...over, ...below]
}

export async function expectSoundRooms(park: string, granted: number, told = ''): Promise<void> {
  expect(await overlapsIn(park), told).to.deep.equal([])
  expect(await allowancesOver(park, granted), told).to.deep.equal([])
  const findings: string[] = []
  for (const check of checks)
    await check.run((message, subject) => {
      if (subject?.park === park) findings.push(`${check.name}: ${subject.label ?? subject.id} ${message}`)
    })
  expect(findings.join('\n'), told).to.equal('')
}
