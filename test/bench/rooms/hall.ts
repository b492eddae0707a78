import { type Db, ObjectId } from 'mongodb'
import { addDays, today } from '../../../src/lib/days.ts'
import type { BenchVisitor } from '../visitor.ts'
import { type BenchRoom, MEASURED } from './data.ts'

/**
 * Sixty-four people at once want one hall and its halves, half of them on each of two server processes. Afterwards nothing may
 * overlap, and each booking that was acknowledged must be there.
 */
const CLIENTS = 64
/** Beyond what the pages show, so that the grids keep their sixty bookings. */
const FIRST_DAY = 40
const DAYS = 21
const STEPS = 28

export interface HallTimes {
  seconds: number
  booked: number
  cancelled: number
  refused: number
  times: number[]
  doubles: string[]
  lost: string[]
}

const idIn = (location: string | null): string | null => /\/bookings\/([0-9a-f]{24})/.exec(location ?? '')?.[1] ?? null

async function client(visitor: BenchVisitor, rooms: BenchRoom[], until: number, times: HallTimes, held: Set<string>): Promise<void> {
  while (performance.now() < until) {
    const [room, day] = [rooms[Math.floor(Math.random() * rooms.length)]!, FIRST_DAY + Math.floor(Math.random() * DAYS)]
    const from = 480 + 30 * Math.floor(Math.random() * (STEPS - 4))
    const to = from + 30 * (1 + Math.floor(Math.random() * 4))
    const started = performance.now()
    const fields = { room: String(room._id), day: addDays(today(), day), from: String(from), to: String(to), title: '占用', for: 'park' }
    const answer = await visitor.send(`/parks/${MEASURED}/bookings`, { ...fields, _key: new ObjectId().toHexString() })
    times.times.push(performance.now() - started)
    const id = answer.status === 303 ? idIn(answer.location) : null
    if (!id) {
      if (answer.status !== 409) throw new Error(`a booking was answered ${answer.status}`)
      times.refused++
      continue
    }
    held.add(id)
    times.booked++
    // The hall would soon be full: half of what is taken is given back.
    if (Math.random() < 0.5) continue
    const gone = await visitor.send(`/parks/${MEASURED}/bookings/${id}/cancellation`, { _key: new ObjectId().toHexString() })
    if (gone.status !== 303) throw new Error(`a cancellation was answered ${gone.status}`)
    held.delete(id)
    times.cancelled++
  }
}

/** By the bookings alone, not by what the product keeps of each day. */
async function judge(db: Db, hall: ObjectId, held: Set<string>, times: HallTimes): Promise<void> {
  const found = await db.collection('bookings').find({ park: MEASURED, root: hall, state: 'confirmed' }).toArray()
  const there = new Set(found.map(one => String(one._id)))
  for (const id of held) if (!there.has(id)) times.lost.push(id)
  found.sort((a, b) => a['startsAt'] - b['startsAt'])
  for (const [i, one] of found.entries())
    for (const other of found.slice(i + 1)) {
      if (other['startsAt'] >= one['endsAt']) break
      const meet = one['room'].equals(other['room']) || one['room'].equals(hall) || other['room'].equals(hall)
      if (meet) times.doubles.push(`${one['code']} ${other['code']}`)
    }
}

export async function measureHall(db: Db, visitors: BenchVisitor[], rooms: BenchRoom[], seconds: number): Promise<HallTimes> {
  const hall = rooms[0]!
  const parts = rooms.filter(room => room.root.equals(hall._id))
  const times: HallTimes = { seconds, booked: 0, cancelled: 0, refused: 0, times: [], doubles: [], lost: [] }
  const held = new Set<string>()
  const until = performance.now() + seconds * 1000
  await Promise.all(Array.from({ length: CLIENTS }, (_, i) => client(visitors[i % visitors.length]!, parts, until, times, held)))
  await judge(db, hall._id, held, times)
  return times
}
