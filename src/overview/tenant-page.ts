import type { Request, Response } from 'express'
import type { Types } from 'mongoose'
import { historyOf } from '../audit/history.ts'
import { filesOf } from '../files/store.ts'
import { Lease } from '../leases/lease.ts'
import { type Status, statusOn } from '../leases/status.ts'
import { daysBetween, today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { maskedContact } from '../tenants/contacts.ts'
import { MONEY_FIGURES } from '../tenants/figures.ts'
import { incubationRule, lastDayOf } from '../tenants/incubation.ts'
import { seatsOf } from '../tenants/places.ts'
import { holdsOn } from '../tenants/qualifications.ts'
import { mayOn, recordLocals, STAFF_BASE, tenantOrMoved } from '../tenants/record-page.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { routes } from '../web/router.ts'

/** A tenant at a glance, for the park's people: it reads leases as well, so it stands above them. */
const LEASES = 6

type LeaseRow = Pick<Lease, '_id' | 'number' | 'unitCodes' | 'from' | 'to' | 'end' | 'state' | 'occupied' | 'terminated' | 'renewedBy'>
const FIELDS = { number: 1, unitCodes: 1, from: 1, to: 1, end: 1, state: 1, occupied: 1, terminated: 1, renewedBy: 1 }

async function leasesOf(req: Request, tenant: Types.ObjectId): Promise<(LeaseRow & { status: Status })[]> {
  const { _id: park, zone, settings } = req.park
  const found = await scopedFind<LeaseRow>(Lease, { park, tenant }, { projection: FIELDS, sort: { from: -1 }, limit: LEASES })
  return found.map(lease => ({ ...lease, status: statusOn(lease, today(zone), settings.expiringDays) }))
}

function incubationOf(req: Request, { incubation: record }: Tenant) {
  if (!record) return null
  const lastDay = lastDayOf(record)
  return { record, rule: incubationRule(record.rule), lastDay, daysLeft: daysBetween(today(req.park.zone), lastDay) }
}

const actionsOf = (req: Request, { _id }: Tenant, here: string) =>
  [
    {
      action: 'lease.draft' as const,
      path: `/parks/${req.park._id}/leases/new?tenant=${_id}`,
      icon: 'file-text',
      text: req.t('tenant.newLease'),
    },
    { action: 'tenant.merge' as const, path: `${here}/merge`, icon: 'arrows-join', text: req.t('record.merge.title') },
    { action: 'tenant.edit' as const, path: `${here}/edit`, icon: 'pencil', text: req.t('tenant.edit'), main: true },
  ].filter(({ action }) => mayOn(req, action, _id))

async function show(req: Request, res: Response): Promise<void> {
  const tenant = await tenantOrMoved(req, res, STAFF_BASE)
  if (!tenant) return
  const park = req.park._id
  const on = today(req.park.zone)
  const locals = recordLocals(req, STAFF_BASE, tenant, '')
  const may = { leases: mayOn(req, 'lease.read', tenant._id), files: mayOn(req, 'file.read', tenant._id) }
  const [seats, leases, files, history] = await Promise.all([
    seatsOf(park, [tenant._id], on),
    may.leases ? leasesOf(req, tenant._id) : [],
    may.files ? filesOf(park, 'tenant', tenant._id) : [],
    historyOf(req, 'tenant', tenant._id),
  ])
  res.page('tenants/show', {
    ...locals,
    actions: actionsOf(req, tenant, locals.here),
    may,
    seats: seats.get(String(tenant._id)) ?? [],
    leases,
    files: files.length,
    history,
    incubated: incubationOf(req, tenant),
    contacts: locals.inFull ? tenant.contacts : tenant.contacts.map(maskedContact),
    held: tenant.qualifications.filter(one => holdsOn(one, on)),
    figures: [...tenant.figures].sort((a, b) => b.year - a.year)[0] ?? null,
    money: MONEY_FIGURES,
  })
}

export const tenantPageRoutes = routes(({ get }) => {
  get('/:tenant', 'tenant.read', show)
})
