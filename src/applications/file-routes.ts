import type { Request, Response } from 'express'
import { audit } from '../audit/entry.ts'
import { findLinked, type StoredFile } from '../files/store.ts'
import { sendDownload } from '../files/stream.ts'
import { previewOf } from '../files/watermark.ts'
import { now } from '../lib/clock.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import { textIn } from '../lib/text.ts'
import { actor } from '../web/context.ts'
import { idParam, param } from '../web/forms.ts'
import { routes } from '../web/router.ts'
import { answerRows } from './answer-words.ts'
import { applicationPath, applicationSubject, PAPER_LINK, type Paper, RESULT_LINK } from './application.ts'
import { paperAt } from './paper-change.ts'
import { documentName, isPersonal } from './papers.ts'
import { type Opened, open, openAs } from './sides.ts'

/**
 * Papers go out by these pages only. An identity paper is read by its applicant and by who does the step, in a preview that says who
 * looks; each look and each download leaves an entry in the trail.
 */
interface Read extends Opened {
  paper: Paper
  file: StoredFile
  personal: boolean
  document: string
}

async function readPaper(req: Request): Promise<Read> {
  const opened = await open(req)
  const { application, content, sides } = opened
  const paper = paperAt(application, idParam(req, 'paper'))
  const personal = isPersonal(content, paper)
  if (!sides.mine && !sides.handler && (personal || (!sides.own && !sides.staff))) throw notFound()
  const file = paper.file && (await findLinked(application.park, paper.file, PAPER_LINK, application._id))
  if (!file) throw notFound()
  const document = content.documents.find(one => one.key === paper.document)?.name ?? null
  return { ...opened, paper, file, personal, document: textIn(document, req.lang).text }
}

/** What is looked at is recorded before it is shown; one's own papers are one's own business. */
async function record(
  req: Request,
  { application, sides, personal, content, paper }: Read,
  action: 'view' | 'download',
  page = '',
): Promise<void> {
  if (sides.mine || !personal) return
  const note = [documentName(content, paper), paper.founder, page].filter(Boolean).join(' · ')
  await audit(actor(req), `application.${action}`, applicationSubject(application), { note })
}

/** Drawing is dear: nobody has more than two at once, so that nobody keeps the others waiting. */
const drawing = new Map<string, number>()
const MOST_AT_ONCE = 2

async function drawn<T>(req: Request, work: () => Promise<T>): Promise<T> {
  const who = req.me!.id
  const running = drawing.get(who) ?? 0
  if (running >= MOST_AT_ONCE) throw new RuleError('file.previewLate', {}, { status: 429 })
  drawing.set(who, running + 1)
  try {
    return await work()
  } finally {
    const left = drawing.get(who)! - 1
    if (left) drawing.set(who, left)
    else drawing.delete(who)
  }
}

const pageOf = (req: Request): number => Number(/^[1-9]\d{0,2}$/.exec(param(req, 'page'))?.[0] ?? 0)

async function preview(req: Request, res: Response): Promise<void> {
  const read = await readPaper(req)
  // A picture is one page: it is drawn once, when it is looked at.
  const isPdf = read.file.metadata.type === 'application/pdf'
  const pages = isPdf ? (await drawn(req, () => previewOf(read.file, watermarkFor(req, read), 1))).pages : 1
  const { application, paper, document, sides, personal } = read
  res.page('applications/preview', { ...{ application, paper, document, pages, personal, sides }, here: applicationPath(application) })
}

/** Who looks at it, when, and that it is for nothing else. */
const watermarkFor = (req: Request, { application, sides }: Pick<Read, 'application' | 'sides'>): string =>
  req.t(sides.mine ? 'application.preview.ownWords' : 'application.preview.words', {
    number: application.number ?? '',
    name: req.me!.name,
    at: req.fmt.moment(now(), req.park.zone),
    park: textIn(req.park.shortName, req.lang).text,
  })

async function page(req: Request, res: Response): Promise<void> {
  const read = await readPaper(req)
  const number = pageOf(req)
  if (!number) throw notFound()
  const { bytes } = await drawn(req, () => previewOf(read.file, watermarkFor(req, read), number))
  await record(req, read, 'view', String(number))
  res.set({ 'content-type': 'image/jpeg', 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff' })
  res.end(req.method === 'HEAD' ? undefined : bytes)
}

async function original(req: Request, res: Response): Promise<void> {
  const read = await readPaper(req)
  await record(req, read, 'download')
  await sendDownload(req, res, read.file, false)
}

/** What a step left for the applicant: a licence, a receipt. */
async function result(req: Request, res: Response): Promise<void> {
  const { application } = await open(req)
  const file = await findLinked(application.park, idParam(req, 'file'), RESULT_LINK, application._id)
  if (!file) throw notFound()
  await sendDownload(req, res, file, false)
}

/** Identity numbers in full, for who types them into the office's form. */
async function numbers(req: Request, res: Response): Promise<void> {
  const { application, content } = await openAs(req, 'handler')
  if (application.erasedAt) throw notFound()
  await audit(actor(req), 'application.numbers', applicationSubject(application))
  res.page('applications/numbers', {
    application,
    here: applicationPath(application),
    rows: answerRows(req, application, content, { full: true }),
  })
}

export const applicationFileRoutes = routes(({ get }) => {
  get('/:application/papers/:paper/preview', 'signed-in', preview)
  get('/:application/papers/:paper/pages/:page', 'signed-in', page)
  get('/:application/papers/:paper/original', 'signed-in', original)
  get('/:application/results/:file', 'signed-in', result)
  get('/:application/numbers', 'signed-in', numbers)
})
