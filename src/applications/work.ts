import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { linkFiles, type Upload } from '../files/store.ts'
import { now } from '../lib/clock.ts'
import { today } from '../lib/days.ts'
import { RuleError } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import type { ServiceContent } from '../services/content.ts'
import { type Application, type Ask, applicationSubject, type FileRef, RESULT_LINK } from './application.ts'
import { type Held, hold, save, wrongState } from './change.ts'
import { foundTenant, type Licence, prepareTenant } from './effects.ts'
import { endUnserved } from './ending.ts'
import { charge, chargedAt } from './fee.ts'
import { indexApplication } from './index-application.ts'
import { holdOwner, type Person } from './owners.ts'
import { missingPapers, refusedSlots } from './papers.ts'
import { after, effectOf, isOpen, legOf } from './progress.ts'
import { begin, ending, endLeg, goOn, ownedBy, whoIs } from './steps.ts'
import { type ApplicantNews, tellApplicant, tellOwner } from './told.ts'
import { workdaysBetween } from './workdays.ts'

/** What the park's people do with an application: finish a step, ask for more, refuse, hand over. From the version their page showed. */
export interface Finish {
  note: string | null
  /** Stored, not linked yet. */
  files: Upload[]
  /** Where the step founds the company. */
  licence: Licence | null
}

const refsOf = (files: Upload[]): FileRef[] => files.map(({ id, name, size }) => ({ file: id, name, size }))

/** A step that decides may not pass what was refused or is missing. */
function checkPapers({ application, content }: Held): void {
  if (content.steps[application.step]!.outcome !== 'decision') return
  const slots = [...refusedSlots(application, content), ...missingPapers(application, content)]
  if (slots.length) throw new RuleError('application.papersOpen', { document: slots[0]!.document.name.zh })
}

async function takeEffect(park: Park, { application, content }: Held, licence: Licence | null, by: Actor): Promise<Partial<Application>> {
  const effect = effectOf(application, content)
  if (effect === 'none') return {}
  if (effect === 'prepare') return prepareTenant(park, application, content, by)
  if (!licence) throw new RuleError('required', {}, { field: 'creditCode' })
  return foundTenant(park, application, content, licence, by)
}

/** The applicant hears of a step where the service says so, and always of their company and of the end. */
function newsOf(content: ServiceContent, step: number, isLast: boolean): ApplicantNews | null {
  if (isLast) return 'done'
  if (content.steps[step]!.effect === 'found') return 'founded'
  return content.steps[step]!.told.includes('applicant') ? 'step' : null
}

/**
 * Ends the present step with all it brings about, and begins the next or ends the application. Throws application.state (409),
 * application.papersOpen, application.noResult, stale (409), and what its effect throws.
 */
export async function finishStep(park: Park, _id: Types.ObjectId, version: number, input: Finish, by: Actor): Promise<Application> {
  return transact(async () => {
    const held = await hold(park._id, _id, version)
    const { application, content } = held
    const next = after(application, 'finish', content)
    if (!next) throw wrongState(application)
    const step = content.steps[application.step]!
    if (step.result === 'required' && !input.files.length) throw new RuleError('application.noResult', {}, { field: 'result' })
    checkPapers(held)
    const effect = await takeEffect(park, held, input.licence, by)
    const charges = !application.charged && application.step >= chargedAt(content)
    if (charges) await charge(park, { ...application, ...effect }, by)
    const files = step.result === 'none' ? [] : input.files
    const legs = await endLeg(park, application, by, { note: input.note, files: refsOf(files) })
    const isLast = next.state === 'done'
    const goes = isLast ? { ...ending(park, content), legs } : await begin(park, content, { legs, user: application.user }, next.step)
    const saved = await save(application, {
      ...effect,
      ...next,
      ...goes,
      charged: application.charged || charges,
      chargedOn: charges ? today(park.zone) : application.chargedOn,
    })
    if (saved.name !== application.name) await indexApplication(saved)
    await linkFiles(
      park._id,
      files.map(file => file.id),
      { kind: RESULT_LINK, ref: _id, slot: step.key },
    )
    await audit(by, 'application.finish', applicationSubject(saved), {
      before: { step: step.name.zh, owner: application.ownerName },
      after: { step: isLast ? null : content.steps[next.step]!.name.zh, owner: saved.ownerName, due: saved.dueOn },
      note: [input.note, ...files.map(file => file.name)].filter(Boolean).join('\n') || null,
    })
    const news = newsOf(content, application.step, isLast)
    if (news) await tellApplicant(saved, content, news, by, { step: application.step, text: input.note ?? '' })
    if (!isLast && step.told.includes('next')) await tellOwner(saved, content, 'assigned', by)
    return saved
  })
}

/** Asks the applicant for more: the clock of the step stands still until they answer. Throws application.state, stale (409). */
export async function askForMore(park: Park, _id: Types.ObjectId, version: number, text: string, by: Actor): Promise<Application> {
  return transact(async () => {
    const { application, content } = await hold(park._id, _id, version)
    const next = after(application, 'ask', content)
    const leg = legOf(application)
    if (!next || !leg) throw wrongState(application)
    const on = today(park.zone)
    const left = await workdaysBetween(park, on, leg.due)
    const ask: Ask = {
      _id: new Types.ObjectId(),
      step: application.step,
      text,
      on,
      at: now(),
      by: whoIs(by),
      left,
      answeredAt: null,
      answer: null,
    }
    const { answers, studies, class: klass, fee, fullFee } = application
    const before = { answers, studies, class: klass, fee, fullFee }
    const saved = await save(application, { ...next, dueOn: null, asks: [...application.asks, ask], before })
    await audit(by, 'application.ask', applicationSubject(saved), { note: text })
    await tellApplicant(saved, content, 'asked', by, { text })
    return saved
  })
}

/** Goes on without the answer that was asked for, with what was said before: the clock runs again. Throws application.state, stale (409). */
export async function resume(park: Park, _id: Types.ObjectId, version: number, by: Actor): Promise<Application> {
  return transact(async () => {
    const { application, content } = await hold(park._id, _id, version)
    const next = after(application, 'resume', content)
    const going = await goOn(park, application, null)
    if (!next || !going) throw wrongState(application)
    const saved = await save(application, { ...next, ...going, ...application.before, before: null })
    await audit(by, 'application.resume', applicationSubject(saved), { after: { due: saved.dueOn } })
    return saved
  })
}

/** Ends an application without its service; its charges are taken back. Throws application.state (409) where its step decides nothing. */
export async function refuse(park: Park, _id: Types.ObjectId, version: number, reason: string, by: Actor): Promise<Application> {
  return transact(async () => {
    const held = await hold(park._id, _id, version)
    const saved = await endUnserved(park, held, 'refuse', reason, by)
    await tellApplicant(saved, held.content, 'refused', by, { text: reason })
    return saved
  })
}

/** Gives an open application to a colleague who may do its step, in the caller's transaction. */
export async function give({ application, content }: Held, to: Person, by: Actor, note: string | null): Promise<Application> {
  const saved = await save(application, ownedBy(to))
  const names = { before: { owner: application.ownerName }, after: { owner: saved.ownerName }, note }
  await audit(by, 'application.handOver', applicationSubject(saved), names)
  await tellOwner(saved, content, 'assigned', by)
  return saved
}

/** Hands an application over, or takes it over. Throws application.owner, application.state (409), stale (409). */
export async function handOver(
  park: string,
  _id: Types.ObjectId,
  version: number,
  { to, note }: { to: Types.ObjectId; note: string | null },
  by: Actor,
): Promise<Application> {
  return transact(async () => {
    const held = await hold(park, _id, version)
    const { application, content } = held
    if (!isOpen(application)) throw wrongState(application)
    if (application.owner?.equals(to)) return application
    return give(held, await holdOwner(park, content.steps[application.step]!.role, to), by, note)
  })
}
