import type { Request, Response } from 'express'
import { scopedFind } from '../lib/park-scope.ts'
import { param } from '../web/forms.ts'
import { routes } from '../web/router.ts'
import type { ServiceContent } from './content.ts'
import { sendExample } from './examples.ts'
import { type Offered, offered, offerNamed } from './offers.ts'
import { Service, ServiceVersion } from './service.ts'

/** What anybody reads of a park's services: the list, and of each what it costs, takes and needs. Only what is published. */
interface Offer {
  service: Pick<Service, '_id' | 'park' | 'code' | 'kind'>
  content: ServiceContent
}

/** The published services in the park's order, each with the version that is offered: one read. */
async function offersOf(park: string): Promise<Offer[]> {
  const filter = { park, state: 'published' }
  const services = await scopedFind<Service>(Service, filter, {
    projection: { park: 1, code: 1, kind: 1, published: 1 },
    sort: { order: 1, _id: 1 },
  })
  const wanted = services.map(({ _id, published }) => ({ service: _id, no: published }))
  if (!wanted.length) return []
  const versions = await scopedFind<ServiceVersion>(ServiceVersion, { park, $or: wanted })
  return services.flatMap(service => {
    const version = versions.find(one => one.service.equals(service._id))
    return version ? [{ service, content: version.content }] : []
  })
}

async function list(req: Request, res: Response): Promise<void> {
  res.page('services/public-list', { offers: await offersOf(req.park._id) })
}

const named = (req: Request): Promise<Offered> => offerNamed(req.park._id, param(req, 'service'))

function page(res: Response, { service, content }: Offer): void {
  res.page('services/public', { service, content })
}

async function show(req: Request, res: Response): Promise<void> {
  page(res, await named(req))
}

const example = async (req: Request, res: Response) => sendExample(req, res, await named(req), 'public, max-age=600')

/** The address that is printed on posters shows the first service that founds companies: it stays, whatever that is called. */
async function start(req: Request, res: Response): Promise<void> {
  const sort = { order: 1, _id: 1 } as const
  const filter = { park: req.park._id, kind: 'registration', state: 'published' }
  const [first] = await scopedFind<Service>(Service, filter, { sort, limit: 1 })
  page(res, await offered(first))
}

export const publicServiceRoutes = routes(({ get }) => {
  get('/services', 'public', list)
  get('/services/:service', 'public', show)
  get('/services/:service/examples/:document', 'public', example)
  get('/start', 'public', start)
})
