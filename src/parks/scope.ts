import type { RequestHandler } from 'express'
import { Types } from 'mongoose'
import { grantsIn } from '../accounts/identity.ts'
import { HttpError, notFound } from '../lib/rule-error.ts'
import { type Park, readPark } from './park.ts'

declare global {
  namespace Express {
    interface Request {
      /** The park of this address, entered once. */
      park: Park
    }
  }
}

const SLUG = /^[a-z][a-z0-9-]{1,40}$/

/** Enters `/parks/:park`. A park that doesn't exist is a 404 for everybody. */
export const enterPark: RequestHandler = async (req, _res, next) => {
  const slug = req.params['park']
  const park = typeof slug === 'string' && SLUG.test(slug) ? await readPark(slug) : null
  if (!park) throw notFound()
  req.park = park
  next()
}

/** Behind this, only people of the park: for anybody else the inner pages don't exist. */
export const insidePark: RequestHandler = (req, _res, next) => {
  if (!req.me) throw new HttpError(401)
  if (!grantsIn(req.me, req.park).length) throw notFound()
  next()
}

/** The scope of a query in this park: the whole of it, or the person's own tenants. `field` is where the record names its tenant. */
export function within(
  req: Pick<Express.Request, 'park' | 'reach'>,
  field: 'tenant' | '_id' = 'tenant',
): { park: string } & Record<string, unknown> {
  const park = req.park._id
  return req.reach?.tenants ? { park, [field]: { $in: req.reach.tenants.map(id => new Types.ObjectId(id)) } } : { park }
}
