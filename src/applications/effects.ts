import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { grantRole } from '../accounts/memberships.ts'
import { User } from '../accounts/user.ts'
import { draftLease } from '../leases/draft.ts'
import type { Day } from '../lib/days.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import type { ServiceContent } from '../services/content.ts'
import { Unit } from '../spaces/unit.ts'
import { addContact } from '../tenants/contacts.ts'
import { normalCode } from '../tenants/credit-code.ts'
import { enterIncubation } from '../tenants/incubation-steps.ts'
import { inviteMember } from '../tenants/members.ts'
import { createTenant, editTenant, type Profile } from '../tenants/profile.ts'
import { holdTenant } from '../tenants/records.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { Application } from './application.ts'
import { type AddressAnswer, answerOf, foundersOf, type Names } from './founders.ts'
import { firstYear, isTaken } from './units.ts'

/** What the end of a step does besides, in its transaction: founders are taken in as a tenant in preparation, and become a company. */
export interface Licence {
  name: string
  creditCode: string
  foundedOn: Day
}

/** A tenant's capital is in 10,000 yuan. */
const FEN_PER_WAN = 1_000_000

const founderKind = ({ class: klass }: Pick<Application, 'class'>): Tenant['founder'] => (klass === 'student' ? 'student' : 'other')

/** A lease draft of the premises they chose, for a year at the rate they are offered for: who lets them submits it. */
async function leaseFor(park: Park, tenant: Tenant, { unit: _id, code }: AddressAnswer, by: Actor): Promise<Types.ObjectId> {
  const unit = await Unit.findOne({ park: park._id, _id }).lean()
  if (!unit || (await isTaken(park, { unit: _id, code }))) throw conflict('application.addressTaken', { unit: code })
  const desk = unit.product === 'workstation'
  const terms = {
    ...firstYear(park),
    ...{ basis: desk ? ('desk-month' as const) : ('sqm-day' as const), anchor: park.settings.anchor, broken: park.settings.broken },
    ...{ cycle: 3 as const, purpose: null, rentFree: [], escalation: [], reductions: [], deposit: 0 },
  }
  const lines = [{ unit: unit._id, rate: unit.listRate ?? '0', desks: desk ? 1 : null }]
  const lease = await draftLease(park._id, { ...terms, tenant: tenant._id, lines }, by)
  return lease._id
}

/**
 * Takes founders in as a tenant in preparation, under the first of their name wishes, with a draft lease of the premises they chose.
 * Throws tenant.sameName (409), application.addressTaken (409).
 */
export async function prepareTenant(
  park: Park,
  application: Application,
  content: ServiceContent,
  by: Actor,
): Promise<Partial<Application>> {
  const { answers } = application
  const founders = foundersOf(answers, content)
  const names = answerOf<Names>(answers, content, 'names')
  const legalRep = answerOf<string>(answers, content, 'legalRep')
  const capital = answerOf<number>(answers, content, 'capital')
  const address = answerOf<AddressAnswer>(answers, content, 'address')
  const profile: Profile = {
    ...{ name: names!.first, creditCode: null, kind: 'company', founder: founderKind(application) },
    legalRep: founders.find(one => one.key === legalRep)?.name ?? founders[0]?.name ?? null,
    capital: capital === null ? null : capital / FEN_PER_WAN,
    address: address?.code ?? null,
  }
  const tenant = await createTenant(park._id, profile, {}, by)
  for (const [i, { name, phone, email }] of founders.entries())
    await addContact(park._id, tenant._id, { name, title: null, phone, email, primary: i === 0 }, by)
  const lease = address ? await leaseFor(park, tenant, address, by) : null
  return { tenant: tenant._id, name: tenant.name, lease }
}

/**
 * The tenant in preparation becomes the company its licence names: credit code, founding day, incubation record, accounts of its founders.
 * Throws what editTenant and enterIncubation throw, application.noTenant.
 */
export async function foundTenant(
  park: Park,
  application: Application,
  content: ServiceContent,
  { name, creditCode, foundedOn }: Licence,
  by: Actor,
): Promise<Partial<Application>> {
  const tenant = application.tenant && (await holdTenant(park._id, application.tenant))
  // It may have been merged into a company that has its own licence.
  const isOther = tenant?.creditCode && tenant.creditCode !== normalCode(creditCode)
  if (!tenant || isOther) throw new RuleError('application.noTenant')
  const { shortName, kind, industry, field, legalRep, capital, address, taxpayer, founder, intro, enteredOn } = tenant
  const kept = { shortName, kind, industry, field, legalRep, capital, address, taxpayer, founder, intro, enteredOn }
  const company = await editTenant(park._id, tenant._id, tenant.version, { ...kept, name, creditCode, foundedOn }, {}, by)
  if (!company.incubation) await enterIncubation(park, company._id, { on: foundedOn }, by)
  await grantRole(application.user, { role: 'owner', park: park._id, tenant: company._id }, by)
  await inviteFounders(company, application, content, by)
  return { name: company.name, foundedOn }
}

/** The founders who left a mail address and aren't the applicant. */
async function inviteFounders(company: Tenant, { user, answers }: Application, content: ServiceContent, by: Actor): Promise<void> {
  const applicant = await User.findById(user, { email: 1, lang: 1 }).lean()
  const mails = foundersOf(answers, content).flatMap(one => one.email?.toLowerCase() ?? [])
  for (const email of new Set(mails))
    if (email !== applicant?.email) await inviteMember(company, { email, role: 'member' }, applicant?.lang ?? 'zh-CN', by)
}
