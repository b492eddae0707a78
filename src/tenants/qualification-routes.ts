import type { Request, Response } from 'express'
import { z } from 'zod'
import { today } from '../lib/days.ts'
import { notFound } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { type RouteTable, routes } from '../web/router.ts'
import { addQualification, editQualification, holdsOn, removeQualification } from './qualifications.ts'
import { type Base, basePath, findTenant, recordLocals, tenantOrMoved } from './record-page.ts'
import { QUALIFICATIONS, type Qualification } from './tenant.ts'

const fields = { kind: f.choice(QUALIFICATIONS), number: f.optionalText(60), grantedOn: f.day(), validTo: f.optionalDay() }
const newForm = z.object(fields)
const editForm = z.object({ ...fields, version: f.version() })

/** A tenant's recognitions, with a word on which of them hold today. */
export function qualificationRoutes(base: Base): RouteTable {
  async function index(req: Request, res: Response): Promise<void> {
    const tenant = await tenantOrMoved(req, res, base)
    if (!tenant) return
    const holds = (one: Qualification) => holdsOn(one, today(req.park.zone))
    const locals = recordLocals(req, base, tenant, 'qualifications')
    res.page('tenants/qualifications', { ...locals, holds, kinds: QUALIFICATIONS, form: formState(req) })
  }

  async function add(req: Request, res: Response): Promise<void> {
    const tenant = await findTenant(req)
    const form = readForm(req, newForm)
    await commit(req, res, async () => {
      await addQualification(req.park._id, tenant._id, form, actor(req))
      flash(res, 'app.saved')
      return `${basePath(req, base, tenant._id)}/qualifications`
    })
  }

  async function edit(req: Request, res: Response): Promise<void> {
    const tenant = await findTenant(req)
    const one = tenant.qualifications.find(row => row._id.equals(idParam(req, 'qualification')))
    if (!one) throw notFound()
    const form = formState(req, { ...one, version: one.version ?? 0 })
    const locals = recordLocals(req, base, tenant, 'qualifications')
    res.page('tenants/qualification', { ...locals, qualification: one, kinds: QUALIFICATIONS, form })
  }

  async function save(req: Request, res: Response): Promise<void> {
    const tenant = await findTenant(req)
    const { version, ...input } = readForm(req, editForm)
    const ref = { _id: idParam(req, 'qualification'), version }
    await commit(req, res, async () => {
      await editQualification(req.park._id, tenant._id, ref, input, actor(req))
      flash(res, 'app.saved')
      return `${basePath(req, base, tenant._id)}/qualifications`
    })
  }

  async function remove(req: Request, res: Response): Promise<void> {
    const tenant = await findTenant(req)
    await commit(req, res, async () => {
      await removeQualification(req.park._id, tenant._id, idParam(req, 'qualification'), actor(req))
      flash(res, 'record.removed')
      return `${basePath(req, base, tenant._id)}/qualifications`
    })
  }

  return routes(({ get, post }) => {
    get('/:tenant/qualifications', base.read, index)
    post('/:tenant/qualifications', base.write, add, { again: index })
    get('/:tenant/qualifications/:qualification', base.write, edit)
    post('/:tenant/qualifications/:qualification', base.write, save, { again: edit })
    post('/:tenant/qualifications/:qualification/removal', base.write, remove)
  })
}
