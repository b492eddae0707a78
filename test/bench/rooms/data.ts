import { type Db, type Document, ObjectId } from 'mongodb'
import { addDays, type Day, today } from '../../../src/lib/days.ts'

/**
 * The rooms of the bench, written with the driver: ten rooms (a hall with its halves among them) and sixty bookings a day. ×1 keeps
 * a history of 20,000 bookings; ×100 two million of them in ten parks, 200,000 in the measured one.
 */
export const MEASURED = 'dongxin'
export const PER_DAY = 60
const BATCH = 5_000
const OPEN = { from: 480, to: 1320 }

export interface BenchRoom {
  _id: ObjectId
  root: ObjectId
  name: string
}

const CLASSES = ['tenant', 'student', 'outside', 'park']
const hours = { workday: OPEN, weekend: OPEN, holiday: OPEN }
const rule = (klass: string): Document => ({
  class: klass,
  hours,
  step: 30,
  min: 30,
  max: 480,
  notice: 0,
  horizon: 400,
  before: 0,
  after: 0,
  approval: false,
  price: 0,
  freeHours: false,
  cancelBefore: 0,
  cancelPercent: 0,
})

/** Replaces the rooms of a park by ten: 01 is a hall, 02 and 03 its halves. */
export async function seedRooms(db: Db, park: string): Promise<BenchRoom[]> {
  for (const name of ['rooms', 'roomdays', 'bookings', 'bookingseries', 'blackouts', 'waitentries', 'allowances'])
    await db.collection(name).deleteMany({ park })
  const hall = new ObjectId()
  const rooms = Array.from({ length: 10 }, (_, i) => ({
    _id: i ? new ObjectId() : hall,
    whole: i === 1 || i === 2 ? hall : null,
    name: `会议室 ${String(i + 1).padStart(2, '0')}`,
  }))
  const at = new Date()
  await db.collection('rooms').insertMany(
    rooms.map(({ _id, whole, name }, i) => ({
      _id,
      park,
      code: `BENCH${i + 1}`,
      name: { zh: name, en: `Room ${i + 1}` },
      kind: i < 3 ? 'hall' : 'meeting',
      text: null,
      place: { zh: '1F' },
      capacity: i ? 12 : 60,
      equipment: ['screen', 'whiteboard'],
      whole,
      activeTo: '9999-12-31',
      order: i,
      rules: CLASSES.map(rule),
      extras: [],
      release: null,
      doorToken: null,
      version: 0,
      createdAt: at,
      updatedAt: at,
    })),
  )
  return rooms.map(({ _id, whole, name }) => ({ _id, root: whole ?? _id, name }))
}

const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
/** Like the product's codes, but counted from somewhere: two million random ones would meet, and each process has its own. */
let running = Math.floor(Math.random() * 8e11)
function code(): string {
  let n = running++
  return Array.from({ length: 8 }, () => {
    const letter = LETTERS[n % LETTERS.length]!
    n = Math.floor(n / LETTERS.length)
    return letter
  }).join('')
}

const TERMS = { before: 0, after: 0, step: 30, max: 480, price: 0, freeHours: false, cancelBefore: 0, cancelPercent: 0, release: null }

export interface Holder {
  tenant: ObjectId
  name: string
  user: ObjectId
}

interface Made {
  bookings: Document[]
  days: Document[]
}

/** One day: seven or eight bookings in each root but the hall's halves, an hour each, some private. */
function dayOf(park: string, day: Day, rooms: BenchRoom[], holders: Holder[]): Made {
  const roots = rooms.filter(room => room._id.equals(room.root))
  const made: Made = { bookings: [], days: [] }
  const midnight = Date.parse(`${day}T00:00:00+08:00`)
  for (const [i, room] of roots.entries()) {
    const count = Math.floor(PER_DAY / roots.length) + (i < PER_DAY % roots.length ? 1 : 0)
    const claims: Document[] = []
    for (let n = 0; n < count; n++) {
      const holder = holders[(i * 7 + n * 3 + running) % holders.length]!
      const from = OPEN.from + n * 90
      const to = from + 60
      const _id = new ObjectId()
      const title = `项目讨论 ${n + 1}`
      const secret = n % 4 === 3
      claims.push({
        ref: _id,
        kind: 'booking',
        room: room._id,
        from,
        to,
        start: from,
        end: to,
        expiresAt: null,
        title,
        private: secret,
        who: holder.name,
        tenant: holder.tenant,
        user: holder.user,
        checkedIn: false,
      })
      made.bookings.push(bookingOf({ park, day, room, holder, from, to, title, secret, _id, midnight }))
    }
    made.days.push({ _id: new ObjectId(), park, day, room: room._id, claims, requests: [] })
  }
  return made
}

interface Part {
  park: string
  day: Day
  room: BenchRoom
  holder: Holder
  from: number
  to: number
  title: string
  secret: boolean
  _id: ObjectId
  midnight: number
}

export function bookingOf({ park, day, room, holder, from, to, title, secret, _id, midnight }: Part): Document {
  const at = new Date()
  return {
    _id,
    park,
    code: code(),
    room: room._id,
    root: room.root,
    roomName: { zh: room.name, en: null },
    day,
    from,
    to,
    startsAt: new Date(midnight + from * 60_000),
    endsAt: new Date(midnight + to * 60_000),
    holder: { class: 'tenant', tenant: holder.tenant, user: null, name: holder.name, phone: null, email: null },
    contact: holder.user,
    title,
    private: secret,
    people: 4,
    note: null,
    attendees: [],
    extras: [],
    state: 'confirmed',
    terms: TERMS,
    cost: { minutes: to - from, free: [], room: 0, extras: 0, total: 0 },
    checkedIn: null,
    endedAt: null,
    decided: null,
    cancelled: null,
    series: null,
    occurrence: null,
    apart: false,
    paid: null,
    sequence: 0,
    by: { id: String(holder.user), name: holder.name },
    version: 0,
    createdAt: at,
    updatedAt: at,
  }
}

/** Fills a park's days from `from` on, in date order. */
export async function fillDays(db: Db, park: string, rooms: BenchRoom[], holders: Holder[], from: Day, days: number): Promise<void> {
  let bookings: Document[] = []
  let roomDays: Document[] = []
  const flush = async () => {
    if (bookings.length) await db.collection('bookings').insertMany(bookings, { ordered: false })
    if (roomDays.length) await db.collection('roomdays').insertMany(roomDays, { ordered: false })
    bookings = []
    roomDays = []
  }
  for (let i = 0; i < days; i++) {
    const made = dayOf(park, addDays(from, i), rooms, holders)
    bookings.push(...made.bookings)
    roomDays.push(...made.days)
    if (bookings.length >= BATCH) await flush()
  }
  await flush()
}

export async function holdersOf(db: Db, park: string): Promise<Holder[]> {
  const tenants = await db.collection('tenants').find({ park, mergedInto: null }).limit(40).toArray()
  const users = await db.collection('memberships').find({ park }).limit(40).toArray()
  return tenants.map((tenant, i) => ({ tenant: tenant._id, name: tenant['name'], user: users[i % users.length]!['user'] }))
}

/** The history of a size: days before today, and the five weeks the pages show. */
export const AHEAD = 35
export const HISTORY = { 1: 20_000 / PER_DAY, 100: 200_000 / PER_DAY }

export async function seedBookings(db: Db, park: string, size: 1 | 100): Promise<BenchRoom[]> {
  const rooms = await seedRooms(db, park)
  const past = Math.floor(HISTORY[size])
  await fillDays(db, park, rooms, await holdersOf(db, park), addDays(today(), -past), past + AHEAD)
  return rooms
}
