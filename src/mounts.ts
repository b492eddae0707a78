import type { Application } from 'express'
import { accountRoutes } from './accounts/account.ts'
import { peopleRoutes } from './accounts/people.ts'
import { signInRoutes } from './accounts/sign-in.ts'
import { signUpRoutes } from './accounts/sign-up.ts'
import { fileRoutes } from './files/routes.ts'
import { changeRoutes } from './leases/change-routes.ts'
import { documentRoutes, templateRoutes } from './leases/document-routes.ts'
import './leases/file-access.ts'
import { notificationRoutes } from './notifications/routes.ts'
import { adminDistrictRoutes } from './overview/admin-districts.ts'
import { adminParkRoutes } from './overview/admin-parks.ts'
import { adminSystemRoutes } from './overview/admin-system.ts'
import { adminUserRoutes } from './overview/admin-users.ts'
import { auditRoutes } from './overview/audit-routes.ts'
import { districtRoutes } from './overview/district-routes.ts'
import { mergeRoutes } from './overview/merge-routes.ts'
import { settingsRoutes } from './overview/settings-routes.ts'
import { enterPark, insidePark } from './parks/scope.ts'
import { unitBlockRoutes } from './spaces/block-routes.ts'
import { buildingRoutes } from './spaces/building-routes.ts'
import { drawingRoutes } from './spaces/drawing-routes.ts'
import { floorRoutes } from './spaces/floor-routes.ts'
import { unitMergeRoutes } from './spaces/merge-routes.ts'
import { outlineRoutes } from './spaces/outline-routes.ts'
import { planRoutes } from './spaces/plan-routes.ts'
import { unitChangeRoutes } from './spaces/unit-change-routes.ts'
import { unitFormRoutes } from './spaces/unit-form-routes.ts'
import { companyRoutes } from './tenants/company-routes.ts'
import { incubationRoutes } from './tenants/incubation-routes.ts'
import { OWN_BASE, STAFF_BASE } from './tenants/record-page.ts'
import { recordRoutes } from './tenants/record-routes.ts'
import { mount } from './web/router.ts'

/** Which route table answers where (DESIGN §7): the product's addresses at a glance. */
export function mountAll(app: Application): void {
  mount(app, '/', signInRoutes, signUpRoutes, accountRoutes, notificationRoutes, districtRoutes)
  mount(app, '/admin', adminSystemRoutes)
  mount(app, '/admin/users', adminUserRoutes)
  mount(app, '/admin/parks', adminParkRoutes)
  mount(app, '/admin/districts', adminDistrictRoutes)
  app.use('/parks/:park', enterPark)
  // Public pages of a park stand before this line.
  app.use('/parks/:park', insidePark)
  mount(app, '/parks/:park/people', peopleRoutes)
  mount(app, '/parks/:park/units', unitFormRoutes, unitMergeRoutes, unitChangeRoutes, unitBlockRoutes)
  mount(app, '/parks/:park/buildings', buildingRoutes, planRoutes, floorRoutes, drawingRoutes, outlineRoutes)
  mount(app, '/parks/:park/files', fileRoutes)
  mount(app, '/parks/:park/tenants', ...recordRoutes(STAFF_BASE), incubationRoutes, mergeRoutes)
  mount(app, '/parks/:park/company', ...recordRoutes(OWN_BASE), companyRoutes)
  mount(app, '/parks/:park/settings', settingsRoutes, templateRoutes)
  mount(app, '/parks/:park/leases', documentRoutes, changeRoutes)
  mount(app, '/parks/:park/audit', auditRoutes)
}
