import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { nextNumber } from '../db/counter.ts'
import { again, isDuplicateKey, transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { today, yearOf } from '../lib/days.ts'
import { scopedOne } from '../lib/park-scope.ts'
import { conflict, notFound } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { Attendee, attended, attendeeSubject, type Certificate, hasEarned, minutesAttended } from './attendee.ts'
import { Event } from './event.ts'
import { newCode, plainCode } from './secrets.ts'

/** “DONGXIN-2026-0001”: counted per park and civil year, without a gap. */
export const numberOf = (park: string, year: number, no: number): string => `${park.toUpperCase()}-${year}-${String(no).padStart(4, '0')}`
const SHAPE = /^[A-Z][A-Z0-9-]{1,40}-\d{4}-\d{4,}$/

export interface Given {
  certificate: Certificate
  event: Event
}

/**
 * Gives somebody who came to enough of it their certificate, once: who asks again gets the same. Number and record are one
 * transaction, so that of two at the same moment no number is lost. Throws event.notEarned (409).
 */
export async function giveCertificate(park: Park, _id: Types.ObjectId, by: Actor): Promise<Certificate> {
  return transact(async () => {
    const attendee = (await Attendee.findOne({ park: park._id, _id }).lean()) as Attendee | null
    const event = attendee && ((await Event.findOne({ park: park._id, _id: attendee.event }).lean()) as Event | null)
    if (!attendee || !event) throw notFound()
    if (attendee.certificate) return attendee.certificate
    if (!hasEarned(attendee, event)) throw conflict('event.notEarned')
    const year = yearOf(today(park.zone))
    const no = await nextNumber(park._id, `certificate-${year}`).catch(error => {
      throw isDuplicateKey(error) ? again(error) : error
    })
    const certificate: Certificate = {
      number: numberOf(park._id, year, no),
      code: newCode(),
      at: now(),
      name: attendee.name,
      sessions: attended(attendee, event).length,
      minutes: minutesAttended(attendee, event),
    }
    await Attendee.updateOne({ park: park._id, _id, certificate: null }, { $set: { certificate } })
    await audit(by, 'attendee.certificate', attendeeSubject(attendee), { after: { number: certificate.number } })
    return certificate
  })
}

/** What a third party finds by the number and code on the paper; null when they don't belong together. */
export async function findCertificate(park: string, number: string, code: string): Promise<Given | null> {
  const plain = number.trim().toUpperCase()
  if (!SHAPE.test(plain)) return null
  const filter = { park, 'certificate.number': plain, 'certificate.code': plainCode(code) }
  const attendee = await scopedOne<Attendee>(Attendee, filter)
  const event = attendee && (await scopedOne<Event>(Event, { park, _id: attendee.event }))
  return event && attendee?.certificate ? { certificate: attendee.certificate, event } : null
}
