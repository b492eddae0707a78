import type { Request } from 'express'
import type { Types } from 'mongoose'
import { today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import type { Park } from '../parks/park.ts'
import { claimsWithin, whenOf } from '../spaces/plan.ts'
import { type State, unitState } from '../spaces/state.ts'
import { Unit } from '../spaces/unit.ts'
import { idParam } from '../web/forms.ts'
import type { Lead } from './lead.ts'
import { loadLead, refuseStranger } from './steps.ts'
import { type SeenUnit, Visit } from './visit.ts'
import { loadVisit } from './visits.ts'
import { mayLead, mayWork, worksOn } from './who.ts'

/** What the pages of visits have in common. */
/** A lead and whoever works on it. Throws lead.notYours (403). */
export async function ownLead(req: Request): Promise<Lead> {
  const lead = await loadLead(req.park._id, idParam(req, 'lead'))
  refuseStranger(lead, { id: req.me!.id }, mayLead(req))
  return lead
}

export async function findVisit(req: Request): Promise<{ visit: Visit; lead: Lead }> {
  const visit = await loadVisit(req.park._id, idParam(req, 'visit'))
  return { visit, lead: await loadLead(req.park._id, visit.lead) }
}

/** Whoever works on the lead, and its host. */
export const mayShow = (req: Request, visit: Visit, lead: Lead): boolean =>
  worksOn(req, lead) || (mayWork(req) && String(visit.host) === req.me!.id)

/** Throws lead.notYours (403). */
export async function ownVisit(req: Request): Promise<{ visit: Visit; lead: Lead }> {
  const found = await findVisit(req)
  if (!mayShow(req, found.visit, found.lead)) refuseStranger(found.lead, { id: '' }, false)
  return found
}

export interface UnitThen extends SeenUnit {
  /** What the unit is on the day of the visit; null where it doesn't exist then. */
  state: State | null
  /** Who is in it or holds it then: they should know that somebody comes. */
  whose: string | null
  path: string
}

/** The units of a visit in order, each as it is on that day. */
export async function unitsThen(park: Park, visit: Visit): Promise<UnitThen[]> {
  if (!visit.units.length) return []
  const { day } = visit
  const stages = [{ $set: { claims: claimsWithin(day, day) } }]
  const filter = { park: park._id, _id: { $in: visit.units.map(one => one.unit) } }
  const found = (await Unit.aggregate([{ $match: filter }, ...stages])) as Unit[]
  const known = new Map(found.map(unit => [String(unit._id), unit]))
  const when = whenOf(park, day, today(park.zone))
  return visit.units.map(one => {
    const unit = known.get(String(one.unit))
    const is = unit ? unitState(unit, when) : null
    const path = `/parks/${park._id}/buildings/${one.building}/floors/${encodeURIComponent(one.floor)}?on=${day}`
    return { ...one, state: is?.state ?? null, whose: is?.claim?.tenantName ?? is?.claim?.label ?? null, path }
  })
}

/** The visits of a lead, newest first: what its page shows. */
export const visitsOf = (park: string, lead: Types.ObjectId): Promise<Visit[]> =>
  scopedFind<Visit>(Visit, { park, lead }, { sort: { startsAt: -1 }, limit: 100 })
