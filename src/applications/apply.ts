import { isDeepStrictEqual } from 'node:util'
import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { nextNumber } from '../db/counter.ts'
import { again, isDuplicateKey, transact } from '../db/transact.ts'
import { unlinkFiles } from '../files/store.ts'
import { now } from '../lib/clock.ts'
import { type Day, today, yearOf } from '../lib/days.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { isAskedOf, type ServiceContent } from '../services/content.ts'
import { offerNamed } from '../services/offers.ts'
import { holdTenant } from '../tenants/records.ts'
import { openTasks } from './answers.ts'
import { Application, applicationSubject, type Paper } from './application.ts'
import { hold, save, wrongState } from './change.ts'
import { classOf, feeOf, isForFounders, isForTenants, type Studies } from './eligibility.ts'
import { dropDraft } from './ending.ts'
import { type Answers, foundersOf } from './founders.ts'
import { indexApplication } from './index-application.ts'
import { after, isEditable } from './progress.ts'
import { begin, prolonged } from './steps.ts'
import { tellApplicant, tellOwner } from './told.ts'

/** Applying for a service: begun, filled in page by page, handed in. */
export interface Applicant {
  user: Types.ObjectId
  name: string
  /** The company they apply for; null: themselves. */
  tenant: Types.ObjectId | null
}

/**
 * Begins an application with the version that is offered now, or goes on with the draft the person has. Throws application.notForTenants
 * or application.notForFounders where the service isn't for them, tenant.gone.
 */
export async function beginApplication(park: Park, code: string, { user, name, tenant }: Applicant, by: Actor): Promise<Application> {
  return transact(async () => {
    const { service, content } = await offerNamed(park._id, code)
    const draft = await Application.findOne({ park: park._id, user, service: service._id, tenant, state: 'draft' }).lean()
    if (draft) return draft as Application
    if (tenant && !isForTenants(content)) throw new RuleError('application.notForTenants')
    if (!tenant && !isForFounders(content)) throw new RuleError('application.notForFounders')
    const company = tenant && (await holdTenant(park._id, tenant))
    if (tenant && !company) throw new RuleError('tenant.gone')
    const { _id, published: no, kind } = service
    const own = company ? { name: company.name, class: 'tenant' as const, ...feeOf(content, 'tenant') } : { name, class: null }
    const fresh = { service: _id, no, code, kind, title: content.name, user, userName: name, tenant, ...own }
    const [made] = await Application.create([{ park: park._id, ...fresh, ...prolonged(park, { state: 'draft' }, content) }]).catch(
      error => {
        throw isDuplicateKey(error) ? again(error) : error
      },
    )
    const application = made!.toObject() as Application
    await audit(by, 'application.begin', applicationSubject(application))
    return application
  })
}

/** What is written, and the files of papers that go with it. */
interface Change {
  set: Partial<Application>
  gone: Types.ObjectId[]
}

/** What an applicant changes, from the version their page showed; stale (409), application.state (409) once it is being worked on. */
async function fillIn(
  park: Park,
  _id: Types.ObjectId,
  version: number,
  by: Actor,
  change: (application: Application, content: ServiceContent) => Change,
): Promise<Application> {
  return transact(async () => {
    const { application, content } = await hold(park._id, _id, version)
    if (!isEditable(application)) throw wrongState(application)
    const { set, gone } = change(application, content)
    const saved = await save(application, { ...set, ...prolonged(park, application, content) })
    if (gone.length) await unlinkFiles(park._id, gone)
    if (application.state === 'draft') return saved
    const shown = ({ class: klass, fee }: Application) => ({ class: klass, fee })
    await audit(by, 'application.change', applicationSubject(saved), {
      ...{ before: shown(application), after: shown(saved) },
      note: changedFields(application, saved, content).join('\n') || null,
    })
    return saved
  })
}

/** The fields of which the answers differ: what they say is nobody's business but the applicant's and the handler's. */
const changedFields = (before: Application, after: Application, { fields }: ServiceContent): string[] =>
  fields.filter(({ key }) => !isDeepStrictEqual(before.answers[key], after.answers[key])).map(({ label }) => label.zh)

/** Takes papers out of what is handed in; of what was once handed in, that there was something stays. */
function dropped({ papers, state }: Application, isLost: (paper: Paper) => boolean): { papers: Paper[]; gone: Types.ObjectId[] } {
  const gone = papers.filter(isLost).flatMap(paper => paper.file ?? [])
  if (state === 'draft') return { papers: papers.filter(paper => !isLost(paper)), gone }
  return { papers: papers.map(paper => (isLost(paper) ? { ...paper, file: null, name: '', state: 'gone' } : paper)), gone }
}

/** Papers of founders who were taken off the list go with them; those of somebody who is another person now are to be judged anew. */
function papersOf(application: Application, answers: Answers, content: ServiceContent): { papers: Paper[]; gone: Types.ObjectId[] } {
  const [old, fresh] = [foundersOf(application.answers, content), foundersOf(answers, content)]
  const keys = fresh.map(one => one.key)
  const others = fresh.filter(one => {
    const was = old.find(({ key }) => key === one.key)
    return was && (was.name !== one.name || was.idNumber !== one.idNumber)
  })
  const isAnother = ({ founder }: Paper) => others.some(({ key }) => key === founder)
  const left = dropped(application, ({ founder }) => founder !== null && !keys.includes(founder))
  return {
    ...left,
    papers: left.papers.map(paper => (paper.state === 'accepted' && isAnother(paper) ? { ...paper, state: 'given' } : paper)),
  }
}

/** Saves the answers of one page; the others stay. An answer that is empty now is taken away. */
export async function saveAnswers(
  park: Park,
  _id: Types.ObjectId,
  version: number,
  given: Record<string, Answers[string] | null>,
  by: Actor,
) {
  return fillIn(park, _id, version, by, (application, content) => {
    const all = Object.entries({ ...application.answers, ...given })
    const answers = Object.fromEntries(all.filter(([, answer]) => answer !== null)) as Answers
    const { papers, gone } = papersOf(application, answers, content)
    return { set: { answers, papers }, gone }
  })
}

/**
 * Who somebody is with what they say of their studies, and what the service costs them, on the day they handed it in: nobody becomes
 * another because the park took its time. Throws application.notForYou at `field` where it isn't offered to them.
 */
function classed(park: Park, { submittedOn }: Application, content: ServiceContent, studies: Studies, field: string) {
  const on: Day = submittedOn ?? today(park.zone)
  const klass = classOf(studies, content, on)
  if (!klass) throw new RuleError('application.notForYou', { years: content.years }, { field })
  return { class: klass, ...feeOf(content, klass) }
}

/**
 * Saves who somebody is, and what the service costs them; what was charged stays. Throws application.notForYou where it isn't offered to
 * them, 404 for a company.
 */
export async function saveStudies(park: Park, _id: Types.ObjectId, version: number, studies: Studies, by: Actor): Promise<Application> {
  return fillIn(park, _id, version, by, (application, content) => {
    if (application.class === 'tenant') throw notFound()
    if (application.charged) return { set: { studies }, gone: [] }
    const own = classed(park, application, content, studies, 'status')
    // What is no longer asked of them is no longer kept, unless what was said before may come to stand again.
    const asked = content.documents.filter(document => isAskedOf(document, own.class)).map(document => document.key)
    const { papers, gone } = dropped(application, paper => application.state === 'draft' && !asked.includes(paper.document))
    return { set: { studies, ...own, papers }, gone }
  })
}

/** Deletes a draft with all that was handed in for it. */
export async function discardDraft(park: string, _id: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const { application } = await hold(park, _id)
    if (application.state !== 'draft') throw wrongState(application)
    await dropDraft(application)
    await audit(by, 'application.discard', applicationSubject(application))
  })
}

/**
 * Who somebody is may have changed since they said it: a graduate's years run out between the form and its handing in; what they are
 * then they stay. Throws application.notForYou.
 */
export function classedToday(park: Park, application: Application, content: ServiceContent): Partial<Application> {
  if (application.class === 'tenant' || !application.studies || application.charged) return {}
  return classed(park, application, content, application.studies, 'class')
}

/** Throws application.incomplete with the tasks that are open. */
export function refuseIncomplete(application: Application, content: ServiceContent): void {
  const open = openTasks(application, content)
  if (open.length) throw new RuleError('application.incomplete', { count: open.length }, { field: open[0]! })
}

/**
 * Hands an application in: it gets its number, its first step begins, who does it is told. Throws application.incomplete, .notForYou,
 * .changed (409) where the fee isn't the one the page showed, stale (409), tenant.gone.
 */
export async function submit(park: Park, _id: Types.ObjectId, version: number, by: Actor): Promise<Application> {
  return transact(async () => {
    const { application, content } = await hold(park._id, _id, version)
    const next = after(application, 'submit', content)
    if (!next) throw wrongState(application)
    if (application.tenant && !(await holdTenant(park._id, application.tenant))) throw new RuleError('tenant.gone')
    const own = classedToday(park, application, content)
    // What the page said it costs is what it costs.
    if (own.fee !== undefined && own.fee !== application.fee) {
      throw new RuleError('application.feeChanged', {}, { field: 'class', status: 409 })
    }
    const known = { ...application, ...own }
    refuseIncomplete(known, content)
    const on = today(park.zone)
    const year = yearOf(on)
    const number = `BL-${year}-${String(await nextNumber(park._id, `application-${year}`)).padStart(4, '0')}`
    const founders = foundersOf(known.answers, content)
    const name = known.tenant ? known.name : (founders[0]?.name ?? known.name)
    const begun = await begin(park, content, { legs: [], user: application.user }, next.step)
    const state = { number, name, state: next.state, submittedAt: now(), submittedOn: on, eraseOn: null }
    const saved = await save(application, { ...own, ...state, ...begun })
    await indexApplication(saved)
    await audit(by, 'application.submit', applicationSubject(saved), {
      after: { class: saved.class, fee: saved.fee, owner: saved.ownerName, due: saved.dueOn },
    })
    await tellApplicant(saved, content, 'submitted', by)
    await tellOwner(saved, content, 'assigned', by)
    return saved
  })
}
