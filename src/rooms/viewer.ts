import type { Request } from 'express'
import { Types } from 'mongoose'
import { grantsIn, reachOf, tenantsIn } from '../accounts/identity.ts'
import { isStaff } from '../accounts/roles.ts'
import { notFound } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { Tenant } from '../tenants/tenant.ts'
import type { RoomClaim } from './room-day.ts'
import type { Holder } from './wish.ts'

/** Who looks at rooms: the desk sees everything, anybody else their own bookings and of others what is public. */
export interface Viewer {
  id: string
  /** May act for others: sees and touches every booking of the park. */
  desk: boolean
  /** Works for the park: may book for the park itself. */
  staff: boolean
  /** The tenants whose bookings are theirs too. */
  tenants: string[]
  /** A founder without a tenant here: books as a student. */
  applicant: boolean
  mayBook: boolean
}

export function viewerOf(req: Pick<Request, 'me' | 'park'>): Viewer {
  const grants = grantsIn(req.me, req.park)
  const tenants = tenantsIn(req.me, req.park)
  const may = (action: 'booking.make' | 'booking.desk') => Boolean(reachOf(req.me, action, req.park))
  return {
    id: req.me!.id,
    desk: may('booking.desk'),
    staff: grants.some(grant => isStaff(grant.role) || grant.role === 'admin'),
    tenants,
    applicant: !tenants.length && grants.some(grant => grant.role === 'applicant'),
    mayBook: may('booking.make'),
  }
}

const idIs = (id: Types.ObjectId | null, other: string): boolean => id !== null && String(id) === other

/** Whether a booking is the viewer's: their company's, or where no company holds it their own. Who left a company leaves its bookings. */
export const isOwn = (viewer: Viewer, holder: Pick<Holder, 'tenant' | 'user'>, contact: Types.ObjectId | null): boolean =>
  isOwnClaim(viewer, holder) || (!holder.tenant && idIs(contact, viewer.id))

/** Whether a claim on a day's grid is theirs. */
export const isOwnClaim = (viewer: Viewer, claim: Pick<RoomClaim, 'tenant' | 'user'>): boolean =>
  claim.tenant ? viewer.tenants.length > 0 && viewer.tenants.includes(String(claim.tenant)) : idIs(claim.user, viewer.id)

/** Filter of the bookings a viewer may open; the desk opens all of the park. */
export function ownFilter(park: string, viewer: Viewer): { park: string } & Record<string, unknown> {
  if (viewer.desk) return { park }
  const me = new Types.ObjectId(viewer.id)
  const tenants = viewer.tenants.map(id => new Types.ObjectId(id))
  const alone = { 'holder.tenant': null }
  return { park, $or: [{ contact: me, ...alone }, { 'holder.user': me, ...alone }, { 'holder.tenant': { $in: tenants } }] }
}

const NO_CONTACT = { phone: null, email: null }

/** A tenant of the park as a holder: a company of student founders is of their class. */
export async function tenantHolder(park: string, tenant: Types.ObjectId): Promise<Holder> {
  const found = await Tenant.findOne({ park, _id: tenant, mergedInto: null }, { name: 1, founder: 1 }).orFail(notFound).lean()
  return { class: found.founder === 'student' ? 'student' : 'tenant', tenant, user: null, name: found.name, ...NO_CONTACT }
}

export const studentHolder = (me: { id: string; name: string }): Holder => ({
  class: 'student',
  tenant: null,
  user: new Types.ObjectId(me.id),
  name: me.name,
  ...NO_CONTACT,
})

export const parkHolder = (park: Park): Holder => ({ class: 'park', tenant: null, user: null, name: park.shortName.zh, ...NO_CONTACT })

export const outsideHolder = (name: string, phone: string | null, email: string | null): Holder => ({
  class: 'outside',
  tenant: null,
  user: null,
  name,
  phone,
  email,
})
