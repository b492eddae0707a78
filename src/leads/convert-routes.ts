import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { formValues, inputOf, leaseForm } from '../leases/form.ts'
import { addChosen, tenantChoices, termsPage } from '../leases/form-page.ts'
import { leasePath } from '../leases/lease.ts'
import { now } from '../lib/clock.ts'
import { addMonths, dayBefore, later, today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { RuleError } from '../lib/rule-error.ts'
import { isHoldFor, isLive } from '../spaces/state.ts'
import { type Product, Unit } from '../spaces/unit.ts'
import { actor } from '../web/context.ts'
import { flash } from '../web/flash.ts'
import { idParam, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { convertLead, likelyTenants } from './convert.ts'
import { type Lead, leadPath } from './lead.ts'
import { type Offer, validOffer } from './offer.ts'
import { loadOpen, refuseStranger } from './steps.ts'
import { mayLead } from './who.ts'

/** From a lead to tenant and lease draft: the terms of the offer that is valid, or of what it holds and looks for. */
async function openLead(req: Request): Promise<Lead> {
  const lead = await loadOpen(req.park._id, idParam(req, 'lead'))
  refuseStranger(lead, actor(req), mayLead(req))
  return lead
}

type Held = Pick<Unit, '_id' | 'code' | 'listRate' | 'desks' | 'product' | 'claims'>
const HELD = { code: 1, listRate: 1, desks: 1, product: 1, claims: 1 }

/** Units that are held for it now. */
async function heldFor({ park, _id }: Lead): Promise<Held[]> {
  const units = await scopedFind<Held>(Unit, { park, 'claims.lead': _id }, { projection: HELD, sort: { code: 1 } })
  return units.filter(unit => unit.claims.some(one => isHoldFor(one, _id) && isLive(one, now())))
}

const allDesks = (units: { product: Product }[]): boolean => units.length > 0 && units.every(unit => unit.product === 'workstation')

/** What the lease begins with where nothing was offered. */
function wishedTerms(req: Request, { wish }: Lead, held: Held[]) {
  const on = today(req.park.zone)
  const from = later(wish.from ?? on, on)
  const { anchor, broken } = req.park.settings
  const lines = held.map(unit => ({ unit: unit._id, rate: unit.listRate ?? '0', desks: unit.desks }))
  const basis = allDesks(held) ? ('desk-month' as const) : ('sqm-day' as const)
  return { from, to: dayBefore(addMonths(from, wish.months ?? 12)), basis, anchor, broken, lines }
}

async function show(req: Request, res: Response): Promise<void> {
  const lead = await openLead(req)
  const [offer, held, likely, tenants] = await Promise.all([
    validOffer(lead.park, lead, today(req.park.zone)),
    heldFor(lead),
    likelyTenants(lead),
    tenantChoices(lead.park),
  ])
  const terms = formValues(offer ? offer.terms : wishedTerms(req, lead, held))
  const company = { newName: lead.name, newCode: lead.creditCode ?? '', tenant: '' }
  const known = likely.length ? { ...company, tenant: String(likely[0]!._id), newName: '', newCode: '' } : company
  const page = await termsPage(req, { ...terms, ...known, version: lead.version }, { lead: lead._id })
  addChosen(req, page)
  res.page('leads/conversion', { ...page, lead, offer: offer satisfies Offer | null, likely, tenants, here: leadPath(lead) })
}

async function convert(req: Request, res: Response): Promise<void> {
  const lead = await openLead(req)
  const form = readForm(req, leaseForm)
  // Who chooses a tenant means it: the name of the lead stands in the other field from the start.
  if (!form.tenant && !form.newName) throw new RuleError('lease.noTenant', {}, { field: 'tenant' })
  const { tenant: _tenant, ...terms } = inputOf(form, new Types.ObjectId())
  const { tenant, newName, newCode: creditCode, sameName } = form
  await commit(req, res, async () => {
    const lease = await convertLead(lead.park, lead._id, { tenant, name: newName ?? '', creditCode, sameName, terms }, actor(req)).catch(
      error => {
        throw asTyped(error)
      },
    )
    flash(res, 'lead.done.converted')
    return leasePath(lease)
  })
}

/** What is wrong with the company, beside the field it was typed into. */
function asTyped(error: unknown): unknown {
  if (!(error instanceof RuleError)) return error
  const { key, params, field } = error.problem
  const typed = field === 'creditCode' ? 'newCode' : field === 'name' ? 'newName' : field
  return new RuleError(key.replace('error.', ''), params, { field: typed, status: error.status })
}

export const leadConvertRoutes = routes(({ get, post }) => {
  get('/:lead/conversion', 'lead.work', show)
  post('/:lead/conversion', 'lead.work', convert, { again: show })
})
