import { standingCharges } from '../billing/charging.ts'
import { type Check, groupBy, type Report, type Subject } from '../lib/check.ts'
import { now } from '../lib/clock.ts'
import { eachRecord, everyPark } from '../parks/each.ts'
import type { Park } from '../parks/park.ts'
import { Tenant } from '../tenants/tenant.ts'
import { Allowance, holderKey } from './allowance.ts'
import { blackoutChecks } from './blackout-checks.ts'
import { Booking } from './booking.ts'
import { checkHeld, checkTimes } from './checks-held.ts'
import { minutesIn } from './cost.ts'
import { Room, rootOf } from './room.ts'
import { RoomDay } from './room-day.ts'
import { seriesChecks } from './series-checks.ts'
import { payablesOf } from './settle.ts'
import { waitChecks } from './waitlist-checks.ts'

/** What must hold of rooms and bookings, whatever wrote them (DESIGN §3). Counts in minutes, money in fen. */
const bookingSubject = ({ park, _id, code }: Booking): Subject => ({ park, kind: 'booking', id: _id, label: code })
const daySubject = ({ park, _id, day }: RoomDay): Subject => ({ park, kind: 'roomday', id: _id, label: day })

/** Nothing in a day overlaps, buffers included; a whole and its part don't either. An offer that has run out counts until it is replaced. */
function checkOverlaps(day: RoomDay, report: Report): void {
  const at = now()
  const claims = day.claims.filter(one => !one.expiresAt || one.expiresAt > at)
  const root = String(day.room)
  claims.forEach((one, i) => {
    if (one.from >= one.to) report(`a claim of ${one.ref} runs ${one.from}…${one.to}`, daySubject(day))
    for (const other of claims.slice(i + 1)) {
      const meet = one.room.equals(other.room) || String(one.room) === root || String(other.room) === root
      if (meet && one.from < other.to && other.from < one.to) report(`is taken twice: by ${one.ref} and ${other.ref}`, daySubject(day))
    }
  })
}

async function checkRefs(day: RoomDay, report: Report): Promise<void> {
  const room = await Room.exists({ park: day.park, _id: day.room, whole: null })
  if (!room) report(`is of room ${day.room}, which isn’t there or is a part`, daySubject(day))
  for (const list of ['claims', 'requests'] as const)
    for (const one of day[list].filter(claim => claim.kind === 'booking'))
      if (!(await Booking.exists({ park: day.park, _id: one.ref, root: day.room })))
        report(`holds booking ${one.ref}, which isn’t there`, daySubject(day))
}

async function checkBooking(booking: Booking, report: Report): Promise<void> {
  const tell = (message: string) => report(message, bookingSubject(booking))
  const room = (await Room.findOne({ park: booking.park, _id: booking.room }).lean()) as Room | null
  if (!room) tell(`is of room ${booking.room}, which isn’t there`)
  else if (!rootOf(room).equals(booking.root)) tell('names the wrong whole')
  const { tenant, user, class: klass, name } = booking.holder
  if (klass === 'tenant' && !tenant) tell('is a tenant’s and names none')
  if (booking.from >= booking.to || booking.startsAt >= booking.endsAt) tell(`runs ${booking.from}…${booking.to}`)
  if (tenant && user) tell('is a tenant’s and a person’s at once')
  if (!tenant) return
  const found = await Tenant.findOne({ park: booking.park, _id: tenant }, { name: 1, mergedInto: 1 }).lean()
  if (!found) tell(`is of tenant ${tenant}, who isn’t there`)
  else if (found.mergedInto) tell(`is of tenant ${tenant}, who was merged into ${found.mergedInto}`)
  else if (found.name !== name) tell(`names its tenant ${name}, who is ${found.name}`)
}

/** No counter is above what was granted, and each is the sum of what its bookings took. */
async function checkAllowances(report: Report): Promise<void> {
  for (const { _id: park } of await everyPark()) {
    const taken = new Map<string, number>()
    for await (const booking of Booking.find({ park, 'cost.free.0': { $exists: true } }, { holder: 1, cost: 1 })
      .lean()
      .cursor())
      for (const { month, minutes } of booking.cost.free) {
        const key = `${holderKey(booking.holder)} ${month}`
        taken.set(key, (taken.get(key) ?? 0) + minutes)
      }
    for await (const { _id, holder, month, granted, used, excess } of Allowance.find({ park }).lean().cursor()) {
      const subject = { park, kind: 'allowance', id: _id, label: `${holder} ${month}` }
      if (used < 0 || used > granted + (excess ?? 0)) report(`has used ${used} of ${granted} free minutes`, subject)
      const sum = taken.get(subject.label) ?? 0
      if (sum !== used) report(`counts ${used} free minutes; its bookings took ${sum}`, subject)
      taken.delete(subject.label)
    }
    for (const [label, sum] of taken)
      if (sum) report(`${sum} free minutes of ${label} are counted nowhere`, { park, kind: 'park', id: park })
  }
}

function checkCost(booking: Booking, report: Report): void {
  const { minutes, free, room, extras, total } = booking.cost
  const given = minutesIn(free)
  if (room + extras !== total || [room, extras, total].some(fen => !Number.isSafeInteger(fen) || fen < 0))
    report(`costs ${room} + ${extras} = ${total} fen`, bookingSubject(booking))
  if (given > minutes) report(`has ${given} free minutes of ${minutes}`, bookingSubject(booking))
}

/** What is charged and stands is what is payable. */
async function checkCharges(booking: Booking, report: Report): Promise<void> {
  const lines = (list: { item: string; fen: number; from: string }[]) =>
    [...groupBy(list, one => `${one.item} ${one.fen} ${one.from}`).keys()].sort().join()
  const wanted = payablesOf(booking).map(one => ({ ...one, from: booking.day }))
  const standing = await standingCharges(booking.park, { kind: 'booking', ref: booking._id })
  if (wanted.length !== standing.length || lines(wanted) !== lines(standing))
    report(`is payable as [${lines(wanted)}] and charged [${lines(standing)}]`, bookingSubject(booking))
}

const ofBookings = (name: string, check: (booking: Booking, report: Report, park: Park) => unknown): Check => ({
  name,
  run: report => eachRecord<Booking>(Booking, (booking, park) => check(booking, report, park)),
})

export const checks: Check[] = [
  { name: 'No room is taken twice', run: report => eachRecord<RoomDay>(RoomDay, day => checkOverlaps(day, report)) },
  { name: 'Claims on rooms belong to a booking', run: report => eachRecord<RoomDay>(RoomDay, day => checkRefs(day, report)) },
  ofBookings('Bookings are when and as long as they say', (booking, report, park) => checkTimes(booking, park, report)),
  ofBookings('Bookings hold exactly their time', (booking, report, park) => checkHeld(booking, park, report)),
  ofBookings('Bookings name a room and a holder of their park', checkBooking),
  ofBookings('Bookings cost what their parts add up to', checkCost),
  ofBookings('Bookings are charged what is payable', checkCharges),
  { name: 'Free hours add up and are never exceeded', run: checkAllowances },
  ...seriesChecks,
  ...blackoutChecks,
  ...waitChecks,
]
