import type { Check, Report, Subject } from '../lib/check.ts'
import { eachRecord, everyPark } from '../parks/each.ts'
import { Booking } from '../rooms/booking.ts'
import { isAhead } from '../rooms/change.ts'
import { Tenant } from '../tenants/tenant.ts'
import { Attendee, keysOf } from './attendee.ts'
import { numberOf } from './certificate.ts'
import { Event } from './event.ts'
import { boundsOf } from './programme.ts'
import { EventQuestion } from './question.ts'
import { covers } from './rooms.ts'

/** What must hold of events and their people, whatever wrote them. */
const eventSubject = ({ park, _id, code }: Event): Subject => ({ park, kind: 'event', id: _id, label: code })
const attendeeSubject = ({ park, _id, name }: Attendee): Subject => ({ park, kind: 'attendee', id: _id, label: name })

/** Recounts who has a place and who waits: never more than there are, and nobody waits while one is free. */
async function checkPlaces(event: Event, report: Report): Promise<void> {
  const tell = (message: string) => report(message, eventSubject(event))
  const { park, _id, capacity, taken, waiting, turns } = event
  const count = (state: string) => Attendee.countDocuments({ park, event: _id, state: state as 'going' })
  const [going, line] = [await count('going'), await count('waiting')]
  if (taken !== going) tell(`counts ${taken} places taken; ${going} people have one`)
  if (waiting !== line) tell(`counts ${waiting} who wait; ${line} do`)
  if (capacity !== null && going > capacity) tell(`has ${going} people on ${capacity} places`)
  if (line && (capacity === null || going < capacity)) tell(`lets ${line} wait while a place is free`)
  const seen = new Set<number>()
  for await (const { turn } of Attendee.find({ park, event: _id, state: 'waiting' }, { turn: 1 }).lean().cursor()) {
    if (turn === null || turn > turns || seen.has(turn)) tell(`has somebody waiting with number ${turn}, which is nobody’s or another’s`)
    else seen.add(turn)
  }
}

async function checkTimes(event: Event, zone: string, report: Report): Promise<void> {
  const tell = (message: string) => report(message, eventSubject(event))
  if (!event.sessions.length) return tell('has no session')
  const { startsAt, endsAt } = boundsOf(event.sessions, zone)
  if (startsAt.getTime() !== event.startsAt.getTime() || endsAt.getTime() !== event.endsAt.getTime())
    tell('begins or ends at another time than its sessions')
  if (event.state === 'draft' && event.taken + event.waiting) tell('is a draft and has people')
}

async function checkAttendee(attendee: Attendee, report: Report): Promise<void> {
  const tell = (message: string) => report(message, attendeeSubject(attendee))
  const { park, event: of, state, turn, checkIns, certificate, feedback, tenant, keys } = attendee
  const event = (await Event.findOne({ park, _id: of }).lean()) as Event | null
  if (!event) return tell(`is of event ${of}, which isn’t there`)
  if ((turn !== null) !== (state === 'waiting')) tell(`is ${state} with number ${turn} in the line`)
  if (state !== 'going' && (checkIns.length || certificate || feedback)) tell(`is ${state} and was there`)
  const own = state === 'cancelled' ? [] : keysOf(attendee)
  if (own.join() !== keys.join()) tell('isn’t known by their phone and mail')
  const sessions = checkIns.map(one => String(one.session))
  if (new Set(sessions).size !== sessions.length) tell('came to one session twice')
  if (sessions.some(id => !event.sessions.some(one => String(one._id) === id))) tell('came to a session the event doesn’t have')
  if (tenant && !(await Tenant.exists({ park, _id: tenant, mergedInto: null }))) tell(`is of tenant ${tenant}, who isn’t there`)
}

/** 9999 comes before 10000. */
const byNumber = new Intl.Collator('en', { numeric: true })

/** Numbers of certificates count on from 1 in each year, without a gap. */
async function checkNumbers(report: Report): Promise<void> {
  for (const { _id: park } of await everyPark()) {
    const given = (await Attendee.find({ park, 'certificate.number': { $type: 'string' } }).lean()) as Attendee[]
    const next = new Map<number, number>()
    for (const attendee of given.sort((a, b) => byNumber.compare(a.certificate!.number, b.certificate!.number))) {
      const { number } = attendee.certificate!
      const year = Number(/-(\d{4})-\d+$/.exec(number)?.[1])
      const wanted = numberOf(park, year, (next.get(year) ?? 0) + 1)
      if (number !== wanted) report(`has certificate ${number} where ${wanted} should come`, attendeeSubject(attendee))
      next.set(year, (next.get(year) ?? 0) + 1)
    }
  }
}

/** A session with a room has a live booking of its own that lasts as long; what is over may have been noted otherwise afterwards. */
async function checkRooms(event: Event, zone: string, report: Report): Promise<void> {
  const tell = (message: string) => report(message, eventSubject(event))
  const { park, _id, state, sessions } = event
  for (const session of sessions) {
    if (!session.booking) continue
    const booking = (await Booking.findOne({ park, _id: session.booking }).lean()) as Booking | null
    const use = booking?.event
    if (!use?.ref.equals(_id) || !use.session.equals(session._id)) tell(`has booking ${session.booking}, which isn’t of its session`)
    else if (booking!.state !== 'pending' && booking!.state !== 'confirmed')
      tell(`has booking ${booking!.code}, which is ${booking!.state}`)
    else if (isAhead(booking!) && !covers(booking!, session, zone)) tell(`has booking ${booking!.code}, which isn’t as long as its session`)
    if (session.lostRoom) tell('misses a room for a session that has one')
    if (state === 'cancelled') tell(`is called off and has booking ${session.booking}`)
  }
}

/** The other way round: what is booked for an event is its session's. */
async function checkBooking(booking: Booking, report: Report): Promise<void> {
  const { park, _id, code, event: use } = booking
  if (!use || !isAhead(booking)) return
  const event = (await Event.findOne({ park, _id: use.ref }).lean()) as Event | null
  const session = event?.sessions.find(one => one.booking?.equals(_id))
  if (!session) report(`is booked for event ${use.code}, which knows nothing of it`, { park, kind: 'booking', id: _id, label: code })
}

async function checkQuestion({ park, _id, event: of, attendee, answer, answered, shown }: EventQuestion, report: Report): Promise<void> {
  const tell = (message: string) => report(message, { park, kind: 'question', id: _id })
  if (!(await Event.exists({ park, _id: of }))) tell(`was asked at event ${of}, which isn’t there`)
  if (attendee && !(await Attendee.exists({ park, _id: attendee, event: of }))) tell(`was asked by ${attendee}, who isn’t of its event`)
  if ((answer === null) !== (answered === null)) tell(answered ? 'was answered with nothing' : 'was answered by nobody')
  if (shown && answer === null) tell('is shown to the public without an answer')
}

export const checks: Check[] = [
  { name: 'No event has more people than places', run: report => eachRecord<Event>(Event, event => checkPlaces(event, report)) },
  {
    name: 'Events are when their sessions are',
    run: report => eachRecord<Event>(Event, (event, { zone }) => checkTimes(event, zone, report)),
  },
  {
    name: 'People of events were where they say',
    run: report => eachRecord<Attendee>(Attendee, attendee => checkAttendee(attendee, report)),
  },
  { name: 'Certificates are numbered without a gap', run: checkNumbers },
  {
    name: 'Sessions have the rooms they name',
    run: report => eachRecord<Event>(Event, (event, { zone }) => checkRooms(event, zone, report)),
  },
  { name: 'Rooms booked for events are their sessions’', run: report => eachRecord<Booking>(Booking, one => checkBooking(one, report)) },
  {
    name: 'Questions were asked at their events',
    run: report => eachRecord<EventQuestion>(EventQuestion, one => checkQuestion(one, report)),
  },
]
