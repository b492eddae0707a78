import { Attendee } from '../events/attendee.ts'
import { Event } from '../events/event.ts'
import type { Check, Report } from '../lib/check.ts'
import { eachRecord } from '../parks/each.ts'
import { EventInvitation } from './event-invitation.ts'
import { Lead } from './lead.ts'

/** What must hold between events and leads, whatever wrote them. */
async function checkInvitation({ park, _id, event, lead, channel, hashes, mails }: EventInvitation, report: Report): Promise<void> {
  const tell = (message: string) => report(message, { park, kind: 'invitation', id: _id })
  if (!(await Event.exists({ park, _id: event }))) tell(`is to event ${event}, which isn’t there`)
  if (!(await Lead.exists({ park, _id: lead, state: { $ne: 'merged' } }))) tell(`is of lead ${lead}, which isn’t there`)
  if (channel === 'mail' && (!hashes.length || !mails)) tell('was mailed without a link')
}

async function checkAttendee({ park, _id, name, lead }: Attendee, report: Report): Promise<void> {
  if (!lead || (await Lead.exists({ park, _id: lead, state: { $ne: 'merged' } }))) return
  report(`is of lead ${lead}, which isn’t there`, { park, kind: 'attendee', id: _id, label: name })
}

async function checkLead({ park, _id, number, event, state }: Lead, report: Report): Promise<void> {
  if (!event || state === 'merged' || (await Event.exists({ park, _id: event }))) return
  report(`was met at event ${event}, which isn’t there`, { park, kind: 'lead', id: _id, label: number })
}

export const eventChecks: Check[] = [
  {
    name: 'Who is asked to an event is a lead, once',
    run: report => eachRecord<EventInvitation>(EventInvitation, one => checkInvitation(one, report)),
  },
  { name: 'People of events are leads there are', run: report => eachRecord<Attendee>(Attendee, one => checkAttendee(one, report)) },
  { name: 'Leads were met at events there are', run: report => eachRecord<Lead>(Lead, one => checkLead(one, report)) },
]
