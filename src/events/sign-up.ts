import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { again, isDuplicateKey, transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import type { Lang } from '../locales/index.ts'
import type { Park } from '../parks/park.ts'
import { tieTenant } from '../tenants/records.ts'
import { Attendee, attendeeSubject, keysOf, plainPhone, type Source } from './attendee.ts'
import { Event, phaseOf, signUpOf } from './event.ts'
import { giveBack, joinLine, promoteWaiting, takePlace } from './places.ts'
import { digestOf, newPass } from './secrets.ts'
import { tellPlace, tellPromoted } from './tell.ts'

/** Signing up for an event and giving a place back: each in one transaction with the count of places, the trail and the mails. */
export interface Person {
  name: string
  phone: string | null
  organisation: string | null
  email: string | null
  lang: Lang
  user: Types.ObjectId | null
  tenant: Types.ObjectId | null
}

interface How {
  source: Source
  /** The secret of their address. */
  token: string
  consent: boolean
  /** Whether they are of the park, where only its people may come: companies' and founders. Staff may add anybody. */
  insider?: boolean
}

async function loadOpen(park: Park, code: string, { source, insider }: How): Promise<Event> {
  const event = (await Event.findOne({ park: park._id, code }).lean()) as Event | null
  if (!event || (event.state === 'draft' && source === 'public')) throw notFound()
  const state = signUpOf(event, park.zone)
  // Staff may add somebody as long as it goes on, whatever the form in public says.
  const phase = phaseOf(event)
  const open = source === 'public' ? state === 'open' : phase === 'upcoming' || phase === 'running'
  if (!open && !(source === 'walkin' && phase === 'over')) throw conflict(`event.${state === 'open' ? 'closed' : state}`)
  if (event.audience === 'tenants' && source === 'public' && !insider) throw new RuleError('event.tenantsOnly')
  return event
}

/** Throws event.twice (409) for a phone or mail the event has already; the unique index on its keys guards it, and twins run again. */
async function placeRecord(fields: Omit<Attendee, '_id' | 'checkIns' | 'certificate' | 'feedback'>): Promise<Attendee> {
  const { park, event, keys } = fields
  const twin = keys.length ? await Attendee.findOne({ park, event, keys: { $in: keys } }, { phone: 1, email: 1 }).lean() : null
  if (twin) throw conflict('event.twice', {}, twin.email !== null && keys.includes(twin.email) ? 'email' : 'phone')
  try {
    const [made] = await Attendee.create([fields])
    return made!.toObject() as Attendee
  } catch (error) {
    throw isDuplicateKey(error) ? again(error) : error
  }
}

/**
 * Signs somebody up: a place while one is free, else the end of the waiting line. A walk-in without a free place is refused
 * (event.full, 409). Throws event.twice, event.early / closed / over / cancelled (409), event.tenantsOnly.
 */
export async function signUp(park: Park, code: string, person: Person, how: How, by: Actor): Promise<Attendee> {
  const { source, token, consent } = how
  return transact(async () => {
    const event = await loadOpen(park, code, how)
    if (person.tenant && !(await tieTenant(park._id, person.tenant))) throw notFound()
    const seated = await takePlace(event)
    if (!seated && source === 'walkin') throw conflict('event.full')
    const turn = seated ? null : await joinLine(event)
    const phone = person.phone && plainPhone(person.phone)
    const attendee = await placeRecord({
      ...person,
      phone,
      park: park._id,
      event: event._id,
      source,
      state: seated ? 'going' : 'waiting',
      turn,
      at: now(),
      consentAt: consent ? now() : null,
      keys: keysOf({ phone, email: person.email }),
      hashes: [digestOf(token)],
      pass: newPass(),
    })
    await audit(by, `attendee.${source}`, attendeeSubject(attendee), {
      after: { event: event.title.zh, state: attendee.state, organisation: attendee.organisation },
    })
    await tellPlace(park, event, attendee, by, token)
    return attendee
  })
}

/**
 * Gives a place (or a place in the line) back; the first who waits gets it, and is told. Throws event.gone (409) when it was given
 * back already, event.wasThere for somebody who came, event.over once everything is over.
 */
export async function giveUpPlace(park: Park, _id: Types.ObjectId, by: Actor): Promise<Attendee> {
  return transact(async () => {
    const before = (await Attendee.findOne({ park: park._id, _id }).lean()) as Attendee | null
    if (!before) throw notFound()
    if (before.state === 'cancelled') throw conflict('event.gone')
    if (before.checkIns.length) throw conflict('event.wasThere')
    const event = await giveBack({ park: park._id, _id: before.event }, before.state)
    const phase = phaseOf(event)
    if (phase === 'over' || phase === 'cancelled') throw conflict(`event.${phase}`)
    const filter = { park: park._id, _id, state: before.state, 'checkIns.0': { $exists: false } }
    const gone = (await Attendee.findOneAndUpdate(
      filter,
      { $set: { state: 'cancelled', turn: null, keys: [] } },
      { returnDocument: 'after' },
    ).lean()) as Attendee | null
    if (!gone) throw conflict('event.gone')
    await audit(by, 'attendee.cancel', attendeeSubject(gone), { before: { state: before.state }, after: { state: gone.state } })
    const promoted = await promoteWaiting(event)
    await tellPromoted(park, event, promoted, by)
    await tellPlace(park, event, gone, by, null)
    return gone
  })
}
