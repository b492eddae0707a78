import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { draftLease } from '../leases/draft.ts'
import { onLeaseStep } from '../leases/hooks.ts'
import type { LeaseInput } from '../leases/input.ts'
import type { Lease } from '../leases/lease.ts'
import { today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { notify } from '../notifications/notification.ts'
import { addContact } from '../tenants/contacts.ts'
import { normalCode } from '../tenants/credit-code.ts'
import { createTenant } from '../tenants/profile.ts'
import { Tenant } from '../tenants/tenant.ts'
import { firstStep, indexLead } from './create.ts'
import { addLine } from './entry.ts'
import { guardStages } from './guards.ts'
import { Lead, leadPath, leadSubject } from './lead.ts'
import { ownerNamed } from './pool.ts'
import { isOpenStage, MOVED, SIGNING, setupOf } from './setup.ts'
import { loadOpen, writeLead } from './steps.ts'

/**
 * A lead becomes a tenant (or one that is there already) and a lease draft, in one transaction: all of it or nothing. Its holds stay
 * until the lease is submitted, and turn into the lease's claim then. A lease that is called off opens the lead again.
 */
export interface Conversion {
  /** A tenant of the park; null: the company is made, in preparation where it has no credit code. */
  tenant: Types.ObjectId | null
  name: string
  creditCode: string | null
  /** A second company of the same name is meant. */
  sameName: boolean
  terms: Omit<LeaseInput, 'tenant'>
}

/** Adds the people of the lead whom the tenant doesn't know yet. */
async function addPeople(lead: Lead, tenant: Tenant, by: Actor): Promise<void> {
  for (const { name, title, phone, email } of lead.contacts)
    if (!tenant.contacts.some(one => one.name === name))
      await addContact(lead.park, tenant._id, { name, title, phone, email, primary: false }, by)
}

async function findTenant(park: string, filter: object): Promise<Tenant | null> {
  return (await Tenant.findOne({ park, mergedInto: null, ...filter }).lean()) as Tenant | null
}

/** The tenant chosen, or who has the credit code already, or a new one. Throws tenant.gone, and what createTenant throws. */
async function tenantFor(lead: Lead, { tenant, name, creditCode, sameName }: Conversion, by: Actor): Promise<Tenant> {
  if (tenant) {
    const chosen = await findTenant(lead.park, { _id: tenant })
    if (!chosen) throw new RuleError('tenant.gone', {}, { field: 'tenant' })
    return chosen
  }
  const known = creditCode && (await findTenant(lead.park, { creditCode: normalCode(creditCode) }))
  if (known) return known
  const industry = lead.industry ? { industry: lead.industry } : {}
  return createTenant(lead.park, { name, creditCode, ...industry }, { sameName }, by)
}

/**
 * Converts an open lead. Throws lead.not.open (409) for one that was converted before, lead.inPool (409), and what createTenant and
 * draftLease throw: nothing is written then.
 */
export async function convertLead(park: string, _id: Types.ObjectId, conversion: Conversion, by: Actor): Promise<Lease> {
  return transact(async () => {
    const lead = await loadOpen(park, _id)
    if (!lead.owner) throw conflict('lead.inPool')
    const tenant = await tenantFor(lead, conversion, by)
    await addPeople(lead, tenant, by)
    const lease = await draftLease(park, { ...conversion.terms, tenant: tenant._id }, by, { lead: _id })
    const set = { state: 'converted' as const, stage: SIGNING, tenant: tenant._id, lease: lease._id, next: null }
    const after = await writeLead(lead, { ...set, creditCode: lead.creditCode ?? tenant.creditCode }, SIGNING)
    await indexLead(after)
    await addLine(lead, 'converted', { params: { what: 'drafted', number: lease.number, tenant: tenant.name }, ref: lease._id }, by)
    const shown = { stage: SIGNING, tenant: tenant.name, lease: lease.number }
    await audit(by, 'lead.convert', leadSubject(lead), { before: { stage: lead.stage, tenant: null, lease: null }, after: shown })
    return lease
  })
}

const leadOf = async (lease: Lease): Promise<Lead | null> => {
  if (!lease.lead) return null
  return (await Lead.findOne({ park: lease.park, _id: lease.lead, lease: lease._id, state: 'converted' }).lean()) as Lead | null
}

/** The stage it was in before it was converted, where the park still has it. */
async function stageBefore({ park, path }: Lead): Promise<string> {
  await guardStages(park)
  const setup = await setupOf(park)
  return path.findLast(({ stage }) => isOpenStage(setup, stage))?.stage ?? setup.stages.at(-1)!.code
}

async function reopen(lead: Lead, lease: Lease, by: Actor): Promise<void> {
  const stage = await stageBefore(lead)
  const next = firstStep(today())
  const after = await writeLead(lead, { state: 'open', stage, lease: null, tenant: null, next }, stage)
  await indexLead(after)
  await addLine(lead, 'converted', { params: { what: 'cancelled', number: lease.number }, ref: lease._id }, by)
  await audit(by, 'lead.leaseCancelled', leadSubject(lead), {
    before: { stage: lead.stage, lease: lease.number },
    after: { stage, lease: null },
  })
  const params = { name: lead.name, number: lead.number, lease: lease.number }
  await notify(await ownerNamed(lead.park, lead.owner!), { park: lead.park, key: 'lead.reopened', params, path: leadPath(lead) }, by.id)
}

onLeaseStep(async (step, lease, by) => {
  const lead = await leadOf(lease)
  if (!lead) return
  if (step === 'cancelled') return reopen(lead, lease, by)
  if (step === 'movedIn' && lead.stage === MOVED) return
  const stage = step === 'movedIn' ? MOVED : lead.stage
  await writeLead(lead, { stage }, step === 'movedIn' ? MOVED : undefined)
  await addLine(lead, 'converted', { params: { what: step === 'movedIn' ? 'moved' : 'signed', number: lease.number }, ref: lease._id }, by)
  await audit(by, `lead.${step}`, leadSubject(lead), { after: { lease: lease.number, stage } })
})

/** Tenants that may be the lead's company: by credit code, then by name. */
export async function likelyTenants({ park, creditCode, normal }: Lead): Promise<Pick<Tenant, '_id' | 'name' | 'creditCode'>[]> {
  const any = [...(creditCode ? [{ creditCode }] : []), { normal }]
  return scopedFind(Tenant, { park, mergedInto: null, $or: any }, { projection: { name: 1, creditCode: 1 }, limit: 5 })
}

/** A merged tenant's leads are of the one that is kept. */
export async function mergeLeadTenants(park: string, gone: Types.ObjectId, kept: Types.ObjectId): Promise<void> {
  await Lead.updateMany({ park, tenant: gone }, { $set: { tenant: kept }, $inc: { version: 1 } })
}
