import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { reachOf } from '../accounts/identity.ts'
import type { Action } from '../accounts/roles.ts'
import { today } from '../lib/days.ts'
import { notFound } from '../lib/rule-error.ts'
import type { Key } from '../locales/index.ts'
import { within } from '../parks/scope.ts'
import { idParam, seeOther } from '../web/forms.ts'
import { incubationOn } from './incubation.ts'
import { Tenant } from './tenant.ts'

/**
 * The pages of a tenant's records exist twice: below /tenants for the people of the park, below /company for the tenant's own. One
 * table of routes makes both; only the permissions and the addresses differ.
 */
export interface Base {
  name: 'tenants' | 'company'
  read: Action
  write: Action
}

export const STAFF_BASE: Base = { name: 'tenants', read: 'tenant.read', write: 'tenant.edit' }
export const OWN_BASE: Base = { name: 'company', read: 'tenant.profile', write: 'company.edit' }

export const basePath = (req: Request, base: Base, tenant: Types.ObjectId | string): string =>
  `/parks/${req.park._id}/${base.name}/${tenant}`

/** The tenant of this address, if the person reaches it; one that was merged answers as gone. */
export async function findTenant(req: Request): Promise<Tenant> {
  const tenant = await Tenant.findOne({ $and: [{ _id: idParam(req, 'tenant') }], ...within(req, '_id'), mergedInto: null }).lean()
  if (!tenant) throw notFound()
  return tenant as Tenant
}

/** For pages: a merged tenant leads to the one that was kept. Null when the answer has been given. */
export async function tenantOrMoved(req: Request, res: Response, base: Base): Promise<Tenant | null> {
  const scope = { $and: [{ _id: idParam(req, 'tenant') }], ...within(req, '_id') }
  const tenant = (await Tenant.findOne(scope).lean()) as Tenant | null
  if (!tenant) throw notFound()
  if (!tenant.mergedInto) return tenant
  seeOther(res, req.originalUrl.replace(`/${base.name}/${tenant._id}`, `/${base.name}/${tenant.mergedInto}`))
  return null
}

/** Whether the person has an action for this tenant, not just for another one they belong to. */
export function mayOn(req: Request, action: Action, tenant: Types.ObjectId): boolean {
  const reach = reachOf(req.me, action, req.park)
  return Boolean(reach && (!reach.tenants || reach.tenants.includes(String(tenant))))
}

const TABS: { name: string; key: Key; action?: Action; only?: Base['name'] }[] = [
  { name: '', key: 'record.tab.profile' },
  { name: 'contacts', key: 'record.tab.contacts' },
  { name: 'documents', key: 'record.tab.documents', action: 'file.read' },
  { name: 'qualifications', key: 'record.tab.qualifications' },
  { name: 'figures', key: 'record.tab.figures' },
  { name: 'incubation', key: 'record.tab.incubation', only: 'tenants' },
  { name: 'members', key: 'record.tab.members', action: 'tenant.invite' },
  { name: 'listing', key: 'record.tab.listing', action: 'directory.own', only: 'company' },
]

/** The tabs above a tenant's pages, those the person may open. */
export function tabsOf(req: Request, base: Base, tenant: Types.ObjectId, current: string) {
  const here = basePath(req, base, tenant)
  return TABS.filter(tab => (!tab.only || tab.only === base.name) && (!tab.action || mayOn(req, tab.action, tenant))).map(tab => ({
    key: tab.key,
    path: tab.name ? `${here}/${tab.name}` : here,
    current: tab.name === current,
  }))
}

/** What every page of a tenant's records shows. `mayWrite` decides on forms, `inFull` on telephone numbers. */
export function recordLocals(req: Request, base: Base, tenant: Tenant, tab: string) {
  const mayWrite = mayOn(req, base.write, tenant._id)
  return {
    tenant,
    tabs: tabsOf(req, base, tenant._id, tab),
    here: basePath(req, base, tenant._id),
    own: base.name === 'company',
    mayWrite,
    inFull: mayWrite || base.name === 'company',
    incubation: incubationOn(tenant.incubation, today(req.park.zone)),
  }
}

export const idOf = (text: unknown): Types.ObjectId | null =>
  typeof text === 'string' && /^[0-9a-f]{24}$/.test(text) ? new Types.ObjectId(text) : null
