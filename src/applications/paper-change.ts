import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { linkFiles, type Upload, unlinkFiles } from '../files/store.ts'
import { now } from '../lib/clock.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import type { ServiceContent } from '../services/content.ts'
import { type Application, applicationSubject, PAPER_LINK, type Paper } from './application.ts'
import { hold, save, wrongState } from './change.ts'
import { documentName, isPersonal, type Slot, slotsOf, standingIn, stands } from './papers.ts'
import { isEditable } from './progress.ts'
import { prolonged, whoIs } from './steps.ts'

/** Papers of an application: handed in, taken back, accepted, refused. Each in the transaction of its audit entry. */
const MOST_PAPERS = 200

export function slotAt(application: Application, content: ServiceContent, document: string, founder: string | null): Slot {
  const slot = slotsOf(application, content).find(one => one.document.key === document && (one.founder?.key ?? null) === founder)
  if (!slot) throw notFound()
  return slot
}

const nameOf = ({ document, founder }: Slot): string => [document.name.zh, founder?.name].filter(Boolean).join(' · ')

/**
 * Hands in files for a document. Throws fileMissing, application.tooMany where it would have more than it may, application.state (409)
 * unless the applicant may change things.
 */
export async function addPapers(
  park: Park,
  _id: Types.ObjectId,
  { document, founder }: { document: string; founder: string | null },
  files: Upload[],
  by: Actor,
): Promise<void> {
  if (!files.length) throw new RuleError('fileMissing', {}, { field: 'papers' })
  await transact(async () => {
    const { application, content } = await hold(park._id, _id)
    if (!isEditable(application)) throw wrongState(application)
    const slot = slotAt(application, content, document, founder)
    const { most } = slot.document
    if (standingIn(application.papers, slot).length + files.length > most || application.papers.length + files.length > MOST_PAPERS)
      throw new RuleError('application.tooMany', { max: most }, { field: 'papers' })
    const papers = files.map(
      ({ id, name, size, type }): Paper => ({
        ...{ _id: new Types.ObjectId(), document, founder, file: id, name, size, type },
        ...{ at: now(), by: whoIs(by), state: 'given', reason: null },
      }),
    )
    await save(application, { papers: [...application.papers, ...papers], ...prolonged(park, application, content) })
    await linkFiles(
      park._id,
      files.map(file => file.id),
      { kind: PAPER_LINK, ref: _id },
    )
    // A draft is nobody's business but the applicant's.
    if (application.state !== 'draft')
      await audit(by, 'application.paper.add', applicationSubject(application), { after: { document: nameOf(slot) } })
  })
}

export function paperAt({ papers }: Pick<Application, 'papers'>, _id: Types.ObjectId): Paper {
  const paper = papers.find(one => one._id.equals(_id))
  if (!paper) throw notFound()
  return paper
}

const changed = (papers: Paper[], _id: Types.ObjectId, set: Partial<Paper>): Paper[] =>
  papers.map(one => (one._id.equals(_id) ? { ...one, ...set } : one))

/** Takes a paper back that nobody has judged; its file goes. Throws application.judged (409), application.state (409). */
export async function removePaper(park: Park, _id: Types.ObjectId, paper: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const { application, content } = await hold(park._id, _id)
    const found = paperAt(application, paper)
    if (!isEditable(application)) throw wrongState(application)
    if (found.state === 'gone') return
    if (found.state !== 'given') throw conflict('application.judged')
    const left = application.papers.filter(one => !one._id.equals(paper))
    const draft = application.state === 'draft'
    const papers = draft ? left : changed(application.papers, paper, { state: 'gone', file: null, name: '' })
    await save(application, { papers, ...prolonged(park, application, content) })
    if (found.file) await unlinkFiles(park._id, [found.file])
    if (!draft)
      await audit(by, 'application.paper.remove', applicationSubject(application), {
        before: { document: documentName(content, found) },
        after: { document: null },
      })
  })
}

/** Judges a paper while its application is worked on; said twice it stands once. A refusal needs a reason. */
export async function judgePaper(
  park: string,
  _id: Types.ObjectId,
  paper: Types.ObjectId,
  { accepted, reason }: { accepted: boolean; reason: string | null },
  by: Actor,
): Promise<void> {
  if (!accepted && !reason) throw new RuleError('required', {}, { field: 'reason' })
  await transact(async () => {
    const { application, content } = await hold(park, _id)
    const found = paperAt(application, paper)
    if (application.state !== 'running') throw wrongState(application)
    if (!stands(found) && found.state !== 'refused') throw conflict('application.judged')
    const state = accepted ? 'accepted' : 'refused'
    if (found.state === state && found.reason === (accepted ? null : reason)) return
    if (found.state === 'refused') throw conflict('application.judged')
    await save(application, { papers: changed(application.papers, paper, { state, reason: accepted ? null : reason }) })
    await audit(by, `application.paper.${accepted ? 'accept' : 'refuse'}`, applicationSubject(application), {
      after: { document: documentName(content, found) },
      // The name of an identity paper may say whose it is.
      note: [isPersonal(content, found) ? null : found.name, reason].filter(Boolean).join('\n') || null,
    })
  })
}
