import { scopedOne } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import type { ServiceContent } from './content.ts'
import { Service, ServiceVersion } from './service.ts'

/** A published service with the version that is offered now: what the public reads, and what an application begins with. */
export interface Offered {
  service: Service
  content: ServiceContent
}

/** The version a service offers; a 404 where there is no service or none of it is published. */
export async function offered(service: Service | null | undefined): Promise<Offered> {
  const version =
    service && (await scopedOne<ServiceVersion>(ServiceVersion, { park: service.park, service: service._id, no: service.published }))
  if (!version) throw notFound()
  return { service, content: version.content }
}

export const offerNamed = async (park: string, code: string): Promise<Offered> =>
  offered(await scopedOne<Service>(Service, { park, code, state: 'published' }))
