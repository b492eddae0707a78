import { type Application, type NextFunction, type Request, type RequestHandler, type Response, Router } from 'express'
import { grantsIn, mayAnywhere, reachOf } from '../accounts/identity.ts'
import { ACTIONS, type Action } from '../accounts/roles.ts'
import { forbidden, HttpError, notFound, RuleError } from '../lib/rule-error.ts'
import { FormError } from './forms.ts'
import { discardUploads, receive, type Uploads } from './uploads.ts'

/**
 * The only way to make routes: a table of method, path, permission, handler. The permission is a required argument; public
 * pages say 'public', pages of any signed-in person 'signed-in'.
 */
export type Access = Action | 'public' | 'signed-in'
export type Handler = (req: Request, res: Response) => unknown

interface Options {
  /** Renders the form again when the handler refuses the input: 422 or 409, what was typed kept. */
  again?: Handler
  /** Which files a multipart form may carry. */
  files?: Uploads
}

type Add = (path: string, access: Access, handler: Handler, options?: Options) => void
export interface Table {
  get: Add
  post: Add
}

export interface Entry {
  method: 'get' | 'post'
  path: string
  access: Access
}

export interface RouteTable {
  router: Router
  entries: Entry[]
}

const known = new Set<string>(['public', 'signed-in', ...ACTIONS])

/** Paths with a park belong to that park; with a district, to that district; all others need the action anywhere. */
function admit(req: Request, access: Access): void {
  if (access === 'public') return
  if (!req.me) throw new HttpError(401)
  if (access === 'signed-in') return
  if (req.park) {
    req.reach = reachOf(req.me, access, req.park)
    // To who isn't of the park its inner pages don't exist.
    if (!req.reach) throw grantsIn(req.me, req.park).length ? forbidden() : notFound()
    return
  }
  const district = typeof req.params['district'] === 'string' ? req.params['district'] : undefined
  if (!mayAnywhere(req.me, access, district)) throw district ? notFound() : forbidden()
}

function guarded(access: Access): RequestHandler {
  return (req, _res, next) => {
    req.pattern = `${req.baseUrl.replace(/^\/parks\/[^/]+/, '/parks/:park')}${(req.route as { path: string }).path}`
    admit(req, access)
    next()
  }
}

function answer(handler: Handler, { again, files }: Options): RequestHandler {
  const read = files && receive(files)
  return async (req: Request, res: Response, next: NextFunction) => {
    try {
      // A route that takes no files reads no multipart body: its token can't be there.
      if (read) await read(req, res)
      else req.csrfPending?.()
      await handler(req, res)
    } catch (error) {
      if (files) await discardUploads(req)
      const refused = error instanceof FormError || error instanceof RuleError
      if (!again || !refused || res.headersSent) return next(error)
      const problems = error instanceof FormError ? error.problems : [error.problem]
      const stale = error instanceof RuleError && error.problem.key === 'error.stale'
      req.failed = { values: (req.body ?? {}) as Record<string, unknown>, problems, stale }
      res.status(error.status)
      await again(req, res)
    }
  }
}

export function routes(define: (table: Table) => void): RouteTable {
  const router = Router({ mergeParams: true })
  const entries: Entry[] = []
  const add =
    (method: 'get' | 'post'): Add =>
    (path, access, handler, options = {}) => {
      if (!known.has(access)) throw new Error(`${method} ${path}: unknown permission ${access}`)
      entries.push({ method, path, access })
      router[method](path, guarded(access), answer(handler, options))
    }
  define({ get: add('get'), post: add('post') })
  return { router, entries }
}

/** Every route of the product, for the role × route matrix. */
export const allRoutes: Entry[] = []

/** Where tables are mounted: the app itself, or a router under a prefix of it. */
export interface Base {
  use: Pick<Router, 'use'>['use']
  mount(path: string, ...tables: RouteTable[]): void
}

const joined = (...parts: string[]): string =>
  parts
    .join('/')
    .replace(/\/{2,}/g, '/')
    .replace(/(.)\/$/, '$1')

function baseOn(target: Pick<Router, 'use'>, prefix: string): Base {
  return {
    use: target.use.bind(target) as Base['use'],
    mount(path, ...tables) {
      for (const { router, entries } of tables) {
        target.use(path, router)
        for (const entry of entries) {
          const full = joined(prefix, path, entry.path)
          if (!allRoutes.some(other => other.method === entry.method && other.path === full)) allRoutes.push({ ...entry, path: full })
        }
      }
    },
  }
}

export const baseOf = (app: Application): Base => baseOn(app as unknown as Router, '')

/** Everything under one prefix in a router of its own: a request goes through the prefix's tables only where it begins so. */
export function under(app: Application, prefix: string): Base {
  const router = Router({ mergeParams: true })
  app.use(prefix, router)
  return baseOn(router, prefix)
}
