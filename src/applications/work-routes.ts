import type { Request, Response } from 'express'
import { z } from 'zod'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { idParam, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { received } from '../web/uploads.ts'
import { Application, applicationPath } from './application.ts'
import { judgePaper } from './paper-change.ts'
import { effectOf } from './progress.ts'
import { rate, reopen, withdraw } from './reply.ts'
import { showApplication } from './show.ts'
import { type Opened, openAs, type Sides } from './sides.ts'
import { askForMore, finishStep, handOver, refuse, resume } from './work.ts'

/** What is done on the page of an application, each from the version it showed and refused on the same page. */
type Done = 'finished' | 'asked' | 'resumed' | 'refused' | 'handedOver' | 'accepted' | 'paperRefused' | 'withdrawn' | 'rated' | 'reopened'

const act =
  (side: keyof Sides, done: Done, work: (req: Request, opened: Opened) => Promise<unknown>) =>
  async (req: Request, res: Response): Promise<void> => {
    const opened = await openAs(req, side)
    await commit(req, res, async () => {
      await work(req, opened)
      flash(res, `application.done.${done}`)
      return applicationPath(opened.application)
    })
  }

/** Only who has it works on it: a manager or a colleague takes it over first, and everybody sees who did what. */
const handling = (done: Done, work: (req: Request, opened: Opened) => Promise<unknown>) =>
  act('worker', done, async (req, opened) => {
    const { application, sides } = opened
    // As it is in the transaction that goes on with it: somebody may have taken it over since the page was read.
    const now = await Application.findOne({ park: application.park, _id: application._id }, { owner: 1, ownerName: 1 }).lean()
    if (!sides.handler || String(now?.owner) !== req.me!.id)
      throw conflict('application.handler', { name: now?.ownerName ?? application.ownerName ?? '' })
    if (sides.mine && !req.park.settings.selfApproval) throw new RuleError('application.ownWork')
    await work(req, opened)
  })

const finishForm = z.object({ version: f.version(), note: f.optionalText(1000) })
const licenceForm = finishForm.extend({ name: f.text(120), creditCode: f.text(40), foundedOn: f.day() })

const finish = handling('finished', (req, { application, content }) => {
  const founds = effectOf(application, content) === 'found'
  const { version, note, ...rest } = readForm(req, founds ? licenceForm : finishForm)
  const licence = founds ? (rest as { name: string; creditCode: string; foundedOn: string }) : null
  return finishStep(req.park, application._id, version, { note, files: received(req, 'result'), licence }, actor(req))
})

const askForm = z.object({ version: f.version(), ask: f.text(1000) })
const ask = handling('asked', (req, { application }) => {
  const form = readForm(req, askForm)
  return askForMore(req.park, application._id, form.version, form.ask, actor(req))
})

const versionForm = z.object({ version: f.version() })
const resumption = handling('resumed', (req, { application }) =>
  resume(req.park, application._id, readForm(req, versionForm).version, actor(req)),
)

const reasonForm = z.object({ version: f.version(), reason: f.text(1000) })
const refusal = handling('refused', (req, { application }) => {
  const { version, reason } = readForm(req, reasonForm)
  return refuse(req.park, application._id, version, reason, actor(req))
})

const handOverForm = z.object({ version: f.version(), to: f.id(), note: f.optionalText(300) })
const pass = act('worker', 'handedOver', (req, { application }) => {
  const { version, ...to } = readForm(req, handOverForm)
  return handOver(req.park._id, application._id, version, to, actor(req))
})

const accept = handling('accepted', (req, { application }) =>
  judgePaper(req.park._id, application._id, idParam(req, 'paper'), { accepted: true, reason: null }, actor(req)),
)
const paperReason = z.object({ reason: f.text(500) })
const refusePaper = handling('paperRefused', (req, { application }) =>
  judgePaper(
    req.park._id,
    application._id,
    idParam(req, 'paper'),
    { accepted: false, reason: readForm(req, paperReason).reason },
    actor(req),
  ),
)

const withdrawal = act('own', 'withdrawn', (req, { application }) => {
  const { version, reason } = readForm(req, reasonForm)
  return withdraw(req.park, application._id, version, reason, actor(req))
})
const reopening = act('own', 'reopened', (req, { application }) => {
  const { version, reason } = readForm(req, reasonForm)
  return reopen(req.park, application._id, version, reason, actor(req))
})
const ratingForm = z.object({ stars: f.whole(1, 5), words: f.optionalText(1000) })
const rating = act('own', 'rated', (req, { application }) => rate(req.park, application._id, readForm(req, ratingForm), actor(req)))

export const applicationWorkRoutes = routes(({ get, post }) => {
  const again = showApplication
  const files = { result: { max: 8, kinds: ['pdf', 'jpg', 'png', 'webp', 'xlsx', 'docx'] as const } }
  get('/:application', 'signed-in', showApplication)
  post('/:application/finish', 'signed-in', finish, { again, files })
  post('/:application/ask', 'signed-in', ask, { again })
  post('/:application/resumption', 'signed-in', resumption, { again })
  post('/:application/refusal', 'signed-in', refusal, { again })
  post('/:application/hand-over', 'signed-in', pass, { again })
  post('/:application/papers/:paper/acceptance', 'signed-in', accept, { again })
  post('/:application/papers/:paper/refusal', 'signed-in', refusePaper, { again })
  post('/:application/withdrawal', 'signed-in', withdrawal, { again })
  post('/:application/reopening', 'signed-in', reopening, { again })
  post('/:application/rating', 'signed-in', rating, { again })
})
