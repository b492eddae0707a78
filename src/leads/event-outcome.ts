import type { Types } from 'mongoose'
import { Attendee } from '../events/attendee.ts'
import { Lease } from '../leases/lease.ts'
import type { Area } from '../lib/area.ts'
import { scopedAggregate, scopedFind } from '../lib/park-scope.ts'
import { EventInvitation } from './event-invitation.ts'
import { Lead } from './lead.ts'
import { MOVED } from './setup.ts'

/** What came of events: from who was asked to what was let. People, leads and hundredths of ㎡; what was merged away counts once. */
export interface Outcome {
  /** Leads that were asked, and those of them that looked, and have people there. */
  invited: number
  opened: number
  answered: number
  /** People who have a place or wait, and who came. */
  signedUp: number
  came: number
  /** Leads first met there, and those known before of which somebody came. */
  leads: number
  known: number
  open: number
  lost: number
  converted: number
  moved: number
  /** Of the signed leases of those met there. */
  area: Area
}

const NOTHING: Outcome = {
  ...{ invited: 0, opened: 0, answered: 0, signedUp: 0, came: 0, leads: 0, known: 0 },
  ...{ open: 0, lost: 0, converted: 0, moved: 0, area: 0 },
}

type Of<T> = T & { _id: Types.ObjectId }
type Met = Pick<Lead, '_id' | 'event' | 'state' | 'stage' | 'lease'>

async function people(park: string, events: Types.ObjectId[]) {
  const cameTo = { $gt: [{ $size: '$checkIns' }, 0] }
  return scopedAggregate<Of<{ signedUp: number; came: number; leads: Types.ObjectId[]; there: Types.ObjectId[] }>>(
    Attendee,
    { park, event: { $in: events }, state: { $ne: 'cancelled' } },
    [
      {
        $group: {
          _id: '$event',
          signedUp: { $sum: 1 },
          came: { $sum: { $cond: [cameTo, 1, 0] } },
          leads: { $addToSet: '$lead' },
          there: { $addToSet: { $cond: [cameTo, '$lead', null] } },
        },
      },
    ],
  )
}

const asked = (park: string, events: Types.ObjectId[]) =>
  scopedFind<Pick<EventInvitation, 'event' | 'lead' | 'openedAt'>>(
    EventInvitation,
    { park, event: { $in: events } },
    { projection: { event: 1, lead: 1, openedAt: 1 } },
  )

/** The area of the signed leases of leads, by lead. */
export async function areasOf(park: string, leads: Pick<Lead, '_id' | 'lease'>[]): Promise<Map<string, Area>> {
  const ids = leads.flatMap(one => one.lease ?? [])
  const rows = ids.length
    ? await scopedFind<Pick<Lease, '_id' | 'area'>>(Lease, { park, _id: { $in: ids }, state: 'signed' }, { projection: { area: 1 } })
    : []
  const areas = new Map(rows.map(row => [String(row._id), row.area]))
  return new Map(leads.map(one => [String(one._id), areas.get(String(one.lease)) ?? 0]))
}

/** By event; each has a line. */
export async function outcomesOf(park: string, events: Types.ObjectId[]): Promise<Map<string, Outcome>> {
  const outcomes = new Map(events.map(id => [String(id), { ...NOTHING }]))
  if (!events.length) return outcomes
  const [groups, invitations, met] = await Promise.all([
    people(park, events),
    asked(park, events),
    scopedFind<Met>(
      Lead,
      { park, event: { $in: events }, state: { $ne: 'merged' } },
      { projection: { event: 1, state: 1, stage: 1, lease: 1 } },
    ),
  ])
  const areas = await areasOf(park, met)
  const own = new Map<string, Set<string>>()
  for (const lead of met) {
    const line = outcomes.get(String(lead.event))!
    line.leads += 1
    if (lead.state === 'open' || lead.state === 'lost' || lead.state === 'converted') line[lead.state] += 1
    if (lead.stage === MOVED) line.moved += 1
    line.area += areas.get(String(lead._id)) ?? 0
    const ids = own.get(String(lead.event)) ?? new Set()
    own.set(String(lead.event), ids.add(String(lead._id)))
  }
  for (const { _id, signedUp, came, leads, there } of groups) {
    const line = outcomes.get(String(_id))!
    const tied = new Set(leads.flatMap(id => (id ? [String(id)] : [])))
    line.signedUp = signedUp
    line.came = came
    line.known = there.filter(id => id && !own.get(String(_id))?.has(String(id))).length
    line.answered = invitations.filter(one => one.event.equals(_id) && tied.has(String(one.lead))).length
  }
  for (const { event, openedAt } of invitations) {
    const line = outcomes.get(String(event))!
    line.invited += 1
    if (openedAt) line.opened += 1
  }
  return outcomes
}

export function sumOf(outcomes: Outcome[]): Outcome {
  const total = { ...NOTHING }
  for (const one of outcomes) for (const name of Object.keys(total) as (keyof Outcome)[]) total[name] += one[name]
  return total
}
