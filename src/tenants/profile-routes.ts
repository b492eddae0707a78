import type { Request, Response } from 'express'
import { reachOf } from '../accounts/identity.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { tenantList } from './list.ts'
import { createTenant, editTenant } from './profile.ts'
import { editForm, formLocals, newForm, split } from './profile-form.ts'
import { basePath, findTenant, STAFF_BASE } from './record-page.ts'

/** The list of tenants, and the form of a tenant's profile. The page of one tenant reads leases too: overview/tenant-page.ts. */
const mayOverride = (req: Request): boolean => reachOf(req.me, 'tenant.override', req.park) !== undefined

async function create(req: Request, res: Response): Promise<void> {
  const form = formState(req, { kind: 'company' })
  res.page('tenants/form', { tenant: null, form, ...(await formLocals(req, mayOverride(req), null)) })
}

async function add(req: Request, res: Response): Promise<void> {
  const { profile, options } = split(readForm(req, newForm), mayOverride(req))
  await commit(req, res, async () => {
    const { _id } = await createTenant(req.park._id, profile, options, actor(req))
    flash(res, 'tenant.created')
    return basePath(req, STAFF_BASE, _id)
  })
}

async function edit(req: Request, res: Response): Promise<void> {
  const tenant = await findTenant(req)
  res.page('tenants/form', { tenant, form: formState(req, tenant), ...(await formLocals(req, mayOverride(req), tenant)) })
}

async function save(req: Request, res: Response): Promise<void> {
  const { _id } = await findTenant(req)
  const { version, ...form } = readForm(req, editForm)
  const { profile, options } = split(form, mayOverride(req))
  await commit(req, res, async () => {
    await editTenant(req.park._id, _id, version, profile, options, actor(req))
    flash(res, 'app.saved')
    return basePath(req, STAFF_BASE, _id)
  })
}

export const profileRoutes = routes(({ get, post }) => {
  get('/', 'tenant.read', tenantList)
  get('/new', 'tenant.edit', create)
  post('/', 'tenant.edit', add, { again: create })
  get('/:tenant/edit', 'tenant.edit', edit)
  post('/:tenant/edit', 'tenant.edit', save, { again: edit })
})
