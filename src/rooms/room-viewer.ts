import type { Request } from 'express'
import { Types } from 'mongoose'
import { grantsIn } from '../accounts/identity.ts'
import { seesPark } from '../accounts/roles.ts'
import { scopedFind, scopedOne } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { Tenant } from '../tenants/tenant.ts'
import { idParam } from '../web/forms.ts'
import { CLASSES, Room, type UserClass } from './room.ts'

/** The room of an address. */
export async function findRoom(req: Request): Promise<Room> {
  const room = await scopedOne<Room>(Room, { park: req.park._id, _id: idParam(req, 'room') })
  if (!room) throw notFound()
  return room
}

/**
 * The classes whose rules a person is shown: who works for the park answers for all of them; a company's people see their
 * company's, a founder without a company the students'.
 */
export async function classesSeen(req: Request): Promise<UserClass[]> {
  const grants = grantsIn(req.me, req.park)
  if (grants.some(({ role }) => seesPark(role))) return [...CLASSES]
  const ids = grants.flatMap(({ tenant }) => (tenant ? [new Types.ObjectId(tenant)] : []))
  const found = ids.length
    ? await scopedFind<Pick<Tenant, 'founder'>>(Tenant, { park: req.park._id, _id: { $in: ids } }, { projection: { founder: 1 } })
    : []
  const seen = new Set<UserClass>(found.map(({ founder }) => (founder === 'student' ? 'student' : 'tenant')))
  if (!ids.length && grants.some(({ role }) => role === 'applicant')) seen.add('student')
  return CLASSES.filter(klass => seen.has(klass))
}
