import type { Request } from 'express'
import { Types } from 'mongoose'
import { grantsIn, type Identity, reachOf, tenantsIn } from '../accounts/identity.ts'
import type { Role } from '../accounts/roles.ts'
import { scopedOne } from '../lib/park-scope.ts'
import { forbidden, notFound } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import type { ServiceContent } from '../services/content.ts'
import { idParam } from '../web/forms.ts'
import { Application } from './application.ts'
import { contentOf } from './change.ts'
import { isOpen } from './progress.ts'

/** Where somebody stands to an application: what they may read and do follows from it. */
export interface Sides {
  /** Theirs, or their company's. */
  own: boolean
  /** They applied themselves: reads their identity papers and numbers. */
  mine: boolean
  /** Reads it for the park: all but identity papers and numbers. */
  staff: boolean
  /** May do its present step, or take it over. */
  worker: boolean
  /** Does its present step: reads identity papers and numbers. After the end a manager does, until they are erased. */
  handler: boolean
}

type Viewer = Pick<Request, 'me' | 'park'>

export const isStaff = ({ me, park }: Viewer): boolean => reachOf(me, 'application.read', park) !== undefined

const rolesOf = (me: Identity, park: Park): Role[] => grantsIn(me, park).map(grant => grant.role)

/** Answers for all of the park's work: a manager or an administrator. */
export const leads = ({ me, park }: Viewer): boolean => rolesOf(me!, park).some(role => role === 'manager' || role === 'admin')

const isOf = (me: Identity, park: Park, { tenant }: Pick<Application, 'tenant'>): boolean =>
  tenant !== null && tenantsIn(me, park).includes(String(tenant))

/**
 * Filter of what is somebody's own: what they applied for themselves, and what their companies applied for. A company's draft is its
 * writer's alone; who has left a company has nothing of it any more.
 */
export function ownFilter({ me, park }: Viewer): { park: string } & Record<string, unknown> {
  const user = new Types.ObjectId(me!.id)
  const tenants = { $in: tenantsIn(me, park).map(id => new Types.ObjectId(id)) }
  const company = { tenant: tenants, class: 'tenant' }
  return {
    park: park._id,
    $or: [
      { user, class: { $ne: 'tenant' } },
      { ...company, user, state: 'draft' },
      { ...company, state: { $ne: 'draft' } },
    ],
  }
}

export function sidesOf({ me, park }: Viewer, application: Application, content: Pick<ServiceContent, 'steps'>): Sides {
  const applied = String(application.user) === me!.id
  const company = application.class !== 'tenant' || isOf(me!, park, application)
  const own = company && (applied || (application.class === 'tenant' && application.state !== 'draft'))
  const staff = application.state !== 'draft' && isStaff({ me, park })
  const lead = leads({ me, park })
  const open = isOpen(application)
  const owner = String(application.owner) === me!.id
  return {
    own,
    mine: own && applied,
    staff,
    worker: staff && open && (owner || lead || rolesOf(me!, park).includes(content.steps[application.step]!.role)),
    handler: staff && (open ? owner : lead),
  }
}

export interface Opened {
  application: Application
  content: ServiceContent
  sides: Sides
}

/** The application of this address with the sides of who asks. Somebody else's is a 404; another's draft is nobody's business. */
export async function open(req: Request): Promise<Opened> {
  const application = await scopedOne<Application>(Application, { park: req.park._id, _id: idParam(req, 'application') })
  if (!application) throw notFound()
  const content = await contentOf(application)
  const sides = sidesOf(req, application, content)
  if (!sides.own && !sides.staff) throw notFound()
  return { application, content, sides }
}

/** The same for what only some sides may do. */
export async function openAs(req: Request, ...allowed: (keyof Sides)[]): Promise<Opened> {
  const opened = await open(req)
  if (!allowed.some(side => opened.sides[side])) throw forbidden()
  return opened
}
