import type { Request, Response } from 'express'
import { within } from '../parks/scope.ts'
import { seeOther } from '../web/forms.ts'
import { routes } from '../web/router.ts'
import { holdsOn } from './qualifications.ts'
import { basePath, OWN_BASE, recordLocals, tenantOrMoved } from './record-page.ts'
import { Tenant } from './tenant.ts'

/** “My company”: a tenant's own people see what the park holds about it; its owner keeps contacts, papers and figures up to date. */
async function index(req: Request, res: Response): Promise<void> {
  // Staff have the list of all tenants.
  if (!req.reach?.tenants) return seeOther(res, `/parks/${req.park._id}/tenants`)
  const tenants = await Tenant.find({ ...within(req, '_id'), mergedInto: null }, { name: 1, creditCode: 1 })
    .sort({ name: 1 })
    .lean()
  const [only] = tenants
  if (only && tenants.length === 1) return seeOther(res, basePath(req, OWN_BASE, only._id))
  res.page('tenants/companies', { tenants })
}

async function show(req: Request, res: Response): Promise<void> {
  const tenant = await tenantOrMoved(req, res, OWN_BASE)
  if (!tenant) return
  res.page('tenants/company', { ...recordLocals(req, OWN_BASE, tenant, ''), holdsOn })
}

export const companyRoutes = routes(({ get }) => {
  get('/', 'tenant.profile', index)
  get('/:tenant', 'tenant.profile', show)
})
