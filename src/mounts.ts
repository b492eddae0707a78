import type { Application } from 'express'
import { accountRoutes } from './accounts/account.ts'
import { peopleRoutes } from './accounts/people.ts'
import { signInRoutes } from './accounts/sign-in.ts'
import { signUpRoutes } from './accounts/sign-up.ts'
import { notificationRoutes } from './notifications/routes.ts'
import { enterPark, insidePark } from './parks/scope.ts'
import { planRoutes } from './spaces/plan-routes.ts'
import { mount } from './web/router.ts'

/** Which route table answers where (DESIGN §7): the product's addresses at a glance. */
export function mountAll(app: Application): void {
  mount(app, '/', signInRoutes, signUpRoutes, accountRoutes, notificationRoutes)
  app.use('/parks/:park', enterPark)
  // Public pages of a park stand before this line.
  app.use('/parks/:park', insidePark)
  mount(app, '/parks/:park/people', peopleRoutes)
  mount(app, '/parks/:park/buildings', planRoutes)
}
