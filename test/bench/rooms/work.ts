import { type Db, ObjectId } from 'mongodb'
import { addDays, today } from '../../../src/lib/days.ts'
import type { BenchVisitor } from '../visitor.ts'
import { type BenchRoom, type Holder, MEASURED } from './data.ts'

/** Making and cancelling bookings: the app's POST and the same writes done bare, one after the other in turn. */
export interface WorkTimes {
  app: number[]
  bare: number[]
}

/** Days nobody looks at and no other part of the bench uses; a room's day of its own for each pair, app at ten, bare at three. */
const FIRST_DAY = 70

interface Slot {
  room: BenchRoom
  holder: Holder
  day: string
  from: number
}

/** The company of the one who books: most bookings are a member's own. */
async function holderOf(db: Db, email: string): Promise<Holder> {
  const user = (await db.collection('users').findOne({ email }))!._id
  const { tenant } = (await db.collection('memberships').findOne({ park: MEASURED, user, tenant: { $ne: null } })) as unknown as Holder
  const { name } = (await db.collection('tenants').findOne({ park: MEASURED, _id: tenant })) as unknown as Holder
  return { tenant, name, user }
}

function slotsOf(rooms: BenchRoom[], holder: Holder, count: number): Slot[] {
  const roots = rooms.filter(room => room._id.equals(room.root))
  return Array.from({ length: count }, (_, i) => ({
    room: roots[i % roots.length]!,
    holder,
    day: addDays(today(), FIRST_DAY + Math.floor(i / roots.length)),
    from: 600,
  }))
}

/** Both sides find the day opened: the product's first booking of a day costs one write more. */
async function openDays(db: Db, slots: Slot[]): Promise<void> {
  const day = ({ room, day }: Slot) => ({ _id: new ObjectId(), park: MEASURED, room: room._id, day, claims: [], requests: [] })
  await db.collection('roomdays').insertMany(slots.map(day))
}

const bareOf = async (floor: string, path: string, query: Record<string, string>): Promise<number> => {
  const response = await fetch(`${floor}${path}?${new URLSearchParams(query)}`)
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
  return ((await response.json()) as { ms: number }).ms
}

export async function measureWork(
  db: Db,
  visitor: BenchVisitor,
  email: string,
  floor: string,
  rooms: BenchRoom[],
  rounds: number,
): Promise<{ create: WorkTimes; cancel: WorkTimes }> {
  const warm = Math.ceil(rounds / 4)
  const slots = slotsOf(rooms, await holderOf(db, email), rounds + warm)
  await openDays(db, slots)
  const create: WorkTimes = { app: [], bare: [] }
  const cancel: WorkTimes = { app: [], bare: [] }
  const made: string[] = []
  const timed = async (path: string, fields: Record<string, string>) => {
    const started = performance.now()
    const answer = await visitor.send(path, { ...fields, _key: new ObjectId().toHexString() })
    const took = performance.now() - started
    if (answer.status !== 303) throw new Error(`${path}: ${answer.status}`)
    return { took, id: /([0-9a-f]{24})/.exec(answer.location ?? '')?.[1] ?? '' }
  }
  for (const [i, { room, holder, day, from }] of slots.entries()) {
    const times = { day, from: String(from), to: String(from + 60) }
    const fields = { room: String(room._id), title: '项目讨论', ...times }
    const own = await timed(`/parks/${MEASURED}/bookings`, fields)
    const at = { day, from: '900', to: '960' }
    const query = { park: MEASURED, room: String(room._id), tenant: String(holder.tenant), user: String(holder.user), ...at }
    const bare = await bareOf(floor, '/booking', query)
    made.push(own.id)
    if (i < warm) continue
    create.app.push(own.took)
    create.bare.push(bare)
  }
  const bareOnes = await db
    .collection('bookings')
    .find({ park: MEASURED, day: { $gte: slots[0]!.day }, from: 900 })
    .toArray()
  for (const [i, id] of made.entries()) {
    const own = await timed(`/parks/${MEASURED}/bookings/${id}/cancellation`, {})
    const bare = await bareOf(floor, '/cancellation', { park: MEASURED, booking: String(bareOnes[i]!._id) })
    if (i < warm) continue
    cancel.app.push(own.took)
    cancel.bare.push(bare)
  }
  return { create, cancel }
}
