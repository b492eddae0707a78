import type { Request, Response } from 'express'
import type { Types } from 'mongoose'
import { z } from 'zod'
import { addMonths, dayBefore, isDay, today as todayIn } from '../lib/days.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { createTenant } from '../tenants/profile.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { draftLease, editDraft } from './draft.ts'
import { formValues, inputOf, type LeaseForm, leaseForm } from './form.ts'
import { addChosen, formPage } from './form-page.ts'
import { leasePath } from './lease.ts'
import { leaseList } from './list.ts'
import { findLease } from './load.ts'
import { showLease } from './show.ts'
import './renamed.ts'

/** The list of leases, one lease, and its form. Its way to the signature is in stage-routes.ts, what comes later in step-routes.ts. */
const startQuery = z.object({
  tenant: f.optionalId().optional(),
  from: z.string().refine(isDay).optional(),
  to: z.string().refine(isDay).optional(),
})

async function create(req: Request, res: Response): Promise<void> {
  const { tenant, from: wish, to } = readQuery(req, startQuery)
  const from = wish ?? todayIn(req.park.zone)
  const { anchor, broken } = req.park.settings
  const until = to && to >= from ? to : dayBefore(addMonths(from, 12))
  const page = await formPage(req, formValues({ from, to: until, basis: 'sqm-day', anchor, broken, tenant }))
  addChosen(req, page)
  res.page('leases/form', { ...page, lease: null })
}

/** The tenant chosen, or the company named in the form: made with the lease, in one transaction. */
async function tenantOf(req: Request, form: LeaseForm): Promise<Types.ObjectId> {
  const named = form.newName ?? form.newCode
  if (form.tenant && named) throw new RuleError('lease.tenantTwice', {}, { field: 'newName' })
  if (form.tenant) return form.tenant
  if (!form.newName) throw new RuleError(named ? 'required' : 'lease.noTenant', {}, { field: named ? 'newName' : 'tenant' })
  try {
    const profile = { name: form.newName, creditCode: form.newCode }
    return (await createTenant(req.park._id, profile, { sameName: form.sameName }, actor(req)))._id
  } catch (error) {
    if (!(error instanceof RuleError)) throw error
    const { key, params, field } = error.problem
    throw new RuleError(key.replace('error.', ''), params, { field: field === 'creditCode' ? 'newCode' : 'newName', status: error.status })
  }
}

async function save(req: Request, res: Response): Promise<void> {
  const form = readForm(req, leaseForm)
  await commit(req, res, async () => {
    const tenant = await tenantOf(req, form)
    const lease = await draftLease(req.park._id, inputOf(form, tenant), actor(req))
    flash(res, 'lease.done.drafted')
    return leasePath(lease)
  })
}

async function edit(req: Request, res: Response): Promise<void> {
  const lease = await findLease(req)
  if (lease.state !== 'draft' && !req.failed) throw conflict('lease.notDraft', { number: lease.number })
  const version = lease.versions[0]!
  const values = { ...formValues({ ...lease, ...version, from: lease.from }), version: lease.version }
  const page = await formPage(req, values, String(lease._id))
  addChosen(req, page)
  res.page('leases/form', { ...page, lease, comment: version.comment })
}

async function change(req: Request, res: Response): Promise<void> {
  const lease = await findLease(req)
  const form = readForm(req, leaseForm)
  await commit(req, res, async () => {
    const tenant = await tenantOf(req, form)
    await editDraft(req.park._id, lease._id, form.version ?? -1, inputOf(form, tenant), actor(req))
    flash(res, 'app.saved')
    return leasePath(lease)
  })
}

export const leaseRoutes = routes(({ get, post }) => {
  get('/', 'lease.read', leaseList)
  get('/new', 'lease.draft', create)
  post('/', 'lease.draft', save, { again: create })
  get('/:lease', 'lease.read', showLease)
  get('/:lease/edit', 'lease.draft', edit)
  post('/:lease/edit', 'lease.draft', change, { again: edit })
})
