import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { Membership } from '../accounts/user.ts'
import { filesOf } from '../files/store.ts'
import { Lease } from '../leases/lease.ts'
import { notFound } from '../lib/rule-error.ts'
import { refsOf } from '../search/entry.ts'
import { Unit } from '../spaces/unit.ts'
import { basePath, findTenant, recordLocals, STAFF_BASE, tenantOrMoved } from '../tenants/record-page.ts'
import { Tenant } from '../tenants/tenant.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { mergeTenants } from './merge-tenants.ts'
import { mergedRecords, sharedYears } from './merged-records.ts'

/** Two records of one company, side by side: what stays, what moves, and the step itself. */
const query = z.object({ q: z.string().trim().max(60).optional(), other: f.optionalId().optional() })
const FOUND = 12

/** Those the search box would find; without a text, those of the same name. */
async function candidates(req: Request, tenant: Tenant, q: string | undefined): Promise<Tenant[]> {
  const park = req.park._id
  const found = q ? { _id: { $in: await refsOf(park, 'tenant', q) } } : { normal: tenant.normal }
  const rows = await Tenant.find({ park, mergedInto: null, $and: [found, { _id: { $ne: tenant._id } }] })
    .sort({ name: 1 })
    .limit(FOUND)
    .lean()
  return rows as Tenant[]
}

/** How much of the other one will move. */
async function movesOf(park: string, tenant: Types.ObjectId) {
  const [leases, claims, members, files] = await Promise.all([
    Lease.countDocuments({ park, tenant }),
    Unit.countDocuments({ park, 'claims.tenant': tenant }),
    Membership.countDocuments({ park, tenant }),
    filesOf(park, 'tenant', tenant),
  ])
  return { leases, claims, members, files: files.length }
}

async function comparison(req: Request, tenant: Tenant, other: Types.ObjectId) {
  const park = req.park._id
  const found = (await Tenant.findOne({ park, _id: other, mergedInto: null }).lean()) as Tenant | null
  if (!found || found._id.equals(tenant._id)) throw notFound()
  const merged = mergedRecords(tenant, found)
  const moves = {
    ...(await movesOf(park, found._id)),
    contacts: merged.contacts!.length - tenant.contacts.length,
    qualifications: merged.qualifications!.length - tenant.qualifications.length,
    years: merged.figures!.length - tenant.figures.length,
  }
  const codesDiffer = Boolean(tenant.creditCode && found.creditCode && tenant.creditCode !== found.creditCode)
  const bothIncubated = Boolean(tenant.incubation && found.incubation)
  return { other: found, merged, moves, codesDiffer, bothIncubated, shared: sharedYears(tenant, found) }
}

/** The other tenant: from the address, or from the form that was refused. */
function chosen(req: Request): Types.ObjectId | null {
  const typed = req.failed?.values['other']
  if (typeof typed === 'string' && /^[0-9a-f]{24}$/.test(typed)) return new Types.ObjectId(typed)
  return readQuery(req, query).other ?? null
}

async function show(req: Request, res: Response): Promise<void> {
  const tenant = await tenantOrMoved(req, res, STAFF_BASE)
  if (!tenant) return
  const { q } = readQuery(req, query)
  const wished = chosen(req)
  const other = wished?.equals(tenant._id) ? null : wished
  res.page('tenants/merge', {
    ...recordLocals(req, STAFF_BASE, tenant, ''),
    q,
    found: other ? [] : await candidates(req, tenant, q),
    pair: other ? await comparison(req, tenant, other) : null,
    form: formState(req),
  })
}

const mergeForm = z.object({ other: f.id() })

async function merge(req: Request, res: Response): Promise<void> {
  const tenant = await findTenant(req)
  const { other } = readForm(req, mergeForm)
  await commit(req, res, async () => {
    await mergeTenants(req.park._id, tenant._id, other, actor(req))
    flash(res, 'record.merge.done')
    return basePath(req, STAFF_BASE, tenant._id)
  })
}

export const mergeRoutes = routes(({ get, post }) => {
  get('/:tenant/merge', 'tenant.merge', show)
  post('/:tenant/merge', 'tenant.merge', merge, { again: show })
})
