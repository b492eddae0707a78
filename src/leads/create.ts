import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { nextNumber } from '../db/counter.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { addDays, type Day, today, yearOf } from '../lib/days.ts'
import { maskPhone } from '../lib/mask.ts'
import { scopedInsert } from '../lib/park-scope.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { type Entry, putEntry } from '../search/entry.ts'
import { renameHolds } from '../spaces/holds.ts'
import { codeProblem, normalCode } from '../tenants/credit-code.ts'
import { courseOf } from './course.ts'
import { addLine } from './entry.ts'
import { guardIdentity, guardPerson, guardStages } from './guards.ts'
import { Lead, type LeadFacts, leadSubject } from './lead.ts'
import { firstStage, setupOf } from './setup.ts'
import { hasTwins, identityOf, tidyContacts, twinsOf } from './twins.ts'

/** Taking a lead in, whoever brings it, and changing what is known of it. */
export interface Intake {
  /** Whose it is from the start; null: it waits in the pool. */
  owner: { _id: Types.ObjectId; name: string } | null
  /** What comes next; without it, to get in touch tomorrow. */
  next?: { what: string; on: Day } | null
  /** It is meant, although somebody of the same phone, name or code is there. */
  twin?: boolean
  event?: Types.ObjectId | null
  consent?: boolean
}

export type Place = Pick<Park, '_id' | 'homeDistrict' | 'zone'>

/** The facts as they are stored. Throws creditCode.shape, creditCode.check: a lead's code is asked again when it becomes a tenant. */
export function tidyFacts(facts: LeadFacts) {
  const contacts = tidyContacts(facts.contacts)
  const creditCode = facts.creditCode ? normalCode(facts.creditCode) : null
  const problem = creditCode && codeProblem(creditCode)
  if (problem) throw new RuleError(`creditCode.${problem}`, {}, { field: 'creditCode' })
  const { normal, phones } = identityOf({ ...facts, contacts })
  return { ...facts, contacts, creditCode, normal, phones }
}

/** What of a lead the trail shows: phones masked. */
export const shownLead = ({ name, creditCode, contacts, source, sourceNote, industry, origin, wish }: LeadFacts) => ({
  ...{ name, creditCode, source, sourceNote, industry, origin },
  contacts: contacts.map(one => [one.name, one.phone && maskPhone(one.phone)].filter(Boolean).join(' ')).join(', '),
  ...{ areaFrom: wish.areaFrom, areaTo: wish.areaTo, budget: wish.budget, product: wish.product, desks: wish.desks },
  ...{ moveIn: wish.from, months: wish.months, wishNote: wish.note },
})

export const leadEntry = ({ park, _id, number, name, contacts, phones, creditCode }: Lead): Entry => ({
  ...{ park, kind: 'lead', ref: _id, title: name, detail: number, path: `/leads/${_id}`, tenant: null },
  texts: [number, name, creditCode, ...contacts.map(one => one.name), ...phones],
})
export const indexLead = (lead: Lead): Promise<void> => putEntry(leadEntry(lead))

/** Throws lead.twin (409) where somebody like it is there: the page says who, as far as they may be seen. */
async function refuseTwins(park: Place, facts: LeadFacts, self: Types.ObjectId | null): Promise<void> {
  const twins = await twinsOf(park, facts, self)
  if (hasTwins(twins)) throw conflict('lead.twin', { count: twins.leads.length + twins.tenants.length }, 'twin')
}

export const seriesOf = (day: Day): string => `lead-${yearOf(day)}`
export const leadNumber = (day: Day, serial: number): string => `XS-${yearOf(day)}-${String(serial).padStart(4, '0')}`
/** Where nothing is planned: to get in touch tomorrow. */
export const firstStep = (day: Day) => ({ what: '', on: addDays(day, 1) })

type Start = Pick<Lead, 'number' | 'at' | 'stage'> & Pick<Intake, 'owner' | 'next' | 'event' | 'consent'>

/** A lead as it begins: with its owner and what comes next, or in the pool. */
export const freshLead = (park: string, facts: ReturnType<typeof tidyFacts>, { number, at, stage, owner, ...more }: Start): Lead => ({
  ...{ _id: new Types.ObjectId(), park, number, ...facts, event: more.event ?? null },
  ...{ state: 'open', stage, path: [{ stage, at }], course: courseOf([{ stage, at }]), at, touchedAt: at, warnedAt: null },
  ...{ owner: owner?._id ?? null, ownerName: owner?.name ?? null, pool: owner ? null : { at, why: 'new' } },
  next: owner ? (more.next ?? null) : null,
  ...{ lost: null, tenant: null, lease: null, mergedInto: null, consentAt: more.consent ? at : null, version: 0 },
})

/** Adds a lead with its owner or to the pool. Throws lead.twin (409) unless it is meant, creditCode.*. */
export async function createLead(park: Place, given: LeadFacts, intake: Intake, by: Actor): Promise<Lead> {
  const facts = tidyFacts(given)
  return transact(async () => {
    await guardIdentity(park._id, facts)
    if (!intake.twin) await refuseTwins(park, facts, null)
    await guardStages(park._id)
    const setup = await setupOf(park._id)
    const { owner } = intake
    if (owner) await guardPerson(park._id, owner._id)
    const [at, stage, day] = [now(), firstStage(setup), today(park.zone)]
    const number = leadNumber(day, await nextNumber(park._id, seriesOf(day)))
    const next = intake.next ?? firstStep(day)
    const lead = freshLead(park._id, facts, { number, at, stage, owner, next, event: intake.event, consent: intake.consent })
    await scopedInsert(Lead, [lead])
    await indexLead(lead)
    await addLine(lead, 'created', { params: { source: facts.source } }, by)
    await audit(by, 'lead.create', leadSubject(lead), { after: { ...shownLead(facts), owner: lead.ownerName } })
    return lead
  })
}

/** Changes what is known of a lead, from the version the form showed. Throws stale (409), lead.twin (409), lead.merged (409). */
export async function editLead(
  park: Place,
  _id: Types.ObjectId,
  version: number,
  given: LeadFacts,
  { twin = false }: { twin?: boolean },
  by: Actor,
): Promise<Lead> {
  const facts = tidyFacts(given)
  return transact(async () => {
    const before = (await Lead.findOne({ park: park._id, _id }).lean()) as Lead | null
    if (!before) throw notFound()
    if (before.state === 'merged') throw conflict('lead.merged')
    if (before.version !== version) throw conflict('stale')
    const was = identityOf(before)
    const isSame = was.normal === facts.normal && was.creditCode === facts.creditCode && String(was.phones) === String(facts.phones)
    if (!isSame) {
      await guardIdentity(park._id, facts)
      if (!twin) await refuseTwins(park, facts, _id)
    }
    const after = (await Lead.findOneAndUpdate(
      { park: park._id, _id, version },
      { $set: facts, $inc: { version: 1 } },
      { returnDocument: 'after' },
    ).lean()) as Lead | null
    if (!after) throw conflict('stale')
    if (after.name !== before.name) await renameHolds(park._id, _id, after.name)
    await indexLead(after)
    await audit(by, 'lead.edit', leadSubject(after), { before: shownLead(before), after: shownLead(after) })
    return after
  })
}
