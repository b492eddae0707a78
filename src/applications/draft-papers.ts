import type { Request, Response } from 'express'
import { z } from 'zod'
import { SCAN } from '../files/content.ts'
import { findLinked } from '../files/store.ts'
import { sendDownload } from '../files/stream.ts'
import { notFound } from '../lib/rule-error.ts'
import { sendExample } from '../services/examples.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { received, type Uploads } from '../web/uploads.ts'
import { PAPER_LINK } from './application.ts'
import { type Draft, openDraft, openOwn } from './draft-open.ts'
import { addPapers, paperAt, removePaper } from './paper-change.ts'
import { isOf, isPersonal, type Slot, slotsOf, standingIn, waitsForFounders } from './papers.ts'

/** The papers of an application as its applicant hands them in: one document after the other. */
export const PAPERS: Uploads = { papers: { max: 8, kinds: SCAN, mib: 10 } }

const inputOf = (document: string, founder: string): string => `papers-${document}${founder && `-${founder}`}`
const slotInput = ({ document, founder }: Slot): string => inputOf(document.key, founder?.key ?? '')

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The input a refused upload was chosen in. */
function failedInput(req: Request): string | null {
  if (!req.failed) return null
  const { document, founder } = req.failed.values
  return inputOf(textOf(document), textOf(founder))
}

export function showPapers(req: Request, res: Response, { application, content, base }: Draft): void {
  const input = failedInput(req)
  if (input) req.failed!.problems = req.failed!.problems.map(one => (one.field === 'papers' ? { ...one, field: input } : one))
  const slots = slotsOf(application, content).map(slot => ({
    ...slot,
    input: slotInput(slot),
    papers: application.papers.filter(paper => paper.state !== 'gone' && isOf(paper, slot)),
    left: Math.max(0, slot.document.most - standingIn(application.papers, slot).length),
  }))
  res.page('applications/documents', {
    ...{ application, content, base, slots },
    mib: PAPERS['papers']!.mib,
    waitsForFounders: waitsForFounders(application, content),
    form: formState(req),
  })
}

export async function showDocuments(req: Request, res: Response): Promise<void> {
  const draft = await openDraft(req, res)
  if (draft) showPapers(req, res, draft)
}

const paperForm = z.object({ document: f.text(40), founder: f.optionalText(40) })

export async function handIn(req: Request, res: Response): Promise<void> {
  const { application, base } = await openOwn(req)
  const slot = readForm(req, paperForm)
  await commit(req, res, async () => {
    await addPapers(req.park, application._id, slot, received(req, 'papers'), actor(req))
    flash(res, 'applicationForm.done.uploaded')
    return `${base}/tasks/documents#${inputOf(slot.document, slot.founder ?? '')}`
  })
}

export async function takeBack(req: Request, res: Response): Promise<void> {
  const { application, base } = await openOwn(req)
  const paper = idParam(req, 'paper')
  const { document, founder } = paperAt(application, paper)
  await commit(req, res, async () => {
    await removePaper(req.park, application._id, paper, actor(req))
    flash(res, 'applicationForm.done.removed')
    return `${base}/tasks/documents#${inputOf(document, founder ?? '')}`
  })
}

const viewQuery = z.object({ view: z.literal('1').optional() })

/** The applicant's own copy of what they handed in. */
export async function ownPaper(req: Request, res: Response): Promise<void> {
  const { application, content, mine } = await openOwn(req)
  const paper = paperAt(application, idParam(req, 'paper'))
  if (isPersonal(content, paper) && !mine) throw notFound()
  const { file } = paper
  const stored = file && (await findLinked(req.park._id, file, PAPER_LINK, application._id))
  if (!stored) throw notFound()
  await sendDownload(req, res, stored, readQuery(req, viewQuery).view === '1')
}

/** What a good document looks like, in the version the application keeps. */
export async function example(req: Request, res: Response): Promise<void> {
  const { application, content } = await openOwn(req)
  await sendExample(req, res, { service: { park: application.park, _id: application.service }, content }, 'private, max-age=600')
}
