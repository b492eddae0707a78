import type { Types } from 'mongoose'
import type { Actor } from '../../src/accounts/identity.ts'
import { type Day, today } from '../../src/lib/days.ts'
import { Park } from '../../src/parks/park.ts'
import { bookRoom, type Wish } from '../../src/rooms/book.ts'
import type { Booking } from '../../src/rooms/booking.ts'
import { CLASSES, Room, type RoomRule, type UserClass } from '../../src/rooms/room.ts'
import { tenantHolder } from '../../src/rooms/viewer.ts'
import type { Holder } from '../../src/rooms/wish.ts'
import { BY, buildPark, buildTenant, inDays } from './factories.ts'

/** Rooms and bookings for tests; bookings are made through the product's own function. */
let serial = 0
const open = { from: 0, to: 1440 }

/** Open day and night for a class: every half hour up to a day, free of charge, no approval. */
export const ruleOf = (klass: UserClass, more: Partial<RoomRule> = {}): RoomRule => ({
  class: klass,
  hours: { workday: open, weekend: open, holiday: open },
  step: 30,
  min: 30,
  max: 480,
  notice: 0,
  horizon: 60,
  before: 0,
  after: 0,
  approval: false,
  price: 0,
  freeHours: false,
  cancelBefore: 0,
  cancelPercent: 0,
  ...more,
})

export interface RoomOptions extends Partial<Omit<Room, '_id' | 'rules'>> {
  /** Changes the rules of all classes. */
  rule?: Partial<RoomRule>
  /** Rules of its own, in the place of all four. */
  rules?: RoomRule[]
}

/** A room that all four classes may book, in a park of its own unless one is named. */
export async function buildRoom({ rule, rules, ...options }: RoomOptions = {}): Promise<Room> {
  serial += 1
  const park = options.park ?? (await buildPark())._id
  const [room] = await Room.create([
    {
      code: `R${serial}`,
      name: { zh: `Room ${serial}`, en: `Room ${serial}` },
      kind: 'meeting',
      capacity: 10,
      order: serial,
      ...options,
      park,
      rules: rules ?? CLASSES.map(klass => ruleOf(klass, rule)),
    },
  ])
  return room!.toObject() as Room
}

export interface BookingOptions extends Partial<Omit<Wish, 'room' | 'slot' | 'holder'>> {
  room?: Room
  holder?: Holder
  day?: Day
  from?: number
  to?: number
  by?: Actor
}

/** A booking of a tenant tomorrow from 9 to 10, unless something else is said: confirmed, or pending where the rule wants approval. */
export async function buildBooking(options: BookingOptions = {}): Promise<{ booking: Booking; room: Room; park: string }> {
  const { day = inDays(1), from = 540, to = 600, by = BY, room: given, holder: whose, ...more } = options
  const room = given ?? (await buildRoom())
  const park = (await Park.findById(room.park).orFail().lean()) as Park
  const holder = whose ?? (await tenantHolder(park._id, (await buildTenant(park._id))._id))
  const wish: Wish = {
    room: room._id,
    slot: { day, from, to },
    holder,
    contact: null,
    title: 'Meeting',
    private: false,
    people: null,
    note: null,
    attendees: [],
    extras: [],
    ...more,
  }
  return { booking: await bookRoom(park, wish, by, { desk: day <= today() }), room, park: park._id }
}

/** The tenant as a holder. */
export const holderOf = (park: string, tenant: Types.ObjectId): Promise<Holder> => tenantHolder(park, tenant)
