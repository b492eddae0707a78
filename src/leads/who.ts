import type { Request } from 'express'
import { Types } from 'mongoose'
import { reachOf } from '../accounts/identity.ts'
import { actor } from '../web/context.ts'
import type { Lead } from './lead.ts'
import type { Owner } from './pool.ts'
import { refuseStranger } from './steps.ts'

/** What somebody may do with leads: work on their own, or lead and work on any. */
export const mayWork = (req: Request): boolean => reachOf(req.me, 'lead.work', req.park) !== undefined
export const mayLead = (req: Request): boolean => reachOf(req.me, 'lead.lead', req.park) !== undefined
export const selfOf = (req: Request): Owner => ({ _id: new Types.ObjectId(req.me!.id), name: req.me!.name })
export const worksOn = (req: Request, lead: Pick<Lead, 'owner'>): boolean =>
  mayWork(req) && (String(lead.owner) === req.me!.id || mayLead(req))

/** Throws lead.notYours (403) for a colleague's lead; one in the pool is anybody's who works on leads. */
export function refuseColleagues(req: Request, lead: Lead): void {
  if (lead.owner) refuseStranger(lead, actor(req), mayLead(req))
}
