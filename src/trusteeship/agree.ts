import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { nextNumber } from '../db/counter.ts'
import { transact } from '../db/transact.ts'
import { linkFiles } from '../files/store.ts'
import { now } from '../lib/clock.ts'
import { yearOf } from '../lib/days.ts'
import { addToMonth, type Month, monthsFrom, OPEN } from '../lib/months.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { holdTenant } from '../tenants/records.ts'
import { Agreement, agreementSubject, type Paper, stateOf, type Terms } from './agreement.ts'
import { AGREEMENT_LINK, Round } from './round.ts'
import { tellAssigned, trusteePeople } from './tell.ts'

/** The life of an agreement: made, its terms renewed, handed to another colleague, ended. Each in the transaction of its audit entry. */
export const MOST_PAPERS = 20

export interface NewAgreement extends Omit<Terms, 'from'> {
  tenant: Types.ObjectId
  from: Month
  end: Month | null
  staff: Types.ObjectId
}

/** Who may answer for an agreement: a manager or an accountant of the park. */
export async function trusteesOf(park: string): Promise<{ _id: Types.ObjectId; name: string }[]> {
  const people = (await trusteePeople(park)).map(({ _id, name }) => ({ _id, name }))
  return people.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

async function trustee(park: string, staff: Types.ObjectId): Promise<{ _id: Types.ObjectId; name: string }> {
  const found = (await trusteesOf(park)).find(one => one._id.equals(staff))
  if (!found) throw new RuleError('trustee.staff', {}, { field: 'staff' })
  return found
}

function checkPapers(papers: Paper[]): void {
  if (!papers.length) throw new RuleError('trustee.noPapers', {}, { field: 'papers' })
  if (papers.length > MOST_PAPERS || new Set(papers.map(paper => paper.key)).size !== papers.length)
    throw new RuleError('trustee.paperTwice', {}, { field: 'papers' })
}

/**
 * Nobody else keeps the tenant's books in any of the months. Call it with the tenant held (written): two agreements at once would
 * else not see each other.
 */
async function checkAlone(park: string, tenant: Types.ObjectId, from: Month, end: Month, except: Types.ObjectId | null): Promise<void> {
  const other = await Agreement.findOne({ park, tenant, _id: { $ne: except }, from: { $lte: end }, end: { $gte: from } }).lean()
  if (other) throw conflict('trustee.running', { number: other.number, from: other.from }, except ? 'end' : 'tenant')
}

/** False once an agreement has ended and every month of it is reported. */
export const isOpen = (one: Pick<Agreement, 'from' | 'end' | 'months'>): boolean =>
  one.end === OPEN || monthsFrom(one.from, one.end).some(month => stateOf(one, month) !== 'reported')

const termsShown = ({ taxpayer, fee, papers }: Omit<Terms, 'from'>) => ({
  ...{ taxpayer, fee },
  papers: papers.map(({ kind, name, required }) => ({ kind: name?.zh ?? kind, required })),
})

/** Makes an agreement. Throws tenant.gone, trustee.running (409), trustee.staff, trustee.noPapers, period.order. */
export async function makeAgreement(park: string, input: NewAgreement, by: Actor): Promise<Agreement> {
  const { tenant, from, taxpayer, fee, papers } = input
  const end = input.end ?? OPEN
  if (end < from) throw new RuleError('period.order', {}, { field: 'end' })
  checkPapers(papers)
  return transact(async () => {
    const held = await holdTenant(park, tenant)
    if (!held) throw new RuleError('tenant.gone', {}, { field: 'tenant' })
    await checkAlone(park, tenant, from, end, null)
    const staff = await trustee(park, input.staff)
    const year = yearOf(now().toISOString())
    const number = `TG-${year}-${String(await nextNumber(park, `trusteeship-${year}`)).padStart(4, '0')}`
    const terms = [{ from, taxpayer, fee, papers }]
    const whole = { park, number, tenant, tenantName: held.name, from, end, staff: staff._id, staffName: staff.name, terms }
    const [made] = await Agreement.create([whole])
    const agreement = made!.toObject() as Agreement
    const after = { tenant: held.name, fromMonth: from, endMonth: end, trustee: staff.name, ...termsShown(terms[0]!) }
    await audit(by, 'trusteeship.make', agreementSubject(agreement), { after })
    await tellAssigned(agreement, by)
    return agreement
  })
}

export async function loadAgreement(park: string, _id: Types.ObjectId): Promise<Agreement> {
  const found = (await Agreement.findOne({ park, _id }).lean()) as Agreement | null
  if (!found) throw notFound()
  return found
}

/** The agreement something is done in, written so that whatever else is done in it at this moment waits. */
export async function holdAgreement(park: string, _id: Types.ObjectId): Promise<Agreement> {
  const found = (await Agreement.findOneAndUpdate({ park, _id }, { $inc: { ties: 1 } }).lean()) as Agreement | null
  if (!found) throw notFound()
  return found
}

/** Writes from the version the form showed; stale (409) when somebody saved in between. */
async function save(before: Agreement, version: number, set: Partial<Agreement>): Promise<Agreement> {
  const { park, _id } = before
  const after = (await Agreement.findOneAndUpdate(
    { park, _id, version },
    { $set: set, $inc: { version: 1 } },
    { returnDocument: 'after', runValidators: true },
  ).lean()) as Agreement | null
  if (!after) throw conflict('stale')
  return after
}

/** The first month new terms may begin with: no earlier than the agreement, and after every month whose papers were received. */
export const earliestTerms = ({ from, months }: Pick<Agreement, 'from' | 'months'>): Month => {
  const last = months.at(-1)?.month
  return last ? addToMonth(last, 1) : from
}

/**
 * Agrees on other papers, another fee or taxpayer class from a month on; terms that were to begin later are replaced. Months that
 * were received keep theirs. Throws trustee.termsFrom, stale (409).
 */
export async function editTerms(park: string, _id: Types.ObjectId, version: number, terms: Terms, by: Actor): Promise<Agreement> {
  checkPapers(terms.papers)
  return transact(async () => {
    const before = await holdAgreement(park, _id)
    const earliest = earliestTerms(before)
    if (terms.from < earliest || terms.from > before.end) throw new RuleError('trustee.termsFrom', { month: earliest }, { field: 'from' })
    const kept = before.terms.filter(one => one.from < terms.from)
    const first = kept.length ? terms : { ...terms, from: before.from }
    const after = await save(before, version, { terms: [...kept, first] })
    const was = before.terms.findLast(one => one.from <= terms.from) ?? before.terms[0]!
    await audit(by, 'trusteeship.terms', agreementSubject(after), {
      before: termsShown(was),
      after: { ...termsShown(terms), fromMonth: terms.from },
    })
    return after
  })
}

/** Hands an agreement to another colleague, who is told. Throws trustee.staff, stale (409). */
export async function handOver(park: string, _id: Types.ObjectId, version: number, to: Types.ObjectId, by: Actor): Promise<Agreement> {
  return transact(async () => {
    const before = await holdAgreement(park, _id)
    const staff = await trustee(park, to)
    const after = await save(before, version, { staff: staff._id, staffName: staff.name })
    const names = { before: { trustee: before.staffName }, after: { trustee: after.staffName } }
    await audit(by, 'trusteeship.handOver', agreementSubject(after), names)
    await tellAssigned(after, by)
    return after
  })
}

const begunAfter = (end: Month) => ({
  month: { $gt: end },
  $or: [{ state: { $ne: 'collecting' as const } }, { papers: { $elemMatch: { ended: null } } }],
})

/**
 * Dates the ending of an agreement by its last month, or takes the ending back (null). Throws period.order, trustee.begun when a later
 * month was begun, trustee.running (409) when another agreement follows, stale (409).
 */
export async function endAgreement(park: string, _id: Types.ObjectId, version: number, last: Month | null, by: Actor): Promise<Agreement> {
  return transact(async () => {
    const before = await holdAgreement(park, _id)
    const end = last ?? OPEN
    if (end < before.from) throw new RuleError('period.order', {}, { field: 'end' })
    const begun = await Round.findOne({ park, agreement: _id, ...begunAfter(end) }, { month: 1 }).lean()
    if (begun) throw new RuleError('trustee.begun', { month: begun.month }, { field: 'end' })
    if (!(await holdTenant(park, before.tenant))) throw notFound()
    await checkAlone(park, before.tenant, before.from, end, _id)
    const after = await save(before, version, { end, open: isOpen({ ...before, end }) })
    await audit(by, 'trusteeship.end', agreementSubject(after), { before: { endMonth: before.end }, after: { endMonth: end } })
    return after
  })
}

/** Links the signed agreement. Throws fileMissing. */
export async function attachAgreement(park: string, _id: Types.ObjectId, files: { id: Types.ObjectId; name: string }[], by: Actor) {
  if (!files.length) throw new RuleError('fileMissing', {}, { field: 'document' })
  await transact(async () => {
    const agreement = await holdAgreement(park, _id)
    const ids = files.map(file => file.id)
    await linkFiles(park, ids, { kind: AGREEMENT_LINK, ref: _id })
    await audit(by, 'trusteeship.attach', agreementSubject(agreement), { note: files.map(file => file.name).join('\n') })
  })
}
