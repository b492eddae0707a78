import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { now } from '../lib/clock.ts'
import { addDays, today } from '../lib/days.ts'
import { RuleError } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { type Application, applicationSubject } from './application.ts'
import { classedToday, refuseIncomplete } from './apply.ts'
import { hold, save, wrongState } from './change.ts'
import { endUnserved } from './ending.ts'
import { refusedSlots } from './papers.ts'
import { after, REOPEN_DAYS } from './progress.ts'
import { begin, goOn } from './steps.ts'
import { tellOwner } from './told.ts'

/** What the applicant does with what they handed in: answer, withdraw, rate, have it reopened. */

/**
 * Answers what was asked, with papers and answers changed before: the clock of the step goes on with the days that were left. Throws
 * application.incomplete, application.papersOpen while a refused paper has nothing in its place, stale (409).
 */
export async function answer(park: Park, _id: Types.ObjectId, version: number, text: string | null, by: Actor): Promise<Application> {
  return transact(async () => {
    const { application, content } = await hold(park._id, _id, version)
    const next = after(application, 'answer', content)
    const going = await goOn(park, application, text)
    if (!next || !going) throw wrongState(application)
    const known = { ...application, ...classedToday(park, application, content) }
    refuseIncomplete(known, content)
    const [open] = refusedSlots(known, content)
    if (open) throw new RuleError('application.papersOpen', { document: open.document.name.zh }, { field: 'documents' })
    const { class: klass, fee, fullFee } = known
    const saved = await save(application, { ...next, class: klass, fee, fullFee, ...going, before: null })
    await audit(by, 'application.answer', applicationSubject(saved), { note: text })
    await tellOwner(saved, content, 'answered', by, { text: text ?? '' })
    return saved
  })
}

/** Takes an application back before a company was founded by it; its charges are reversed. Throws application.state (409). */
export async function withdraw(park: Park, _id: Types.ObjectId, version: number, reason: string, by: Actor): Promise<Application> {
  return transact(async () => {
    const held = await hold(park._id, _id, version)
    const saved = await endUnserved(park, held, 'withdraw', reason, by)
    // Who worked on it: nobody does any more.
    await tellOwner(held.application, held.content, 'withdrawn', by, { text: reason })
    return saved
  })
}

/** The last day on which something done can be rated and reopened. */
export const reopenUntil = (application: Pick<Application, 'state' | 'endedOn'>): string | null =>
  application.state === 'done' && application.endedOn ? addDays(application.endedOn, REOPEN_DAYS) : null

export const canReopen = (application: Pick<Application, 'state' | 'endedOn'>, on: string): boolean => {
  const until = reopenUntil(application)
  return until !== null && on <= until
}

/** Rates what was done; a second time replaces the first. Throws application.tooLate after the days for it. */
export async function rate(park: Park, _id: Types.ObjectId, { stars, words }: { stars: number; words: string | null }, by: Actor) {
  return transact(async () => {
    const { application } = await hold(park._id, _id)
    if (!canReopen(application, today(park.zone))) throw new RuleError('application.tooLate', { days: REOPEN_DAYS })
    const saved = await save(application, { rating: { stars, words, at: now() } })
    await audit(by, 'application.rate', applicationSubject(saved), {
      before: { stars: application.rating?.stars ?? null },
      after: { stars },
    })
    return saved
  })
}

/** Has something done worked on again: its last step begins anew. Throws application.tooLate, application.state (409). */
export async function reopen(park: Park, _id: Types.ObjectId, version: number, reason: string, by: Actor): Promise<Application> {
  return transact(async () => {
    const { application, content } = await hold(park._id, _id, version)
    const next = after(application, 'reopen', content)
    if (!next) throw wrongState(application)
    if (!canReopen(application, today(park.zone))) throw new RuleError('application.tooLate', { days: REOPEN_DAYS })
    const begun = await begin(park, content, application, next.step)
    // What is handed in from now on goes after the new end.
    const open = { endedAt: null, endedOn: null, eraseOn: null, erasedAt: null, reason: null }
    const saved = await save(application, { ...open, ...next, ...begun })
    await audit(by, 'application.reopen', applicationSubject(saved), { after: { owner: saved.ownerName, due: saved.dueOn }, note: reason })
    await tellOwner(saved, content, 'again', by, { text: reason })
    return saved
  })
}
