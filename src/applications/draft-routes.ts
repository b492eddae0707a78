import type { Request, Response } from 'express'
import { z } from 'zod'
import { scopedOne } from '../lib/park-scope.ts'
import { conflict } from '../lib/rule-error.ts'
import { publicPath, Service } from '../services/service.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { answerRows } from './answer-words.ts'
import { openTasks } from './answers.ts'
import { discardDraft, submit } from './apply.ts'
import { begin, showBegin } from './draft-begin.ts'
import { type Draft, openDraft, openOwn, taskList } from './draft-open.ts'
import { example, handIn, ownPaper, PAPERS, showDocuments, takeBack } from './draft-papers.ts'
import { saveTask, showTask } from './draft-tasks.ts'
import { type AddressAnswer, answerOf } from './founders.ts'
import { refusedSlots, slotsOf, standingIn, waitsForFounders } from './papers.ts'
import { askOf } from './progress.ts'
import { answer } from './reply.ts'
import { isTaken } from './units.ts'

/** Filling in an application and handing it in: a list of tasks, to be left and taken up again at any time. */
async function showTasks(req: Request, res: Response): Promise<void> {
  const draft = await openDraft(req, res)
  if (!draft) return
  const { application, content, base } = draft
  const tasks = taskList(draft)
  res.page('applications/tasks', {
    ...{ application, content, base, tasks },
    complete: tasks.every(one => one.complete),
    ask: askOf(application),
    refused: refusedSlots(application, content),
    waitsForFounders: waitsForFounders(application, content),
    form: formState(req),
  })
}

/** Premises that were chosen and can't be had any more; those whose lease is being prepared are theirs. */
async function takenAddress(req: Request, { application, content }: Draft): Promise<string | null> {
  const address = answerOf<AddressAnswer>(application.answers, content, 'address')
  return address && !application.lease && (await isTaken(req.park, address)) ? address.code : null
}

async function showCheck(req: Request, res: Response): Promise<void> {
  const draft = await openDraft(req, res)
  if (!draft) return
  const { application, content, base } = draft
  const rows = answerRows(req, application, content, { full: draft.mine })
  res.page('applications/check', {
    ...{ application, content, base },
    sections: taskList(draft)
      .filter(one => one.task !== 'documents')
      .map(one => ({ ...one, rows: rows.filter(row => row.task === one.task) })),
    slots: slotsOf(application, content).map(slot => ({ ...slot, papers: standingIn(application.papers, slot) })),
    open: openTasks(application, content),
    taken: await takenAddress(req, draft),
    ask: askOf(application),
    form: formState(req, { version: application.version, text: '' }),
  })
}

async function refuseTaken(req: Request, draft: Draft): Promise<void> {
  if (await takenAddress(req, draft)) throw conflict('application.unitGone', {}, 'address')
}

const submissionForm = z.object({ version: f.version(), consent: f.check().refine(Boolean, 'error.required') })

async function handInAll(req: Request, res: Response): Promise<void> {
  const draft = await openOwn(req)
  const { version } = readForm(req, submissionForm)
  await commit(req, res, async () => {
    await refuseTaken(req, draft)
    await submit(req.park, draft.application._id, version, actor(req))
    flash(res, 'applicationForm.done.submitted')
    return draft.base
  })
}

const answerForm = z.object({ version: f.version(), text: f.optionalText(2000) })

async function giveAnswer(req: Request, res: Response): Promise<void> {
  const draft = await openOwn(req)
  const { version, text } = readForm(req, answerForm)
  await commit(req, res, async () => {
    await refuseTaken(req, draft)
    await answer(req.park, draft.application._id, version, text, actor(req))
    flash(res, 'applicationForm.done.answered')
    return draft.base
  })
}

async function discard(req: Request, res: Response): Promise<void> {
  const { application } = await openOwn(req)
  const { park, service: _id, code } = application
  const isOffered = await scopedOne(Service, { park, _id, state: 'published' }, { projection: { _id: 1 } })
  await commit(req, res, async () => {
    await discardDraft(park, application._id, actor(req))
    flash(res, 'applicationForm.done.discarded')
    return isOffered ? publicPath({ park, code }) : `/parks/${park}/services`
  })
}

export const draftRoutes = routes(({ get, post }) => {
  get('/new', 'signed-in', showBegin)
  post('/', 'signed-in', begin, { again: showBegin })
  get('/:application/tasks', 'signed-in', showTasks)
  get('/:application/tasks/:task', 'signed-in', showTask)
  post('/:application/tasks/:task', 'signed-in', saveTask, { again: showTask })
  post('/:application/papers', 'signed-in', handIn, { again: showDocuments, files: PAPERS })
  post('/:application/papers/:paper/removal', 'signed-in', takeBack, { again: showDocuments })
  get('/:application/papers/:paper/file', 'signed-in', ownPaper)
  get('/:application/examples/:document', 'signed-in', example)
  get('/:application/check', 'signed-in', showCheck)
  post('/:application/submission', 'signed-in', handInAll, { again: showCheck })
  post('/:application/answer', 'signed-in', giveAnswer, { again: showCheck })
  post('/:application/discard', 'signed-in', discard)
})
