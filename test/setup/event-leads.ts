import type { Types } from 'mongoose'
import { Attendee } from '../../src/events/attendee.ts'
import { checkIn } from '../../src/events/check-in.ts'
import type { Event } from '../../src/events/event.ts'
import { checks } from '../../src/leads/checks.ts'
import { eventChecks } from '../../src/leads/checks-events.ts'
import type { Order } from '../../src/leads/event-leads.ts'
import { planOf } from '../../src/leads/event-leads-plan.ts'
import { setClock } from '../../src/lib/clock.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { joinEvent } from './events.ts'
import { BY } from './factories.ts'
import { parkOf } from './mentoring.ts'

/** Events with companies, for what becomes of them. */
export async function eventLeadFindings(): Promise<string[]> {
  const found: string[] = []
  for (const check of [...eventChecks, ...checks]) await check.run((message, subject) => found.push(`${subject?.label} ${message}`))
  return found
}

/** So many companies with so many people each, all of whom came. */
export async function companiesAt(event: Event, companies: number, each = 1): Promise<Attendee[]> {
  const people: Attendee[] = []
  for (let i = 0; i < companies; i++)
    for (let n = 0; n < each; n++)
      people.push((await joinEvent(event, { organisation: n ? `Company ${i} Ltd.` : `company ${i} ltd` })).attendee)
  setClock(new Date(event.startsAt.getTime() + 300_000))
  for (const { _id } of people) await checkIn(await parkOf(event.park), { attendee: _id, session: event.sessions[0]!._id }, BY)
  setClock(null)
  return people
}

/** What the page would send if nothing of it were changed. */
export async function orderOf(event: Event, owner: Order['owner'], who: Order['who'] = 'came'): Promise<Order> {
  const parties = await planOf(await parkOf(event.park), event, who)
  const rows = parties.map(({ key, first, twins }) => ({
    ...{ key, into: first },
    seen: [...twins.leads, ...twins.tenants].map(one => String(one._id)),
  }))
  return { who, rows, owner }
}

export const to = (user: { _id: Types.ObjectId }): Order['owner'] => ({ kind: 'one', user: user._id })

/** The secret address in the last invitation somebody was mailed. */
export async function invitationOf(email: string): Promise<string> {
  const mail = await Mail.findOne({ to: email, key: 'notice.leadEvent.invited' }).sort({ at: -1, _id: -1 }).lean().orFail()
  return mail.path
}

/** The fields the form of attendees → leads posts. */
export function fieldsOf({ who, rows }: Order, owner: string): Record<string, string> {
  const fields: Record<string, string> = { who, owner }
  for (const [i, row] of rows.entries()) {
    fields[`rows[${i}][key]`] = row.key
    fields[`rows[${i}][into]`] = row.into
    fields[`rows[${i}][seen]`] = row.seen.join(' ')
  }
  return fields
}

export const attendeesAt = (event: Event): Promise<Attendee[]> =>
  Attendee.find({ park: event.park, event: event._id }).lean() as unknown as Promise<Attendee[]>
