import { Attendee } from '../events/attendee.ts'
import { Event, eventPath } from '../events/event.ts'
import { eventWhen } from '../events/times.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { EventInvitation, type InvitedState, invitedState } from './event-invitation.ts'
import type { Lead } from './lead.ts'

/** For the page of a lead: the events it was met at, asked to, or came to; the newest first. */
export interface LeadEventRow {
  event: Pick<Event, '_id' | 'park' | 'code' | 'title' | 'kind' | 'sessions' | 'startsAt'>
  path: string
  when: string
  /** Null: only known to have been met there. */
  state: InvitedState | null
  people: string[]
  met: boolean
}

export async function eventsOfLead(park: string, lead: Pick<Lead, '_id' | 'event'>): Promise<LeadEventRow[]> {
  const [invitations, people] = await Promise.all([
    scopedFind<EventInvitation>(EventInvitation, { park, lead: lead._id }, { limit: 200 }),
    scopedFind<Attendee>(Attendee, { park, lead: lead._id }, { limit: 500 }),
  ])
  const ids = [...invitations.map(one => one.event), ...people.map(one => one.event), ...(lead.event ? [lead.event] : [])]
  if (!ids.length) return []
  const events = await scopedFind<LeadEventRow['event']>(
    Event,
    { park, _id: { $in: ids } },
    { projection: { park: 1, code: 1, title: 1, kind: 1, sessions: 1, startsAt: 1 }, sort: { startsAt: -1 } },
  )
  return events.map(event => {
    const own = people.filter(one => one.event.equals(event._id) && one.state !== 'cancelled')
    const invitation = invitations.find(one => one.event.equals(event._id))
    const state = invitation || own.length ? invitedState(invitation ?? { openedAt: null, declinedAt: null }, own) : null
    const met = lead.event?.equals(event._id) ?? false
    return { event, path: eventPath(event), when: eventWhen(event), state, people: own.map(one => one.name), met }
  })
}
