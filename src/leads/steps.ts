import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { type Day, today } from '../lib/days.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import { courseOf } from './course.ts'
import { addLine, type FollowUp } from './entry.ts'
import { guardStages } from './guards.ts'
import { Lead, type LostReason, leadSubject } from './lead.ts'
import { isOpenStage, setupOf, stageAgain } from './setup.ts'

/** What is done with a lead: each step is one write guarded by the version it was read at, so that of two at once the second sees both. */
export interface Next {
  what: string
  on: Day
}

export async function loadLead(park: string, _id: Types.ObjectId): Promise<Lead> {
  const lead = (await Lead.findOne({ park, _id }).lean()) as Lead | null
  if (!lead) throw notFound()
  return lead
}

/** An open lead. Throws lead.not.open (409). */
export async function loadOpen(park: string, _id: Types.ObjectId): Promise<Lead> {
  const lead = await loadLead(park, _id)
  if (lead.state !== 'open') throw conflict('lead.not.open', { number: lead.number })
  return lead
}

/** Writes one step. Whoever did something else with it meanwhile makes this one run again, or lose with stale (409). */
export async function writeLead(before: Lead, set: Partial<Lead>, path?: string): Promise<Lead> {
  const step = path ? { stage: path, at: now() } : null
  const push = step ? { $push: { path: step } } : {}
  const course = step ? { course: courseOf([...before.path, step]) } : {}
  const after = (await Lead.findOneAndUpdate(
    { park: before.park, _id: before._id, version: before.version },
    { $set: { touchedAt: now(), warnedAt: null, ...set, ...course }, ...push, $inc: { version: 1 } },
    { returnDocument: 'after' },
  ).lean()) as Lead | null
  if (!after) throw conflict('stale')
  return after
}

/** Whoever works on an open lead is its owner; who leads may work on any. Throws lead.notYours (403). */
export function refuseStranger(lead: Lead, by: Pick<Actor, 'id'>, leads: boolean): void {
  if (!leads && String(lead.owner) !== by.id) throw new RuleError('lead.notYours', { owner: lead.ownerName ?? '–' }, { status: 403 })
}

/** Throws lead.nextPast: what comes next isn't behind us. */
export function checkNext(next: Next, day: Day): void {
  if (next.on < day) throw new RuleError('lead.nextPast', {}, { field: 'nextOn' })
}

/** Writes down what was said or done, and what comes next. Throws lead.not.open (409), lead.inPool (409), lead.nextPast. */
export async function followUp(
  park: { _id: string; zone: string },
  _id: Types.ObjectId,
  { kind, text, next }: { kind: FollowUp; text: string; next: Next },
  by: Actor,
): Promise<Lead> {
  checkNext(next, today(park.zone))
  return transact(async () => {
    const lead = await loadOpen(park._id, _id)
    if (!lead.owner) throw conflict('lead.inPool')
    const after = await writeLead(lead, { next })
    await addLine(lead, kind, { text }, by)
    await audit(by, 'lead.follow', leadSubject(lead), { before: { next: lead.next?.on }, after: { next: next.on }, note: text })
    return after
  })
}

/** Changes what comes next, without anything having been done. */
export async function planNext(park: { _id: string; zone: string }, _id: Types.ObjectId, next: Next, by: Actor): Promise<Lead> {
  checkNext(next, today(park.zone))
  return transact(async () => {
    const lead = await loadOpen(park._id, _id)
    if (!lead.owner) throw conflict('lead.inPool')
    // Putting it off isn't doing something: what counts as idle goes on.
    const after = await writeLead(lead, { next, touchedAt: lead.touchedAt, warnedAt: lead.warnedAt })
    await audit(by, 'lead.plan', leadSubject(lead), { before: { next: lead.next?.on }, after: { next: next.on }, note: next.what })
    return after
  })
}

/** Moves an open lead to another stage of the park. `from` is the stage it was seen in. Throws lead.moved (409), lead.stageGone, lead.inPool (409). */
export async function moveStage(park: string, _id: Types.ObjectId, { from, to }: { from: string; to: string }, by: Actor): Promise<Lead> {
  return transact(async () => {
    const lead = await loadOpen(park, _id)
    if (!lead.owner) throw conflict('lead.inPool')
    await guardStages(park)
    if (!isOpenStage(await setupOf(park), to)) throw new RuleError('lead.stageGone', {}, { field: 'stage' })
    if (lead.stage === to) return lead
    if (lead.stage !== from) throw conflict('lead.moved')
    const after = await writeLead(lead, { stage: to }, to)
    await addLine(lead, 'stage', { params: { from: lead.stage, to } }, by)
    await audit(by, 'lead.stage', leadSubject(lead), { before: { stage: lead.stage }, after: { stage: to } })
    return after
  })
}

/** Hooks of what must end with a lead: holds are released, visits called off. They run inside the step's transaction. */
type Ended = (lead: Lead, by: Actor) => Promise<void>
const enders: Ended[] = []
export const onLost = (ender: Ended): void => {
  enders.push(ender)
}

/** Ends a lead that won't come, with the reason. Throws lead.not.open (409), stale (409). */
export async function loseLead(
  park: string,
  _id: Types.ObjectId,
  { reason, note }: { reason: LostReason; note: string | null },
  by: Actor,
): Promise<Lead> {
  return transact(async () => {
    const lead = await loadOpen(park, _id)
    const after = await writeLead(lead, { state: 'lost', lost: { reason, note, by: by.name }, next: null, pool: null }, 'lost')
    for (const ender of enders) await ender(after, by)
    await addLine(lead, 'lost', { text: note, params: { reason } }, by)
    await audit(by, 'lead.lose', leadSubject(lead), { before: { state: 'open' }, after: { state: 'lost', reason }, note })
    return after
  })
}

/** Takes a lost lead up again, in the stage it was in. Throws lead.not.lost (409), lead.nextPast. */
export async function reopenLead(
  park: { _id: string; zone: string },
  _id: Types.ObjectId,
  next: Next,
  by: Actor & { _id: Types.ObjectId },
): Promise<Lead> {
  checkNext(next, today(park.zone))
  return transact(async () => {
    const lead = await loadLead(park._id, _id)
    if (lead.state !== 'lost') throw conflict('lead.not.lost', { number: lead.number })
    await guardStages(park._id)
    const stage = stageAgain(await setupOf(park._id), lead.stage)
    const owner = { owner: by._id, ownerName: by.name }
    const after = await writeLead(lead, { state: 'open', stage, lost: null, next, pool: null, ...owner }, stage)
    await addLine(lead, 'reopened', {}, by)
    await audit(by, 'lead.reopen', leadSubject(lead), { before: { state: 'lost' }, after: { state: 'open', owner: by.name } })
    return after
  })
}
