import type { Request, Response } from 'express'
import { z } from 'zod'
import { SCAN } from '../files/content.ts'
import { filesOf } from '../files/store.ts'
import { addMonths, daysBetween, today } from '../lib/days.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { receivedIds } from '../web/uploads.ts'
import { CRITERIA, incubationRule, lastDayOf } from './incubation.ts'
import { enterIncubation, graduate, leaveIncubation } from './incubation-steps.ts'
import { basePath, findTenant, mayOn, recordLocals, STAFF_BASE, tenantOrMoved } from './record-page.ts'
import type { Tenant } from './tenant.ts'

/** A tenant's incubation: entered, its limit, graduated or left, as a line in time with the next step beside it. */
const pageOf = (req: Request, tenant: Tenant) => `${basePath(req, STAFF_BASE, tenant._id)}/incubation`

async function index(req: Request, res: Response): Promise<void> {
  const tenant = await tenantOrMoved(req, res, STAFF_BASE)
  if (!tenant) return
  const now = today(req.park.zone)
  const { incubation: record, foundedOn } = tenant
  const rule = incubationRule(record?.rule ?? req.park.settings.incubationRule)
  const lastDay = record && lastDayOf(record)
  const files = mayOn(req, 'file.read', tenant._id) ? await filesOf(req.park._id, 'tenant', tenant._id) : []
  res.page('tenants/incubation', {
    ...recordLocals(req, STAFF_BASE, tenant, 'incubation'),
    record,
    rule,
    lastDay,
    daysLeft: lastDay && daysBetween(now, lastDay),
    latestEntry: foundedOn && addMonths(foundedOn, rule.entryMonths),
    proofs: files.filter(file => file.metadata.link?.slot === 'graduation'),
    criteria: CRITERIA,
    mayDecide: mayOn(req, 'tenant.incubation', tenant._id),
    form: formState(req, { on: now }),
    step: req.failed ? stepOf(req) : null,
  })
}

/** Which of the page's forms was refused: what was typed stays in that one only. */
const stepOf = (req: Request): string => /\/(graduation|departure)$/.exec(req.path)?.[1] ?? 'entry'

const entryForm = z.object({ on: f.day() })

async function enter(req: Request, res: Response): Promise<void> {
  const tenant = await findTenant(req)
  const form = readForm(req, entryForm)
  await commit(req, res, async () => {
    await enterIncubation(req.park, tenant._id, form, actor(req))
    flash(res, 'record.incubation.entered')
    return pageOf(req, tenant)
  })
}

const graduationForm = z.object({ on: f.day(), criterion: f.choice(CRITERIA), evidence: f.optionalText(1000) })

async function graduation(req: Request, res: Response): Promise<void> {
  const tenant = await findTenant(req)
  const form = readForm(req, graduationForm)
  await commit(req, res, async () => {
    await graduate(req.park, tenant._id, { ...form, files: receivedIds(req, 'proofs') }, actor(req))
    flash(res, 'record.incubation.graduated')
    return pageOf(req, tenant)
  })
}

const departureForm = z.object({ on: f.day(), note: f.optionalText(500) })

async function departure(req: Request, res: Response): Promise<void> {
  const tenant = await findTenant(req)
  const form = readForm(req, departureForm)
  await commit(req, res, async () => {
    await leaveIncubation(req.park, tenant._id, form, actor(req))
    flash(res, 'record.incubation.left')
    return pageOf(req, tenant)
  })
}

export const incubationRoutes = routes(({ get, post }) => {
  get('/:tenant/incubation', 'tenant.read', index)
  post('/:tenant/incubation', 'tenant.incubation', enter, { again: index })
  post('/:tenant/incubation/graduation', 'tenant.incubation', graduation, { again: index, files: { proofs: { max: 5, kinds: SCAN } } })
  post('/:tenant/incubation/departure', 'tenant.incubation', departure, { again: index })
})
