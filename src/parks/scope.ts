import type { Request, RequestHandler } from 'express'
import { Types } from 'mongoose'
import { grantsIn } from '../accounts/identity.ts'
import { HttpError, notFound } from '../lib/rule-error.ts'
import { type Park, readPark, readWholePark, type WholePark } from './park.ts'

declare global {
  namespace Express {
    interface Request {
      /** The park of this address, entered once. */
      park: Park
      /** The read of it that was begun while the session was still being looked up. */
      parkAhead?: { slug: string; read: Promise<Park | null> }
    }
  }
}

const SLUG = /^[a-z][a-z0-9-]{1,40}$/

/** The second group is there for a page below the park’s own: that one tells everything about it. */
const AHEAD = /^\/parks\/([a-z][a-z0-9-]{1,40})(\/[^?]|(?=\/?(?:\?|$)))/

/** A form of usual size is there with its head. What takes its time (files) reads its park when it has come. */
const AT_ONCE = 64 * 1024
const comesAtOnce = (req: Request): boolean =>
  req.method === 'GET' || (!req.is('multipart/form-data') && Number(req.get('content-length') ?? Infinity) <= AT_ONCE)

/** Stands before the session: who asks and which park are two reads that needn't wait for each other. */
export const parkAhead: RequestHandler = (req, _res, next) => {
  const [, slug, below] = (comesAtOnce(req) && AHEAD.exec(req.url)) || []
  if (slug) {
    const read = below ? readPark(slug) : readWholePark(slug)
    // Whoever enters the park sees the error; a request that is refused before doesn't.
    read.catch(() => {})
    req.parkAhead = { slug, read }
  }
  next()
}

const parkOf = (req: Request, slug: string): Promise<Park | null> => (req.parkAhead?.slug === slug ? req.parkAhead.read : readPark(slug))

/** Enters `/parks/:park`. A park that doesn't exist is a 404 for everybody. */
export const enterPark: RequestHandler = async (req, _res, next) => {
  const slug = req.params['park']
  const park = typeof slug === 'string' && SLUG.test(slug) ? await parkOf(req, slug) : null
  if (!park) throw notFound()
  req.park = park
  next()
}

/** The park with all it tells the public of itself: what its own page has read already, and any other page reads. */
export async function wholePark(req: Request): Promise<WholePark> {
  if ('tagline' in req.park) return req.park as WholePark
  const park = await readWholePark(req.park._id)
  if (!park) throw notFound()
  return park
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
