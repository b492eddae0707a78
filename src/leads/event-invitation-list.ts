import type { Request } from 'express'
import type { Types } from 'mongoose'
import { z } from 'zod'
import { Attendee } from '../events/attendee.ts'
import type { Event } from '../events/event.ts'
import { addDays, today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { escapeRegExp } from '../lib/text.ts'
import { instantAt } from '../lib/wall.ts'
import { INDUSTRIES } from '../parks/park.ts'
import type { Tag } from '../web/list.ts'
import { EventInvitation, INVITED_STATES, type InvitedState, invitedState } from './event-invitation.ts'
import { mailContact } from './event-invitations.ts'
import { Lead, SOURCES } from './lead.ts'

/** Who was asked to an event and what became of it; and the leads to choose from, with the filters in the address. */
export interface InvitedRow {
  invitation: EventInvitation
  lead: Pick<Lead, '_id' | 'number' | 'name' | 'contacts' | 'ownerName' | 'stage' | 'state'>
  state: InvitedState
  people: Pick<Attendee, '_id' | 'name' | 'state' | 'checkIns'>[]
}

/** Invitations to one event: more are a mailing, no list of guests. */
const MOST = 5000
const SHOWN = { number: 1, name: 1, contacts: 1, ownerName: 1, stage: 1, state: 1 }

export async function invitedRows({ park, _id }: Pick<Event, 'park' | '_id'>): Promise<InvitedRow[]> {
  const rows = await scopedFind<EventInvitation>(EventInvitation, { park, event: _id }, { sort: { at: -1, _id: -1 }, limit: MOST })
  if (!rows.length) return []
  const ids = rows.map(one => one.lead)
  type Person = InvitedRow['people'][number] & { lead: Types.ObjectId }
  const [leads, people] = await Promise.all([
    scopedFind<InvitedRow['lead']>(Lead, { park, _id: { $in: ids } }, { projection: SHOWN }),
    scopedFind<Person>(Attendee, { park, event: _id, lead: { $ne: null } }, { projection: { name: 1, state: 1, checkIns: 1, lead: 1 } }),
  ])
  const byId = new Map(leads.map(one => [String(one._id), one]))
  return rows.flatMap(invitation => {
    const lead = byId.get(String(invitation.lead))
    const own = people.filter(one => one.lead.equals(invitation.lead))
    return lead ? [{ invitation, lead, state: invitedState(invitation, own), people: own.filter(one => one.state !== 'cancelled') }] : []
  })
}

export const countStates = (rows: InvitedRow[]): Record<InvitedState, number> =>
  Object.fromEntries(INVITED_STATES.map(state => [state, rows.filter(row => row.state === state).length])) as Record<InvitedState, number>

/** Filters of the leads to choose from. */
export const IDLE = ['7', '30', '90', '180'] as const
const REACH = ['mail', 'noMail', 'none'] as const
export const filters = {
  q: z.string().trim().max(60).optional(),
  state: z.enum(['open', 'lost', 'converted']).optional(),
  stage: z.string().max(40).optional(),
  source: z.enum(SOURCES).optional(),
  industry: z.enum(INDUSTRIES).optional(),
  origin: z.string().trim().max(60).optional(),
  owner: z
    .string()
    .regex(/^([0-9a-f]{24}|pool|me)$/)
    .optional(),
  idle: z.enum(IDLE).optional(),
  reach: z.enum(REACH).optional(),
}
export const filterSchema = z.object(filters)
export type Filters = z.output<typeof filterSchema>
export const REACHES = REACH

const HAS_MAIL = { contacts: { $elemMatch: { email: { $type: 'string' } } } }
const HAS_PHONE = { 'phones.0': { $exists: true } }

/** Leads that fit and weren't asked yet. */
export function candidates(req: Request, invited: Types.ObjectId[], asked: Filters, toId: (text: string) => Types.ObjectId) {
  const { q, state = 'open', stage, source, industry, origin, owner, idle, reach } = asked
  const like = (text: string) => ({ $regex: escapeRegExp(text), $options: 'i' })
  const { zone, _id: park } = req.park
  return {
    ...{ park, state, _id: { $nin: invited } },
    ...(stage && { stage }),
    ...(source && { source }),
    ...(industry && { industry }),
    ...(origin && { origin: like(origin) }),
    ...(owner && { owner: owner === 'pool' ? null : toId(owner === 'me' ? req.me!.id : owner) }),
    ...(idle && { touchedAt: { $lt: instantAt(addDays(today(zone), -Number(idle)), 0, zone) } }),
    ...(q && { $or: [{ name: like(q) }, { number: like(q) }, { 'contacts.name': like(q) }] }),
    ...(reach === 'mail' && HAS_MAIL),
    ...(reach === 'noMail' && { $nor: [HAS_MAIL], ...HAS_PHONE }),
    ...(reach === 'none' && { $nor: [HAS_MAIL, HAS_PHONE] }),
  }
}

export function tagsOf(
  req: Request,
  asked: Filters,
  nameOf: (stage: string) => string,
  owners: { _id: Types.ObjectId; name: string }[],
): Tag[] {
  const { q, state, stage, source, industry, origin, owner, idle, reach } = asked
  const name = owner === 'pool' || owner === 'me' ? req.t(`leadEvent.owner.${owner}`) : owners.find(one => String(one._id) === owner)?.name
  return [
    ...(q ? [{ names: ['q'], text: q }] : []),
    ...(state ? [{ names: ['state'], text: req.t(`lead.state.${state}`) }] : []),
    ...(stage ? [{ names: ['stage'], text: nameOf(stage) }] : []),
    ...(source ? [{ names: ['source'], text: req.t(`lead.source.${source}`) }] : []),
    ...(industry ? [{ names: ['industry'], text: req.t(`record.profile.industries.${industry}`) }] : []),
    ...(origin ? [{ names: ['origin'], text: origin }] : []),
    ...(owner ? [{ names: ['owner'], text: name ?? owner }] : []),
    ...(idle ? [{ names: ['idle'], text: req.t('leadEvent.choose.idleDays', { days: idle }) }] : []),
    ...(reach ? [{ names: ['reach'], text: req.t(`leadEvent.reach.${reach}`) }] : []),
  ]
}

/** How somebody can be told. */
export const reachOfLead = (lead: Pick<Lead, 'contacts' | 'phones'>): 'mail' | 'noMail' | 'none' =>
  mailContact(lead) ? 'mail' : lead.phones.length ? 'noMail' : 'none'
