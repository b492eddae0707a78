import type { RouteTable } from '../web/router.ts'
import { contactRoutes } from './contact-routes.ts'
import { documentRoutes } from './document-routes.ts'
import { figureRoutes } from './figure-routes.ts'
import { memberRoutes } from './member-routes.ts'
import { qualificationRoutes } from './qualification-routes.ts'
import type { Base } from './record-page.ts'

/** All pages of a tenant's records, for the park's people (/tenants) or the tenant's own (/company). */
export const recordRoutes = (base: Base): RouteTable[] =>
  [contactRoutes, documentRoutes, qualificationRoutes, figureRoutes, memberRoutes].map(make => make(base))
