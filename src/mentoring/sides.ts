import type { Request } from 'express'
import { Types } from 'mongoose'
import { reachOf, tenantsIn } from '../accounts/identity.ts'
import { scopedFind, scopedOne } from '../lib/park-scope.ts'
import { forbidden, notFound } from '../lib/rule-error.ts'
import { idParam } from '../web/forms.ts'
import { Mentor } from './mentor.ts'
import { Session } from './session.ts'

/** Who looks at mentoring. One person may be several of these at once: a founder who also advises others. */
export interface Viewer {
  id: string
  /** Keeps mentoring for the park: sees every session, books on behalf. */
  staff: boolean
  tenants: string[]
  /** A founder without a tenant here. */
  founder: boolean
  /** The mentors they are linked to in this park. */
  mentors: Types.ObjectId[]
}

export async function viewerOf(req: Pick<Request, 'me' | 'park'>): Promise<Viewer> {
  const me = req.me!
  const park = req.park._id
  const tenants = tenantsIn(me, req.park)
  const advises = reachOf(me, 'mentoring.own', req.park)
  const mentors = advises
    ? await scopedFind<Pick<Mentor, '_id'>>(Mentor, { park, user: new Types.ObjectId(me.id) }, { projection: { _id: 1 } })
    : []
  return {
    id: me.id,
    staff: Boolean(reachOf(me, 'mentoring.edit', req.park)),
    tenants,
    founder: !tenants.length && me.grants.some(grant => grant.role === 'applicant'),
    mentors: mentors.map(({ _id }) => _id),
  }
}

/** On which sides of a session somebody stands: what they may read and do follows from it. */
export interface Sides {
  team: boolean
  mentor: boolean
  staff: boolean
}

export function sidesOf(viewer: Viewer, { team, mentor }: Pick<Session, 'team' | 'mentor'>): Sides {
  return {
    team: team.tenant ? viewer.tenants.includes(String(team.tenant)) : String(team.user) === viewer.id,
    mentor: viewer.mentors.some(id => id.equals(mentor)),
    staff: viewer.staff,
  }
}

/** Filter of the sessions somebody may open: their team's, those they advise, all of the park for its staff. */
export function reachFilter(park: string, viewer: Viewer): { park: string } & Record<string, unknown> {
  if (viewer.staff) return { park }
  const tenants = viewer.tenants.map(id => new Types.ObjectId(id))
  const own = [{ 'team.tenant': { $in: tenants } }, { 'team.user': new Types.ObjectId(viewer.id), 'team.tenant': null }]
  return { park, $or: viewer.mentors.length ? [...own, { mentor: { $in: viewer.mentors } }] : own }
}

export interface Opened {
  session: Session
  sides: Sides
}

/** The session of an address with the sides of who asks. Somebody else's is a 404. */
export async function openSession(req: Request): Promise<Opened> {
  const viewer = await viewerOf(req)
  const session = await scopedOne<Session>(Session, { ...reachFilter(req.park._id, viewer), _id: idParam(req, 'session') })
  if (!session) throw notFound()
  return { session, sides: sidesOf(viewer, session) }
}

/** For steps that only some sides may take. */
export function demand(sides: Sides, ...allowed: (keyof Sides)[]): void {
  if (!allowed.some(side => sides[side])) throw forbidden()
}
